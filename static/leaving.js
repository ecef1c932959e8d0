// Asks in the page before it is left while something is under way that would be lost. The way out asks nothing.
const box = document.querySelector("[data-ask]");
const sentence = box.querySelector("[data-sentence]");
const [go, stay] = ["[data-go]", "[data-stay]"].map((name) => box.querySelector(name));
let asked = false; // and its reader goes
let goOn;
let from;

function ask(text, then) {
  sentence.textContent = text;
  goOn = then;
  from = document.activeElement;
  box.hidden = false;
  stay.focus();
}

go.addEventListener("click", () => {
  asked = true;
  box.hidden = true;
  goOn();
});
stay.addEventListener("click", () => {
  box.hidden = true;
  from?.focus();
});

/** Where a link leads within this tab; "" if the page stays. */
function leadsTo(event) {
  const link = event.target.closest("a[href]");
  const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
  if (!link || isElsewhere || event.defaultPrevented || link.target || link.hasAttribute("download")) return "";
  if ("exit" in link.dataset || !/^https?:$/.test(link.protocol)) return "";
  const { origin, pathname, search } = location;
  return link.origin === origin && link.pathname === pathname && link.search === search ? "" : link.href;
}

/** Ask while `lost(button)` gives a sentence that says what would be lost; "" if nothing. `button` is the one that
 *  sends the page's form, and null for a link. `mayGo` says which ways are never asked about by the browser itself. */
export function askBefore(form, lost) {
  form.addEventListener("submit", (event) => {
    const text = asked ? "" : lost(event.submitter);
    if (!text) return void (asked = true);
    event.preventDefault();
    const { submitter } = event;
    ask(text, () => (submitter ? submitter.click() : form.submit()));
  });
  document.addEventListener("click", (event) => {
    const address = asked ? "" : leadsTo(event);
    const text = address && lost(null);
    if (!text) return;
    event.preventDefault();
    ask(text, () => location.assign(address));
  });
  // Closing the tab and “back”: only the browser can ask there. A hidden page is left by the way out.
  addEventListener("beforeunload", (event) => {
    if (!asked && !document.body.hidden && lost(null)) event.preventDefault();
  });
}
