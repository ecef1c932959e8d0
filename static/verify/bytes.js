// Bytes from and to text, hex and base64. Anything not exactly in that form is refused.
import { Broken, ensure } from "./broken.js";

const encoder = new TextEncoder();

/** The bytes of the text. Throws Broken for half of a pair of surrogates, which has no bytes. */
export function utf8(text) {
  ensure(!/\p{Surrogate}/u.test(text), "json_deep");
  return encoder.encode(text);
}

export function decoded(bytes, what, key = "not_text") {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Broken(key, { what });
  }
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of a SHA-256 in hex. */
export function unhex(text, what) {
  ensure(typeof text === "string" && /^[0-9a-f]{64}$/.test(text), "not_sha256", { what });
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

export function unbase64(text, what) {
  const whole = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  // Only one text encodes the bytes: spare bits must be zero (RFC 4648, 3.5).
  ensure(whole && btoa(atob(text)) === text, "not_base64", { what });
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function joined(...pieces) {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function same(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
