// Saves a step while somebody types, to the address that the page names. Without this script the buttons save it.
const part = document.querySelector("[data-autosave]");
const form = part.closest("form");
const news = document.getElementById("saved");
const PAUSE = 2000; // ms after the last key
const LONGEST = 10000; // ms to wait for an answer
const SCRIPT = { Accept: "text/plain" }; // answered by a sentence instead of a page
let timer;
let busy = false;
let running = Promise.resolve();
let last = typed().toString();
// The last save, if it got no answer. It may have arrived: the server takes it for this tab's then, and not another's.
const unanswered = Object.assign(document.createElement("input"), { type: "hidden", name: "unanswered", disabled: true });
form.append(unanswered);

// What is written in the form, without its files.
function typed() {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

async function save() {
  clearTimeout(timer);
  const body = typed();
  if (body.toString() === last) return;
  busy = true;
  const carried = new URLSearchParams(body);
  if (unanswered.value) carried.set("unanswered", unanswered.value);
  const answer = await sent(carried).catch(() => null).finally(() => (busy = false));
  if (!answer) {
    unanswered.value = body.toString();
    news.textContent = part.dataset.failed;
    timer = setTimeout(soon, 15000);
    return;
  }
  news.textContent = answer.sentence;
  if (!answer.mark) return;
  unanswered.value = "";
  form.elements.seen.value = answer.mark;
  body.set("seen", answer.mark);
  last = body.toString();
}

/** The server's sentence and, when it saved, the new mark. Fails when it does not answer in time, or with a page. */
async function sent(body) {
  const keepalive = body.toString().length < 60000; // browsers send no more than this while a page closes
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("too late")), LONGEST));
  const answer = await Promise.race([late, fetch(part.dataset.autosave, { method: "POST", body, keepalive, headers: SCRIPT })]);
  if (!(answer.headers.get("Content-Type") || "").startsWith("text/plain")) throw new Error(String(answer.status));
  const mark = answer.ok ? answer.headers.get("ETag").replace(/"/g, "") : "";
  return { sentence: await answer.text(), mark };
}

// One after the other, so that each carries the mark of what the one before saved.
function soon() {
  running = running.then(save, save);
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(soon, PAUSE);
});
// A save on its way ends before the form is sent, so that the form carries its mark and is not refused as outdated.
// Its button is pressed again then: requestSubmit is younger than the oldest browsers supported.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  unanswered.disabled = !unanswered.value;
  if (!busy) return;
  event.preventDefault();
  const { submitter } = event;
  running.finally(() => (submitter ? submitter.click() : form.submit()));
});
// By the way out, which closes the draft in this browser: so this has to be sent before, not after this turn.
addEventListener("leaving", () => {
  if (busy) soon();
  else running = save();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") soon();
});
