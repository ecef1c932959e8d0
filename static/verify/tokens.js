// Timestamp tokens (RFC 3161, 5652, 5816): the same checks as in holdfast_verify.py, in the same order.
import { hex, joined } from "./bytes.js";
import { ensure, sentence } from "./broken.js";
import { EXTENDED_USAGE, OTHER_NAMES, chainRoot, plainGeneral, plainName } from "./certificates.js";
import { readExtensions, readable } from "./certificates.js";
import { BOOLEAN, Fields, GENERALIZED_TIME, INTEGER, OCTETS, OID, SEQUENCE, SET } from "./der.js";
import { der, derElements, derNumber, derOid, derTime } from "./der.js";
import { sha1 } from "./sha2.js";
import { HASHES, checkSignature, digestName } from "./signatures.js";

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const NAMES_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const NAMES_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const SUBJECT_KEY_ID = "2.5.29.14";
const MAY_SIGN = 0xc0; // digital signature, or non-repudiation
export const MAX_TOKEN = 1 << 20;
const LEAST_ACCURATE = 60_000_000n; // microseconds by which an authority's time may be wrong
const THE_TOKEN = sentence("the_token");
const THE_QUERY = sentence("the_query");
const THE_RESPONSE = sentence("the_response");
const THE_SIGNER = sentence("the_signer");
const ESS_CERT_ID = sentence("the_esscertid");

/**
 * Throws Broken unless the response is a timestamp over the SHA-256 digest that answers the query. Returns its time in
 * microseconds and its trusted root.
 */
export function checkTimestamp(response, query, digest, roots) {
  const [asked, token] = [parseQuery(query), parseResponse(response)];
  const answered = parseTokenInfo(token.content);
  const isFor = (one) => one.algorithm === "sha256" && one.digest === hex(digest);
  ensure(isFor(answered), "token_of_other_bytes");
  ensure(isFor(asked), "query_of_other_bytes");
  ensure(asked.nonce !== null && asked.nonce === answered.nonce, "token_nonce");
  ensure(asked.policy === null || asked.policy === answered.policy, "token_policy");
  checkAttributes(token);
  checkSignature(token.signer.key, token.algorithm, token.signed, token.signature, token.digest);
  checkMayStamp(token.signer);
  checkAuthorityName(answered.authority, token.signer);
  return { time: answered.time, root: chainRoot(token.signer, token.certificates, roots, answered.time) };
}

function imprint(fields) {
  const parts = fields.inside(SEQUENCE, sentence("an_imprint"));
  return { algorithm: digestName(parts.take(SEQUENCE)), digest: hex(parts.take(OCTETS).body) };
}

/** A TimeStampReq (RFC 3161, 2.4.1). */
export function parseQuery(bytes) {
  const query = new Fields(bytes, THE_QUERY);
  ensure(query.number() === 1n, "query_version");
  const asked = imprint(query);
  const [policy, nonce] = [query.optional(OID), query.optional(INTEGER)];
  return { ...asked, nonce: nonce && derNumber(nonce.body), policy: policy && derOid(policy) };
}

/** A TSTInfo (RFC 3161, 2.4.2). `authority` is its authority's name, or null. */
function parseTokenInfo(bytes) {
  const info = new Fields(bytes, THE_TOKEN);
  ensure(info.number() === 1n, "token_version");
  const [policy, answered] = [info.oid(), imprint(info)];
  info.number(); // its serial number
  const time = derTime(info.take(GENERALIZED_TIME));
  checkAccuracy(info.optional(SEQUENCE));
  info.optional(BOOLEAN); // ordering
  const [nonce, authority, further] = [info.optional(INTEGER), info.optional(0xa0), info.optional(0xa1)];
  info.end();
  const critical = further && [...readExtensions(further).values()].some((one) => one.critical);
  ensure(!critical, "token_extension");
  return { ...answered, policy, time, authority, nonce: nonce && derNumber(nonce.body) };
}

/** Throws Broken if the authority says that its time may be wrong by more than a minute. */
function checkAccuracy(accuracy) {
  if (!accuracy) return;
  const fields = new Fields(accuracy, sentence("the_accuracy"));
  const parts = [INTEGER, 0x80, 0x81].map((tag) => fields.optional(tag)); // seconds, milli- and microseconds
  fields.end();
  const [seconds, millis, micros] = parts.map((part) => (part ? derNumber(part.body) : 0n));
  const wrongBy = seconds * 1_000_000n + millis * 1000n + micros;
  const good = [seconds, millis, micros].every((number) => number >= 0n) && wrongBy <= LEAST_ACCURATE;
  ensure(good, "token_inaccurate");
}

/** A TimeStampResp (RFC 3161, 2.4.2; RFC 5652, 5), parsed but not verified. It must grant a token with one signer. */
function parseResponse(bytes) {
  ensure(bytes.length <= MAX_TOKEN, "response_large");
  const response = new Fields(bytes, THE_RESPONSE);
  const status = response.inside(SEQUENCE, THE_RESPONSE).number();
  ensure(status === 0n || status === 1n, "token_not_granted", { status: String(status) });
  const wrapper = response.inside(SEQUENCE, THE_TOKEN);
  response.end();
  ensure(wrapper.oid() === SIGNED_DATA, "token_not_signed");
  const signed = wrapper.inside(0xa0, THE_TOKEN);
  wrapper.end();
  signed.take(INTEGER);
  signed.take(SET);
  const inner = signed.inside(SEQUENCE, THE_TOKEN);
  ensure(inner.oid() === TST_INFO, "token_other_content");
  const content = der(inner.take(0xa0).body, OCTETS, sentence("the_content")).body;
  const pool = signed.optional(0xa0);
  const elements = pool ? derElements(pool).slice(0, 30) : [];
  const known = readable(elements.filter(({ tag }) => tag === SEQUENCE).map(({ raw }) => raw));
  signed.optional(0xa1);
  const signers = derElements(signed.take(SET));
  signed.end();
  ensure(signers.length === 1, "token_signers");
  return { content, certificates: known, ...parseSigner(new Fields(signers[0], THE_SIGNER), known) };
}

