// Verifies ECDSA signatures (FIPS 186-5) on the curves P-256, P-384 and P-521, which have the form y² = x³ - 3x + b.
import { ensure, sentence } from "./broken.js";
import { INTEGER, SEQUENCE, der, derElements, derNumber, natural } from "./der.js";
import { inverse, modulo } from "./modular.js";

const CURVES = new Map([
  [
    "1.2.840.10045.3.1.7",
    {
      p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
      b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
      x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
      n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
      bits: 256,
    },
  ],
  [
    "1.3.132.0.34",
    {
      p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
      b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
      x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
      y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
      n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
      bits: 384,
    },
  ],
  [
    "1.3.132.0.35",
    {
      p: 2n ** 521n - 1n,
      b: BigInt(
        "0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1" +
          "56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
      ),
      x: BigInt(
        "0xc6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dba" +
          "a14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
      ),
      y: BigInt(
        "0x11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662" +
          "c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
      ),
      n: BigInt(
        "0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" +
          "a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
      ),
      bits: 521,
    },
  ],
]);

/** Points are [X, Y, Z] with x = X/Z² and y = Y/Z³; null is the point at infinity. */
function doubled(point, p) {
  if (point === null || point[1] === 0n) return null;
  const [x, y, z] = point;
  const [zz, yy] = [(z * z) % p, (y * y) % p];
  const [s, m] = [(4n * x * yy) % p, (3n * (x - zz) * (x + zz)) % p];
  const x3 = modulo(m * m - 2n * s, p);
  return [x3, modulo(m * (s - x3) - 8n * yy * yy, p), (2n * y * z) % p];
}

/** The sum of a point and one with Z = 1. */
function plus(point, other, p) {
  if (point === null) return other;
  const [[x, y, z], [x2, y2]] = [point, other];
  const zz = (z * z) % p;
  const [h, r] = [modulo(x2 * zz - x, p), modulo(y2 * ((zz * z) % p) - y, p)];
  if (h === 0n) return r === 0n ? doubled(point, p) : null;
  const hh = (h * h) % p;
  const [hhh, v] = [(hh * h) % p, (x * hh) % p];
  const x3 = modulo(r * r - hhh - 2n * v, p);
  return [x3, modulo(r * (v - x3) - y * hhh, p), (z * h) % p];
}

/** The same point with Z = 1. */
function flat(point, p) {
  if (point === null) return null;
  const whole = inverse(point[2], p);
  const square = (whole * whole) % p;
  return [(point[0] * square) % p, (point[1] * ((square * whole) % p)) % p, 1n];
}

/** a times the point `base` plus b times the point `key`. Each doubling serves both. */
function sumOf(a, base, b, key, p) {
  const chosen = [null, base, key, flat(plus(base, key, p), p)];
  const length = Math.max(a.toString(2).length, b.toString(2).length);
  const [first, second] = [a, b].map((number) => number.toString(2).padStart(length, "0"));
  let total = null;
  for (let at = 0; at < length; at += 1) {
    const addend = chosen[Number(first[at]) + 2 * Number(second[at])];
    total = doubled(total, p);
    if (addend) total = plus(total, addend, p);
  }
  return flat(total, p);
}

/** Whether a DER signature over the digest is valid. `oid` names the curve, `key` is an uncompressed point. */
export function ecdsaVerifies(oid, key, digest, signature) {
  ensure(CURVES.has(oid), "curve_unknown");
  const { p, b, n, x: baseX, y: baseY, bits } = CURVES.get(oid);
  const width = Math.ceil(bits / 8);
  const [x, y] = [natural(key.subarray(1, width + 1)), natural(key.subarray(width + 1))];
  const onCurve = x < p && y < p && modulo(y * y - x * x * x + 3n * x - b, p) === 0n;
  ensure(key.length === 2 * width + 1 && key[0] === 4 && onCurve, "ecdsa_point");
  const pair = derElements(der(signature, SEQUENCE, sentence("an_ecdsa_signature"))).map(({ tag, body }) => {
    ensure(tag === INTEGER, "der_number");
    return derNumber(body);
  });
  if (pair.length !== 2 || pair.some((number) => number <= 0n || number >= n)) return false;
  const e = natural(digest) >> BigInt(Math.max(0, 8 * digest.length - bits));
  const [r, w] = [pair[0], inverse(pair[1], n)];
  const total = sumOf((e * w) % n, [baseX, baseY, 1n], (r * w) % n, [x, y, 1n], p);
  return total !== null && total[0] % n === r;
}
