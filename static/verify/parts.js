// Documents in parts, as in holdfast_verify.py: they prove that the words left in a masked document were filed.
import { hex, unhex, utf8 } from "./bytes.js";
import { ensure, sentence } from "./broken.js";
import { canonical, field } from "./canonical.js";
import { leafHash, nodeHash } from "./merkle.js";
import { sha256 } from "./sha2.js";

const TOKENS = /\\u[0-9a-f]{4}|\\.|[A-Za-z]+|./gsu; // of canonical JSON: an escape, a Latin word, any other character
const MAX_LETTERS = 3_000_000; // of one document
export const MAX_WORDS = 5_000_000; // tokens of all documents of a bundle
export const MASKS = ["[号码已遮盖 number masked]", "[邮箱已遮盖 e-mail masked]", "[姓名已遮盖 name masked]"];
const SUM = Uint8Array.of(4);
const SIDES = [Uint8Array.of(2), Uint8Array.of(3)];
const seedsBelow = (seed) => SIDES.map((side) => sha256(side, seed));

/** The root over a document's tokens. Their seeds are derived from its salt down the same tree. */
export function partsRoot(document) {
  const what = sentence("a_document");
  const { salt, ...told } = document;
  ensure(/^[0-9a-f]+$/.test(field(document, "salt", "string", what)), "no_field", { what, name: "salt" });
  const tokens = tokensOf(new TextDecoder().decode(canonical(told)));
  return rootWithCounts(tokens, subtree(sha256(utf8(`holdfast-parts/1${salt}`)), tokens, 0, tokens.length));
}

/** How many tokens the document has, without those of its salt. */
export function wordsIn({ salt, ...told }) {
  return tokensOf(new TextDecoder().decode(canonical(told))).length;
}

function tokensOf(text) {
  ensure(text.length <= MAX_LETTERS, "not_genuine");
  return text.match(TOKENS) ?? [];
}

/** The top of the tree, with its numbers of tokens and of quotes. */
function rootWithCounts(tokens, top) {
  const counts = new DataView(new ArrayBuffer(16));
  const quotes = tokens.reduce((count, token) => count + (token === '"'), 0);
  [tokens.length, quotes].forEach((count, at) => counts.setBigUint64(8 * at, BigInt(count)));
  return hex(sha256(SUM, new Uint8Array(counts.buffer), top));
}

function subtree(seed, tokens, start, end) {
  if (end - start === 1) return leafHash(seed, utf8(tokens[start]));
  const [middle, [left, right]] = [middleOf(start, end), seedsBelow(seed)];
  return nodeHash(subtree(left, tokens, start, middle), subtree(right, tokens, middle, end));
}

/** Where the right subtree begins (RFC 9162, 2.1.1): at the largest power of two below the size. */
function middleOf(start, end) {
  return start + 2 ** (31 - Math.clz32(end - start - 1));
}

/** The text of a masked document's pieces, its tokens ("" if hidden), and for each token 1 if it is hidden, else 0. */
function readPieces(pieces) {
  const [read, tokens, hidden] = [[], [], []];
  for (const piece of pieces) {
    const gap = typeof piece !== "string" && gapIn(piece);
    const found = gap ? Array(gap.count).fill("") : tokensOf(piece);
    read.push(gap ? gap.word : piece);
    for (const token of found) tokens.push(token);
    for (const _ of found) hidden.push(gap ? 1 : 0);
    ensure(tokens.length <= MAX_LETTERS, "not_genuine");
  }
  return { read: read.join(""), tokens, hidden: Uint8Array.from(hidden) };
}

function gapIn(piece) {
  const what = sentence("a_gap");
  const [count, word] = [field(piece, "hidden", "integer", what), field(piece, "as", "string", what)];
  ensure(MASKS.includes(word) && Object.keys(piece).length === 2, "gap_mark");
  ensure(0 < count && count <= MAX_LETTERS, "gap_count");
  return { count, word };
}

/** The root that the pieces lead to. The proof has seeds of shown parts and hashes of hidden ones. "" if the proof has
 *  a wrong length. */
function rootFromPieces(tokens, hidden, proof) {
  ensure(tokens.length, "masked_empty");
  const given = proof.map((one) => unhex(one, sentence("proof_of_masked")));
  let met = 0;
  const top = (start, end) => {
    const part = hidden.subarray(start, end);
    if (part.includes(0) && part.includes(1)) {
      const middle = middleOf(start, end);
      const left = top(start, middle);
      return nodeHash(left, top(middle, end));
    }
    const next = given[met++] ?? new Uint8Array(32);
    return part[0] ? next : subtree(next, tokens, start, end);
  };
  const root = rootWithCounts(tokens, top(0, tokens.length));
  return met === given.length ? root : "";
}

/** How many tokens a masked copy hides. Throws Broken unless its pieces give its text and lead to the root. `count` gets
 *  the number of all its tokens. */
export function hiddenIn(copy, path, root, count = () => {}) {
  const document = field(copy, "document", "object", path);
  const { read, tokens, hidden } = readPieces(field(copy, "pieces", "list", path));
  count(tokens.length);
  ensure(new TextDecoder().decode(canonical(document)) === read, "masked_reads", { path });
  ensure(!keysOf(document).some((key) => MASKS.some((mask) => key.includes(mask))), "masked_key", { path });
  const found = rootFromPieces(tokens, hidden, field(copy, "proof", "list", path));
  ensure(!root || root === found, "masked_words", { path });
  return hidden.reduce((sum, one) => sum + one, 0);
}

function keysOf(value) {
  if (value === null || typeof value !== "object") return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(keysOf)];
}
