// Decides from its bytes what a chosen file is.
import { wholeOf } from "./reading.js";

const BEGINNING = 64 << 10;
const RECEIPTS_ARE_SMALL = 64 << 20;
const KEY = /^\s*[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+\s*$/;
const NOTE = /^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n[^]*\n— /;

async function start(file, size) {
  return new TextDecoder().decode(await wholeOf(file.slice(0, size)));
}

/** "bundle", "receipt", "note", "key", or "other" for any file to look for. Throws if it cannot be read. */
export async function kindOf(file) {
  const text = await start(file, BEGINNING);
  if (text.startsWith("PK")) return /\.zip$/i.test(file.name) || isBag(text) ? "bundle" : "other";
  if (KEY.test(text) && file.size < 1000) return "key";
  if (NOTE.test(text)) return "note";
  return namedReceipt(file) || (await saysReceipt(file, text)) ? "receipt" : "other";
}

async function saysReceipt(file, text) {
  if (!text.trimStart().startsWith("{") || file.size > RECEIPTS_ARE_SMALL) return false;
  return (await start(file, file.size)).includes('"holdfast-receipt/');
}

/** Whether a ZIP is a bundle, which begins with its first payload file. Spreadsheets are ZIP files too. */
function isBag(text) {
  return /^PK\x03\x04[^]{20,40}[A-Za-z0-9._-]+\/data\//.test(text.slice(0, 200));
}

function namedReceipt(file) {
  return /(receipt|回执)[^/]*\.json$/i.test(file.name);
}
