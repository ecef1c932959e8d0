// The authorities whose timestamps are verified, and what a stamp over a digest or over a checkpoint proves.
import { utf8 } from "./bytes.js";
import { Broken, ensure, sentence } from "./broken.js";
import { TOLERANCE, compareLedgers, moment, timeOf } from "./ledger.js";
import { checkNote, keyAt, parseNote } from "./note.js";
import { sha256 } from "./sha2.js";
import { listedAuthorities } from "./stamps.js";
import { checkTimestamp } from "./tokens.js";

const SECOND = 1e6; // in microseconds

/**
 * The roots that timestamps are verified with: those from outside, and those of `own` (the bundle's) that a kept
 * receipt lists. If nothing from outside was given, all of `own`, which makes the result doubtful.
 */
export class Authorities {
  constructor(outside, own, paper, report) {
    const kept = outside.receipts.map(({ receipt }) => listedAuthorities(receipt.document));
    const pinned = new Set(kept.flatMap((listed) => [...listed.keys()]));
    this.areKnown = outside.roots.length > 0 || pinned.size > 0;
    const trusted = this.areKnown ? own.filter(({ digest }) => pinned.has(digest)) : own;
    Object.assign(this, { report, roots: [...outside.roots, ...trusted] });
    this.listed = new Map([...kept, listedAuthorities(paper)].flatMap((listed) => [...listed]));
  }

  /** Verify a stamp over a digest. Returns its time and the authority's name: `called`, or that of its root. */
  checkStamp(response, query, digest, called = "") {
    const { time, root } = checkTimestamp(response, query, digest, this.roots);
    const listed = this.listed.get(root.digest) ?? { name: sentence("an_authority"), isLocal: false };
    const authority = called || listed.name;
    if (listed.isLocal || root.isLocalClock) {
      this.report.isDated = false;
      this.report.caution(sentence("local_clock", { authority }));
    }
    if (!this.areKnown) this.report.doubt(sentence("doubt_roots"));
    return { time, authority };
  }

  /** Verify a stamp over a signed checkpoint, which the ledger must extend: {size, time, says}. */
  async checkAnchor(note, query, response, ledger) {
    const anchored = checkNote(note, keyAt(ledger, parseNote(note).size));
    const what = sentence("checkpoint_of", { size: anchored.size });
    ensure(compareLedgers(ledger, anchored, what), "anchor_unproved", { what });
    return explained("anchor_broken", { what }, () => {
      const { time, authority } = this.checkStamp(response, query, sha256(utf8(note)));
      const written = ledger.entries.filter(({ place }) => place < anchored.size).map(timeOf);
      ensure(written.every((at) => time >= at - TOLERANCE), "anchor_early");
      const at = new Date(Math.floor(time / 1000)).toISOString().slice(0, 19).replace("T", " ");
      return { size: anchored.size, time, says: sentence("anchor", { size: anchored.size, at, authority }) };
    });
  }
}

/** Run a check of a stamp. The sentence of a failure begins with what the stamp is of. */
export async function explained(key, values, check) {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Broken) throw new Broken(key, { ...values, why: error.says });
    throw error;
  }
}

/** Whether a recorded time is the token's. Earlier portals cut it to whole seconds. */
export function isTimeOf(time, recorded, what) {
  return [time, Math.floor(time / SECOND) * SECOND].includes(moment(recorded, what));
}

/** The sentences of several stamped checkpoints, one after the other. */
export function anchorsSay(found) {
  if (!found.length) return sentence("no_anchors");
  return found.map(({ says }) => says).reduce((before, next) => sentence("one_after_the_other", { before, next }));
}
