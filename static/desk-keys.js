// The keys j and k go through a queue: from row to row in the list, from case to case on the page of a case. They do
// nothing in a text field, and can be turned off. Without this script, links do the same.
const told = document.querySelector("[data-keys]");
const button = told?.querySelector("button");
const OFF = "desk-keys-off";
const WRITING = "input, textarea, select, [contenteditable], audio, video";

function off() {
  return localStorage.getItem(OFF) === "1";
}

function say() {
  button.textContent = off() ? told.dataset.on : told.dataset.off;
  button.setAttribute("aria-pressed", String(off()));
}

function toRow(step) {
  const links = [...document.querySelectorAll("#result_list tbody th a")];
  const at = links.indexOf(document.activeElement?.closest("tr")?.querySelector("th a"));
  links[at < 0 ? 0 : at + step]?.focus();
}

function toCase(step) {
  document.querySelector(step > 0 ? ".place a[rel=next]" : ".place a[rel=prev]")?.click();
}

if (told) {
  told.hidden = false;
  say();
  button.addEventListener("click", () => {
    localStorage.setItem(OFF, off() ? "0" : "1");
    say();
  });
  addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    const composing = event.isComposing || event.keyCode === 229; // Safari has the code alone
    if (!step || off() || event.ctrlKey || event.metaKey || event.altKey || composing) return;
    if (event.target.closest?.(WRITING) && event.target.type !== "checkbox") return;
    event.preventDefault();
    if (told.dataset.keys === "rows") toRow(step);
    else toCase(step);
  });
}

// Shows the progress of a bulk step until it has ended.
const running = document.querySelector("[data-running]");
if (running) {
  const look = async () => {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-running]");
    if (!now) return location.reload();
    running.replaceChildren(...now.childNodes);
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
