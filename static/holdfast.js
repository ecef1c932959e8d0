// Small conveniences. Every page works without them.
const OPENED = Date.now();
const MINUTE = 60000; // ms

/** What the promise gives. Fails when that takes longer than this many milliseconds. */
function within(longest, promise) {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("too late")), longest));
  return Promise.race([promise, late]);
}

// The way out. The other page opens at once; meanwhile the server closes here what was open in this browser.
const exit = document.querySelector("[data-exit]");
const LEFT = "left"; // in this tab's storage: when the way out was taken, in ms since 1970
function attempt(step) {
  try {
    return step();
  } catch {
    return null; // a browser that forbids it; nothing may delay who leaves
  }
}
function leave() {
  document.title = "";
  document.body.hidden = true; // at once, however slowly the other page loads
  dispatchEvent(new Event("leaving")); // what is being typed is saved before its draft is closed here
  attempt(() => sessionStorage.setItem(LEFT, String(Date.now())));
  const there = exit.dataset.exit; // empty on a page that may send nothing: then the server leads there
  const sent = there && attempt(() => navigator.sendBeacon(exit.href));
  location.replace(sent ? there : exit.href); // so that "back" does not return to this page
}
exit?.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
let escapes = [];
addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229; // an input method's own Escape; Safari has the code alone
  if (event.key !== "Escape" || composing) return;
  escapes = [...escapes, event.timeStamp].slice(-3);
  if (exit && escapes.length === 3 && escapes[2] - escapes[0] < 1500) leave();
});
// After "back", if the browser kept the page: one from before the way out was taken is asked for anew.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.body.hidden = attempt(() => Number(sessionStorage.getItem(LEFT))) > OPENED;
  if (document.body.hidden) location.reload();
});

for (const words of document.querySelectorAll("[data-scripted]")) words.hidden = false;

// A link to something in folded text opens it. Newer browsers do so themselves.
for (const link of document.querySelectorAll("a[href^='#']")) {
  const folded = document.getElementById(link.hash.slice(1))?.closest("details");
  if (folded) link.addEventListener("click", () => { folded.open = true; });
}

// Copying. Where the browser does not let a page copy, the text is selected, so that its reader can.
const COPIED = 2000; // ms within which a browser that may copy has done so
async function copy(button, refused) {
  const text = document.getElementById(button.dataset.copy);
  try {
    await within(COPIED, navigator.clipboard.writeText(text.textContent.trim()));
    refused.hidden = true;
    button.textContent = button.dataset.done;
  } catch {
    getSelection().selectAllChildren(text);
    refused.hidden = false;
    button.textContent = button.dataset.again;
  }
}
for (const button of document.querySelectorAll("[data-copy]")) {
  const refused = document.querySelector(`[data-refused="${button.dataset.copy}"]`);
  button.hidden = false;
  button.addEventListener("click", () => copy(button, refused));
}
// The phone's own way to pass a link on. Where it has none, the button beside this one copies.
async function share(button) {
  const text = document.getElementById(button.dataset.share);
  try {
    await navigator.share({ url: text.textContent.trim() });
  } catch (error) {
    if (error.name !== "AbortError") getSelection().selectAllChildren(text); // else its reader only changed their mind
  }
}
for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => share(button));
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
document.querySelector("[role=alert]")?.focus();

// The server closes a draft or a case when no request comes for some time. The page tells it that somebody is still
// here, warns before the end, and goes when it has come.
const idle = document.querySelector("[data-idle]");
const WARNED = 2 * MINUTE; // before the end
const STILL_HERE = 5 * MINUTE; // between two requests that say so
let touched = Date.now();
let said = touched;
let isClosing = false;
async function close() {
  if (isClosing) return;
  isClosing = true;
  if (!idle.dataset.idleTo) return location.reload();
  dispatchEvent(new Event("leaving")); // what was typed is saved first
  document.body.hidden = true;
  await within(ANSWERED, fetch(exit.href, { method: "POST" })).catch(() => {});
  location.replace(idle.dataset.idleTo);
}
function look() {
  const now = Date.now();
  const left = Number(idle.dataset.idle) * MINUTE - (now - touched);
  const warning = document.querySelector("[data-idle-warning]");
  if (warning) warning.hidden = left > WARNED;
  if (left <= 0) return close();
  if (touched <= said || now - said < STILL_HERE) return;
  said = now;
  fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => {});
}
if (idle) {
  const touch = () => {
    const over = Date.now() - touched >= Number(idle.dataset.idle) * MINUTE;
    if (!over) touched = Date.now();
    look();
  };
  // The last two: something plays; files are sent, or somebody records.
  for (const kind of ["pointerdown", "keydown", "scroll", "timeupdate", "busy"]) addEventListener(kind, touch, true);
  document.addEventListener("visibilitychange", look);
  setInterval(look, MINUTE / 2);
}

// Without a connection, the browser would replace the page and what was typed by its own error page. But a browser
// that says it has none may be wrong, so the server is asked. If it does not answer, the reader decides: the next
// press sends the form in any case.
const offline = document.querySelector("[data-offline]");
const ANSWERED = 5000; // ms to wait for the server
let mayBeSent = false;
let isSent = false;

async function reached() {
  try {
    await within(ANSWERED, fetch(import.meta.url, { method: "HEAD", cache: "no-store" }));
    return true;
  } catch {
    return false;
  }
}

document.addEventListener("submit", async (event) => {
  if (navigator.onLine || !offline || mayBeSent) {
    isSent = true;
    return;
  }
  const { target: form, submitter } = event;
  event.preventDefault();
  event.stopPropagation();
  mayBeSent = true; // at the next press
  const found = await reached();
  if (isSent) return;
  if (found) return submitter ? submitter.click() : form.submit();
  offline.hidden = false;
  offline.focus();
}, true);
addEventListener("online", () => {
  mayBeSent = false;
  if (offline) offline.hidden = true;
});
