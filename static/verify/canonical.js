// The ledger's JSON: read strictly (RFC 8259) and written canonically (RFC 8785), with whole numbers only.
import { decoded, utf8 } from "./bytes.js";
import { Broken, Unread, ensure } from "./broken.js";

const DEEPEST = 200; // levels of nested values
const MAX_NESTED = 1_000_000; // objects and lists of one document
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const STEPS = new Int8Array(256); // how each byte changes the number of open brackets
for (const [bracket, step] of [["[", 1], ["{", 1], ["]", -1], ["}", -1]]) STEPS[bracket.charCodeAt(0)] = step;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

/** The bytes of a value's canonical JSON. Keys are sorted by UTF-16 code units, as JavaScript sorts. */
export function canonical(value) {
  return utf8(written(value, 0));
}

function written(value, depth) {
  ensure(depth < DEEPEST, "json_deep");
  if (Array.isArray(value)) return `[${value.map((one) => written(one, depth + 1)).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const pairs = Object.keys(value).sort().map((key) => `${quoted(key)}:${written(value[key], depth + 1)}`);
    return `{${pairs.join(",")}}`;
  }
  if (typeof value === "string") return quoted(value);
  ensure(value === null || typeof value === "boolean" || Number.isSafeInteger(value), "json_value");
  return String(value);
}

function quoted(text) {
  ensure(!/\p{Surrogate}/u.test(text), "json_deep");
  return JSON.stringify(text);
}

/** The JSON object in the bytes. Throws Broken for duplicate keys, fractions, huge numbers and deep nesting. */
export function parsed(bytes, what) {
  const { brackets, commas, deepest } = outline(bytes);
  ensure(brackets <= 2 * MAX_NESTED && commas <= 4 * MAX_NESTED, "json_many", { what });
  ensure(deepest < DEEPEST, "json_bad", { what });
  return new Reader(decoded(bytes, what, "json_bad"), what).whole();
}

/** How many brackets and commas JSON has, how many levels, and whether it has an end: as many closing brackets as
 *  opening ones, at some place. Those in its texts do not count. */
export function outline(bytes) {
  let [brackets, commas, level, deepest, inText, isEnded] = [0, 0, 0, 0, false, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === BACKSLASH && (bytes[at + 1] === QUOTE || bytes[at + 1] === BACKSLASH)) at++;
    else if (byte === QUOTE) inText = !inText;
    else if (!inText && byte === COMMA) commas++;
    else if (!inText && STEPS[byte]) {
      brackets++;
      level += STEPS[byte];
      isEnded ||= level === 0;
      deepest = Math.max(deepest, level);
    }
  }
  return { brackets, commas, deepest, isEnded };
}

class Reader {
  constructor(source, what) {
    Object.assign(this, { source, what, at: 0 });
  }

  whole() {
    const value = this.value();
    this.gap();
    this.must(this.at === this.source.length);
    ensure(value !== null && typeof value === "object" && !Array.isArray(value), "json_object", { what: this.what });
    return value;
  }

  must(condition) {
    ensure(condition, "json_bad", { what: this.what });
  }

  gap() {
    while (" \t\n\r".includes(this.source[this.at] ?? "x")) this.at++;
  }

  /** Step over this token if it is next. */
  takes(token) {
    this.gap();
    const next = this.source.startsWith(token, this.at);
    if (next) this.at += token.length;
    return next;
  }

  value() {
    if (this.takes("{")) return this.object();
    if (this.takes("[")) return this.list();
    for (const [token, value] of [["true", true], ["false", false], ["null", null]]) {
      if (this.takes(token)) return value;
    }
    return this.source[this.at] === '"' ? this.string() : this.number();
  }

  object() {
    const found = Object.create(null); // without a prototype, so that no key is special, not even “__proto__”
    if (this.takes("}")) return found;
    let isTwice = false;
    do {
      this.gap();
      this.must(this.source[this.at] === '"');
      const key = this.string();
      isTwice ||= Object.hasOwn(found, key);
      this.must(this.takes(":"));
      found[key] = this.value();
    } while (this.takes(","));
    this.must(this.takes("}"));
    ensure(!isTwice, "json_twice", { what: this.what });
    return found;
  }

  list() {
    const found = [];
    if (this.takes("]")) return found;
    do found.push(this.value());
    while (this.takes(","));
    this.must(this.takes("]"));
    return found;
  }

  string() {
    let end = this.at + 1;
    while (end < this.source.length && this.source[end] !== '"') end += this.source[end] === "\\" ? 2 : 1;
    const literal = this.source.slice(this.at, end + 1);
    this.at = end + 1;
    try {
      return JSON.parse(literal);
    } catch {
      throw new Broken("json_bad", { what: this.what });
    }
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.source);
    this.must(found);
    this.at = NUMBER.lastIndex;
    ensure(!found[1] && !found[2], "json_fraction", { what: this.what });
    ensure(Number.isSafeInteger(Number(found[0])), "json_large", { what: this.what });
    return Number(found[0]) || 0; // no minus zero
  }
}

const VERSIONS = { receipt: 1, export: 1, masked: 2, case: 1 }; // the newest that is known here

/** The number in the document's `format`, such as 1 of "holdfast-receipt/1". Throws Unread if it is larger than those
 *  known here, and Broken if it is none. */
export function checkVersion({ format }, kind, what) {
  const found = typeof format === "string" && new RegExp(`^holdfast-${kind}/([1-9][0-9]{0,5})$`).exec(format);
  const version = found ? Number(found[1]) : 0;
  refuseNewer(version, VERSIONS[kind], what);
  ensure(version, "unknown_version", { what });
  return version;
}

/** Throw Unread if the version is a number larger than the newest that is known here. */
export function refuseNewer(version, newest, what) {
  if (Number.isSafeInteger(version) && version > newest) throw new Unread("newer_version", { what });
}

const KINDS = {
  string: (value) => typeof value === "string",
  integer: Number.isSafeInteger,
  list: Array.isArray,
  object: (value) => value !== null && typeof value === "object" && !Array.isArray(value),
};

/** A field of the expected kind. */
export function field(document, name, kind, what) {
  const value = KINDS.object(document) && Object.hasOwn(document, name) ? document[name] : undefined;
  ensure(KINDS[kind](value), "no_field", { what, name });
  return value;
}

/** Whether two values are the same JSON. A missing value counts as null. */
export function alike(a, b) {
  return written(a ?? null, 0) === written(b ?? null, 0);
}
