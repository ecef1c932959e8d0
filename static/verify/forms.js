// What kind a chosen file is of, and papers as people hand them on: after editors, mail programs and half downloads.
import { Broken, Unread, sentence } from "./broken.js";
import { utf8 } from "./bytes.js";
import { outline, parsed } from "./canonical.js";

const PDF = "form_pdf", AGE = "form_age", ARCHIVE = "form_archive", PICTURE = "form_picture";
const FORMS = [ // the mark of another kind of file, as Latin-1, what it is, and where the mark is
  ...[["%PDF", PDF], ["age-encryption.org/", AGE], ["-----BEGIN AGE", AGE], ["ustar", ARCHIVE, 257]],
  ...["ftypheic", "ftypmif1", "ftypavif"].map((mark) => [mark, PICTURE, 4]),
  ...["7z\xbc\xaf\x27\x1c", "Rar!", "\x1f\x8b", "\xfd7zXZ", "BZh", "\x28\xb5\x2f\xfd"].map((mark) => [mark, ARCHIVE]),
  ...["\x89PNG", "\xff\xd8\xff", "GIF8", "RIFF", "II*\0", "MM\0*"].map((mark) => [mark, PICTURE]),
];
const HTML = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|\?xml)/i;
const CURLY = /[{,:[]\s*[“”„«]/;
/** How the portal's answer at /ledger/consistency/ begins: a proof that a ledger extends an earlier one. */
export const GROWTH = /^[ \t\r\n]*\{[ \t\r\n]*"proof"/;
const NOTE = /(?:^|\n)([^\n{]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n)/; // how a checkpoint begins
const MARK = /^(?:\u2014|\u2013|--?) ([^ ]+) ([A-Za-z0-9+/=]+)$/; // a signature, with any dash
const KEY = "[^+\\s<>]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{44}(?: [0-9]{1,15})?";
const KEY_LINE = new RegExp(`^${KEY}$`);
const KEYS_OF_A_LINE = new RegExp(`(?:^|[ \\t])(${KEY})(?=$|[ \\t](?![0-9]))`, "g");
const MOST_LINES = 10_000;
const BLANKS = " \t\r\n";
const FIRST_BYTES = 400; // bytes

/** What says that the file cannot be checked, and why: a key of words.js. */
export function notChecked(name, why) {
  return new Unread("not_checked", { name, why: sentence(why) });
}

/** The key of the sentence about a file of another kind, from its first bytes; "" if it is of no such kind. */
export function otherKind(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, FIRST_BYTES));
  if (bytes.length <= FIRST_BYTES && !stripped(start)) return "form_empty";
  const form = FORMS.find(([mark, , at = 0]) => start.startsWith(mark, at));
  if (form) return form[1];
  return HTML.test(start) ? "form_html" : "";
}

/** The text without blanks before it (unless told) and behind it. trim() takes more than holdfast_verify.py does. */
export function stripped(text, keepsStart = false) {
  let [from, to] = [0, text.length];
  while (!keepsStart && from < to && BLANKS.includes(text[from])) from++;
  while (from < to && BLANKS.includes(text[to - 1])) to--;
  return text.slice(from, to);
}

export function refuseOtherKinds(bytes, name) {
  const why = otherKind(bytes);
  if (why) throw notChecked(name, why);
}

/** The text of a receipt or checkpoint, without a byte order mark. Throws Unread for other kinds of files. */
export function paperText(bytes, name) {
  refuseOtherKinds(bytes, name);
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw notChecked(name, bytes.subarray(0, 200).includes(0) || isText(bytes) ? "form_edited" : "form_none");
  }
  if (text.includes("\0")) throw notChecked(name, "form_edited");
  return text;
}

/** Whether the bytes could be text in another encoding, such as GBK. */
function isText(bytes) {
  return bytes.subarray(0, 200).includes(0x7b) || bytes.reduce((lines, byte) => lines + (byte === 10), 0) > 3;
}

/** The bytes of a receipt. Throws Unread if the text is no JSON, or no receipt. */
export function receiptText(text, name) {
  if (!stripped(text).startsWith("{")) throw notChecked(name, "form_none");
  const bytes = utf8(text);
  const told = format(bytes, text, name);
  if (typeof told !== "string" || !told.startsWith("holdfast-receipt/")) throw notChecked(name, "form_no_receipt");
  return bytes;
}

function format(bytes, text, name) {
  try {
    return parsed(bytes, sentence("the_receipt")).format;
  } catch (error) {
    const key = error instanceof Broken ? error.says.key : "";
    if (key === "json_fraction") throw notChecked(name, "form_rewritten");
    if (key !== "json_bad") throw error;
    const isWhole = stripped(text).endsWith("}") || outline(bytes).isEnded;
    throw notChecked(name, CURLY.test(text) || isWhole ? "form_edited" : "form_cut");
  }
}

/** The checkpoint in a text, as it was before it went through editors and mail programs; "" if there is none. These
 *  quote it, change blanks and dashes, double or break its lines, and write something before and behind it. */
export function noteText(text) {
  const lines = stripped(text).split("\n").map((line) => stripped(line.replaceAll("\u00a0", " ")));
  if (stripped(text).startsWith("{") || lines.length > MOST_LINES) return "";
  const plain = lines.map((line) => `${line.replace(/^> ?/, "")}\n`).join("");
  for (const one of [plain, plain.replaceAll("\n\n", "\n")]) {
    const found = NOTE.exec(one);
    if (!found) continue;
    const rest = one.slice(found.index + found[0].length - found[1].length);
    const gap = rest.indexOf("\n\n");
    const marks = gap < 0 ? "" : marksIn(rest.slice(gap + 2).replace(/^\n+|\n+$/g, "").split("\n"));
    return marks ? `${rest.slice(0, gap)}\n\n${marks}` : `${stripped(gap < 0 ? rest : rest.slice(0, gap))}\n`;
  }
  return "";
}

/** The signature lines of a checkpoint, each of them whole, up to the first line of another kind. */
function marksIn(lines) {
  const found = [];
  for (const line of lines) {
    const mark = MARK.exec(line);
    if (found.length && /^[A-Za-z0-9+/=]+$/.test(line)) found.push(found.pop() + line);
    else if (mark) found.push(`\u2014 ${mark[1]} ${mark[2]}`);
    else break;
  }
  return found.map((line) => `${line}\n`).join("");
}

export function isNote(text) {
  return noteText(text) !== "";
}

/** The text of a file that somebody keeps, which may have been saved in UTF-16. */
export function keptText(bytes) {
  const [first, second] = bytes;
  const wide = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(wide).decode(bytes);
}

/** The ledger keys in a text, between other words and lines. A key may be within marks of HTML, and broken into two
 *  lines. A text with too many lines has none. */
export function keysIn(text) {
  const lines = text.replace(/<[^<>\n]{0,100}>/g, "").split("\n").map((line) => stripped(line));
  const joined = lines.slice(1).map((line, at) => lines[at] + line);
  if (lines.length >= MOST_LINES) return [];
  const whole = lines.flatMap((line) => [...line.matchAll(KEYS_OF_A_LINE)].map((found) => found[1]));
  return [...new Set([...whole, ...joined.filter((line) => KEY_LINE.test(line))])];
}

/** The lines of a text without blanks around them, comments and empty ones. */
export function keyLines(text) {
  return text.split("\n").map((line) => stripped(line)).filter((line) => line && !/^(?:#|\/\/|;)/.test(line));
}
