// Decides from its bytes what a chosen file is.
import { isNote, keptText, keysIn, otherKind } from "./forms.js";
import { wholeOf } from "./reading.js";

const BEGINNING = 64 << 10;
const RECEIPTS_ARE_SMALL = 64 << 20;
const OURS = /(?:receipt|回执)[^/]*$|\.(?:zip|json|vkey)\.?[^.]*$/i; // names of the portal's papers, and of what is made of them
const MADE_OF_OURS = ["form_age", "form_archive"];

async function start(file, size) {
  return new TextDecoder().decode(await wholeOf(file.slice(0, size)));
}

/** "bundle", "receipt", "note", "key", "root", "packed" for what may have one of them in it, or "other" for any file to
 *  look for. Throws if it cannot be read. */
export async function kindOf(file) {
  const bytes = await wholeOf(file.slice(0, BEGINNING));
  const text = new TextDecoder().decode(bytes);
  if (text.startsWith("PK")) return /\.zip$/i.test(file.name) || (await isBag(file)) ? "bundle" : "other";
  if (file.size < BEGINNING && keysIn(keptText(bytes)).length) return "key";
  if (isNote(text)) return "note";
  const form = otherKind(bytes); // verify.js says what it is
  if (form && OURS.test(file.name)) return /\.zip$/i.test(file.name) ? "bundle" : "receipt";
  if (MADE_OF_OURS.includes(form)) return "packed";
  if (namedReceipt(file) || (await saysReceipt(file, text))) return "receipt"; // which may hold a certificate
  return isCertificate(bytes, text) ? "root" : "other";
}

/** Whether a file is a certificate, in PEM or in DER. */
function isCertificate(bytes, text) {
  return text.includes("-----BEGIN CERTIFICATE-----") || (bytes[0] === 0x30 && bytes[1] === 0x82);
}

async function saysReceipt(file, text) {
  if (!text.trimStart().startsWith("{") || file.size > RECEIPTS_ARE_SMALL) return false;
  return (await start(file, file.size)).includes('"holdfast-receipt/');
}

/** Whether the index at the end of a ZIP names a bundle's list. Spreadsheets are ZIP files too. */
async function isBag(file) {
  const end = await wholeOf(file.slice(-BEGINNING));
  return new TextDecoder("latin1").decode(end).includes("manifest-sha256.txt");
}

function namedReceipt(file) {
  return /(receipt|回执)[^/]*\.json$/i.test(file.name);
}
