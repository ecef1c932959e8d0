// The keys of the desk; "?" lists them. They do nothing in a text field, and can be turned off on the pages where they
// are named. Without this script, links and buttons do the same.
const named = document.querySelector("[data-keys]");
const button = named?.querySelector("button");
const help = document.querySelector("#help");
const OFF = "desk-keys-off";
const WRITING = "input, textarea, select, [contenteditable], audio, video, dialog";
const LISTS = "/admin/complaints/";
const PAGES = {
  o: "/admin/",
  m: `${LISTS}case/?queue=mine`,
  t: `${LISTS}case/?queue=team`,
  u: `${LISTS}case/?queue=urgent`,
  a: `${LISTS}case/?queue=open`,
  d: `${LISTS}clock/`,
};
let waitsForPage = false; // "g" was pressed last

function off() {
  return localStorage.getItem(OFF) === "1";
}

function say() {
  button.textContent = off() ? named.dataset.on : named.dataset.off;
  button.setAttribute("aria-pressed", String(off()));
}

const links = () => [...document.querySelectorAll("#result_list tbody th a")];
const row = () => document.activeElement?.closest("#result_list tbody tr");

function step(by) {
  if (!document.querySelector("#result_list")) {
    document.querySelector(by > 0 ? ".place a[rel=next]" : ".place a[rel=prev]")?.click();
    return;
  }
  const at = links().indexOf(row()?.querySelector("th a"));
  links()[at < 0 ? 0 : at + by]?.focus();
}

// Goes to the first of these that the page has; opens what is folded around it.
function goTo(...selectors) {
  const found = selectors.map((one) => document.querySelector(one)).find(Boolean);
  if (!found) return;
  for (let around = found.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  found.scrollIntoView({ block: "center" });
  found.focus();
}

function tick() {
  const box = row()?.querySelector("[type=checkbox]");
  if (!box) return;
  box.checked = !box.checked;
  count();
}

const KEYS = {
  "/": () => goTo("#search"),
  "?": () => help?.showModal(),
  j: () => step(1),
  k: () => step(-1),
  x: tick,
  o: () => row()?.querySelector("th a")?.click(),
  e: () => goTo(".next-step .do"),
  r: () => goTo('#messages form[action*="/reply/"] textarea', '#messages form[action*="/write/"] textarea'),
  n: () => goTo('#inside form[action*="/note/"] textarea'),
  d: () => (document.querySelector('.next-step a[href*="/decide/"]') ?? document.querySelector('.tabs a[href="#decision"]'))?.click(),
  g: () => {
    waitsForPage = true;
  },
};

if (named) {
  named.hidden = false;
  say();
  button.addEventListener("click", () => {
    localStorage.setItem(OFF, off() ? "0" : "1");
    say();
  });
}

addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229; // Safari has the code alone
  if (off() || event.ctrlKey || event.metaKey || event.altKey || composing || event.key === "Shift") return;
  if (event.target.closest?.(WRITING) && event.target.type !== "checkbox") return;
  const page = waitsForPage && PAGES[event.key];
  const act = page ? () => location.assign(page) : KEYS[event.key];
  waitsForPage = false;
  if (!act || !document.querySelector("#help")) return;
  event.preventDefault();
  act();
});

// The bar below a list says how many cases are chosen; one box chooses all of the page.
const boxes = [...document.querySelectorAll("#result_list [name=_selected_action]")];
const chosen = document.querySelector("[data-chosen]");
const all = document.querySelector("[data-tick-all]");

function count() {
  if (!chosen) return;
  const number = boxes.filter((one) => one.checked).length;
  const words = number === 1 ? chosen.dataset.one : chosen.dataset.many.replace("N", number);
  chosen.textContent = number ? words : "";
  const box = all.querySelector("input");
  box.checked = number === boxes.length;
  box.indeterminate = number > 0 && !box.checked;
}

if (chosen && all) {
  all.hidden = false;
  all.querySelector("input").addEventListener("change", (event) => {
    for (const one of boxes) one.checked = event.target.checked;
    count();
  });
  document.querySelector("#result_list").addEventListener("change", count);
  count();
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
