// The checks of a bundle, with the same names and in the same order as in holdfast_verify.py.
import { Bag, firstTen } from "./bag.js";
import { decoded, same } from "./bytes.js";
import { Broken, Unread, ensure, sentence } from "./broken.js";
import { alike, canonical, checkVersion, field, parsed } from "./canonical.js";
import { checkedCase } from "./case.js";
import { AUDIENCES, COPY_ENDINGS, DESCRIBES, ENDINGS, EXPORT, EXPORT_FIELDS, LATER_EXPORT_FIELDS, SCHEMAS, checkFields } from "./closed.js";
import { LEFT_OUT, mayBeWithheld, undecidedRedress, checkPartsContinue, checkThread, compareEntries, compareLedgers, copiesOf } from "./ledger.js";
import { checkDates, checkMadeAfter } from "./ledger.js";
import { isCustodyTable } from "./custody.js";
import { exhibitsOf, frozenDocuments, moment, openLedger, recordedRoot } from "./ledger.js";
import { checkNote, checkSigned, keyAt, parseKey } from "./note.js";
import { MAX_WORDS, hiddenIn, partsRoot, wordsIn } from "./parts.js";
import { checkOwnDate } from "./own_dates.js";
import { noteUnlisted, openReceipt, paperOf } from "./receipt.js";
import { noteLostKeys } from "./report.js";
import { checkAnchors, checkSeals } from "./seals.js";
import { checkWitnesses } from "./witnesses.js";

const THE_EXPORT = sentence("the_export");
const THE_LEDGER = sentence("the_ledger");

export class BundleChecks {
  constructor(zip, outside, report) {
    Object.assign(this, { zip, outside, report, bag: new Bag(zip) });
    this.digests = this.bag.digests;
    this.export = {};
    this.masked = new Set(); // documents of which the bundle has only a masked copy
    this.leftOut = {}; // label of an exhibit without its original -> reason
    this.ledger = null; // until it is verified
    this.exhibits = new Map();
    this.words = 0; // of its documents, as far as they were hashed
    this.filing = null; // the receipt that the bundle has of the filing
  }

  async run() {
    const steps = {
      ...{ files: this.files, key: this.key, export: this.signedExport, checkpoint: this.checkpoint },
      ...{ entries: this.entries, thread: this.thread, documents: this.documents, originals: this.originals },
      ...{ copies: this.copies, timestamps: () => checkSeals(this), anchors: () => checkAnchors(this) },
      ...{ custody: this.custody, case: this.case, receipt: this.receipt },
    };
    for (const [name, check] of Object.entries(steps)) {
      if (name === "anchors" && this.ledger) await checkWitnesses(this.outside, this.paper(), this.report);
      await this.report.run(name, () => check.call(this));
      if (this.report.checks.at(-1).unread) return; // what could not be read is no reason to call the rest broken
    }
    if (this.ledger) await this.outside.compare(this.paper(), this.filing, this.report);
    if (this.bag.unknown.length) await this.report.run("files", () => this.nameUnknown());
  }

  nameUnknown() {
    throw new Unread("of_programs", { names: firstTen(this.bag.unknown) });
  }

  paper() {
    return paperOf(this.export, this.ledger);
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
    try {
      checkVersion(await this.json(EXPORT), "export", EXPORT);
    } catch (error) {
      if (!(error instanceof Broken)) throw error; // what is no export, the check of the export names
    }
    await this.bag.check((progress) => this.report.tell({ progress }), (strange) => this.report.caution(strange));
    return sentence("files", { count: this.digests.size });
  }

// The signature

  async key() {
    const key = await this.keyText();
    const ledger = await this.json("proofs/ledger.json");
    ensure(field(ledger, "key", "string", THE_LEDGER) === key, "two_keys");
    parseKey(key);
    return this.outside.checkKey(key, () => openLedger(ledger), this.report);
  }

  async keyText() {
    return (await this.text("proofs/ledger.vkey")).replace(/\n$/, "");
  }

