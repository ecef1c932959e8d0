// Verifies RSA (RFC 8017) and ECDSA (FIPS 186-5) signatures of public data, with BigInt: crypto.subtle is missing on
// pages from files and without TLS, and what it accepts is not the same in all browsers.
import { joined, same } from "./bytes.js";
import { ensure, sentence } from "./broken.js";
import { BITS, Fields, INTEGER, SEQUENCE, der, derNumber, natural } from "./der.js";
import { verifies } from "./ed25519.js";
import { ecdsaVerifies } from "./ecdsa.js";
import { power } from "./modular.js";
import { sha256, sha384, sha512 } from "./sha2.js";

export const HASHES = { sha256, sha384, sha512 };
const DIGESTS = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};
const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
const ED25519 = "1.3.101.112";
const PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";
// OID of the signature algorithm -> kind of key, digest (null: another field names it)
const SIGNATURES = new Map([
  [RSA, [RSA, null]],
  [PSS, [RSA, null]],
  ["1.2.840.113549.1.1.11", [RSA, "sha256"]],
  ["1.2.840.113549.1.1.12", [RSA, "sha384"]],
  ["1.2.840.113549.1.1.13", [RSA, "sha512"]],
  [EC, [EC, null]],
  ["1.2.840.10045.4.3.2", [EC, "sha256"]],
  ["1.2.840.10045.4.3.3", [EC, "sha384"]],
  ["1.2.840.10045.4.3.4", [EC, "sha512"]],
  [ED25519, [ED25519, "sha512"]],
]);
const WEAK = new Map([
  ["1.2.840.113549.2.5", "MD5"],
  ["1.3.14.3.2.26", "SHA-1"],
  ["1.2.840.113549.1.1.4", "MD5"],
  ["1.2.840.113549.1.1.5", "SHA-1"],
  ["1.2.840.10045.4.1", "SHA-1"],
]);
// The end of the DigestInfo before the digest in a PKCS #1 v1.5 signature (RFC 8017, 9.2)
const PKCS1 = { sha256: [49, 1, 32], sha384: [65, 2, 48], sha512: [81, 3, 64] };
const PSS_PARAMETERS = sentence("pss_parameters");

/** The digest's name in an AlgorithmIdentifier. Throws Broken for weak and unknown ones. */
export function digestName(algorithm) {
  const oid = new Fields(algorithm, sentence("digest_algorithm")).oid();
  ensure(!WEAK.has(oid), "weak_digest", { name: WEAK.get(oid) });
  ensure(Object.hasOwn(DIGESTS, oid), "digest_unknown", { oid });
  return DIGESTS[oid];
}

/**
 * Throw Broken unless the key (SubjectPublicKeyInfo) signed the data by the algorithm (AlgorithmIdentifier). `digest`
 * is the digest that another field names, if there is one.
 */
export function checkSignature(key, algorithm, data, signature, digest = null) {
  const identifier = new Fields(algorithm, sentence("signature_algorithm"));
  const oid = identifier.oid();
  ensure(!WEAK.has(oid), "weak_digest", { name: WEAK.get(oid) });
  ensure(SIGNATURES.has(oid), "signature_unknown", { oid });
  let [kind, own, saltSize] = [...SIGNATURES.get(oid), null];
  if (oid === PSS) [own, saltSize] = pssParameters(identifier);
  ensure(!own || !digest || own === digest, "two_digests");
  const name = own ?? digest;
  ensure(name, "no_digest");
  const info = new Fields(key, sentence("a_public_key"));
  const described = info.inside(SEQUENCE, sentence("a_public_key"));
  const bits = info.take(BITS).body;
  const named = described.oid();
  ensure(bits[0] === 0 && (named === kind || (named === PSS && oid === PSS)), "key_other");
  const good = keyVerifies(kind, described, bits.subarray(1), data, signature, { name, saltSize });
  ensure(good, "signature_bad");
}

function keyVerifies(kind, described, key, data, signature, { name, saltSize }) {
  if (kind === ED25519) return verifies(key, data, signature);
  const digest = HASHES[name](data);
  if (kind === EC) return ecdsaVerifies(described.oid(), key, digest, signature);
  const { opened, bits } = rsaRecovered(key, signature);
  return saltSize === null ? pkcs1Matches(opened, name, digest) : pssMatches(opened, bits, name, digest, saltSize);
}

