// The checks of a bundle, in the order in which trust is built: the same, by the same names, as holdfast_verify.py's.
import { Bag } from "./bag.js";
import { decoded, hex, same, utf8 } from "./bytes.js";
import { Broken, hold, sentence } from "./broken.js";
import { alike, field, parsed } from "./canonical.js";
import { MAY_BE_WITHHELD, NUMBERED, STATES, checkListedTime, checkThread, compareEntries } from "./ledger.js";
import { compareLedgers, custodyTable, documentsOf, exhibitsOf, moment, openLedger, tells } from "./ledger.js";
import { checkNote, checkSigned, parseKey } from "./note.js";
import { openReceipt } from "./receipt.js";
import { sha256 } from "./sha2.js";

const THE_EXPORT = sentence("the_export");
const THE_LEDGER = sentence("the_ledger");
const A_SEAL = sentence("a_seal");

export class BundleChecks {
  constructor(zip, outside, report) {
    Object.assign(this, { zip, outside, report, bag: new Bag(zip) });
    this.digests = this.bag.digests;
    this.export = {};
    this.ledger = null; // until it is proved
    this.exhibits = new Map();
    this.localClocks = new Set();
  }

  async run() {
    const steps = {
      ...{ files: this.files, key: this.key, export: this.signedExport, checkpoint: this.checkpoint },
      ...{ entries: this.entries, thread: this.thread, documents: this.documents, originals: this.originals },
      ...{ timestamps: this.timestamps, custody: this.custody, case: this.case, receipt: this.receipt },
    };
    for (const [name, check] of Object.entries(steps)) await this.report.run(name, () => check.call(this));
    if (this.ledger) await this.outside.compare(this.ledger, String(this.export.case), this.report);
  }

  async text(name) {
    return decoded(await this.zip.read(name), name);
  }

  async json(name) {
    return parsed(await this.zip.read(name), name);
  }

  proved() {
    if (this.ledger === null) throw new Broken("not_proved");
    return this.ledger;
  }

  async files() {
    await this.bag.check((progress) => this.report.tell({ progress }));
    return sentence("files", { count: this.digests.size });
  }

  // Who signed it

  async key() {
    const key = (await this.text("proofs/ledger.vkey")).trim();
    hold(field(await this.json("proofs/ledger.json"), "key", "string", THE_LEDGER) === key, "two_keys");
    parseKey(key);
    return this.outside.checkKey(key, this.report);
  }

  /** The portal signed the digest of the tag manifest, and so every file. */
  async signedExport() {
    const found = await this.json("proofs/export.json");
    hold(found.format === "holdfast-export/1", "unknown_version", { what: "proofs/export.json" });
    checkSigned(found, (await this.text("proofs/ledger.vkey")).trim());
    this.export = found;
    const listed = field(found, "manifest", "string", THE_EXPORT);
    hold(this.digests.get("tagmanifest-sha256.txt") === listed, "other_list");
    const made = field(found, "made_at", "string", THE_EXPORT);
    moment(made, THE_EXPORT);
    return sentence("export", { reference: found.reference, made });
  }

  // The ledger

  async checkpoint() {
    const [text, ledger] = [await this.text("proofs/checkpoint"), await this.json("proofs/ledger.json")];
    hold(text === field(ledger, "checkpoint", "string", THE_LEDGER), "two_checkpoints");
    const { origin, size } = checkNote(text, field(ledger, "key", "string", THE_LEDGER));
    hold(size === this.export.ledger_size, "checkpoint_of_another");
    return sentence("checkpoint", { origin, size });
  }

  async entries() {
    this.ledger = openLedger(await this.json("proofs/ledger.json"));
    return sentence("entries", { count: this.ledger.entries.length });
  }

  /** The case's history is whole from its first entry on. */
  thread() {
    const { entries } = this.proved();
    checkThread(entries, field(this.export, "case", "string", THE_EXPORT), true);
    this.exhibits = exhibitsOf(entries);
    hold(alike(entries[0].data.reference, this.export.reference), "other_reference");
    return sentence("thread", { count: entries.length });
  }

