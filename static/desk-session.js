// Warns five minutes before the session of the desk ends, and lets its member stay signed in. Any page of the desk
// that is opened in another tab counts too. The server decides; this only counts the seconds that it named.
const notice = document.querySelector("[data-session]");
const WARNED = 300; // seconds before the end
const SEEN = "desk-seen"; // when the last page of the desk was loaded, in any tab
const words = notice?.dataset;
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
const text = notice?.querySelector("[data-text]");
const stay = notice?.querySelector("button");
let loaded = Date.now();
let idle;
let end;

function began(values) {
  loaded = Date.now();
  idle = Number(values.idle);
  end = Number(values.end);
  localStorage.setItem(SEEN, String(loaded));
  look();
}

function show(sentence, { canStay }) {
  if (!notice.hidden && text.textContent === sentence) return;
  text.textContent = sentence;
  stay.hidden = !canStay;
  notice.hidden = false;
}

function look() {
  const now = Date.now();
  const seen = Math.max(loaded, Number(localStorage.getItem(SEEN)) || 0);
  const idleLeft = idle - (now - seen) / 1000;
  const endLeft = end - (now - loaded) / 1000;
  if (Math.min(idleLeft, endLeft) <= 0) return show(words.over, { canStay: false });
  if (endLeft <= WARNED) return show(words.last, { canStay: false });
  if (idleLeft <= WARNED) return show(words.soon, { canStay: true });
  notice.hidden = true;
}

async function ask() {
  try {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token });
    const answer = await fetch(words.stay, { method: "POST", body, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    began(await answer.json());
  } catch {
    show(words.failed, { canStay: true });
  }
}

if (notice) {
  began(words);
  setInterval(look, 5000);
  addEventListener("visibilitychange", look);
  stay.addEventListener("click", ask);
}
