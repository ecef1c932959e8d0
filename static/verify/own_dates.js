// Compares the dates in documents with those of their ledger entries.
import { ensure, sentence } from "./broken.js";
import { field } from "./canonical.js";
import { LATE, TOLERANCE, dated, moment, timeOf, utc } from "./ledger.js";
import { MASKS } from "./parts.js";

export const OWN_DATES = { // name of documents -> the fields that say when they were written; the first of them counts
  ...{ statement: ["filed_at"], finding: ["confirmed_at", "found_at"], referral: ["referred_at"] },
  ...{ proposal: ["sent_back_at", "proposed_at"], measure: ["ended_at", "ordered_at"] },
  ...{ redress: ["ended_at", "ordered_at"], message: ["written_at"], reporter: ["changed_at"] },
  ...{ review: ["asked_at"], retaliation: ["reported_at"], withdrawal: ["asked_at"], enquiry: ["sent_at"] },
  ...{ response: ["received_at"], extension: ["asked_at"], note: ["written_at"] },
};

/** A portal makes a document and the entry that has its digest at once. Returns a caution, or null.
 *
 *  A document may say that it is older if the ledger moved its entry's time forward, because the portal's clock was set
 *  back: then the entry has the time of the one `before` it, or of a timestamp (seldom with microseconds). */
export function checkOwnDate(name, document, entry, before) {
  const says = (OWN_DATES[name.split("-")[0]] ?? []).find((one) => isSaid(document[one]));
  const text = says ? field(document, says, "string", name) : "";
  if (!text || MASKS.some((mask) => text.includes(mask))) return null;
  const own = moment(text, name);
  const at = timeOf(entry);
  if (at - own >= -TOLERANCE && at - own <= LATE) return null;
  const wasMoved = own < at && ((before && timeOf(before) === at) || at % 1000 === 0);
  ensure(wasMoved, "own_date", { name, at: utc(own), entry: dated(entry) });
  return sentence("own_date_moved", { name, own: utc(own), at: utc(at) });
}

/** Whether a field is there and says something; the same as in Python, where empty lists and objects say nothing. */
function isSaid(value) {
  return Boolean(value) && (typeof value !== "object" || Object.keys(value).length > 0);
}
