// The ledger entries in a receipt or bundle, and what follows from them: exhibits, documents, the custody table.
import { decoded, hex, same, unhex, utf8 } from "./bytes.js";
import { ensure, sentence } from "./broken.js";
import { alike, canonical, field, parsed, refuseNewer } from "./canonical.js";
import { leafHash, rootFromInclusion, isConsistent, leadsTo } from "./merkle.js";
import { checkFields } from "./closed.js";
import { checkNote, keyAt, keyChanges, parseNote } from "./note.js";

// The tables below are those of holdfast_verify.py, which travels alone: a test compares them.
export const DOCUMENTS = {
  "complaint.filed": ["statement", "reporter"],
  "case.decided": ["finding"], // in old ledgers; now each finding has an entry of its own
  "finding.made": ["finding"],
  "case.proposed": ["proposal"],
  "case.sent_back": ["proposal"],
  "measure.ordered": ["measure"],
  "measure.ended": ["measure"],
  "redress.promised": ["redress"],
  "redress.ended": ["redress"],
  "case.referred": ["referral"],
  "case.replied": ["message"],
  "reporter.changed": ["reporter"],
  "review.asked": ["review"],
  "retaliation.reported": ["retaliation"],
  "withdrawal.asked": ["withdrawal"],
  "message.written": ["message"],
  "question.asked": ["message"],
  "question.answered": ["message"],
  "addendum.added": ["message"],
  "evidence.added": ["message"],
  "enquiry.sent": ["enquiry"],
  "enquiry.answered": ["response"],
  "clock.extension_asked": ["extension"],
  "clock.extended": ["decision"],
  "clock.extension_declined": ["decision"],
  "note.written": ["note"],
};
export const MAY_LACK = ["case.decided"]; // kinds of entries that may name no document
export const NUMBERED = [
  ...["finding", "message", "review", "retaliation", "withdrawal", "enquiry", "response"],
  ...["proposal", "measure", "redress", "referral", "extension", "decision", "note"],
];
const PLURALS = { redress: "redress", enquiry: "enquiries" };
/** The field of case.json that lists the documents of this name. */
export const plural = (name) => PLURALS[name] ?? `${name}s`;
export const MAY_BE_WITHHELD = [ // all of their versions: "reporter", "reporter-2"
  ...["reporter", "proposal", "measure", "extension", "decision", "note", "receipt"],
];
export const LEFT_OUT = ["chosen", "missing", "altered", "unreadable", "quarantined"]; // why an original is not here
export const mayBeWithheld = (name) => typeof name === "string" && MAY_BE_WITHHELD.includes(name.split("-")[0]);
export const STATES = { // kind of entry -> the state that it brings the case to
  ...{ "complaint.filed": "filed", "case.routed": "routed", "case.begun": "investigating" },
  ...{ "case.proposed": "proposed", "case.sent_back": "investigating", "case.decided": "decided" },
  ...{ "case.replied": "replied", "case.closed": "closed", "case.withdrawn": "closed", "case.reopened": "routed" },
};
export const TOLERANCE = 5 * 60 * 1e6; // microseconds between two clocks
export const LATE = 24 * 60 * 60 * 1e6; // usually a portal gets its stamps within hours
export const BEGUN_BEFORE = ["bundle.exported"]; // their time is when the work for them began, at most LATE ago
export const DATED = [ // a deadline or a right can hang on these entries; words.js has a word for each
  ...["complaint.filed", "case.begun", "case.proposed", "case.sent_back", "case.decided", "case.replied"],
  ...["case.closed", "case.withdrawn", "case.reopened", "case.referred", "finding.made", "measure.ordered"],
  ...["measure.ended", "redress.promised", "redress.ended", "message.written", "question.asked"],
  ...["question.answered", "addendum.added", "evidence.added", "reporter.changed", "consent.given"],
  ...["consent.withdrawn", "review.asked", "retaliation.reported", "withdrawal.asked", "withdrawal.taken_back"],
  ...["withdrawal.declined", "enquiry.sent", "enquiry.answered", "clock.extension_asked", "clock.extended"],
  ...["clock.extension_declined", "clock.overdue", "note.written"],
];
export const CUSTODY_HEAD = ["entry", "at", "event", "exhibit", "by", "details"];
export const FIELDS = {
  ...{ v: "integer", id: "string", at: "string", kind: "string", thread: "string", seq: "integer", prev: "string" },
  ...{ subject: "string", by: "object", data: "object", salt: "string" },
};

