// Witnesses: people outside who saw the ledger, and signed its checkpoints with a time of their own.
import { Broken, Unread, ensure, sentence } from "./broken.js";
import { hex, same, utf8 } from "./bytes.js";
import { verifies } from "./ed25519.js";
import { keyLines } from "./forms.js";
import { DATED, LATE, TOLERANCE, dated, timeOf, utc } from "./ledger.js";
import { COSIGNATURE, checkNote, parseKey, parseNote } from "./note.js";

const WITNESS_KEY = sentence("a_witness_key");
const ML_DSA_MARK = 8 + 2420; // bytes of the time and signature of a kind that is not checked here
const LATEST = 7_258_118_400; // seconds since 1970: the year 2200, before which all times of the ledger are
const TO_MICROSECONDS = 1e6;
const AWAY = 3 * LATE; // witnesses look each day

/** The keys in a text, separated by blanks or line ends; lines may be comments. A public key is one witness, whatever
 *  names it has. */
function witnessKeys(text) {
  const words = keyLines(text.replace(/^\ufeff/, "")).flatMap((line) => line.split(/[\s\x1c-\x1f\x85]+/));
  const keys = words.filter(Boolean).map((word) => parseKey(word, WITNESS_KEY, COSIGNATURE));
  ensure(keys.length || !text.trim(), "key_malformed", { key: WITNESS_KEY });
  return [...new Map(keys.map((key) => [hex(key.public), key])).values()];
}

/** Which of the witnesses cosigned the note (C2SP tlog-cosignature, version 1), and when first: [{key, time}], in
 *  seconds since 1970. Throws Broken if a signature in the name of one does not verify. */
function cosignedAt(note, witnesses) {
  const found = [];
  for (const key of witnesses) {
    const mine = note.marks.filter((mark) => mark.name === key.name && same(mark.id, key.id));
    const times = mine.map(({ signature: data }) => {
      const time = data.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0);
      const message = utf8(`cosignature/v1\ntime ${time}\n${note.body}`);
      const good = time > 0 && time < LATEST && verifies(key.public, message, data.subarray(8));
      ensure(good, "witness_forged", { name: key.name, size: note.size });
      return time;
    });
    if (times.length) found.push({ key, time: Math.min(...times) });
  }
  return found;
}

/** The witnesses whom the reader names, and how many of them must agree: all if `quorum` is "". Throws Broken. */
export function namedWitnesses(text, quorum) {
  const witnesses = witnessKeys(text);
  const [named, count] = [witnesses.length, String(quorum).trim() || witnesses.length];
  const good = /^[0-9]{1,9}$/.test(count) && Number(count) >= 1 && Number(count) <= named;
  ensure(good || (!named && quorum === ""), "witnesses_few", { count, named });
  return { witnesses, quorum: Number(count) };
}

/** Run one check if witnesses are named: enough of them saw this ledger. Else note that there are some. */
export async function checkWitnesses(outside, mine, report) {
  const notes = [...notesOf(mine.ledger), ...outside.notes.map(({ text }) => parseNote(text))];
  const others = notes.flatMap(({ marks: all }) => all).filter(({ signature }) => signature.length === ML_DSA_MARK);
  if (others.length) report.caution(sentence("witnesses_ml_dsa", { names: tenOf(others) }));
  if (outside.witnesses.length) {
    await report.run("witnesses", () => seen(outside, mine, report));
    return;
  }
  const marks = notesOf(mine.ledger).flatMap((note) => note.marks).filter(({ signature }) => signature.length === 72);
  if (marks.length) report.caution(sentence("witnesses_not_named", { names: tenOf(marks) }));
}

function tenOf(marks) {
  return [...new Set(marks.map(({ name }) => name))].sort().slice(0, 10).join(", ");
}

function notesOf({ note, witnessed }) {
  return [...witnessed, note];
}

export function looksOf(ledger, witnesses) {
  return notesOf(ledger).flatMap((note) => looksAt(note, witnesses));
}

/** The looks in kept files whose ledger is one with this, also at what such a ledger extends. */
function looksOfKept(outside, mine) {
  const [{ witnesses }, { ledger }, looks] = [outside, mine, []];
  for (const { name, text } of outside.notes) {
    const note = parseNote(text);
    const found = looksAt(note, witnesses);
    if (!found.length) continue;
    checkNote(text, outside.keyOf(ledger, text));
    if (outside.isOneWith(ledger, note, name)) looks.push(...found);
    else checkNotCut(outside, mine, name, found);
  }
  for (const { name, receipt: { ledger: kept } } of outside.receipts) {
    const found = looksOf(kept, witnesses);
    const isOne = found.length && outside.isOfOnePortal(kept, ledger) && outside.isOneWith(ledger, kept, name);
    if (isOne) looks.push(...found);
  }
  return looks;
}

