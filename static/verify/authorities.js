// The authorities whose timestamps are verified, and what a stamp over a digest or over a checkpoint proves.
import { hex, utf8 } from "./bytes.js";
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
    const kept = outside.receipts.flatMap(({ receipt }) => listedAuthorities(receipt.document));
    const pinned = new Set(kept.map(({ digest }) => digest));
    this.areKnown = outside.roots.length > 0 || pinned.size > 0;
    const trusted = this.areKnown ? own.filter(({ digest }) => pinned.has(digest)) : own;
    Object.assign(this, { report, roots: [...outside.roots, ...trusted] });
    this.here = listedAuthorities(paper);
    this.listed = [...this.here, ...kept];
    this.seen = new Set(); // SHA-256 of the stamps over checkpoints so far
  }

  /** Verify a stamp over a digest. Returns its time and the name of its authority. The paper must list the stamp's root
   *  by a name that `isCalled` accepts, which says what the stamp is said to be of. */
  checkStamp(response, query, digest, isCalled) {
    const { time, root } = checkTimestamp(response, query, digest, this.roots);
    const here = this.here.filter((one) => one.digest === root.digest).map(({ name }) => name);
    const name = here.find(isCalled);
    ensure(name !== undefined || !here.length, "stamp_of_another", { names: here.join(", ") });
    const listed = this.listed.filter((one) => one.digest === root.digest);
    this.noteNames([...new Set(listed.map((one) => one.name))].sort(byLetters));
    const authority = name ?? sentence("an_authority");
    if (root.isLocalClock || listed.some(({ isLocal }) => isLocal)) {
      this.report.isDated = false;
      this.report.caution(sentence("local_clock", { authority }));
    }
    if (!this.areKnown) this.report.doubt(sentence("doubt_roots"));
    return { time, authority };
  }

  noteNames(names) {
    if (!names.length) this.report.caution(sentence("authority_not_listed"));
    else if (names.length > 1) this.report.caution(sentence("one_authority", { names: names.join(", ") }));
  }

  /** Verify a stamp over a signed checkpoint, which the ledger must extend and which was not there before:
   *  {size, time, says}. `isCalled` is as in checkStamp. */
  async checkAnchor(note, query, response, ledger, isCalled) {
    const anchored = checkNote(note, keyAt(ledger, parseNote(note).size));
    const what = sentence("checkpoint_of", { size: anchored.size });
    ensure(compareLedgers(ledger, anchored, what), "anchor_unproved", { what });
    return explained("anchor_broken", { what }, () => {
      ensure(!this.seen.has(hex(sha256(response))), "anchor_twice");
      this.seen.add(hex(sha256(response)));
      const { time, authority } = this.checkStamp(response, query, sha256(utf8(note)), isCalled);
      const written = ledger.entries.filter(({ place }) => place < anchored.size).map(timeOf);
      ensure(written.every((at) => time >= at - TOLERANCE), "anchor_early");
      const at = new Date(Math.floor(time / 1000)).toISOString().slice(0, 19).replace("T", " ");
      return { size: anchored.size, time, says: sentence("anchor", { size: anchored.size, at, authority }) };
    });
  }
}

/** The order of names by their characters, as in holdfast_verify.py. */
function byLetters(one, other) {
  const [a, b] = [one, other].map((text) => Array.from(text, (letter) => letter.codePointAt(0)));
  const at = a.findIndex((letter, place) => letter !== b[place]);
  return at < 0 ? a.length - b.length : a[at] - (b[at] ?? -1);
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