const MOST_WITNESSED = 1000; // checkpoints that witnesses cosigned, in one paper
const times = new WeakMap(); // content of an entry -> its time, which is asked again and again

/** Microseconds since 1970 of a time in the form that entries have, such as 2026-11-23T04:02:00.123456Z. */
export function moment(text, what) {
  ensure(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(text), "time_malformed", { what });
  const milliseconds = Date.parse(`${text.slice(0, 23)}Z`);
  const sane = text >= "1970" && text < "2200";
  const real = sane && milliseconds === milliseconds && new Date(milliseconds).toISOString().startsWith(text.slice(0, 19));
  ensure(real, "time_impossible", { what });
  return milliseconds * 1000 + Number(text.slice(23, 26));
}

function entryName(index) {
  return sentence("ledger_entry", { index });
}

/** Parse an entry. Throws Broken unless it is of version 1: canonical JSON with exactly the eleven fields. */
export function openEntry(index, text) {
  const what = entryName(index);
  const raw = utf8(text);
  const content = parsed(raw, what);
  refuseNewer(content.v, 1, what);
  for (const [name, kind] of Object.entries(FIELDS)) field(content, name, kind, what);
  const known = Object.keys(content).length === Object.keys(FIELDS).length && content.v === 1;
  ensure(known, "unknown_version", { what });
  ensure(same(canonical(content), raw), "not_canonical", { what });
  moment(content.at, what);
  return { place: index, raw, content, kind: content.kind, data: content.data };
}

export function unhexAll(list, what) {
  ensure(Array.isArray(list) && list.length <= 200, "no_hashes", { what });
  return list.map((text) => unhex(text, what));
}

/** The "ledger" object, verified: every entry is in the tree of the signed checkpoint. */
export function openLedger(document) {
  const what = sentence("the_ledger");
  checkFields(document, ["key", "checkpoint", "entries"], what, ["consistency", "keys", "witnessed"]);
  const key = field(document, "key", "string", what);
  const note = checkNote(field(document, "checkpoint", "string", what), key);
  const entries = field(document, "entries", "list", what).map((listed) => proved(listed, note));
  const changed = field({ keys: [], ...document }, "keys", "list", what);
  const changes = keyChanges(changed.map((listed) => proved(listed, note)), key);
  const proofs = field({ consistency: [], ...document }, "consistency", "list", what);
  const text = document.checkpoint;
  const { size, root } = note;
  const ledger = { key, text, note, size, root, entries, changes, consistency: openConsistency(proofs, note) };
  const witnessed = field({ witnessed: [], ...document }, "witnessed", "list", what);
  return { ...ledger, witnessed: openWitnessed(witnessed, ledger) };
}

/** The earlier checkpoints that witnesses cosigned: the ledger's key signed each, and the ledger extends it. The
 *  cosignatures are not verified here. */
function openWitnessed(list, ledger) {
  ensure(list.length <= MOST_WITNESSED, "json_many", { what: sentence("the_witnessed") });
  let least = 0;
  return list.map((text) => {
    ensure(typeof text === "string", "witnessed_no_text");
    const note = checkNote(text, keyAt(ledger, parseNote(text).size));
    ensure(least < note.size && note.size < ledger.size, "witnessed_order");
    const what = sentence("checkpoint_of", { size: note.size });
    ensure(compareLedgers(ledger, note, what), "witnessed_not_proved", { what });
    least = note.size;
    return note;
  });
}

