// Keys, signed notes (C2SP signed-note, tlog-checkpoint) and signed documents.
import { hex, joined, same, unbase64, utf8 } from "./bytes.js";
import { Broken, ensure, sentence } from "./broken.js";
import { canonical, field } from "./canonical.js";
import { checkFields } from "./closed.js";
import { isOfSmallOrder, verifies } from "./ed25519.js";
import { sha256 } from "./sha2.js";

const LEDGER_KEY = sentence("a_ledger_key");
// The name has no plus, no Unicode space, no control character of ASCII: the same as in holdfast_verify.py.
const PARTS =
  /^([^+\x00-\x20\x7f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+)\+([^+]*)\+([^]*)$/;

export const COSIGNATURE = 4; // type of a witness's key
const ML_DSA_44 = 6; // type of a key that is not checked here

/** The parts of a verifier key `name+hexid+base64(0x01 || public key)` whose id fits its name and key. */
export function parseKey(vkey, key = LEDGER_KEY, kind = 1) {
  const [, name, id, rest] = PARTS.exec(vkey) ?? [];
  ensure(name, "key_malformed", { key });
  const data = unbase64(rest, key);
  ensure(kind !== COSIGNATURE || data[0] !== ML_DSA_44, "key_ml_dsa", { key });
  ensure(data.length === 33 && data[0] === kind, "key_not_ed25519", { key });
  ensure(!isOfSmallOrder(data.subarray(1)), "key_of_small_order", { key });
  const right = sha256(utf8(`${name}\n`), data).subarray(0, 4);
  ensure(id === hex(right), "key_id", { key });
  return { name, id: right, public: data.subarray(1) };
}

/** The keys of a text, which are separated by blanks or line ends. A number after a former key is the most entries of
 *  a ledger that it signed. */
export function parseKeys(text) {
  const found = [];
  for (const word of text.split(/[\s\x1c-\x1f\x85]+/).filter(Boolean)) {
    const last = found.at(-1);
    if (last && last.most === null && /^[0-9]{1,15}$/.test(word)) last.most = Number(word);
    else found.push({ key: parseKey(word) && word, most: null });
  }
  ensure(found.length, "key_malformed", { key: LEDGER_KEY });
  return found;
}

/** Whether the text is a key, or several. */
export function isKey(text) {
  try {
    return parseKeys(text).length > 0;
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}

/** A checkpoint, parsed but not verified. */
export function parseNote(text) {
  const end = text.lastIndexOf("\n\n");
  const lines = text.slice(0, Math.max(end, 0)).split("\n");
  const marks = text.slice(end + 2, -1).split("\n");
  const whole = text.length <= 1e6 && text.endsWith("\n") && !text.includes("\r") && end >= 0;
  ensure(whole && lines.length >= 3 && marks.length <= 100, "no_note");
  const size = /^(?:0|[1-9][0-9]*)$/.test(lines[1]) ? Number(lines[1]) : NaN;
  ensure(lines[0] && Number.isSafeInteger(size), "no_note_size");
  const root = unbase64(lines[2], sentence("the_root"));
  ensure(root.length === 32, "no_note_root");
  return { body: text.slice(0, end + 1), origin: lines[0], size, root, marks: marks.map(parseMark) };
}

function parseMark(line) {
  const parts = line.split(" ");
  ensure(parts.length === 3 && parts[0] === "—" && parts[1], "no_note_mark");
  const data = unbase64(parts[2], sentence("a_mark"));
  ensure(data.length > 4, "no_note_mark_short");
  return { name: parts[1], id: data.subarray(0, 4), signature: data.subarray(4) };
}

/** The checkpoint. Throws Broken unless `vkey` signed it. Signatures by other keys (witnesses) are ignored. */
export function checkNote(text, vkey) {
  const [note, key] = [parseNote(text), parseKey(vkey)];
  ensure(note.origin === key.name, "note_of_another", { origin: note.origin });
  const mine = note.marks.filter((mark) => mark.name === key.name && same(mark.id, key.id));
  ensure(mine.length, "note_unsigned");
  ensure(mine.every((mark) => verifies(key.public, utf8(note.body), mark.signature)), "note_forged");
  return note;
}

/** Whether the note carries a valid signature of the key. */
export function isSignedWith(text, vkey) {
  try {
    return Boolean(checkNote(text, vkey));
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}

/** The changes that lead to the present key, oldest first, from the ledger's entries about them. Throws Broken unless
 *  each former key, if it was not lost, signed the name of the one that followed. */
export function keyChanges(entries, key) {
  const keys = [...entries.map((entry) => field(entry.data, "from", "string", entryOf(entry))), key];
  ensure(new Set(keys).size === keys.length, "key_comes_back");
  ensure(new Set(keys.map((one) => parseKey(one).name)).size === 1, "key_of_another_ledger");
  return entries.map((entry, at) => keyChange(entry, keys[at + 1], at ? entries[at - 1].place : -1));
}

function keyChange({ kind, place, data }, following, before) {
  const good = kind === "ledger.key_changed" && place > before;
  ensure(good && field(data, "to", "string", entryOf({ place })) === following, "key_leads_elsewhere", { index: place });
  const isSigned = Object.hasOwn(data, "ed25519");
  if (isSigned) {
    const mark = unbase64(field(data, "ed25519", "string", entryOf({ place })), sentence("a_former_mark"));
    const says = canonical({ from: data.from, to: following, ledger_size: place });
    const message = joined(utf8("holdfast-key-change/1\n"), says);
    ensure(verifies(parseKey(data.from).public, message, mark), "key_change_forged", { index: place });
  }
  return { size: place, former: data.from, isSigned };
}

function entryOf({ place }) {
  return sentence("ledger_entry", { index: place });
}

/** The key with which the checkpoint of so many entries is signed. */
export function keyAt({ key, changes }, size) {
  return changes.find((change) => size <= change.size)?.former ?? key;
}

/** Whether `key` signed the ledger of so many entries, and each key since signed the name of the next. */
export function isSignedSince(ledger, key, size) {
  const since = ledger.changes.filter((change) => size <= change.size);
  return keyAt(ledger, size) === key && since.every(({ isSigned }) => isSigned);
}

/** Throws Broken unless `vkey` signed this document: Ed25519 over format, newline, canonical rest. */
export function checkSigned(document, vkey) {
  const what = String(document.format).slice(0, 40);
  const { signature, ...rest } = document;
  checkFields(field(document, "signature", "object", what), ["key", "ed25519"], sentence("the_signature", { what }));
  ensure(signature.key === vkey, "signed_by_another", { what });
  const mark = unbase64(field(signature, "ed25519", "string", what), sentence("the_signature", { what }));
  const message = joined(utf8(`${field(document, "format", "string", what)}\n`), canonical(rest));
  ensure(verifies(parseKey(vkey).public, message, mark), "signature_wrong", { what });
}
