// The checks of a receipt: its signature, its proofs, and that it agrees with its ledger entries.
import { ensure, sentence } from "./broken.js";
import { alike, canonical, checkVersion, field, parsed } from "./canonical.js";
import { decoded, unhex, utf8 } from "./bytes.js";
import { onlyCertificates } from "./certificates.js";
import { ANCHOR_FIELDS, FILE_FIELDS, LATER_RECEIPT_FIELDS, EXPORT, RECEIPT_FIELDS, SCHEMA, TOKEN_FIELDS, checkFields } from "./closed.js";
import { TOLERANCE, agrees, checkDates, checkMadeAfter, checkThread, exhibitsOf, moment, openLedger, papersOf, unlistedIn } from "./ledger.js";
import { checkSigned } from "./note.js";
import { listedAuthorities } from "./stamps.js";

const THE_RECEIPT = sentence("the_receipt");

/** Throws Broken unless everything in the receipt agrees. */
export function openReceipt(bytes) {
  const document = parsed(bytes, THE_RECEIPT);
  checkVersion(document, "receipt", THE_RECEIPT);
  checkFields(document, RECEIPT_FIELDS, THE_RECEIPT, LATER_RECEIPT_FIELDS);
  listedAuthorities(document);
  for (const anchor of field({ anchors: [], ...document }, "anchors", "list", THE_RECEIPT)) {
    const what = sentence("a_stamped_checkpoint");
    checkFields(anchor, ANCHOR_FIELDS, what);
    onlyCertificates(utf8(field(anchor, "root", "string", what)), what);
  }
  const ledger = openLedger(field(document, "ledger", "object", THE_RECEIPT));
  checkSigned(document, ledger.key);
  checkThread(ledger.entries, field(document, "case", "string", THE_RECEIPT), false);
  checkDates(ledger.entries);
  checkSays(document, ledger.entries);
  return paperOf(document, ledger);
}

/** The signed export and the ledger of a bundle that somebody kept. Its other files are not looked at. */
export async function openKeptBundle(zip) {
  const [what, names] = [sentence("the_export"), [EXPORT, "proofs/ledger.json"]];
  const [document, told] = await Promise.all(names.map(async (name) => parsed(await zip.read(name), name)));
  checkVersion(document, "export", EXPORT);
  const ledger = openLedger(told);
  checkSigned(document, ledger.key);
  checkThread(ledger.entries, field(document, "case", "string", what), true);
  checkDates(ledger.entries);
  exhibitsOf(ledger.entries);
  ensure(ledger.size === document.ledger_size, "checkpoint_of_another");
  checkMadeAfter(field(document, "made_at", "string", what), ledger.entries, what);
  const schema = zip.sizes.has(SCHEMA) ? await zip.digest(SCHEMA) : ""; // which shows how old its portal was
  return { ...paperOf(document, ledger), schema };
}

/** A receipt or a bundle, by its signed document and its ledger. */
export function paperOf(document, ledger) {
  const isBundle = document.format === "holdfast-export/1";
  const isLater = Object.hasOwn(document, "anchors") || Object.hasOwn(document, "papers") || ledger.consistency.size;
  const isSealed = ledger.entries.some(({ kind }) => kind === "evidence.sealed");
  const made = () => moment(field(document, isBundle ? "made_at" : "issued_at", "string", "it"), "it");
  const { case: thread, reference } = document;
  return { document, ledger, case: thread, reference, isBundle, made, isOfFiling: !isBundle && !isLater && !isSealed };
}

function checkSays(document, entries) {
  const exhibits = exhibitsOf(entries);
  const filed = entries.find((entry) => entry.kind === "complaint.filed");
  for (const name of ["reference", "statement", "reporter", "language"]) {
    const good = field(document, name, "string", THE_RECEIPT) === filed.data[name];
    ensure(good, "receipt_field", { name });
  }
  ensure(document.filed_at === filed.content.at, "receipt_filed_at");
  checkMadeAfter(field(document, "issued_at", "string", THE_RECEIPT), entries, THE_RECEIPT);
  const papers = Object.hasOwn(document, "papers") ? document.papers : [];
  ensure(alike(papers, papersOf(entries)), "receipt_papers");
  checkFiles(document, exhibits, entries);
}

function checkFiles(document, exhibits, entries) {
  const what = sentence("a_file_of_the_receipt");
  const files = field(document, "files", "list", THE_RECEIPT);
  const items = new Set(files.map((listed) => field(listed, "item", "string", what)));
  ensure(files.length === items.size && items.size === exhibits.size, "receipt_files");
  const sealed = sealsOf(entries);
  for (const listed of files) {
    const { item } = listed;
    checkFields(listed, FILE_FIELDS, what);
    ensure(agrees(listed, exhibits.get(item)), "receipt_file", { exhibit: listed.exhibit });
    field(listed, "name", "string", what);
    const stamps = field(listed, "timestamps", "list", what);
    const seal = sealed.get(item);
    ensure(!seal || alike(byName(stamps), byName(seal.data.tokens)), "receipt_timestamps");
    const written = seal ? seal.content.at : document.issued_at;
    for (const stamp of stamps) checkListedStamp(stamp, written, listed.received_at);
  }
}

/** Item id -> its seal. The last one counts. */
function sealsOf(entries) {
  const seals = entries.filter((entry) => entry.kind === "evidence.sealed");
  const item = ({ data, place }) => field(data, "item", "string", sentence("ledger_entry", { index: place }));
  return new Map(seals.map((entry) => [item(entry), entry]));
}

/** What a receipt says of a stamp of a file. `written` is when the seal that has it was written. A file that is not
 *  sealed has some stamps if one of two authorities did not answer. */
function checkListedStamp(stamp, written, received) {
  const what = sentence("a_timestamp_of_the_receipt");
  checkFields(stamp, TOKEN_FIELDS, what);
  for (const name of TOKEN_FIELDS) field(stamp, name, "string", what);
  unhex(stamp.sha256, what);
  const time = moment(stamp.gen_time, what);
  const [early, late] = [moment(received, THE_RECEIPT) - TOLERANCE, moment(written, THE_RECEIPT) + TOLERANCE];
  ensure(early <= time && time <= late, "receipt_stamp_time");
}

/** Note each exhibit that came with no complaint, message or answer, as in old ledgers. */
export function noteUnlisted(report, entries) {
  for (const exhibit of unlistedIn(entries)) report.caution(sentence("exhibit_unlisted", { exhibit }));
}

/** Labels of the files for which a receipt lists stamps that no ledger entry names yet. */
export function earlyStamps({ document, ledger }) {
  const sealed = sealsOf(ledger.entries);
  return document.files.filter((one) => one.timestamps.length && !sealed.has(one.item)).map(({ exhibit }) => exhibit);
}


function byName(tokens) {
  return Array.isArray(tokens) ? tokens.map((token) => decoded(canonical(token), "JSON")).sort() : [];
}

/** The files of a receipt as the page shows them; none of a bundle. */
export function listed({ document, ledger }) {
  const sealed = sealsOf(ledger.entries);
  return (document.files ?? []).map(({ exhibit, item, name, size, sha256, received_at, timestamps }) => {
    return { label: exhibit, name, size, sha256, received_at, timestamps: sealed.has(item) ? timestamps : [] };
  });
}
