// X.509 certificates (RFC 5280): their parts, and the chain from a certificate to a trusted root.
import { hex, same, unbase64, utf8 } from "./bytes.js";
import { Broken, ensure, sentence } from "./broken.js";
import { BITS, BOOLEAN, Fields, OCTETS, SEQUENCE, der, derElements, derNumber, derTime, latinText } from "./der.js";
import { sha256 } from "./sha2.js";
import { checkSignature } from "./signatures.js";

const KEY_USAGE = "2.5.29.15";
const BASIC_CONSTRAINTS = "2.5.29.19";
const NAME_CONSTRAINTS = "2.5.29.30";
const POLICIES = "2.5.29.32"; // which are not checked
const CRL_PLACES = "2.5.29.31"; // nor is revocation
export const OTHER_NAMES = "2.5.29.17";
export const EXTENDED_USAGE = "2.5.29.37";
const UNDERSTOOD = [KEY_USAGE, BASIC_CONSTRAINTS, EXTENDED_USAGE, OTHER_NAMES, POLICIES, CRL_PLACES];
const CERT_SIGN = 0x04;
const DIRECTORY_NAME = 0xa4; // the tag of a GeneralName that is a Name, as subjects are
const CERTIFICATE = sentence("a_certificate");
const EMPTY = new Uint8Array([SEQUENCE, 0]);
const MOST_KEPT = 1000;
const MAX_PEM = 1 << 20;
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/= \t\r\n]+-----END CERTIFICATE-----/g;
const MOST_OF_A_NAME = 8; // certificates of one name that are tried as the issuer of another
const MOST_ROOTS = 10_000;
const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]{1,100000}-----END CERTIFICATE-----/g;
const parsedBefore = new Map(); // SHA-256 -> certificate
const issuedBefore = new Map(); // SHA-256 of a certificate and of an issuer -> whether the one signed the other

/** A certificate, parsed but not verified. Times are in microseconds. */
class Certificate {
  constructor(raw) {
    const outer = new Fields(raw, CERTIFICATE);
    const [signed, algorithm, mark] = [outer.take(SEQUENCE), outer.take(SEQUENCE), outer.take(BITS).body];
    const inner = new Fields(signed, CERTIFICATE);
    ensure(inner.optional(0xa0), "certificate_version");
    this.serial = inner.number();
    ensure(hex(inner.take(SEQUENCE).raw) === hex(algorithm.raw) && mark[0] === 0, "certificate_two_ways");
    this.issuer = inner.take(SEQUENCE).raw;
    const times = derElements(inner.take(SEQUENCE)).map(derTime);
    ensure(times.length === 2, "certificate_times");
    [this.notBefore, this.notAfter] = times;
    [this.subject, this.key] = [inner.take(SEQUENCE).raw, inner.take(SEQUENCE)];
    inner.optional(0x81);
    inner.optional(0x82);
    this.extensions = extensionsIn(inner.optional(0xa3));
    Object.assign(this, { raw, signed: signed.raw, algorithm, signature: mark.subarray(1) });
    this.digest = hex(sha256(raw));
  }

  /** Whether it is of a demo's authority, which uses the portal's own clock and proves nothing. */
  get isLocalClock() {
    return latinText(this.subject).includes("local clock");
  }

  /** The value of an extension; an empty SEQUENCE if it is not there. */
  extension(oid) {
    return this.extensions.get(oid)?.value ?? EMPTY;
  }

  /** The bits of the key usage; all of them if the extension is missing. */
  usage() {
    if (!this.extensions.has(KEY_USAGE)) return 255;
    const { body } = der(this.extension(KEY_USAGE), BITS, sentence("a_key_usage"));
    return body.length > 1 ? body[1] : 0;
  }

  /** How many authorities may be below this one in a chain; -1 if it is not an authority. */
  pathLength() {
    const constraints = new Fields(this.extension(BASIC_CONSTRAINTS), sentence("basic_constraints"));
    const authority = constraints.optional(BOOLEAN);
    if (!(isTrue(authority) && this.usage() & CERT_SIGN)) return -1;
    return constraints.rest.length ? constraints.number() : 99;
  }

  /** Whether its name constraints allow certificates of this subject (RFC 5280, 4.2.1.10). */
  allows(subject) {
    const constraints = new Fields(this.extension(NAME_CONSTRAINTS), sentence("name_constraints"));
    const name = plainName(subject);
    const [permitted, excluded] = [0xa0, 0xa1].map((tag) => subtrees(constraints.optional(tag)));
    const isWithin = (base) => base.every((part, at) => part === name[at]);
    return (!permitted.length || permitted.some(isWithin)) && !excluded.some(isWithin);
  }
}

function isTrue(element) {
  return Boolean(element) && element.body.length === 1 && element.body[0] === 255;
}

/** The certificate in these bytes. */
export function certificate(raw) {
  const digest = hex(sha256(raw));
  if (parsedBefore.size > MOST_KEPT) parsedBefore.clear();
  if (!parsedBefore.has(digest)) parsedBefore.set(digest, new Certificate(raw.slice()));
  return parsedBefore.get(digest);
}

function extensionsIn(wrapped) {
  return wrapped ? readExtensions(der(wrapped.body, SEQUENCE, sentence("extensions"))) : new Map();
}