  // What the ledger knows by digest

  /** Each frozen document is the one in the ledger, none is missing; only the reporter may be withheld. */
  documents() {
    const withheld = field(this.export, "withheld", "list", THE_EXPORT);
    hold(withheld.every((name) => MAY_BE_WITHHELD.includes(name)), "withholds");
    const expected = documentsOf(this.proved().entries);
    for (const [name, digest] of expected) {
      const path = `data/documents/${name}.json`;
      const here = this.digests.get(path);
      hold(!here || !withheld.includes(name), "withheld_here", { path });
      if (withheld.includes(name)) continue;
      hold(here, "document_missing", { path });
      hold(here === digest, "other_document", { path });
    }
    this.checkNoOthers("data/documents/", [...expected.keys()].map((name) => `${name}.json`), "no_such_document");
    return sentence(withheld.length ? "documents_withheld" : "documents", {
      count: expected.size,
      names: withheld.join(", "),
    });
  }

  /** Each exhibit is there once, with the digest and size it had when it was received. */
  originals() {
    this.proved();
    const names = [];
    for (const exhibit of this.exhibits.values()) {
      const name = this.original(exhibit);
      const whole = this.digests.get(name) === exhibit.sha256 && this.zip.sizes.get(name) === exhibit.size;
      hold(whole, "other_original", { name, exhibit: exhibit.label });
      names.push(name.split("/").at(-1));
    }
    this.checkNoOthers("data/originals/", names, "no_such_exhibit");
    return sentence("originals", { count: names.length });
  }

  original({ stem, label }) {
    const found = [...this.digests.keys()].filter((name) => name.startsWith(`data/originals/${stem}.`));
    hold(found.length < 2, "original_twice", { exhibit: label });
    hold(found.length, "original_missing", { exhibit: label });
    return found[0];
  }

  checkNoOthers(folder, expected, why) {
    const known = new Set(expected);
    for (const name of this.digests.keys()) {
      const good = !name.startsWith(folder) || known.has(name.slice(folder.length));
      hold(good, "not_here", { name, why: sentence(why) });
    }
  }

  /** Every token that the ledger names is there, to the byte. Who issued it, and for what, is not read here. */
  async timestamps() {
    const [used, sealed] = [new Set(), new Set()];
    for (const entry of this.proved().entries.filter(({ kind }) => kind === "evidence.sealed")) {
      const exhibit = this.sealedBy(entry);
      sealed.add(exhibit.label);
      const tokens = field(entry.data, "tokens", "list", sentence("ledger_entry", { index: entry.place }));
      for (const token of tokens) used.add(await this.token(token, exhibit, entry));
    }
    const files = [...used].flatMap((stem) => [`${stem}.tsr`, `${stem}.tsq`]);
    this.checkNoOthers("proofs/timestamps/", files, "no_such_token");
    const pending = [...this.exhibits.values()].map(({ label }) => label).filter((label) => !sealed.has(label));
    const told = { count: used.size, exhibits: sealed.size, names: pending.sort().join(", ") };
    if (used.size) this.report.cautions.push(sentence("timestamps_elsewhere"));
    for (const authority of this.localClocks) this.report.cautions.push(sentence("local_clock", { authority }));
    return sentence(pending.length ? "timestamps_pending" : "timestamps", told);
  }

  sealedBy(entry) {
    const exhibit = this.exhibits.get(field(entry.data, "item", "string", A_SEAL));
    hold(exhibit, "seal_unknown", { index: entry.place });
    hold(entry.data.sha256 === exhibit.sha256, "seal_of_other_bytes", { exhibit: exhibit.label });
    return exhibit;
  }

