// Saves a step while somebody types, to the address that the page names. Without this script the buttons save it.
const part = document.querySelector("[data-autosave]");
const form = part.closest("form");
const news = document.getElementById("saved");
const PAUSE = 2000; // ms after the last key
const LONGEST = 10000; // ms to wait for an answer
let timer;
let busy = false;
let running = Promise.resolve();
let last = new URLSearchParams(new FormData(form)).toString();

async function save() {
  clearTimeout(timer);
  const body = new URLSearchParams(new FormData(form));
  const now = body.toString();
  if (now === last) return;
  try {
    const keepalive = now.length < 60000; // browsers send no more than this while a page closes
    busy = true;
    const signal = AbortSignal.timeout(LONGEST);
    const answer = await fetch(part.dataset.autosave, { method: "POST", body, keepalive, signal });
    const plain = (answer.headers.get("Content-Type") ?? "").startsWith("text/plain");
    if (!plain) throw new Error(String(answer.status));
    news.textContent = await answer.text();
    if (!answer.ok) return;
    form.elements.seen.value = answer.headers.get("ETag").replaceAll('"', "");
    body.set("seen", form.elements.seen.value);
    last = body.toString();
  } catch {
    news.textContent = part.dataset.failed;
    timer = setTimeout(soon, 15000);
  } finally {
    busy = false;
  }
}

// One after the other, so that each carries the mark of what the one before saved.
function soon() {
  running = running.then(save);
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(soon, PAUSE);
});
// A save on its way ends before the form is sent, so that the form carries its mark and is not refused as outdated.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!busy) return;
  event.preventDefault();
  const { submitter } = event;
  running.then(() => form.requestSubmit(submitter));
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") soon();
});