/** OID -> {critical, value}. */
export function readExtensions(extensions) {
  const found = new Map();
  for (const element of derElements(extensions)) {
    const fields = new Fields(element, sentence("an_extension"));
    const [oid, critical] = [fields.oid(), isTrue(fields.optional(BOOLEAN))];
    ensure(!found.has(oid), "extension_twice");
    found.set(oid, { critical, value: fields.take(OCTETS).body });
  }
  return found;
}

/** A Name (DER) as a list of texts, without what makes no difference: kind of text, capitals and spaces. */
export function plainName(name) {
  return derElements(der(name, SEQUENCE, sentence("a_name"))).map((part) => {
    return derElements(part).map(plainAttribute).sort().join("\n");
  });
}

function plainAttribute(pair) {
  const fields = new Fields(pair, sentence("a_name"));
  const oid = fields.oid();
  ensure(fields.rest.length === 1, "der_built", { what: sentence("a_name") });
  const words = latinText(fields.rest[0].body).replace(/[A-Z]+/g, (some) => some.toLowerCase());
  return `${oid}=${words.split(/[\t-\r ]+/).filter(Boolean).join(" ")}`;
}

/** A GeneralName as a text to compare. */
export function plainGeneral({ tag, body, raw }) {
  return tag === DIRECTORY_NAME ? JSON.stringify(plainName(body)) : hex(raw);
}

/** The Names in one of the two lists of name constraints. */
function subtrees(element) {
  const bases = (element ? derElements(element) : []).flatMap((tree) => derElements(tree).slice(0, 1));
  return bases.filter(({ tag }) => tag === DIRECTORY_NAME).map(({ body }) => plainName(body));
}

function isIssuedBy(child, issuer) {
  const both = child.digest + issuer.digest;
  if (issuedBefore.size > MOST_KEPT) issuedBefore.clear();
  if (!issuedBefore.has(both)) {
    issuedBefore.set(both, holds(() => checkSignature(issuer.key, child.algorithm, child.signed, child.signature)));
  }
  return issuedBefore.get(both);
}

/** Those of the certificates that can be read. Of the others, none can have signed a token. */
export function readable(raws) {
  return raws.filter((raw) => holds(() => certificate(raw))).map(certificate);
}

function holds(check) {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}

/**
 * The trusted root of a chain in which all certificates were valid at that time (RFC 5280, 6). `pool` are untrusted
 * certificates that may be in the chain. Throws Broken if there is no chain.
 */
export function chainRoot(child, pool, roots, at) {
  checkValid(child, at);
  const found = chain([child], [...roots, ...pool], new Set(roots.map(({ digest }) => digest)), at, new Set());
  ensure(found, "no_chain");
  return found;
}

/** The root that the last certificate of `path` leads to, or null. Each certificate is tried once. */
function chain(path, issuers, roots, at, tried) {
  const child = path.at(-1);
  if (roots.has(child.digest)) return child;
  tried.add(child.digest);
  const named = issuers.filter((one) => same(one.subject, child.issuer) && !tried.has(one.digest));
  for (const issuer of named.slice(0, MOST_OF_A_NAME)) {
    const may = !tried.has(issuer.digest) && mayIssue(issuer, path, at);
    const found = may ? chain([...path, issuer], issuers, roots, at, tried) : null;
    if (found) return found;
  }
  return null;
}

/** Whether it was valid, signed the last certificate of `path`, and may have all of them below it. */
function mayIssue(issuer, path, at) {
  let may = false;
  const isRead = holds(() => {
    checkValid(issuer, at);
    const allowed = issuer.pathLength() >= path.length - 1 && path.every(({ subject }) => issuer.allows(subject));
    may = allowed && isIssuedBy(path.at(-1), issuer);
  });
  return isRead && may;
}

function checkValid({ notBefore, notAfter, extensions }, at) {
  ensure(notBefore <= at && at <= notAfter, "certificate_not_valid");
  const critical = [...extensions].filter(([, one]) => one.critical).map(([oid]) => oid);
  const unknown = critical.filter((oid) => !UNDERSTOOD.includes(oid)).sort();
  ensure(!unknown.length, "extension_unknown", { oids: unknown.join(", ") });
}

/** All certificates of a PEM file. */
export function certificatesIn(pem, what) {
  const blocks = [...latinText(pem).matchAll(/-----BEGIN CERTIFICATE-----([^-]{1,100000})-----END CERTIFICATE-----/g)];
  ensure(blocks.length > 0 && blocks.length <= 1000, "no_certificate", { what });
  return blocks.map(([, block]) => certificate(unbase64(block.replace(/[\t-\r\x1c-\x20]+/g, ""), what)));
}

/** The certificates of a PEM file that has nothing else in it. */
export function onlyCertificates(pem, what) {
  const isAlone = pem.length <= MAX_PEM && !/[^ \t\r\n]/.test(latinText(pem).replace(PEM, ""));
  ensure(isAlone, "pem_alone", { what });
  return certificatesIn(pem, what);
}

/** The certificates in a file that the reader holds, in PEM or one in DER, without damaged and unknown ones. */
export function rootsIn(bytes) {
  const isDer = bytes[0] === 0x30 && bytes[1] === 0x82;
  const blocks = isDer ? [] : [...latinText(bytes).matchAll(PEM_BLOCK)].slice(0, MOST_ROOTS);
  const reads = isDer ? [() => certificate(bytes)] : blocks.map(([block]) => () => certificatesIn(utf8(block), CERTIFICATE)[0]);
  const found = [];
  for (const read of reads) {
    try {
      found.push(read());
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
  }
  return found;
}