/** An entry that is listed with its proof, and is in the tree of the checkpoint. */
function proved(listed, { size, root }) {
  const one = sentence("a_ledger_entry");
  checkFields(listed, ["index", "entry", "proof"], one);
  const index = field(listed, "index", "integer", one);
  const entry = openEntry(index, field(listed, "entry", "string", one));
  const path = unhexAll(field(listed, "proof", "list", one), sentence("proof_of_entry", { index }));
  const found = rootFromInclusion(index, size, leafHash(entry.raw), path);
  ensure(same(found, root), "entry_not_proved", { index, kind: entry.kind });
  return entry;
}

/** Earlier size -> proof that this ledger extends it. */
function openConsistency(list, { size, root }) {
  const what = sentence("a_consistency_proof");
  return new Map(
    list.map((listed) => {
      checkFields(listed, ["from", "proof"], what);
      const [from, proof] = [field(listed, "from", "integer", what), unhexAll(field(listed, "proof", "list", what), what)];
      ensure(leadsTo(root, from, size, proof), "consistency_leads_elsewhere", { from });
      return [from, proof];
    }),
  );
}

/** All entries belong to the thread and are in order. Gapless: they begin with the first, and each names the one
 *  before. */
export function checkThread(entries, thread, gapless) {
  let before = null;
  for (const entry of entries) {
    const what = sentence("entry_of_kind", { index: entry.place, kind: entry.kind });
    const { seq, prev } = entry.content;
    const last = before ? before.content.seq : 0;
    ensure(entry.content.thread === thread, "entry_of_another", { what });
    ensure(seq > last && (!before || entry.place > before.place), "entry_order", { what });
    if (gapless) {
      ensure(seq === last + 1, "entry_left_out", { what });
      ensure(prev === (before ? hex(leafHash(before.raw)) : ""), "entry_chain", { what });
    }
    before = entry;
  }
}

/** No entry says that it is older than what comes before it: an entry, a timestamp that an entry names, or the arrival
 *  of the file that it is about. */
export function checkDates(entries) {
  let [newest, stamped] = [null, null];
  for (const entry of entries) {
    const [at, slack] = [timeOf(entry), BEGUN_BEFORE.includes(entry.kind) ? LATE : TOLERANCE];
    const what = dated(entry);
    ensure(newest === null || at >= timeOf(newest) - slack, "entry_falls_behind", { what, newest: newest && dated(newest) });
    ensure(stamped === null || at >= stamped - slack, "entry_before_stamp", { what, at: stamped && utc(stamped) });
    if (entry.kind === "evidence.received") {
      const told = field(entry.data, "received_at", "string", entryName(entry.place));
      const received = moment(told, sentence("an_exhibit"));
      ensure(received <= at + LATE, "received_later", { what, at: utc(received) });
    }
    if (newest === null || at > timeOf(newest)) newest = entry;
    const tokens = entry.kind === "evidence.sealed" ? field(entry.data, "tokens", "list", entryName(entry.place)) : [];
    for (const token of tokens) {
      const time = moment(field(token, "gen_time", "string", sentence("a_seal")), sentence("a_seal"));
      if (stamped === null || time > stamped) stamped = time;
    }
  }
}

/** A paper does not say that it is older than the newest entry in it. */
export function checkMadeAfter(at, entries, what) {
  const newest = entries.reduce((one, other) => (timeOf(other) > timeOf(one) ? other : one));
  const made = moment(at, what);
  ensure(made >= timeOf(newest) - TOLERANCE, "made_before", { what, at: utc(made), newest: dated(newest) });
}

export function timeOf({ content }) {
  if (!times.has(content)) times.set(content, moment(content.at, sentence("a_ledger_entry")));
  return times.get(content);
}

export function dated({ place, kind, content }) {
  return sentence("entry_dated", { index: place, kind, at: utc(timeOf({ content })) });
}

