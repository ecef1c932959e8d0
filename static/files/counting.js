// How many files go at once, how many have arrived; and while some are on their way, the screen stays on.
import { showKept, watchAgain } from "./cards.js";
import { forget } from "./twins.js";
import { say } from "./words.js";

const AT_ONCE = 3;
const total = document.getElementById("upload-total");
const counts = { all: 0, done: 0 }; // files chosen here and not taken away, and those of them that have arrived
const waiting = [];
const active = new Set();

/** Chosen here and neither arrived nor taken away: waiting, going, paused, failed. */
export const unsent = new Set();

function next() {
  while (active.size < AT_ONCE && waiting.length) {
    const upload = waiting.shift();
    if (upload.stopped) continue;
    active.add(upload);
    upload.ended = upload.run().finally(() => { active.delete(upload); next(); });
  }
  count();
}

export const turns = {
  /** A file is chosen. `again` lets it go. */
  begin(upload) {
    unsent.add(upload);
    counts.all += 1;
  },

  again(upload) {
    waiting.push(upload);
    next();
  },

  without(upload) {
    waiting.splice(0, waiting.length, ...waiting.filter((each) => each !== upload));
  },

  /** It will not be sent. */
  ended(upload) {
    forget(upload);
    if (unsent.delete(upload)) counts.all -= 1;
    count();
  },

  async arrived(upload) {
    unsent.delete(upload);
    counts.done += 1;
    await showKept().then(() => upload.row.remove(), () => {}); // without a connection the row stays
    forget(upload); // its card is here now
    watchAgain();
  },
};

let lock;
async function count() {
  total.textContent = counts.all ? say(total.dataset.total, counts) : "";
  if (!active.size) {
    lock?.release().catch(() => {});
    lock = null;
  } else if (!lock && navigator.wakeLock && !document.hidden) {
    lock = await navigator.wakeLock.request("screen").catch(() => null);
    if (!active.size) count();
  }
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) lock = null; // the browser has let it go
  count();
});