/** Throws Broken if enough witnesses had seen the ledger larger than it is here before this was made. */
function checkNotCut({ quorum }, mine, name, looks) {
  const times = looks.filter(({ size }) => size > mine.ledger.size).map(({ time }) => time).sort((a, b) => a - b);
  const isCut = times.length >= quorum && mine.made() > times[quorum - 1] + TOLERANCE;
  ensure(!isCut, "cut_after", isCut && { at: utc(mine.made()), name });
}

/** Throws Unread if a witness's key is one with which the ledger itself is or was signed. */
function refuseItsOwn(witnesses, { key, changes }) {
  const signed = [key, ...changes.filter(({ isSigned }) => isSigned).map(({ former }) => former)];
  const own = signed.map((one) => hex(parseKey(one).public));
  const names = namesOf(witnesses.filter((one) => own.includes(hex(one.public))));
  if (names) throw new Unread("witness_is_ledger", { name: names });
}

/** At most ten names. */
function namesOf(keys) {
  return keys.map(({ name }) => name).sort().slice(0, 10).join(", ");
}

function seen(outside, mine, report) {
  const [{ witnesses, quorum }, { ledger }] = [outside, mine];
  refuseItsOwn(witnesses, ledger);
  const looks = [...looksOf(ledger, witnesses), ...looksOfKept(outside, mine)];
  const sizes = [...new Set(looks.map(({ size }) => size))].sort((a, b) => a - b);
  for (const size of sizes) count(outside, ledger, size, looks);
  if (!outside.seen.length) {
    const Kind = report.unread ? Unread : Broken; // a kept file that was not read could have shown it
    throw new Kind("witnesses_unseen", { quorum, count: witnesses.length });
  }
  const newest = outside.seen.at(-1);
  report.vouched = sentence("witnesses_vouch", { size: newest.size });
  const later = ledger.entries.filter(({ place }) => place >= newest.size);
  const acts = later.filter(({ kind }) => DATED.includes(kind)).map(act);
  const rest = later.length - acts.length;
  if (rest) acts.push(sentence("witnesses_not_acts", { count: rest }));
  if (later.length) report.caution(sentence("witnesses_not_yet", { acts }));
  const old = later.find((entry) => timeOf(entry) < mine.made() - AWAY); // witnesses would have seen it by then
  if (old) report.doubt(sentence("witnesses_not_yet_old", { what: dated(old) }));
  doubtSeenWithout(ledger, looks, report);
  return newest.says;
}

/** Add a doubt if fewer witnesses than must agree saw the ledger without an entry, long after its date. One witness may
 *  be wrong, or have been shown an old checkpoint by somebody else. */
function doubtSeenWithout({ entries }, looks, report) {
  for (const entry of entries) {
    const without = looks.filter(({ size }) => size <= entry.place);
    const last = without.reduce((one, other) => (other.time > one.time ? other : one), { time: -Infinity });
    if (timeOf(entry) >= last.time - LATE) continue;
    const told = { what: dated(entry), name: last.key.name, at: utc(last.time) };
    report.doubt(sentence("witness_saw_without", told));
    return;
  }
}

/** The witnesses who cosigned the note: key, size and time. Throws Broken for a line that is wrong. */
export function looksAt(note, witnesses) {
  return cosignedAt(note, witnesses).map(({ key, time }) => ({ key, size: note.size, time: time * TO_MICROSECONDS }));
}

/** Note whether enough witnesses saw the first `size` entries, which are dated by when enough had. Who cosigned a larger
 *  checkpoint saw them, too; but who cosigned none larger than this did not see the next. */
function count({ witnesses, quorum, seen: found, cosigned }, ledger, size, looks) {
  const timesOf = (some) => witnesses.map((key) => some.filter((one) => one.key === key).map(({ time }) => time));
  const sorted = (times) => times.sort((a, b) => a - b);
  const last = timesOf(looks.filter((one) => one.size <= size)).filter((times) => times.length);
  if (last.length >= quorum) cosigned.push({ size, time: sorted(last.map((times) => Math.max(...times))).at(-quorum) });
  const larger = looks.filter((one) => one.size >= size);
  const by = witnesses.filter((key) => larger.some((one) => one.key === key));
  if (by.length < quorum) return;
  const first = timesOf(larger).filter((times) => times.length);
  const time = sorted(first.map((times) => Math.min(...times)))[quorum - 1];
  const at = utc(time);
  for (const entry of ledger.entries) {
    const early = entry.place >= size || timeOf(entry) <= time + TOLERANCE;
    ensure(early, "witnesses_earlier", !early && { what: dated(entry), at });
  }
  found.push({ size, time, says: sentence("witnesses_saw", { names: namesOf(by), size, at }) });
}

function act({ place, kind, content }) {
  const called = sentence(kind === "complaint.filed" ? "the_complaint" : `act_${kind}`);
  return sentence("act_dated", { act: called, index: place, on: content.at.slice(0, 10) });
}