  /** The portal signed the digest of the tag manifest, and so every file. */
  async signedExport() {
    const [raw, what] = [await this.zip.read(EXPORT), EXPORT];
    const found = parsed(raw, what);
    checkVersion(found, "export", what);
    checkSigned(found, await this.keyText());
    ensure(same(canonical(found), raw), "not_canonical", { what });
    this.export = found;
    checkFields(found, EXPORT_FIELDS, THE_EXPORT, LATER_EXPORT_FIELDS);
    ensure(AUDIENCES.includes(found.audience), "audience_unknown");
    const listed = field(found, "manifest", "string", THE_EXPORT);
    ensure(this.digests.get("tagmanifest-sha256.txt") === listed, "other_list");
    const masked = field({ masked: [], ...found }, "masked", "list", THE_EXPORT);
    ensure(masked.every((name) => typeof name === "string"), "masks_unknown");
    this.masked = new Set(masked);
    const leftOut = field({ left_out: {}, ...found }, "left_out", "object", THE_EXPORT);
    ensure(Object.values(leftOut).every((why) => LEFT_OUT.includes(why)), "left_out_why");
    this.leftOut = leftOut;
    const made = field(found, "made_at", "string", THE_EXPORT);
    this.report.noteIfToCome(THE_EXPORT, moment(made, THE_EXPORT));
    const source = await this.bag.checkInfo(found);
    if (source) this.report.caution(sentence("bag_source", { source }));
    const schema = this.digests.get("case.schema.json");
    if (schema && !SCHEMAS.includes(schema)) this.report.caution(sentence("schema_unknown"));
    return sentence("export", { reference: found.reference, made });
  }

  // The ledger

  async checkpoint() {
    const [text, ledger] = [await this.text("proofs/checkpoint"), await this.json("proofs/ledger.json")];
    ensure(text === field(ledger, "checkpoint", "string", THE_LEDGER), "two_checkpoints");
    const { origin, size } = checkNote(text, field(ledger, "key", "string", THE_LEDGER));
    ensure(size === this.export.ledger_size, "checkpoint_of_another");
    return sentence("checkpoint", { origin, size });
  }

  async entries() {
    this.ledger = openLedger(await this.json("proofs/ledger.json"));
    noteLostKeys(this.ledger, this.report);
    return sentence("entries", { count: this.ledger.entries.length });
  }

  /** The case's history is whole from its first entry on. */
  thread() {
    const { entries } = this.proved();
    checkThread(entries, field(this.export, "case", "string", THE_EXPORT), true);
    checkDates(entries);
    checkMadeAfter(field(this.export, "made_at", "string", THE_EXPORT), entries, THE_EXPORT);
    this.exhibits = exhibitsOf(entries);
    noteUnlisted(this.report, entries);
    ensure(alike(entries[0].data.reference, this.export.reference), "other_reference");
    return sentence("thread", { count: entries.length });
  }

  // Documents and files, which the ledger knows by digest

  /** Each frozen document is the one in the ledger. Only those that may be withheld may be missing. */
  async documents() {
    const withheld = new Set(field(this.export, "withheld", "list", THE_EXPORT));
    const unconfirmed = undecidedRedress(this.proved().entries);
    ensure([...withheld].every((name) => mayBeWithheld(name) || unconfirmed.has(name)), "withholds");
    const expected = frozenDocuments(this.proved().entries);
    ensure([...withheld].every((name) => name === "receipt" || expected.has(name)), "withholds_unknown");
    checkPartsContinue([...expected.values()]);
    await this.checkMasked(expected, withheld);
    for (const [name, { digest, entry }] of expected) {
      const path = `data/documents/${name}.json`;
      const here = this.digests.get(path);
      ensure(!here || !this.masked.has(name), "masked_here", { path });
      if (this.masked.has(name)) continue;
      ensure(!here || !withheld.has(name), "withheld_here", { path });
      if (withheld.has(name)) {
        this.report.noteMissing(sentence("withheld", { name, digest }));
        continue;
      }
      ensure(here, "document_missing", { path });
      ensure(here === digest, "other_document", { path });
      const [document, root] = [await this.json(path), recordedRoot(entry, digest)];
      this.checkDate(name, document, entry);
      if (root) this.checkParts(path, document, root, entry);
    }
    this.checkNoOthers("data/documents/", [...expected.keys()].map((name) => `${name}.json`), "no_such_document");
    const kind = `documents${withheld.size ? "_withheld" : ""}${this.masked.size ? "_masked" : ""}`;
    const [names, masked] = [withheld, this.masked].map((some) => [...some].join(", "));
    return sentence(kind, { count: expected.size, names, masked });
  }

