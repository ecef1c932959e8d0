// The checks in order, the result that follows from them, and what the reader has from outside.
import { Broken, Stuck, Unread, ensure, sentence } from "./broken.js";
import { alike } from "./canonical.js";
import { isNote, noteText, paperText, receiptText } from "./forms.js";
import { compareEntries, compareLedgers } from "./ledger.js";
import { checkNote, parseKey, parseNote } from "./note.js";
import { wholeOf } from "./reading.js";
import { openReceipt } from "./receipt.js";
import { listedAuthorities } from "./stamps.js";

const MAX_DOCUMENT_KEPT = 64 << 20;

export class Report {
  constructor(tell) {
    this.tell = tell;
    this.checks = [];
    this.doubts = []; // why the result is self-consistent only
    this.isEntire = true; // nothing is masked or left out
    this.lacks = false; // originals are left out
    this.cautions = []; // facts that are no fault but that the reader should know
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
    const { checks, doubts, cautions, result, broken, unread, isEntire } = this;
    return { result, checks, doubts, cautions, broken, unread, isEntire };
  }
}

function addOnce(list, says) {
  if (!list.some((one) => alike(one, says))) list.push(says);
}

export async function readSmall(file) {
  ensure(file.size <= MAX_DOCUMENT_KEPT, "too_large", { name: file.name });
  return wholeOf(file);
}

/** What the reader got from outside the package, to compare it with. */
export class Outside {
  constructor() {
    Object.assign(this, { keys: [], receipts: [], notes: [] });
  }

  takeKey(text) {
    const keys = text.trim().split(/[\t\n\r ]+/); // one a line, or one behind the other in the field
    const names = keys.map((key) => parseKey(key).name);
    this.keys.push(...keys);
    return sentence("kept_key", { name: names.join(", ") });
  }

  /** A receipt or checkpoint that somebody kept. */
  async take(file) {
    const [name, bytes] = [file.name, await readSmall(file)];
    const text = paperText(bytes, name);
    if (isNote(text)) {
      const { size } = parseNote(noteText(text));
      this.notes.push({ name, text: noteText(text) });
      return sentence("kept_note", { name, size });
    }
    const receipt = openReceipt(receiptText(text, name));
    listedAuthorities(receipt.document);
    this.receipts.push({ name, receipt });
    return sentence("kept_receipt", { name, reference: receipt.reference });
  }

  /** The key must be the one from outside, if there is one. */
  checkKey(key, report) {
    const known = this.keys.length ? this.keys : this.receipts.map(({ receipt }) => receipt.ledger.key);
    ensure(!known.length || known.includes(key), "another_key");
    if (known.length) return sentence("key_known", { key });
    report.doubt(sentence("doubt_key"));
    return sentence("key_own", { key });
  }

  /** One check for each receipt and checkpoint that somebody kept. */
  async compare(ledger, thread, report) {
    for (const { name, receipt } of this.receipts) {
      await report.run(`against ${name}`, () => againstReceipt(ledger, thread, name, receipt, report));
    }
    for (const { name, text } of this.notes) {
      await report.run(`against ${name}`, () => {
        const note = checkNote(text, ledger.key);
        return compared(compareLedgers(ledger, note, name), name, note.size, report);
      });
    }
  }
}

function againstReceipt(ledger, thread, name, receipt, report) {
  ensure(receipt.case === thread, "receipt_of_another", { what: name, reference: receipt.reference });
  ensure(receipt.ledger.key === ledger.key, "receipt_by_another", { what: name });
  const proved = compareLedgers(ledger, receipt.ledger, name);
  compareEntries(ledger, receipt.ledger, name);
  return compared(proved, name, receipt.ledger.size, report);
}

function compared(proved, name, size, report) {
  if (proved) return sentence("contained", { name, size });
  report.doubt(sentence("doubt_extends", { name, size }));
  return sentence("not_proved_from", { name, size });
}