function parseSigner(fields, known) {
  fields.take(INTEGER);
  const signer = signingCertificate(fields, known);
  const digest = digestName(fields.take(SEQUENCE));
  const attributes = fields.take(0xa0);
  const [algorithm, signature] = [fields.take(SEQUENCE), fields.take(OCTETS).body];
  fields.optional(0xa1); // attributes that are not signed
  fields.end();
  const signed = joined([SET], attributes.raw.subarray(1)); // RFC 5652, 5.4: signed under the tag of a SET
  return { signer, digest, algorithm, signature, signed, attributes: attributesIn(attributes) };
}

function signingCertificate(fields, known) {
  const byKey = fields.optional(0x80);
  let isMine = (one) => hex(one.extension(SUBJECT_KEY_ID).subarray(2)) === hex(byKey.body);
  if (!byKey) {
    const wanted = fields.inside(SEQUENCE, THE_SIGNER);
    const [issuer, serial] = [hex(wanted.take(SEQUENCE).raw), wanted.number()];
    isMine = (one) => hex(one.issuer) === issuer && one.serial === serial;
  }
  const found = known.find(isMine);
  ensure(found, "token_no_certificate");
  return found;
}

/** The signed attributes by OID. Throws Broken if one occurs twice or does not have one value. */
function attributesIn(element) {
  const found = new Map();
  for (const inner of derElements(element)) {
    const attribute = new Fields(inner, sentence("an_attribute"));
    const [oid, values] = [attribute.oid(), derElements(attribute.take(SET))];
    ensure(!found.has(oid) && values.length === 1, "attribute_twice");
    found.set(oid, values[0]);
  }
  return found;
}

/** The signed attributes have the content's type and digest, and name the signing certificate (RFC 5816). */
function checkAttributes({ attributes, digest, content, signer }) {
  const [kind, named] = [attributes.get(CONTENT_TYPE), attributes.get(MESSAGE_DIGEST)];
  ensure(kind && derOid(kind) === TST_INFO, "token_not_over_timestamp");
  const expected = hex(HASHES[digest](content));
  ensure(named && named.tag === OCTETS && hex(named.body) === expected, "token_content_changed");
  const names = [NAMES_CERTIFICATE, NAMES_CERTIFICATE_V2].filter((oid) => attributes.has(oid));
  ensure(names.length, "token_names_nothing");
  for (const oid of names) checkCertificateName(attributes.get(oid), oid === NAMES_CERTIFICATE_V2, signer);
}

/** The first ESSCertID is the signer's. Version 1 uses SHA-1 (RFC 2634), version 2 a strong digest. */
function checkCertificateName(value, isSecond, signer) {
  const certificates = derElements(new Fields(value, ESS_CERT_ID).take(SEQUENCE));
  ensure(certificates.length, "esscertid_empty");
  const first = new Fields(certificates[0], ESS_CERT_ID);
  const algorithm = isSecond ? first.optional(SEQUENCE) : null;
  const hash = isSecond ? HASHES[algorithm ? digestName(algorithm) : "sha256"] : sha1;
  const same = hex(first.take(OCTETS).body) === hex(hash(signer.raw));
  ensure(same && isIssuerAndSerial(first.optional(SEQUENCE), signer), "token_names_another");
}

/** Whether an IssuerSerial (RFC 5035, 5), if there is one, is the signer's. */
function isIssuerAndSerial(named, signer) {
  if (!named) return true;
  const fields = new Fields(named, ESS_CERT_ID);
  const [names, serial] = [derElements(fields.take(SEQUENCE)).map(plainGeneral), fields.number()];
  return serial === signer.serial && names.join() === JSON.stringify(plainName(signer.issuer));
}

/** The extended key usage is critical and time stamping only (RFC 3161, 2.3). */
function checkMayStamp(signer) {
  const purposes = derElements(der(signer.extension(EXTENDED_USAGE), SEQUENCE, sentence("a_key_usage"))).map(derOid);
  const alone = purposes.length === 1 && purposes[0] === TIME_STAMPING;
  ensure(signer.extensions.get(EXTENDED_USAGE)?.critical && alone, "signer_not_alone");
  ensure(signer.usage() & MAY_SIGN, "signer_may_not");
}

/** The authority's name in the token, if there is one, is the certificate's subject or one of its other names. */
function checkAuthorityName(named, signer) {
  if (!named) return;
  const names = derElements(named);
  ensure(names.length === 1, "der_built", { what: THE_TOKEN });
  const others = derElements(der(signer.extension(OTHER_NAMES), SEQUENCE, sentence("other_names")));
  const [known, mine] = [others.map(plainGeneral), plainGeneral(names[0])];
  ensure([JSON.stringify(plainName(signer.subject)), ...known].includes(mine), "token_other_authority");
}
