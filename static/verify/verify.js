// One run of the verifier: checks a receipt or a bundle, compares it with what the reader has from outside, and looks
// for the reader's files in it.
import { BundleChecks } from "./bundle.js";
import { sentence } from "./broken.js";
import { field } from "./canonical.js";
import { paperText, receiptText } from "./forms.js";
import { moment } from "./ledger.js";
import { whenStalled } from "./reading.js";
import { earlyStamps, listed, openReceipt } from "./receipt.js";
import { Outside, Report, readSmall } from "./report.js";
import { anchored, caution, checkAnchor, dateTheActs } from "./stamps.js";
import { digestOf, lookAtZip, openZip } from "./zip.js";

/** Check {file, kind, kept, keys, others}. Calls `tell` with {check}, {progress} and at the end {done}. */
export async function verify({ file, kind, kept, keys, others }, tell) {
  const [report, outside] = [new Report(tell), new Outside()];
  whenStalled(() => tell({ stalled: true }));
  for (const key of keys) await report.run("roots", () => outside.takeKey(key));
  for (const one of kept) await report.run(`kept ${one.name}`, () => outside.take(one));
  const found = file ? await { receipt: receiptAlone, bundle: wholeBundle }[kind](file, outside, report) : {};
  const known = [...(found.known ?? []), ...outside.receipts.flatMap(({ receipt }) => knownBy(receipt))];
  const looked = [];
  for (const other of others) looked.push(await look(other, known, tell));
  tell({ done: { ...report.told(), ...found, known: null, knew: known.length > 0, looked, checked: Boolean(file) } });
}

async function receiptAlone(file, outside, report) {
  let receipt = null;
  await report.run("receipt", async () => {
    receipt = openReceipt(receiptText(paperText(await readSmall(file), file.name), file.name));
    const what = sentence("the_receipt");
    report.noteIfToCome(what, moment(receipt.document.issued_at, what));
    return sentence("receipt", { reference: receipt.reference, count: receipt.ledger.entries.length });
  });
  if (!receipt) return {};
  for (const exhibit of earlyStamps(receipt)) report.caution(sentence("receipt_early_stamps", { exhibit }));
  await report.run("key", () => outside.checkKey(receipt.ledger.key, () => receipt.ledger, report));
  const { anchors } = receipt.document;
  if (anchors?.length) await report.run("anchors", () => receiptsAnchors(receipt, report));
  else dateTheActs(report, receipt.ledger, []);
  await outside.compare(receipt, receipt.isOfFiling ? receipt : null, report);
  const exhibits = listed(receipt);
  const stamped = anchors?.length || exhibits.some(({ timestamps }) => timestamps?.length);
  if (stamped) caution(report, receipt.document);
  return { reference: receipt.reference, exhibits, known: knownBy(receipt) };
}

/** The ledger must extend every stamped checkpoint in a later receipt. */
function receiptsAnchors({ document, ledger }, report) {
  const what = sentence("a_stamped_checkpoint");
  const notes = field(document, "anchors", "list", sentence("the_receipt")).map((one) => {
    for (const name of ["root", "query", "response"]) field(one, name, "string", what);
    return field(one, "note", "string", what);
  });
  const sizes = notes.map((note) => checkAnchor(note, ledger));
  dateTheActs(report, ledger, sizes.map((size) => ({ size, time: null })));
  return anchored(sizes);
}

async function wholeBundle(file, outside, report) {
  let zip = null;
  await report.run("package", async () => {
    await lookAtZip(file);
    zip = await openZip(file);
    return sentence("package", { name: file.name, count: zip.sizes.size });
  });
  if (!zip) return {};
  const checks = new BundleChecks(zip, outside, report);
  await checks.run();
  const reference = checks.told?.reference ?? "";
  const files = [...checks.digests].map(([name, sha256]) => {
    return { name, sha256, size: zip.sizes.get(name), good: sha256 === (checks.bag.listed.get(name) ?? sha256) };
  });
  const exhibits = (checks.told?.exhibits ?? []).map((one) => ({ ...one, label: one.exhibit }));
  const known = files.map(({ name, sha256 }) => ({ sha256, name, reference }));
  return { reference, exhibits, files, known };
}

function knownBy(receipt) {
  return listed(receipt).map(({ label, sha256 }) => ({ sha256, name: label, reference: receipt.reference }));
}

/** Whether a file of the reader is one that the bundle or receipt names. */
async function look(file, known, tell) {
  let done = 0;
  const added = (bytes) => tell({ progress: { name: file.name, done: (done += bytes), total: file.size } });
  const sha256 = await digestOf(file, added);
  return { name: file.name, sha256, found: known.find((one) => one.sha256 === sha256) ?? null };
}