  async token(listed, exhibit, entry) {
    const authority = field(listed, "authority", "string", A_SEAL);
    const stem = `${exhibit.stem}.${fileLabel(authority)}`;
    try {
      for (const end of ["tsr", "tsq"]) {
        const name = `proofs/timestamps/${stem}.${end}`;
        hold(this.digests.has(name), "missing", { name });
      }
      hold(this.digests.get(`proofs/timestamps/${stem}.tsr`) === listed.sha256, "other_token");
      checkListedTime(listed, exhibit, entry);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      throw new Broken("token_broken", { exhibit: exhibit.label, authority, why: error.says });
    }
    this.noteLocalClock(authority);
    return stem;
  }

  noteLocalClock(authority) {
    const flagged = (one) => one.name === authority && one.local_clock === true;
    if (field(this.export, "authorities", "list", THE_EXPORT).some(flagged)) this.localClocks.add(authority);
  }

  // What is derived

  /** custody.csv says what the ledger says, to the byte. */
  async custody() {
    const expected = custodyTable(this.proved().entries, this.exhibits);
    hold(same(await this.zip.read("data/custody.csv"), expected), "other_custody");
    return sentence("custody");
  }

  /** case.json repeats the documents and exhibits faithfully. */
  async case() {
    const [told, { entries }] = [await this.json("data/case.json"), this.proved()];
    hold(told.format === "holdfast-case/1", "unknown_version", { what: "data/case.json" });
    for (const name of ["reference", "case", "ledger_size", "audience", "made_at"]) {
      hold(Object.hasOwn(told, name) && alike(told[name], this.export[name]), "case_field", { name });
    }
    for (const name of ["statement", "reporter"]) {
      hold(alike(told[name], await this.document(name)), "case_document", { name });
    }
    for (const name of NUMBERED) {
      const expected = [];
      for (const one of documentsOf(entries).keys()) if (one.startsWith(name)) expected.push(await this.document(one));
      hold(alike(told[`${name}s`], expected), "case_document", { name: `${name}s` });
    }
    const states = entries.filter(({ kind }) => Object.hasOwn(STATES, kind)).map(({ kind }) => STATES[kind]);
    hold(told.state === states.at(-1), "case_state");
    this.checkCaseExhibits(field(told, "exhibits", "list", "data/case.json"));
    this.told = told;
    return sentence("case");
  }

  async document(name) {
    const path = `data/documents/${name}.json`;
    return this.digests.has(path) ? this.json(path) : null;
  }

  checkCaseExhibits(listed) {
    hold(listed.length === this.exhibits.size, "case_exhibits");
    const seals = this.proved().entries.filter(({ kind }) => kind === "evidence.sealed");
    const sealed = new Map(seals.map(({ content, data }) => [data.item, [content.at, data.tokens]]));
    for (const one of listed) {
      const item = field(one, "item", "string", sentence("an_exhibit_of_case"));
      const exhibit = this.exhibits.get(item);
      const good = tells(one, exhibit) && one.file === this.original(exhibit).slice("data/".length);
      const seal = alike([one.sealed_at, one.timestamps], sealed.get(item) ?? ["", []]);
      hold(good && seal, "case_exhibit", { exhibit: one.exhibit });
    }
  }

  /** The receipt given at filing: same key, same case, its ledger contained in this one. */
  async receipt() {
    const [what, bytes] = [sentence("the_receipt"), await this.zip.read("proofs/receipt.json")];
    const [receipt, ledger] = [openReceipt(bytes), this.proved()];
    hold(receipt.case === this.export.case, "own_receipt_of_another", { reference: receipt.reference });
    hold(receipt.ledger.key === ledger.key, "own_receipt_key");
    hold(compareLedgers(ledger, receipt.ledger, what), "own_receipt_unproved");
    compareEntries(ledger, receipt.ledger, what);
    return sentence("receipt_kept", { at: receipt.document.issued_at });
  }
}

/** An authority's name as part of a file's name: ASCII, and still its own. */
export function fileLabel(authority) {
  if (/^[A-Za-z0-9-]{1,40}$/.test(authority)) return authority;
  const plainName = authority.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 30).replace(/^-+|-+$/g, "");
  return `${plainName}-${hex(sha256(utf8(authority))).slice(0, 8)}`;
}