/** Microseconds since 1970 as people write it, to the minute. */
export function utc(time) {
  return `${new Date(Math.floor(time / 1000)).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Item id -> exhibit. The files listed by filing, messages and answers must be exactly the files received. */
export function exhibitsOf(entries) {
  const [filed, ...more] = entries.filter((entry) => entry.kind === "complaint.filed");
  ensure(filed && !more.length && filed.content.seq === 1, "no_single_complaint");
  const listed = listedBy(entries);
  const found = new Map();
  for (const entry of entries.filter((one) => one.kind === "evidence.received")) {
    const exhibit = receivedBy(entry, listed, Math.max(listed.size, found.size) + 1);
    ensure(!found.has(exhibit.item), "received_twice", { exhibit: exhibit.label });
    found.set(exhibit.item, exhibit);
  }
  ensure([...listed.keys()].every((item) => found.has(item)), "never_received");
  const numbers = [...found.values()].map((exhibit) => exhibit.number);
  const distinct = new Set(numbers).size === numbers.length;
  ensure(distinct && numbers.every((number) => 0 < number && number < 1e6), "exhibit_numbers");
  return found;
}

/** Who sent the files of an entry. Those of an answer count as the respondent's, even if the office entered it. */
function sourceOf({ kind, content }) {
  if (kind === "enquiry.answered") return "respondent";
  return content.by.role === "borrower" ? "borrower" : "office";
}

/** Labels of the exhibits that came with no complaint, message or answer, as in old ledgers. */
export function unlistedIn(entries) {
  const listed = listedBy(entries);
  return [...exhibitsOf(entries).values()].filter(({ item }) => !listed.has(item)).map(({ label }) => label);
}

/** Item id -> number, digest and source, from the entries that list exhibits. */
function listedBy(entries) {
  const [what, found] = [sentence("an_exhibit"), new Map()];
  for (const entry of entries) {
    const { kind, data, place } = entry;
    const lists = Object.hasOwn(DOCUMENTS, kind) && Object.hasOwn(data, "exhibits");
    if (kind !== "complaint.filed" && !lists) continue;
    for (const one of field(data, "exhibits", "list", entryName(place))) {
      const [number, digest] = [field(one, "number", "integer", what), field(one, "sha256", "string", what)];
      const item = field(one, "item", "string", what);
      ensure(!found.has(item), "listed_before", { index: place });
      found.set(item, { number, digest, source: sourceOf(entry) });
    }
  }
  return found;
}

function receivedBy(entry, listed, fallback) {
  const what = entryName(entry.place);
  const [item, digest] = [field(entry.data, "item", "string", what), field(entry.data, "sha256", "string", what)];
  const number = Object.hasOwn(entry.data, "exhibit") ? entry.data.exhibit : fallback;
  const told = listed.get(item) ?? { number, digest, source: sourceOf(entry) };
  ensure(Number.isSafeInteger(told.number) && told.digest === digest, "different_bytes", { what });
  const [size, type] = [field(entry.data, "size", "integer", what), field(entry.data, "media_type", "string", what)];
  const at = field(entry.data, "received_at", "string", what);
  moment(at, what);
  unhex(digest, what);
  const stem = `E-${String(told.number).padStart(3, "0")}`;
  const told_of = { sha256: digest, size, media_type: type, received_at: at };
  return { number: told.number, label: `E-${told.number}`, stem, item, source: told.source, ...told_of };
}

function namedDocuments({ kind, data }) {
  const names = Object.hasOwn(DOCUMENTS, kind) ? DOCUMENTS[kind] : [];
  return names.filter((name) => Object.hasOwn(data, name) || !MAY_LACK.includes(kind));
}

/** Name of each frozen document ("statement", "finding-1", a later "reporter-2") -> its SHA-256 in the ledger. */
export function documentsOf(entries) {
  return new Map([...frozenDocuments(entries)].map(([name, { digest }]) => [name, digest]));
}

/** Name of each frozen document -> its SHA-256 and the entry that names it. */
export function frozenDocuments(entries) {
  const [found, counts] = [new Map(), new Map()];
  for (const entry of entries) {
    for (const name of namedDocuments(entry)) {
      const digest = field(entry.data, name, "string", entryName(entry.place));
      unhex(digest, entryName(entry.place));
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      found.set(NUMBERED.includes(name) || count > 1 ? `${name}-${count}` : name, { digest, entry });
    }
  }
  return found;
}

/**
 * Names of the promises of redress that no decision has confirmed, and of what became of these promises. The entry
 * of an end names its promise by digest in `of`.
 */
export function undecidedRedress(entries) {
  const named = new Map([...frozenDocuments(entries)].filter(([name]) => name.startsWith("redress"))
    .map(([name, { digest, entry }]) => [entry.place, { name, digest }]));
  let waiting = new Map(); // digest of a promise, or of its end -> name
  let decided = false;
  for (const { kind, place, data } of entries) {
    if (kind === "case.decided" || kind === "case.reopened") {
      decided = kind === "case.decided";
      if (decided) waiting = new Map();
    } else if (named.has(place) && !decided && (kind === "redress.promised" || waiting.has(data.of))) {
      waiting.set(named.get(place).digest, named.get(place).name);
    }
  }
  return new Set(waiting.values());
}

/** The borrower's consents in order: recipient, when it was given and when withdrawn ("" if in force). */
export function consentsOf(entries) {
  const [found, inForce] = [[], new Map()]; // the second by recipient
  for (const { kind, data, content, place } of entries) {
    if (kind !== "consent.given" && kind !== "consent.withdrawn") continue;
    const recipient = field(data, "recipient", "string", entryName(place));
    if (!inForce.has(recipient)) inForce.set(recipient, []);
    const open = inForce.get(recipient);
    if (kind === "consent.given") open.push({ recipient, given_at: content.at, withdrawn_at: "" });
    if (kind === "consent.given") found.push(open.at(-1));
    else for (const one of open.splice(0)) one.withdrawn_at = content.at;
  }
  return found;
}

/** The documents written after filing, as receipts list them. */
export function papersOf(entries) {
  return entries.flatMap(({ kind, content, data, place }) => {
    const names = kind === "complaint.filed" ? [] : namedDocuments({ kind, data });
    return names.map((name) => ({ kind, at: content.at, sha256: field(data, name, "string", entryName(place)) }));
  });
}

/** The root over a document's parts from the entry that names it; "" for old entries, which have none. */
export function recordedRoot({ place, data }, digest) {
  if (!Object.hasOwn(data, "parts")) return "";
  const root = field(data, "parts", "object", entryName(place))[digest];
  unhex(root, sentence("parts_told", { index: place }));
  return root;
}

/** Throws Broken if an entry names no parts of its document after an earlier entry did. The entries are in order. */
export function checkPartsContinue(frozen) {
  let since = null;
  for (const { digest, entry } of frozen) {
    const says = Boolean(recordedRoot(entry, digest));
    ensure(says || since === null, "parts_left_out", { index: entry.place, since });
    if (since === null && says) since = entry.place;
  }
}

/** Stem of the file of each copy for viewing ("E-001-sound-1") -> its SHA-256 in the ledger. */
export function copiesOf(entries, exhibits) {
  const found = new Map();
  for (const { data, place } of entries.filter(({ kind }) => kind === "evidence.derived")) {
    const what = entryName(place);
    const exhibit = exhibits.get(field(data, "item", "string", what));
    ensure(exhibit && field(data, "from", "string", what) === exhibit.sha256, "copy_of_nothing", { what });
    const stem = [exhibit.stem, field(data, "kind", "string", what), field(data, "number", "integer", what)].join("-");
    found.set(stem, field(data, "sha256", "string", what));
  }
  return found;
}

/** The cells of an entry in custody.csv, under CUSTODY_HEAD. */
export function custodyRow({ place, kind, data, content }, exhibits) {
  const exhibit = content.subject.startsWith("item:") ? exhibits.get(content.subject.slice(5)) : null;
  const by = ["role", "id"].filter((name) => Object.hasOwn(content.by, name)).map((name) => plain(content.by[name]));
  const details = Object.keys(data).sort().map((name) => `${name}=${plain(data[name])}`);
  return [String(place), content.at, kind, exhibit?.label ?? "", by.join(" "), details.join("; ")];
}

const CONTACTS_HEAD = [
  ...["contact", "when", "precision", "channel", "direction", "number", "answered"],
  ...["speaker", "claimed", "reached", "disclosed", "said"],
];

const IN_A_ROW = ["until", "times"]; // of several contacts told as one, from the table's third version

const UNSEEN = String.raw`[\t\n\v\f\r \u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]`;
const ANY_WIDTH = new RegExp(String.raw`^(?:[\t\r\n]|${UNSEEN}*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b])`);
/** What a spreadsheet could take for a formula, by the version of the table. */
export const FORMULAS = new Map([
  [1, /^[=+\-@\t]/],
  [2, ANY_WIDTH],
  [3, ANY_WIDTH], // the third differs in its columns
]);

/** contacts.csv: one row for each contact, from the statement alone. */
export function contactsTable(statement, version) {
  const listed = field(statement, "contacts", "list", sentence("the_statement"));
  const head = version > 2 && hasRows(statement) ? [...CONTACTS_HEAD, ...IN_A_ROW] : CONTACTS_HEAD;
  const rows = [head, ...listed.map((one) => head.map((name) => contactCell(one, name, version)))];
  return utf8(`\ufeff${rows.map(csvRow).join("")}`);
}

/** Whether the statement tells several contacts as one. */
export function hasRows(statement) {
  const listed = field(statement, "contacts", "list", sentence("the_statement"));
  return listed.some((one) => one && IN_A_ROW.some((name) => Object.hasOwn(one, name)));
}

/** A cell that no spreadsheet reads as a formula. */
function contactCell(one, name, version) {
  ensure(one !== null && typeof one === "object" && !Array.isArray(one), "contact_malformed");
  return harmless(Object.hasOwn(one, name) ? plain(one[name]) : "", version);
}

/** The text of a cell of any CSV. It gets an apostrophe if a spreadsheet could take it for a formula. */
export function harmless(text, version = Math.max(...FORMULAS.keys())) {
  return FORMULAS.get(version).test(text) ? `'${text}` : text;
}

