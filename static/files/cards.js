// The cards of the files that have arrived: drawn again as the server draws them, without what was typed being lost.
const kept = document.getElementById("kept");
const form = kept.closest("form");

/** Fetch the page and draw its cards. */
export async function showKept() {
  draw(new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html"));
}

/** Draw the cards of this page. Those that have not changed stay, with what was typed. */
export function draw(page) {
  const cards = [...page.querySelectorAll("#kept > [data-exhibit]")];
  const known = new Set(cards.map((card) => card.dataset.exhibit));
  for (const here of [...kept.children]) if (!known.has(here.dataset.exhibit)) here.remove();
  cards.forEach((card, at) => {
    const node = drawn(kept.querySelector(`[data-exhibit="${card.dataset.exhibit}"]`), card);
    if (node !== kept.children[at]) kept.insertBefore(node, kept.children[at] || null);
  });
}

// The card to show: the one that is here, unless there is more to see now and nobody is writing in it.
function drawn(here, card) {
  if (!here) return card;
  for (const name of [".place", ".moves", ".twin"]) {
    const [old, fresh] = [here.querySelector(name), card.querySelector(name)];
    if (old && fresh) old.innerHTML = fresh.innerHTML;
  }
  if (here.dataset.copies === card.dataset.copies || here.contains(document.activeElement)) return here;
  for (const field of here.querySelectorAll("input, textarea, select")) {
    const there = card.querySelector(`[name="${field.name}"]`);
    if (there) there.value = field.value;
  }
  here.querySelectorAll("details").forEach((fold, at) => {
    const there = card.querySelectorAll("details")[at];
    if (there) there.open = fold.open;
  });
  here.replaceWith(card);
  return card;
}

/** Press a button of the form without leaving the page, and draw what it leads to. Fails if the page then has more to
 *  say than its cards do. */
export async function pressed(button) {
  const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  body.set(button.name, button.value);
  const text = await (await fetch(location.href, { method: "POST", body })).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const seen = page.querySelector("#step [name=seen]");
  if (!seen || page.querySelector("[role=alert]")) throw new Error("the page has more to say");
  draw(page);
  form.elements.seen.value = seen.value;
}

/** Let these buttons of the form act without leaving the page. `then` runs after that; where anything is in the way,
 *  the button does what it does without this script. */
export function pressInPlace(selector, then) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest(selector);
    if (!button || button.dataset.plain) return;
    event.preventDefault();
    pressed(button).then(() => then(button), () => { button.dataset.plain = "1"; button.click(); });
  });
}

// Look now and then whether the copies have been made. It ends: then the page says that it can be loaded again.
const LOOKS = [2, 3, 5, 8, 13, 21, 34, 60, 120]; // seconds between two looks
let looks = 0;
let look;
let waited = 0;

function watch() {
  clearTimeout(look);
  const waits = document.querySelectorAll('#kept [data-copies="wait"]').length;
  if (waits < waited) looks = Math.min(looks, 2);
  waited = waits;
  for (const part of document.querySelectorAll("[data-late]")) part.hidden = !waits || looks < LOOKS.length;
  if (!waits || looks >= LOOKS.length) return;
  look = setTimeout(() => {
    if (document.hidden) return watch();
    looks += 1;
    return showKept().then(watch, watch);
  }, 1000 * LOOKS[looks]);
}

/** Look again for copies, from the shortest pause on: a file has arrived, or the page is new. */
export function watchAgain() {
  looks = 0;
  watch();
}
