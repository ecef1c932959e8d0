// Checks of timestamps that need not read the tokens: which files the ledger names, and what stamped checkpoints prove
// about the ledger. Only holdfast_verify.py reads tokens: who issued them, and for what.
import { hex, unbase64, utf8 } from "./bytes.js";
import { Broken, ensure, sentence } from "./broken.js";
import { field } from "./canonical.js";
import { checkFields } from "./closed.js";
import { compareLedgers, moment } from "./ledger.js";
import { checkNote } from "./note.js";
import { sha256 } from "./sha2.js";

export const TOLERANCE = 5 * 60 * 1e6; // microseconds between the portal's clock and an authority's

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
  const anchored = checkNote(note, ledger.key);
  const what = sentence("checkpoint_of", { size: anchored.size });
  ensure(compareLedgers(ledger, anchored, what), "anchor_unproved", { what });
  return anchored.size;
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