/** The padded message in an RSA signature (empty if its size is wrong), and the number of bits of the modulus. */
function rsaRecovered(key, signature) {
  const numbers = new Fields(key, sentence("an_rsa_key"));
  const [modulus, exponent] = [numbers.number(), numbers.number()];
  const bits = (modulus < 0n ? -modulus : modulus).toString(2).length;
  const strong = bits >= 2048 && bits <= 8192 && (exponent & 1n) === 1n && exponent > 2n && exponent < 2n ** 33n;
  ensure(strong, "rsa_weak");
  const [width, number] = [Math.ceil(bits / 8), natural(signature)];
  const good = signature.length === width && number < modulus;
  return { opened: good ? fixedBytes(power(number, exponent, modulus), width) : new Uint8Array(), bits };
}

function fixedBytes(number, width) {
  const digits = number.toString(16).padStart(2 * width, "0");
  return Uint8Array.from({ length: width }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

/** Whether the padded message is exactly the PKCS #1 v1.5 encoding of the digest (RFC 8017, 8.2.2). */
function pkcs1Matches(opened, name, digest) {
  const [length, kind, size] = PKCS1[name];
  const info = [48, length, 48, 13, 6, 9, 96, 134, 72, 1, 101, 3, 4, 2, kind, 5, 0, 4, size];
  const padding = opened.length - info.length - digest.length - 3;
  if (padding < 0) return false;
  return same(opened, joined([0, 1], new Uint8Array(padding).fill(255), [0], info, digest));
}

/** Whether the padded message is a PSS encoding of the digest (RFC 8017, 9.1.2). `bits` are the modulus's. */
function pssMatches(opened, bits, name, digest, saltSize) {
  const size = (bits + 6) >> 3;
  const encoded = opened.subarray(Math.max(0, opened.length - size));
  const [end, spare] = [encoded.length - digest.length - 1, 8 * encoded.length - bits + 1];
  const before = opened.subarray(0, opened.length - encoded.length);
  if (end <= saltSize || before.some(Boolean) || encoded.at(-1) !== 0xbc || encoded[0] >> (8 - spare)) return false;
  const seed = encoded.subarray(end, -1);
  const mask = maskOf(seed, name, end);
  const plain = encoded.subarray(0, end).map((byte, at) => byte ^ mask[at]);
  plain[0] &= 255 >> spare;
  const [padding, salt] = [plain.subarray(0, end - saltSize), plain.subarray(end - saltSize)];
  const right = same(HASHES[name](joined(new Uint8Array(8), digest, salt)), seed);
  return right && padding.at(-1) === 1 && !padding.subarray(0, -1).some(Boolean);
}

/** MGF1 (RFC 8017, B.2.1): at least `size` bytes. */
function maskOf(seed, name, size) {
  const count = Math.floor(size / 32) + 1;
  return joined(...Array.from({ length: count }, (_, at) => HASHES[name](joined(seed, [0, 0, at >> 8, at & 255]))));
}

/** Digest and salt size of RSA-PSS. Throws Broken if no digest is named: then it is SHA-1 (RFC 4055, 3.1). */
function pssParameters(algorithm) {
  const parameters = algorithm.inside(SEQUENCE, PSS_PARAMETERS);
  const [first, second] = parameters.rest.map(({ tag }) => tag);
  ensure(first === 0xa0 && second === 0xa1, "weak_digest", { name: "SHA-1" });
  const name = digestName(der(parameters.take(0xa0).body, SEQUENCE, PSS_PARAMETERS));
  const mask = parameters.inside(0xa1, PSS_PARAMETERS);
  ensure(mask.oid() === MGF1 && digestName(mask.take(SEQUENCE)) === name, "pss_unknown");
  const salt = parameters.optional(0xa2);
  const size = salt ? derNumber(der(salt.body, INTEGER, PSS_PARAMETERS).body) : 20n;
  ensure(size >= 0n && size <= 64n && !parameters.rest.length, "pss_unknown");
  return [name, Number(size)];
}
