// Reads DER (X.690), as strictly as holdfast_verify.py: one-byte tags, shortest definite lengths, nothing behind.
import { ensure } from "./broken.js";

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BITS = 0x03;
export const OCTETS = 0x04;
export const OID = 0x06;
export const SEQUENCE = 0x30;
export const SET = 0x31;
export const GENERALIZED_TIME = 0x18;
const UTC_TIME = 0x17;
const MOST_PARTS = 1000;

/** The bytes as a text of one character each. */
export function latinText(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The element that the bytes consist of: {tag, body, raw}. It must have this tag. */
export function der(bytes, tag, what) {
  const [found, end] = elementAt(bytes, 0);
  ensure(end === bytes.length && found.tag === tag, "der_other", { what });
  return found;
}

/** The element at an offset, and the offset after it. */
function elementAt(bytes, at) {
  ensure(bytes.length - at >= 2 && (bytes[at] & 31) !== 31, "der_cut");
  let [size, start] = [bytes[at + 1], at + 2];
  if (size > 127) {
    const width = size & 127;
    start += width;
    ensure(width > 0 && width < 5 && start <= bytes.length, "der_length");
    size = bytes.subarray(at + 2, start).reduce((number, byte) => number * 256 + byte, 0);
    ensure(size > 127 && size >= 256 ** (width - 1), "der_long");
  }
  const end = start + size;
  ensure(end <= bytes.length, "der_short");
  return [{ tag: bytes[at], body: bytes.subarray(start, end), raw: bytes.subarray(at, end) }, end];
}

/** The elements inside a constructed one. */
export function derElements({ body }) {
  const found = [];
  for (let at = 0; at < body.length; ) {
    ensure(found.length < MOST_PARTS, "der_many");
    const [inner, end] = elementAt(body, at);
    found.push(inner);
    at = end;
  }
  return found;
}

/** Reads the fields of a SEQUENCE one after the other. It is given parsed or as bytes. */
export class Fields {
  constructor(element, what) {
    this.rest = derElements(element instanceof Uint8Array ? der(element, SEQUENCE, what) : element);
    this.what = what;
  }

  take(tag) {
    ensure(this.rest.length && this.rest[0].tag === tag, "der_built", { what: this.what });
    return this.rest.shift();
  }

  optional(tag) {
    return this.rest.length && this.rest[0].tag === tag ? this.rest.shift() : null;
  }

  number() {
    return derNumber(this.take(INTEGER).body);
  }

  oid() {
    return derOid(this.take(OID));
  }

  /** The fields of the next field, which is a SEQUENCE or an explicit tag around one. */
  inside(tag, what) {
    const element = this.take(tag);
    return new Fields(tag === SEQUENCE ? element : element.body, what);
  }

  end() {
    ensure(!this.rest.length, "der_more", { what: this.what });
  }
}

/** The number (BigInt) in the body of an INTEGER, which must have no needless bytes at its beginning. */
export function derNumber(body) {
  ensure(body.length > 0 && body.length <= 2048, "der_number");
  const needless = body.length > 1 && ((body[0] === 0 && body[1] < 128) || (body[0] === 255 && body[1] > 127));
  ensure(!needless, "der_number");
  return BigInt.asIntN(8 * body.length, natural(body));
}

/** The bytes as a number (BigInt), the highest first. */
export function natural(bytes) {
  let digits = "";
  for (const byte of bytes) digits += byte.toString(16).padStart(2, "0");
  return BigInt(`0x${digits || "0"}`);
}

export function derOid({ tag, body }) {
  ensure(tag === OID && body.length > 0 && body.length <= 64 && body.at(-1) < 128, "der_oid");
  const numbers = [];
  let number = 0n;
  for (const byte of body) {
    number = (number << 7n) | BigInt(byte & 127);
    if (byte >= 128) continue;
    numbers.push(number);
    number = 0n;
  }
  const first = numbers[0] < 80n ? numbers[0] / 40n : 2n;
  return [first, numbers[0] - 40n * first, ...numbers.slice(1)].join(".");
}

/** A UTCTime or GeneralizedTime in microseconds since 1970. What is smaller is cut off. */
export function derTime({ tag, body }) {
  const told = latinText(body);
  const text = tag === UTC_TIME ? `${told.slice(0, 2) >= "50" ? "19" : "20"}${told}` : told;
  const [whole, digits, fraction] = /^(\d{14})(?:\.(\d{1,20}))?Z$/.exec(text) ?? [];
  ensure(whole && (tag === UTC_TIME || tag === GENERALIZED_TIME), "der_time");
  const written = digits.replace(/(....)(..)(..)(..)(..)(..)/, "$1-$2-$3T$4:$5:$6.000Z");
  const milliseconds = Date.parse(written);
  const real = !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString() === written;
  ensure(real && !written.startsWith("0000"), "der_time");
  return milliseconds * 1000 + Number(`${fraction ?? ""}000000`.slice(0, 6));
}
