// Ed25519 verification (RFC 8032) of public data. It is as strict as holdfast_verify.py, and the same in all browsers:
// S must be below the order, key and R in their only valid encoding and not of small order, and there is no cofactor.
import { joined, same } from "./bytes.js";
import { inverse, modulo, power } from "./modular.js";
import { sha512 } from "./sha2.js";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * inverse(121666n, P));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n, P);
const BASE = point(encoded(mod(4n * inverse(5n, P)), 0n));

function mod(number) {
  return modulo(number, P);
}

function little(bytes) {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function encoded(y, sign) {
  const number = y | (sign << 255n);
  return Uint8Array.from({ length: 32 }, (_, at) => Number((number >> BigInt(8 * at)) & 255n));
}

/** Points are [X, Y, Z, T] with x = X/Z, y = Y/Z, xy = T/Z. */
function add(a, b) {
  const e = (a[1] - a[0]) * (b[1] - b[0]);
  const f = (a[1] + a[0]) * (b[1] + b[0]);
  const c = mod(2n * a[3] * b[3]) * D;
  const d = 2n * a[2] * b[2];
  const [x, y, z, t] = [mod(f - e), mod(d - c), mod(d + c), mod(f + e)];
  return [mod(x * y), mod(z * t), mod(y * z), mod(x * t)];
}

/** s times a plus k times b. Each doubling serves both. */
function combined(s, a, k, b) {
  const chosen = [null, a, b, add(a, b)];
  let total = [0n, 1n, 1n, 0n];
  for (let bit = 252n; bit >= 0n; bit--) {
    const which = Number(((s >> bit) & 1n) | (((k >> bit) & 1n) << 1n));
    total = add(total, total);
    if (which) total = add(total, chosen[which]);
  }
  return total;
}

/** The point with this 32-byte encoding, or null if there is none (RFC 8032, 5.1.3). */
function point(bytes) {
  const sign = BigInt(bytes[31] >> 7);
  const y = BigInt.asUintN(255, little(bytes));
  if (y >= P) return null;
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n, P));
  let x = power(square, (P + 3n) / 8n, P);
  if (mod(x * x - square)) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(x * x - square) || (x === 0n && sign)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

/** Whether the bytes encode a point of order 1, 2, 4 or 8. With such a key anybody can sign every message. */
export function isOfSmallOrder(bytes) {
  const found = point(bytes);
  return found !== null && isSmall(found);
}

function isSmall(found) {
  const [x, y, z] = [1, 2, 3].reduce((sum) => add(sum, sum), found);
  return x === 0n && y === z;
}

/** Whether the signature of the message is valid. */
export function verifies(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const [r, s] = [signature.subarray(0, 32), little(signature.subarray(32))];
  const [a, given] = [point(key), point(r)];
  if (a === null || given === null || isSmall(a) || isSmall(given) || s >= ORDER) return false;
  const k = little(sha512(joined(r, key, message))) % ORDER;
  const [x, y, z] = combined(s, BASE, k, [P - a[0], a[1], 1n, P - a[3]]);
  const whole = inverse(z, P);
  return same(encoded(mod(y * whole), mod(x * whole) & 1n), r);
}
