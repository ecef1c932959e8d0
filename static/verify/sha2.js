// SHA-256 in pieces, since the browser's own needs a whole file in memory, and SHA-384, SHA-512 and SHA-1 of
// short messages, for signatures and certificates (FIPS 180-4).

function primes(count) {
  const found = [];
  for (let number = 2; found.length < count; number++) {
    if (found.every((prime) => number % prime)) found.push(number);
  }
  return found;
}

/** The first 64 bits of the fraction of a number's square or cube root (FIPS 180-4, 4.2.3 and 5.3.5). */
function fraction(number, power) {
  const wanted = BigInt(number) << BigInt(64 * power);
  let root = 0n;
  for (let bit = 1n << 72n; bit; bit >>= 1n) {
    if ((root | bit) ** BigInt(power) <= wanted) root |= bit;
  }
  return BigInt.asUintN(64, root);
}

const START = primes(8).map((prime) => fraction(prime, 2));
const START384 = primes(16).slice(8).map((prime) => fraction(prime, 2));
const ROUNDS = primes(80).map((prime) => fraction(prime, 3));
const upper = (word) => Number(BigInt.asIntN(32, word >> 32n)); // SHA-256's constants are the upper halves
const START32 = Int32Array.from(START, upper);
const ROUNDS32 = Int32Array.from(ROUNDS.slice(0, 64), upper);
const SMALL = 256; // bytes
const schedule = new Int32Array(64);

/** Process the complete 64-byte blocks of `bytes` from `at` to `end`. */
function compress(state, bytes, at, end) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const w = schedule;
// One by one, so that the engine uses 32-bit numbers. Unpacked as a list, this is five times slower.
  let h0 = state[0] | 0, h1 = state[1] | 0, h2 = state[2] | 0, h3 = state[3] | 0;
  let h4 = state[4] | 0, h5 = state[5] | 0, h6 = state[6] | 0, h7 = state[7] | 0;
  for (; at < end; at += 64) {
    for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t);
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15];
      const y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    let a = h0, b = h1, c = h2, d = h3, e = h4, f = h5, g = h6, h = h7;
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + (g ^ (e & (f ^ g))) + ROUNDS32[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) | (c & (a | b)))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    h0 = (h0 + a) | 0; h1 = (h1 + b) | 0; h2 = (h2 + c) | 0; h3 = (h3 + d) | 0;
    h4 = (h4 + e) | 0; h5 = (h5 + f) | 0; h6 = (h6 + g) | 0; h7 = (h7 + h) | 0;
  }
  state[0] = h0, state[1] = h1, state[2] = h2, state[3] = h3;
  state[4] = h4, state[5] = h5, state[6] = h6, state[7] = h7;
}

export class Sha256 {
  constructor() {
    this.state = START32.slice();
    this.rest = new Uint8Array(64);
    this.size = 0;
  }

  update(bytes) {
    const held = this.size % 64;
    this.size += bytes.length;
    if (held + bytes.length < 64) {
      this.rest.set(bytes, held);
      return this;
    }
    const start = held ? 64 - held : 0;
    if (held) {
      this.rest.set(bytes.subarray(0, start), held);
      compress(this.state, this.rest, 0, 64);
    }
    const end = bytes.length - (this.size % 64);
    compress(this.state, bytes, start, end);
    this.rest.set(bytes.subarray(end));
    return this;
  }

  /** The 32 bytes of the digest. Nothing can be added afterwards. */
  digest() {
    return ended(this.state, [this.rest.subarray(0, this.size % 64)], this.size);
  }
}

/** The digest from the state after all complete blocks and the remaining pieces. `size` is that of all bytes. */
function ended(state, pieces, size) {
  let held = 0;
  for (const piece of pieces) held += piece.length;
  const padded = new Uint8Array((held + 72) & ~63);
  const view = new DataView(padded.buffer);
  let at = 0;
  for (const piece of pieces) {
    padded.set(piece, at);
    at += piece.length;
  }
  padded[held] = 128;
  view.setUint32(padded.length - 8, Math.floor(size / 2 ** 29));
  view.setUint32(padded.length - 4, (size * 8) >>> 0);
  compress(state, padded, 0, padded.length);
  for (let word = 0; word < 8; word++) view.setInt32(4 * word, state[word]);
  return padded.slice(0, 32);
}

export function sha256(...pieces) {
  let size = 0;
  for (const piece of pieces) size += piece.length;
  if (size < SMALL) return ended(START32.slice(), pieces, size); // the tree of a document's parts needs very many of these
  const hash = new Sha256();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

const short = (word) => BigInt.asUintN(64, word);
const turn = (word, by) => short((word >> by) | (word << (64n - by)));

export function sha384(bytes) {
  return sha512(bytes, START384).slice(0, 48);
}

/** SHA-512 of a short message, computed with BigInt. */
export function sha512(bytes, start = START) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 17) / 128) * 128);
  const view = new DataView(padded.buffer);
  padded.set(bytes);
  padded[bytes.length] = 128;
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  let state = start;
  for (let at = 0; at < padded.length; at += 128) {
    const w = Array.from({ length: 16 }, (_, t) => view.getBigUint64(at + 8 * t));
    for (let t = 16; t < 80; t++) {
      const s0 = turn(w[t - 15], 1n) ^ turn(w[t - 15], 8n) ^ (w[t - 15] >> 7n);
      const s1 = turn(w[t - 2], 19n) ^ turn(w[t - 2], 61n) ^ (w[t - 2] >> 6n);
      w.push(short(w[t - 16] + s0 + w[t - 7] + s1));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 80; t++) {
      const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
      const one = h + s1 + (g ^ (e & (f ^ g))) + ROUNDS[t] + w[t];
      const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
      const two = s0 + ((a & b) | (c & (a | b)));
      [a, b, c, d, e, f, g, h] = [short(one + two), a, b, c, short(d + one), e, f, g];
    }
    state = [a, b, c, d, e, f, g, h].map((word, t) => short(word + state[t]));
  }
  state.forEach((word, t) => view.setBigUint64(8 * t, word));
  return padded.slice(0, 64);
}

/** SHA-1, which old names of certificates use (ESSCertID, RFC 2634). Nothing else may rest on it. */
export function sha1(bytes) {
  const padded = new Uint8Array((bytes.length + 72) & ~63);
  const view = new DataView(padded.buffer);
  padded.set(bytes);
  padded[bytes.length] = 128;
  view.setUint32(padded.length - 4, bytes.length * 8);
  const left = (word, by) => (word << by) | (word >>> (32 - by));
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < padded.length; at += 64) {
    const w = Array.from({ length: 16 }, (_, t) => view.getInt32(at + 4 * t));
    for (let t = 16; t < 80; t++) w.push(left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1));
    let [a, b, c, d, e] = state;
    for (let t = 0; t < 80; t++) {
      const parity = b ^ c ^ d;
      const mixed = [(b & c) | (~b & d), parity, (b & c) | (b & d) | (c & d), parity][Math.floor(t / 20)];
      const round = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(t / 20)];
      [a, b, c, d, e] = [(left(a, 5) + mixed + e + round + w[t]) | 0, a, left(b, 30), c, d];
    }
    state = [a, b, c, d, e].map((word, t) => (word + state[t]) | 0);
  }
  state.forEach((word, t) => view.setInt32(4 * t, word));
  return padded.slice(0, 20);
}
