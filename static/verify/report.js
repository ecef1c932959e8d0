// The checks in order, the result that follows from them, and what the reader has from outside.
import { Broken, Stuck, Unread, ensure, sentence } from "./broken.js";
import { utf8 } from "./bytes.js";
import { alike, parsed } from "./canonical.js";
import { rootsIn } from "./certificates.js";
import { FIRST_SCHEMAS, checkFields } from "./closed.js";
import { GROWTH, isNote, keysIn, noteText, paperText, receiptText } from "./forms.js";
import { LATE, TOLERANCE, compareEntries, compareLedgers, extendsIt, unhexAll, utc } from "./ledger.js";
import { isConsistent } from "./merkle.js";
import { checkNote, isKey, isSignedSince, isSignedWith, keyAt, parseKey, parseKeys, parseNote } from "./note.js";
import { wholeOf } from "./reading.js";
import { openKeptBundle, openReceipt } from "./receipt.js";
import { listedAuthorities } from "./stamps.js";
import { looksAt, looksOf } from "./witnesses.js";
import { lookAtZip, openZip } from "./zip.js";

const MAX_DOCUMENT_KEPT = 64 << 20;
const FEWEST_CUT = 100; // a portal leaves out the proof from an earlier receipt only where so many later sizes are proved
const FEWEST_PASSED = 50; // and a bundle that from an earlier bundle: it proves the latest 64 checkpoints

export class Report {
  constructor(tell) {
    this.tell = tell;
    this.checks = [];
    this.doubts = []; // why the result is self-consistent only
    this.isEntire = true; // nothing is masked or left out
    this.lacks = false; // originals are left out
    this.cautions = []; // facts that are no fault but that the reader should know
    this.isDated = true; // an authority dated everything, at most a day after it is said to have come
    this.vouched = null; // what the named witnesses vouch for
  }

  doubt(why) {
    addOnce(this.doubts, why);
  }

  caution(what) {
    addOnce(this.cautions, what);
  }

  /** Note something that the signed export says is masked or left out. */
  noteMissing(what) {
    this.isEntire = false;
    this.caution(what);
  }

  /** Note that a paper was made later than this computer's clock says. A clock is no proof against it. */
  noteIfToCome(what, at) {
    if (at <= Date.now() * 1000 + LATE) return;
    this.isDated = false;
    this.caution(sentence("to_come", { what, at: utc(at) }));
  }

  /** Run one check and keep its sentence or its failure. No input can end the run. */
  async run(name, check) {
    const done = { name, ok: true };
    try {
      done.says = await check();
    } catch (error) {
      if (error instanceof Stuck) throw error;
      done.ok = false;
      done.unread = error instanceof Unread;
      done.says = error instanceof Broken || done.unread ? error.says : sentence("unreadable", { error: String(error) });
    }
    this.checks.push(done);
    this.tell({ check: done });
    return done.ok;
  }

  get result() {
    if (this.broken) return "broken";
    if (!this.checks.length || this.unread) return "unreadable";
    if (this.doubts.length) return "self-consistent only";
    return this.lacks ? "incomplete" : "verified";
  }

  get broken() {
    return this.checks.find((check) => !check.ok && !check.unread) ?? null;
  }

  get unread() {
    return this.checks.find((check) => check.unread) ?? null;
  }

  told() {
    const { checks, doubts, cautions, result, broken, unread, isEntire, vouched } = this;
    return { result, checks, doubts, cautions, broken, unread, isEntire, vouched };
  }
}

const added = new WeakMap(); // list -> what is in it, as text

function addOnce(list, says) {
  if (!added.has(list)) added.set(list, new Set());
  const text = JSON.stringify(says);
  if (!added.get(list).has(text)) list.push(says);
  added.get(list).add(text);
}

export async function readSmall(file) {
  ensure(file.size <= MAX_DOCUMENT_KEPT, "too_large", { name: file.name });
  return wholeOf(file);
}