export function csvRow(cells) {
  return `${cells.map(cell).join(",")}\r\n`;
}

export function plain(value) {
  return typeof value === "string" ? value : decoded(canonical(value), "JSON");
}

function cell(text) {
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether a line about an exhibit agrees with the ledger. */
export function agrees(listed, exhibit) {
  if (!exhibit || listed.exhibit !== exhibit.label) return false;
  return ["sha256", "size", "media_type", "received_at"].every((name) => alike(listed[name], exhibit[name]));
}

/** Whether a proof shows that the ledger extends an earlier checkpoint; false if there is no proof from there. */
export function compareLedgers(ledger, { size, root }, what) {
  ensure(size <= ledger.size, "ledger_cut", { size: ledger.size, what, seen: size });
  const good = extendsIt(ledger, { size, root });
  ensure(good !== false, size === ledger.size ? "ledger_split" : "ledger_rewritten", { what });
  return good === true;
}

/** Whether the ledger extends a checkpoint of at most its size; null if it has no proof for that size. */
export function extendsIt(ledger, { size, root }) {
  if (size === ledger.size) return same(root, ledger.root);
  if (!ledger.consistency.has(size)) return null;
  return isConsistent(size, ledger.size, root, ledger.root, ledger.consistency.get(size));
}

/** Every entry of the ledger with fewer of them must be in the other, up to its size, at the same index and to the
 *  byte. */
export function compareEntries(ledger, fewer, what, key = "entry_not_here") {
  const here = new Map(ledger.entries.map((entry) => [entry.place, entry.raw]));
  for (const { place, kind, raw } of fewer.entries) {
    const good = place >= ledger.size || (here.has(place) && same(here.get(place), raw));
    ensure(good, key, { index: place, kind, what });
  }
}