  checkDate(name, document, entry) {
    const caution = checkOwnDate(name, document, entry, this.ledger.entries[entry.content.seq - 2]);
    if (!caution) return;
    this.report.isDated = false;
    this.report.caution(caution);
  }

  checkParts(path, document, root, { place }) {
    this.countWords(wordsIn(document));
    ensure(root === partsRoot(document), "other_parts", { index: place, path });
  }

  /** Stop before there is more to hash than anybody waits for. A portal may make it, so it is no fault. */
  countWords(count) {
    this.words += count;
    if (this.words > MAX_WORDS) throw new Unread("too_many_words");
  }

  async checkMasked(expected, withheld) {
    for (const name of this.masked) {
      ensure(expected.has(name) && !withheld.has(name), "masks_unknown");
      this.report.noteMissing(await this.maskedCopy(name, expected.get(name)));
    }
    this.checkNoOthers("data/masked/", [...this.masked].map((name) => `${name}.json`), "no_such_masked");
  }

  /** A masked copy names the document in the ledger, and proves its words by the root that the entry has. Entries in
   *  old ledgers have no root; then the report says that only the portal vouches for the words. */
  async maskedCopy(name, { digest, entry }) {
    const path = `data/masked/${name}.json`;
    const [copy, root] = [await this.json(path), recordedRoot(entry, digest)];
    const isOld = checkVersion(copy, "masked", path) === 1;
    const fields = [...["document", "format", "name", "original"], ...(isOld ? [] : ["pieces", "proof"])];
    ensure(copy.name === name && Object.keys(copy).sort().join() === fields.join(), "no_masked_copy", { path, name });
    ensure(copy.original === digest, "masked_other", { path });
    ensure(!isOld || !root, "masked_unproved", { path });
    const count = isOld ? 0 : hiddenIn(copy, path, root, (words) => this.countWords(words));
    this.checkDate(name, field(copy, "document", "object", path), entry);
    const told = { name, digest, count, index: entry.place, at: entry.content.at };
    return sentence(root ? "masked_proved" : "masked", told);
  }

  /** Each exhibit is in the bundle once, with the digest and size it had when it was received. */
  originals() {
    this.proved();
    const names = [];
    const labels = [...this.exhibits.values()].map(({ label }) => label);
    ensure(Object.keys(this.leftOut).every((label) => labels.includes(label)), "left_out_unknown");
    for (const exhibit of this.exhibits.values()) {
      const why = this.leftOut[exhibit.label];
      if (why) {
        this.report.lacks = true;
        this.report.noteMissing(sentence(`left_out_${why}`, { exhibit: exhibit.label }));
        continue;
      }
      const name = this.original(exhibit);
      const whole = this.digests.get(name) === exhibit.sha256 && this.zip.sizes.get(name) === exhibit.size;
      ensure(whole, "other_original", { name, exhibit: exhibit.label });
      const ending = Object.hasOwn(ENDINGS, exhibit.media_type) ? ENDINGS[exhibit.media_type] : "";
      const named = name === `data/originals/${exhibit.stem}.${ending}`;
      ensure(named, "original_ending", { name, type: exhibit.media_type });
      names.push(name.split("/").at(-1));
    }
    this.checkNoOthers("data/originals/", names, "no_such_exhibit");
    const less = Object.keys(this.leftOut).sort();
    return sentence(less.length ? "originals_less" : "originals", { count: names.length, names: less.join(", ") });
  }

  original({ stem, label }) {
    const found = this.under(`data/originals/${stem}.`);
    ensure(found.length < 2, "original_twice", { exhibit: label });
    ensure(found.length, "original_missing", { exhibit: label });
    return found[0];
  }

  /** The path of an exhibit's file below data/; "" if it is left out. */
  file(exhibit) {
    return this.leftOut[exhibit.label] ? "" : this.original(exhibit).slice("data/".length);
  }

  /** The files whose names begin so, sorted. By bisection, because a hostile bundle may have many. */
  under(start) {
    const { names } = this.bag;
    return names.slice(placeOf(names, start), placeOf(names, `${start}\x7f`));
  }