/** Whether a ledger says that it had a known key, and that this or a later one was lost. */
async function saysLost(known, opened) {
  try {
    const { changes } = await opened();
    return changes.some(({ former }) => known.includes(former)) && !changes.every(({ isSigned }) => isSigned);
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}

/** Note each change of the ledger's key that the former one did not sign. */
export function noteLostKeys({ changes }, report) {
  const lost = changes.filter(({ isSigned }) => !isSigned);
  for (const { size } of lost) report.caution(sentence("key_lost", { size }));
}

/** What the reader got from outside the package, to compare it with. */
export class Outside {
  constructor() {
    Object.assign(this, { keys: [], most: new Map(), roots: [], receipts: [], notes: [], proofs: [] });
    // Checkpoints that the ledger contains: enough witnesses saw them or later ones; enough these or earlier ones.
    Object.assign(this, { witnesses: [], quorum: 0, seen: [], cosigned: [] });
  }

  /** Ledger keys, one a line or one behind the other, and files with root certificates of timestamp authorities. */
  async takeRoots(texts, files, report) {
    const lines = texts.flatMap((text) => (isKey(text) ? [text] : [...keysIn(text), ...text.split(/\s+/)]));
    for (const { key, most } of lines.filter(isKey).flatMap(parseKeys)) {
      this.keys.push(key);
      if (most !== null) this.most.set(key, most);
    }
    const passed = [];
    for (const file of files) {
      const found = rootsIn(await readSmall(file));
      this.roots.push(...found);
      if (!found.length) passed.push(file.name);
    }
    if (!this.keys.length && !this.roots.length) throw new Unread("nothing_held");
    if (passed.length) report.caution(sentence("passed_over", { names: passed.join(", ") }));
    return sentence("kept_roots", { keys: this.keys.length, roots: this.roots.length });
  }

  /** A receipt, checkpoint or bundle that somebody kept. Throws Unread if it does not hold in itself: then it says
   *  nothing about what is checked. */
  async take(file) {
    try {
      return await this.takeKept(file);
    } catch (error) {
      if (error instanceof Unread) throw error;
      throw new Unread("kept_not_whole", { name: file.name, why: error instanceof Broken ? error.says : String(error) });
    }
  }

  async takeKept(file) {
    const { name } = file;
    const [first, second] = await wholeOf(file.slice(0, 2));
    if (first === 0x50 && second === 0x4b) return this.takeBundle(file); // "PK", as every ZIP begins
    const text = paperText(await readSmall(file), name);
    if (isNote(text)) {
      const note = parseNote(noteText(text));
      looksAt(note, this.witnesses);
      this.notes.push({ name, text: noteText(text) });
      return sentence("kept_note", { name, size: note.size });
    }
    if (GROWTH.test(text)) {
      const document = parsed(utf8(text), sentence("the_proof"));
      checkFields(document, ["proof"], sentence("the_proof"));
      this.proofs.push(unhexAll(document.proof, sentence("the_proof")));
      return sentence("kept_proof", { name });
    }
    const receipt = openReceipt(receiptText(text, name));
    listedAuthorities(receipt.document);
    looksOf(receipt.ledger, this.witnesses);
    this.receipts.push({ name, receipt });
    return sentence("kept_receipt", { name, reference: receipt.reference });
  }

  async takeBundle(file) {
    await lookAtZip(file);
    const receipt = await openKeptBundle(await openZip(file));
    listedAuthorities(receipt.document);
    looksOf(receipt.ledger, this.witnesses);
    this.receipts.push({ name: file.name, receipt });
    return sentence("kept_bundle", { name: file.name, reference: receipt.reference });
  }

  /** If there is a key from outside, it must be that one, or signed keys must lead from the one to the other. `opened`
   *  opens the ledger that names the key. */
  async checkKey(key, opened, report) {
    const { name } = parseKey(key); // receipts of another portal say nothing about this one's key
    const kept = this.receipts.map(({ receipt }) => receipt.ledger.key).filter((one) => parseKey(one).name === name);
    const known = this.keys.length ? this.keys : kept;
    const mine = !known.length || (await this.isKnown(key, known, opened));
    ensure(mine || !(await saysLost(known, opened)), "another_key_lost");
    ensure(mine, "another_key");
    if (known.length) return sentence(known.includes(key) ? "key_known" : "key_linked", { key });
    report.doubt(sentence("doubt_key"));
    return sentence("key_own", { key });
  }

  /** Whether the key is known, or the ledger had a known one and each key since signed the next, or a newer receipt
   *  says so. */
  async isKnown(key, known, opened) {
    if (known.includes(key) && !this.most.has(key)) return true;
    let ledger;
    try {
      ledger = await opened();
    } catch (error) {
      if (error instanceof Broken) return false; // a later check names it
      throw error;
    }
    const newer = this.receipts.map(({ receipt }) => receipt.ledger).filter((one) => known.includes(one.key));
    const older = ledger.changes.filter(({ former }) => known.includes(former));
    return (
      this.holdsKeyOf(ledger) ||
      older.some(({ former, size }) => isSignedSince(ledger, former, size)) ||
      newer.some((one) => isSignedSince(one, ledger.key, ledger.size))
    );
  }

  holdsKeyOf({ key, size }) {
    return this.keys.includes(key) && size <= (this.most.get(key) ?? size);
  }

  /** Whether the keys of two ledgers are the same, or one signed the other's name, or both are from outside. */
  isOfOnePortal(ledger, other) {
    const signed = isSignedSince(ledger, other.key, other.size) || isSignedSince(other, ledger.key, ledger.size);
    return signed || (this.holdsKeyOf(ledger) && this.holdsKeyOf(other));
  }

  /** One check for each receipt, bundle and checkpoint that was kept: its ledger and that of `mine`, which is checked,
   *  must be one. `filing` is the receipt of filing that comes with it. */
  async compare(mine, filing, report) {
    for (const { name, receipt } of this.receipts) {
      await report.run(`against ${name}`, () => this.againstReceipt(mine, filing, name, receipt, report));
    }
    for (const { name, text } of this.notes) {
      await report.run(`against ${name}`, () => this.againstNote(mine, name, text, report));
    }
  }

  /** Of a bundle, the extension of the latest checkpoints must be proved; receipts prove that of others. */
  againstNote({ ledger, isBundle }, name, text, report) {
    const note = checkNote(text, this.keyOf(ledger, text));
    const [proved, isNewer] = [this.isOneWith(ledger, note, name), note.size > ledger.size];
    const isLatest = [...ledger.consistency.keys()].filter((size) => size > note.size).length < FEWEST_PASSED;
    ensure(proved || isNewer || !(isBundle && note.size > 0 && isLatest), "not_shown", { name });
    return compared(proved, name, note.size, ledger.size, report);
  }

  /** The key that must have signed a checkpoint: the ledger's, or a later one from outside. */
  keyOf(ledger, text) {
    const { size } = parseNote(text);
    const known = [keyAt(ledger, size), ...(size > ledger.size ? this.keys : [])];
    const then = known.filter((key) => (this.most.get(key) ?? size) >= size);
    ensure(then.length, "note_unsigned");
    return then.find((key) => isSignedWith(text, key)) ?? then[0];
  }

  againstReceipt(mine, filing, name, kept, report) {
    const isOfOne = this.isOfOnePortal(mine.ledger, kept.ledger);
    if (kept.case !== mine.case) return this.againstAnotherCase(mine.ledger, name, kept, isOfOne);
    ensure(isOfOne, "receipt_by_another", { what: name });
    const another = filing && kept.isOfFiling && !alike(filing.document, kept.document);
    ensure(!another, "another_filing", { name });
    const isNewer = kept.ledger.size > mine.ledger.size;
    ensure(!isNewer || mine.made() <= kept.made() + TOLERANCE, "cut_after", { at: utc(mine.made()), name });
    const proved = this.isOneWith(mine.ledger, kept.ledger, name);
    if (hasFewer(kept, mine)) compareEntries(mine.ledger, kept.ledger, name);
    else compareEntries(kept.ledger, mine.ledger, name, "entry_not_there");
    ensure(proved || isNewer || !mustProve(mine, kept), "not_shown", { name });
    return compared(proved, name, kept.ledger.size, mine.ledger.size, report);
  }

  /** Of a paper of another case only the ledger is compared, if something shows that it is the same. */
  againstAnotherCase(ledger, name, kept, isOfOnePortal) {
    const told = { what: name, reference: kept.reference };
    if (isOfOnePortal && this.isOneWith(ledger, kept.ledger, name)) return sentence("other_case_contained", told);
    throw new Unread("other_case", told);
  }

  /** Whether the ledger extends an earlier checkpoint, or something that was kept extends both. Throws Broken if they
   *  contradict each other. */
  isOneWith(ledger, checkpoint, name) {
    if (checkpoint.size <= ledger.size && compareLedgers(ledger, checkpoint, name)) return true;
    const [old, late] = checkpoint.size <= ledger.size ? [checkpoint, ledger] : [ledger, checkpoint];
    if (this.proofs.some((proof) => isConsistent(old.size, late.size, old.root, late.root, proof))) return true;
    const least = Math.max(checkpoint.size, ledger.size);
    return this.receipts.some(({ name: held, receipt }) => {
      if (receipt.ledger.size < least || !this.isOfOnePortal(receipt.ledger, ledger)) return false;
      const both = [extendsIt(receipt.ledger, checkpoint), extendsIt(receipt.ledger, ledger)];
      ensure(!both.includes(false), "later_differs", { name: held });
      return both.every(Boolean);
    });
  }
}

/** Whether one paper has the entries of the other and perhaps more: a bundle has all, a receipt those of its kinds. */
function hasFewer(one, other) {
  if (one.isBundle !== other.isBundle) return other.isBundle;
  return one.ledger.size <= other.ledger.size;
}

/** Whether an honest portal always proves that the ledger of `mine` extends that of `kept`: for the receipt of filing,
 *  and for each bundle whose export the ledger has. Besides, each paper proves the extension of the latest receipts, and
 *  each bundle that of the latest checkpoints, other cases' included. Receipts have proofs from bundles whose portal was
 *  no older than that, and which were ready: it may take LATE. */
function mustProve(mine, kept) {
  const exports = mine.ledger.entries.filter(({ kind }) => kind === "bundle.exported");
  const later = [...mine.ledger.consistency.keys()].filter((size) => size > kept.ledger.size).length;
  if (!kept.isBundle) return kept.isOfFiling || later < FEWEST_CUT;
  const isListed = exports.some(({ data }) => data.ledger_size === kept.ledger.size);
  if (isListed || mine.isBundle) return isListed || later < FEWEST_PASSED;
  const wasReady = !["", ...FIRST_SCHEMAS].includes(kept.schema) && mine.made() > kept.made() + LATE;
  return wasReady && later < FEWEST_CUT;
}

function compared(proved, name, size, here, report) {
  const isNewer = size > here;
  if (proved) return sentence(isNewer ? "contained_in" : "contained", { name, size });
  report.doubt(sentence(isNewer ? "newer" : "doubt_extends", { name, size, here }));
  return sentence(isNewer ? "newer_says" : "not_proved_from", { name, size });
}
