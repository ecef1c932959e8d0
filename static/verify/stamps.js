// What signed papers say of the authorities, and what stamped checkpoints say of the dates in a ledger.
import { hex, utf8 } from "./bytes.js";
import { ensure, sentence } from "./broken.js";
import { field } from "./canonical.js";
import { checkFields } from "./closed.js";
import { DATED, LATE, TOLERANCE, dated, timeOf, utc } from "./ledger.js";
import { sha256 } from "./sha2.js";

/** An authority's name for use in file names: ASCII only, and different for each authority. */
export function fileLabel(authority) {
  if (/^[A-Za-z0-9-]{1,40}$/.test(authority)) return authority;
  const plainName = authority.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 30).replace(/^-+|-+$/g, "");
  return `${plainName}-${hex(sha256(utf8(authority))).slice(0, 8)}`;
}

/** SHA-256 (hex) of each root that a signed document lists -> its authority's name, and whether it is a local clock. */
export function listedAuthorities(paper) {
  const [found, one] = [new Map(), sentence("an_authority")];
  for (const listed of field(paper, "authorities", "list", sentence("the_authorities"))) {
    checkFields(listed, ["name", "root_sha256"], one, ["local_clock"]);
    const digest = field(listed, "root_sha256", "string", one);
    found.set(digest, { name: field(listed, "name", "string", one), isLocal: listed.local_clock === true });
  }
  return found;
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
 * Note which acts of the case no stamped checkpoint dates. `anchors` are their sizes and times, in microseconds.
 * Throws Broken if an act is said to be older than a stamp that did not have it.
 */
export function dateTheActs(report, ledger, anchors) {
  const [vouched, rest] = [[], []];
  for (const entry of ledger.entries) {
    const at = timeOf(entry);
    const above = anchors.filter(({ size }) => size > entry.place).map(({ time }) => time);
    const below = anchors.filter(({ size }) => size <= entry.place).map(({ time }) => time);
    const last = Math.max(...below);
    const isLate = below.length > 0 && at < last - LATE;
    ensure(!isLate, "entry_after_stamp", isLate && { what: dated(entry), at: utc(last) });
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
