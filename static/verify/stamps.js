// Checks of timestamps that need not read the tokens: which files the ledger names, and what stamped checkpoints prove
// about the ledger. Only holdfast_verify.py reads tokens: who issued them, and for what.
import { hex, unbase64, utf8 } from "./bytes.js";
import { Broken, ensure, sentence } from "./broken.js";
import { field } from "./canonical.js";
import { checkFields } from "./closed.js";
import { DATED, LATE, TOLERANCE, compareLedgers, dated, moment, timeOf, utc } from "./ledger.js";
import { checkNote, keyAt, parseNote } from "./note.js";
import { sha256 } from "./sha2.js";

/** An authority's name for use in file names: ASCII only, and different for each authority. */
export function fileLabel(authority) {
  if (/^[A-Za-z0-9-]{1,40}$/.test(authority)) return authority;
  const plainName = authority.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 30).replace(/^-+|-+$/g, "");
  return `${plainName}-${hex(sha256(utf8(authority))).slice(0, 8)}`;
}

/** Names of the authorities that a signed document lists, and of those that use the portal's own clock. */
export function listedAuthorities(paper) {
  const [all, one] = [new Set(), sentence("an_authority")];
  const clocks = new Set();
  for (const listed of field(paper, "authorities", "list", sentence("the_authorities"))) {
    checkFields(listed, ["name", "root_sha256"], one, ["local_clock"]);
    field(listed, "root_sha256", "string", one);
    const name = field(listed, "name", "string", one);
    all.add(name);
    if (listed.local_clock === true) clocks.add(name);
  }
  return { all, clocks };
}

const PEM = "[ \\t\\r\\n]*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/= \\t\\r\\n]+)-----END CERTIFICATE-----[ \\t\\r\\n]*";
const MAX_PEM = 1 << 20;

/** The SHA-256 in hex of each certificate of a PEM file that has nothing else in it. */
export function onlyCertificates(text, what) {
  ensure(text.length <= MAX_PEM && new RegExp(`^(?:${PEM})+$`).test(text), "pem_alone", { what });
  const blocks = [...text.matchAll(new RegExp(PEM, "g"))];
  return blocks.map(([, block]) => hex(sha256(unbase64(block.replace(/[ \t\r\n]/g, ""), what))));
}

/** What the reader should know about a document with timestamps. */
export function caution(report, paper) {
  report.caution(sentence("timestamps_elsewhere"));
  for (const authority of listedAuthorities(paper).clocks) report.caution(sentence("local_clock", { authority }));
}

/** The listed time of a token lies between an exhibit's receipt and its sealing. Its own time is not read here. */
export function checkListedTime(token, exhibit, entry) {
  const time = moment(field(token, "gen_time", "string", sentence("a_seal")), sentence("a_seal"));
  ensure(time >= moment(exhibit.received_at, sentence("an_exhibit")) - TOLERANCE, "token_early");
  ensure(time <= moment(entry.content.at, sentence("a_ledger_entry")) + TOLERANCE, "token_late");
}

/** The size of a stamped checkpoint, which the ledger must extend. */
export function checkAnchor(note, ledger) {
  const anchored = checkNote(note, keyAt(ledger, parseNote(note).size));
  const what = sentence("checkpoint_of", { size: anchored.size });
  ensure(compareLedgers(ledger, anchored, what), "anchor_unproved", { what });
  return anchored.size;
}

/** Note that something has no stamp, or was first stamped more than a day after the time that is claimed. */
export function cautionOfDates(report, what, claimed, stamped) {
  const first = Math.min(...stamped);
  const late = first - claimed > LATE;
  if (!late) return;
  const on = (time) => utc(time).slice(0, 10);
  report.isDated = false;
  if (stamped.length) report.caution(sentence("dated_late", { what, claimed: on(claimed), first: on(first) }));
  else report.caution(sentence("dated_never", { what, claimed: on(claimed) }));
}

/**
 * Note which acts of the case no stamped checkpoint dates. `anchors` are their sizes and times, in microseconds; the
 * time is null where the token was not read, and then counts as soon enough. Throws Broken if an act is said to be
 * older than a stamp that did not have it.
 */
export function dateTheActs(report, ledger, anchors) {
  const [vouched, rest] = [[], []];
  for (const entry of ledger.entries) {
    const at = timeOf(entry);
    const above = anchors.filter(({ size }) => size > entry.place).map(({ time }) => time ?? at);
    const below = anchors.filter(({ size, time }) => size <= entry.place && time !== null).map(({ time }) => time);
    const last = Math.max(...below);
    ensure(!below.length || at >= last - LATE, "entry_after_stamp", { what: dated(entry), at: below.length && utc(last) });
    if (entry.kind === "complaint.filed") cautionOfDates(report, sentence("the_complaint"), at, above);
    else if (DATED.includes(entry.kind)) {
      const good = Math.min(...above) - at <= LATE && at >= last - TOLERANCE;
      const [act, on] = [sentence(`act_${entry.kind}`), entry.content.at.slice(0, 10)];
      (good ? vouched : rest).push(sentence("act_dated", { act, index: entry.place, on }));
    }
  }
  if (!rest.length) return;
  report.isDated = false;
  report.caution(sentence(vouched.length ? "acts_undated_but" : "acts_undated", { rest, vouched }));
}

/** A sentence about the stamped checkpoints of these sizes. */
export function anchored(sizes) {
  const largest = Math.max(...sizes);
  return sizes.length ? sentence("anchors", { count: sizes.length, size: largest }) : sentence("no_anchors");
}

/** Run the checks of one token. A failure names its exhibit and authority. */
export function tokenHolds(exhibit, authority, check) {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Broken("token_broken", { exhibit: exhibit.label, authority, why: error.says });
  }
}
