// The checks in order, the result that follows from them, and what the reader has from outside.
import { decoded } from "./bytes.js";
import { Broken, Unread, ensure, sentence } from "./broken.js";
import { alike } from "./canonical.js";
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
    this.cautions = []; // facts that are no fault but that the reader should know
  }

  doubt(why) {
    addOnce(this.doubts, why);
  }

  caution(what) {
    addOnce(this.cautions, what);
  }

  /** Run one check and keep its sentence or its failure. No input can end the run. */
  async run(name, check) {
    const done = { name, ok: true };
    try {
      done.says = await check();
    } catch (error) {
      if (error instanceof Unread) throw error;
      done.ok = false;
      done.says = error instanceof Broken ? error.says : sentence("unreadable", { error: String(error) });
    }
    this.checks.push(done);
    this.tell({ check: done });
    return done.ok;
  }

  get result() {
    if (!this.checks.length || this.checks.some((check) => !check.ok)) return "broken";
    return this.doubts.length ? "self-consistent only" : "verified";
  }

  told() {
    const broken = this.checks.find((check) => !check.ok) ?? null;
    const { checks, doubts, cautions, result } = this;
    return { result, checks, doubts, cautions, broken };
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
    this.keys.push(text.trim());
    return sentence("kept_key", { name: parseKey(text.trim()).name });
  }

  /** A receipt or checkpoint that somebody kept. */
  async take(file) {
    const [name, bytes] = [file.name, await readSmall(file)];
    if (/^\s*\{/.test(new TextDecoder("latin1").decode(bytes.subarray(0, 1000)))) {
      const receipt = openReceipt(bytes);
      listedAuthorities(receipt.document);
      this.receipts.push({ name, receipt });
      return sentence("kept_receipt", { name, reference: receipt.reference });
    }
    const text = decoded(bytes, name);
    this.notes.push({ name, text });
    return sentence("kept_note", { name, size: parseNote(text).size });
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