  checkNoOthers(folder, expected, why) {
    const known = new Set(expected);
    for (const name of this.under(folder)) {
      ensure(known.has(name.slice(folder.length)), "not_here", { name, why: sentence(why) });
    }
  }

  /** Each copy for viewing is one that the ledger knows. Copies may be missing, because they are no evidence. */
  copies() {
    const [known, stems, folder] = [copiesOf(this.proved().entries, this.exhibits), new Set(), "data/copies/"];
    for (const name of this.under(folder)) {
      const stem = name.slice(folder.length).replace(/(^|\.)[^.]*$/, "");
      const good = known.has(stem) && !stems.has(stem);
      ensure(good, "not_here", { name, why: sentence("no_such_copy") });
      ensure(this.digests.get(name) === known.get(stem), "other_copy", { name });
      const kind = stem.split("-")[2];
      const ending = Object.hasOwn(COPY_ENDINGS, kind) ? COPY_ENDINGS[kind] : "";
      ensure(name === `${folder}${stem}.${ending}`, "copy_ending", { name, kind });
      stems.add(stem);
    }
    return sentence("copies", { count: stems.size, known: known.size });
  }

// Files derived from the above

  /** The receipt of filing names the files as the statement does, if that is here and not masked. */
  async checkFileNames({ document }) {
    const path = "data/documents/statement.json";
    const statement = !this.masked.has("statement") && this.digests.has(path) ? await this.json(path) : {};
    const said = field({ exhibits: [], ...statement }, "exhibits", "list", sentence("a_document"));
    const names = new Map(said.map(({ number, name }) => [`E-${number}`, name]));
    for (const { exhibit, name } of document.files) {
      ensure(!names.has(exhibit) || alike(name, names.get(exhibit)), "receipt_file_name", { exhibit });
    }
  }

  /** Number of an exhibit -> its description in the document whose ledger entry lists it. A document may describe no
   *  other exhibits, so that a later one cannot rename those of the complaint. */
  async describedExhibits(documentOf) {
    const found = new Map();
    for (const [name, { entry }] of frozenDocuments(this.proved().entries)) {
      const document = DESCRIBES.includes(name.split("-")[0]) ? await documentOf(name) : null;
      if (document === null) continue;
      const said = field({ exhibits: [], ...document }, "exhibits", "list", sentence("a_document"));
      const numbers = said.map((one) => field(one, "number", "integer", sentence("an_exhibit_of_document")));
      const listed = field({ exhibits: [], ...entry.data }, "exhibits", "list", sentence("a_ledger_entry"));
      const inOrder = (all) => all.sort((a, b) => a - b).join();
      const same = inOrder([...numbers]) === inOrder(listed.map(({ number }) => number));
      ensure(same, "describes_others", { name });
      said.forEach((one, place) => found.set(numbers[place], one));
    }
    return found;
  }

  /** custody.csv is what the ledger's entries give, to the byte. */
  async custody() {
    const table = await this.zip.read("data/custody.csv");
    ensure(isCustodyTable(table, this.proved().entries, this.exhibits), "other_custody");
    return sentence("custody");
  }

  /** case.json agrees with the documents and exhibits. */
  async case() {
    this.told = await checkedCase(this);
    return sentence("case");
  }

  /** The receipt given at filing: same key, same case, its ledger contained in this one. */
  async receipt() {
    if ((this.export.withheld ?? []).includes("receipt")) {
      ensure(!this.digests.has("proofs/receipt.json"), "receipt_here");
      this.report.noteMissing(sentence("receipt_withheld"));
      return sentence("receipt_left_out");
    }
    const [what, bytes] = [sentence("the_receipt"), await this.zip.read("proofs/receipt.json")];
    const [receipt, ledger] = [openReceipt(bytes), this.proved()];
    this.filing = receipt;
    ensure(receipt.case === this.export.case, "own_receipt_of_another", { reference: receipt.reference });
    ensure(receipt.ledger.key === keyAt(ledger, receipt.ledger.size), "own_receipt_key");
    ensure(compareLedgers(ledger, receipt.ledger, what), "own_receipt_unproved");
    compareEntries(ledger, receipt.ledger, what);
    await this.checkFileNames(receipt);
    return sentence("receipt_kept", { at: receipt.document.issued_at });
  }
}

/** Where a name is, or would be, in sorted ones. */
function placeOf(names, name) {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (names[middle] < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
