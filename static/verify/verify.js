// One run of the verifier: checks a receipt or a bundle, compares it with what the reader has from outside, and looks
// for the reader's files in it.
import { Authorities, anchorsSay, isTimeOf } from "./authorities.js";
import { BundleChecks } from "./bundle.js";
import { ensure, sentence } from "./broken.js";
import { decoded, unbase64, utf8 } from "./bytes.js";
import { canonical, field } from "./canonical.js";
import { certificatesIn } from "./certificates.js";
import { paperText, receiptText, stripped } from "./forms.js";
import { LATE, moment, utc } from "./ledger.js";
import { whenStalled } from "./reading.js";
import { earlyStamps, listed, noteUnlisted, openReceipt } from "./receipt.js";
import { Outside, Report, noteLostKeys, readSmall } from "./report.js";
import { dateTheActs, dateTheExhibits } from "./stamps.js";
import { checkWitnesses, namedWitnesses } from "./witnesses.js";
import { digestOf, lookAtZip, openZip } from "./zip.js";

/** Check {file, kind, kept, keys, roots, others, witnesses, quorum}. Calls `tell` with {check}, {progress} and at the
 *  end {done}. Throws Broken for improper keys of witnesses. */
export async function verify({ file, kind, kept, keys, roots = [], others, witnesses = "", quorum = "" }, tell) {
  const [report, outside] = [new Report(tell), new Outside()];
  Object.assign(outside, namedWitnesses(witnesses, quorum));
  whenStalled(() => tell({ stalled: true }));
  if (keys.length || roots.length) await report.run("roots", () => outside.takeRoots(keys, roots, report));
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
    const bytes = receiptText(paperText(await readSmall(file), file.name), file.name);
    receipt = openReceipt(bytes);
    if (!isCanonical(receipt.document, bytes)) report.caution(sentence("receipt_saved_anew"));
    const what = sentence("the_receipt");
    report.noteIfToCome(what, moment(receipt.document.issued_at, what));
    noteLostKeys(receipt.ledger, report);
    noteUnlisted(report, receipt.ledger.entries);
    return sentence("receipt", { reference: receipt.reference, count: receipt.ledger.entries.length });
  });
  if (!receipt) return {};
  for (const exhibit of earlyStamps(receipt)) report.caution(sentence("receipt_early_stamps", { exhibit }));
  await report.run("key", () => outside.checkKey(receipt.ledger.key, () => receipt.ledger, report));
  await checkWitnesses(outside, receipt, report);
  const isStamped = isSomething(receipt.document.anchors) || outside.seen.length > 0;
  if (isStamped) await report.run("anchors", () => receiptsAnchors(receipt, outside, report));
  else dateAll(report, receipt.ledger, [], outside);
  await outside.compare(receipt, receipt.isOfFiling ? receipt : null, report);
  const exhibits = listed(receipt);
  if (exhibits.some(({ timestamps }) => isSomething(timestamps))) report.caution(sentence("timestamps_elsewhere"));
  return { reference: receipt.reference, exhibits, known: knownBy(receipt) };
}

/** Whether these are the bytes that the portal wrote, apart from blanks around them. */
function isCanonical(document, bytes) {
  return stripped(decoded(bytes, "JSON")) === decoded(canonical(document), "JSON");
}

/** Whether a value is neither missing nor empty. */
function isSomething(value) {
  return Boolean(value) && (typeof value !== "object" || Object.keys(value).length > 0);
}

/** Verify the stamped checkpoints in a later receipt, each of which has its root with it. */
async function receiptsAnchors({ document, ledger }, outside, report) {
  const [found, what, seen] = [[], sentence("a_stamped_checkpoint"), new Set()];
  const made = moment(document.issued_at, what);
  for (const one of field({ anchors: [], ...document }, "anchors", "list", sentence("the_receipt"))) {
    const part = (name) => field(one, name, "string", what);
    const [called, note, root, query, response] = ["authority", "note", "root", "query", "response"].map(part);
    const authorities = Object.assign(new Authorities(outside, certificatesIn(utf8(root), what), document, report), { seen });
    const [asked, answered] = [unbase64(query, what), unbase64(response, what)];
    const stamp = await authorities.checkAnchor(note, asked, answered, ledger, (name) => name === called);
    ensure(isTimeOf(stamp.time, part("gen_time"), what), "receipt_anchor_time");
    ensure(stamp.time <= made + LATE, "receipt_before_anchor", { made: utc(made), at: utc(stamp.time) });
    found.push(stamp);
  }
  dateAll(report, ledger, found, outside);
  return anchorsSay(found);
}

function dateAll(report, ledger, stamped, outside) {
  dateTheActs(report, ledger, stamped, outside);
  dateTheExhibits(report, ledger, [...stamped, ...outside.seen]);
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
