// The checks of a receipt: its signature, its proofs, and that it agrees with its ledger entries.
import { ensure, sentence } from "./broken.js";
import { alike, canonical, field, parsed } from "./canonical.js";
import { decoded } from "./bytes.js";
import { agrees, checkThread, exhibitsOf, moment, openLedger, papersOf } from "./ledger.js";
import { checkSigned } from "./note.js";

const THE_RECEIPT = sentence("the_receipt");

/** Throws Broken unless everything in the receipt agrees. */
export function openReceipt(bytes) {
  const document = parsed(bytes, THE_RECEIPT);
  ensure(document.format === "holdfast-receipt/1", "no_receipt");
  const ledger = openLedger(field(document, "ledger", "object", THE_RECEIPT));
  checkSigned(document, ledger.key);
  checkThread(ledger.entries, field(document, "case", "string", THE_RECEIPT), false);
  checkSays(document, ledger.entries);
  return { document, ledger, case: document.case, reference: document.reference };
}

function checkSays(document, entries) {
  const exhibits = exhibitsOf(entries);
  const filed = entries.find((entry) => entry.kind === "complaint.filed");
  for (const name of ["reference", "statement", "reporter", "language"]) {
    const good = field(document, name, "string", THE_RECEIPT) === filed.data[name];
    ensure(good, "receipt_field", { name });
  }
  ensure(document.filed_at === filed.content.at, "receipt_filed_at");
  moment(field(document, "issued_at", "string", THE_RECEIPT), THE_RECEIPT);
  const papers = Object.hasOwn(document, "papers") ? document.papers : [];
  ensure(alike(papers, papersOf(entries)), "receipt_papers");
  checkFiles(field(document, "files", "list", THE_RECEIPT), exhibits, entries);
}

function checkFiles(files, exhibits, entries) {
  const what = sentence("a_file_of_the_receipt");
  const items = new Set(files.map((listed) => field(listed, "item", "string", what)));
  ensure(files.length === items.size && items.size === exhibits.size, "receipt_files");
  const seals = entries.filter((entry) => entry.kind === "evidence.sealed");
  const sealed = new Map(seals.map((entry) => [entry.data.item, entry.data.tokens]));
  for (const listed of files) {
    const { item } = listed;
    ensure(agrees(listed, exhibits.get(item)), "receipt_file", { exhibit: listed.exhibit });
    const good = !sealed.has(item) || alike(byName(listed.timestamps), byName(sealed.get(item)));
    ensure(good, "receipt_timestamps");
  }
}

function byName(tokens) {
  return Array.isArray(tokens) ? tokens.map((token) => decoded(canonical(token), "JSON")).sort() : [];
}

/** The files of a receipt as the page shows them. */
export function listed({ document }) {
  return document.files.map(({ exhibit, name, size, sha256, received_at, timestamps }) => {
    return { label: exhibit, name, size, sha256, received_at, timestamps };
  });
}
