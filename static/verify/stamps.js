// What signed papers say of the authorities, and what stamped checkpoints say of the dates in a ledger.
import { hex, unhex, utf8 } from "./bytes.js";
import { ensure, sentence } from "./broken.js";
import { field } from "./canonical.js";
import { checkFields } from "./closed.js";
import { BEGUN_BEFORE, DATED, LATE, TOLERANCE, dated, exhibitsOf, moment, timeOf, utc } from "./ledger.js";
import { sha256 } from "./sha2.js";

const HOUR = LATE / 24;
const SOON = 2 * HOUR; // a portal has its ledger stamped each hour, while authorities answer
const LAG = HOUR; // an entry is not dated longer before a stamp that does not have it: the portal sees to it
const MOST_AUTHORITIES = 1000; // in one paper

/** An authority's name for use in file names: ASCII only, and different for each authority. */
export function fileLabel(authority) {
  if (/^[A-Za-z0-9-]{1,40}$/.test(authority)) return authority;
  const plainName = authority.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 30).replace(/^-+|-+$/g, "");
  return `${plainName}-${hex(sha256(utf8(authority))).slice(0, 8)}`;
}

/** What a signed document says of each root: its SHA-256 (hex), its authority's name, and whether that is a local
 *  clock. A root may be listed twice, because authorities are renamed. */
export function listedAuthorities(paper) {
  const one = sentence("an_authority");
  const all = field(paper, "authorities", "list", sentence("the_authorities"));
  ensure(all.length <= MOST_AUTHORITIES, "json_many", { what: sentence("the_authorities") });
  return all.map((listed) => {
    checkFields(listed, ["name", "root_sha256"], one, ["local_clock"]);
    const digest = field(listed, "root_sha256", "string", one);
    unhex(digest, one);
    return { digest, name: field(listed, "name", "string", one), isLocal: listed.local_clock === true };
  });
}

/** Note that something has no stamp, or was first stamped later than `within` after the time that is claimed. */
export function cautionOfDates(report, what, claimed, stamped, within = LATE) {
  const first = Math.min(...stamped);
  const on = (time) => utc(time).slice(0, 10);
  if (first - claimed < -TOLERANCE) report.isDated = false;
  if (first - claimed <= within) return;
  report.isDated = false;
  if (first - claimed <= LATE) report.caution(sentence("dated_hours", { what, claimed: utc(claimed), first: utc(first) }));
  else if (stamped.length) report.caution(sentence("dated_late", { what, claimed: on(claimed), first: on(first) }));
  else report.caution(sentence("dated_never", { what, claimed: on(claimed) }));
}

/** The time of the last checkpoint without the entry; minus infinity for none. */
function lastBefore(entry, anchors) {
  return Math.max(...anchors.filter(({ size }) => size <= entry.place).map(({ time }) => time));
}

/** Throws Broken if the entry is said to be older, by more than `slack`, than a checkpoint that does not have it. */
function checkNotOlder(entry, anchors, slack) {
  const last = lastBefore(entry, anchors);
  const isLate = timeOf(entry) < last - slack;
  ensure(!isLate, "entry_after_stamp", isLate && { what: dated(entry), at: utc(last) });
}

/**
 * Note which acts of the case nobody outside has dated, by the checkpoints above them that were stamped, or seen by
 * witnesses, and those below that were stamped or cosigned: their sizes and times, in microseconds. Throws Broken if an
 * act is said to be older than one that did not have it.
 */
export function dateTheActs(report, ledger, stamped, { seen, cosigned } = { seen: [], cosigned: [] }) {
  const [vouched, toTheDay, rest] = [[], [], []];
  for (const entry of ledger.entries) {
    const at = timeOf(entry);
    const above = [...stamped, ...seen].filter(({ size }) => size > entry.place).map(({ time }) => time);
    checkNotOlder(entry, stamped, BEGUN_BEFORE.includes(entry.kind) ? LATE : LAG);
    checkNotOlder(entry, cosigned, LATE);
    if (entry.kind === "complaint.filed") cautionOfDates(report, sentence("the_complaint"), at, above, SOON);
    else if (DATED.includes(entry.kind)) {
      const later = Math.min(...above) - at;
      const good = later >= -TOLERANCE && at >= lastBefore(entry, [...stamped, ...cosigned]) - TOLERANCE;
      const kind = good && later <= SOON ? vouched : good && later <= LATE ? toTheDay : rest;
      const [act, on] = [sentence(`act_${entry.kind}`), entry.content.at.slice(0, 10)];
      kind.push(sentence("act_dated", { act, index: entry.place, on }));
    }
  }
  if (toTheDay.length) {
    report.isDated = false;
    report.caution(sentence("acts_to_the_day", { acts: toTheDay }));
  }
  if (!rest.length) return;
  report.isDated = false;
  report.caution(sentence(vouched.length ? "acts_undated_but" : "acts_undated", { rest, vouched }));
}

/**
 * Note which files of a receipt are said to have come long before a stamp over their entries, or before these were
 * written. Of a file that no stamp covers, dateTheActs says with what it came.
 */
export function dateTheExhibits(report, { entries }, anchors) {
  const exhibits = exhibitsOf(entries);
  for (const entry of entries.filter(({ kind }) => kind === "evidence.received")) {
    const { label, received_at: at } = exhibits.get(entry.data.item);
    const received = moment(at, sentence("an_exhibit"));
    const above = anchors.filter(({ size }) => size > entry.place).map(({ time }) => time);
    if (above.length || timeOf(entry) - received > LATE) cautionOfDates(report, label, received, above);
  }
}
