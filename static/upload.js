// Sends the files of a draft in pieces (tus 1.0), so that a lost connection, a closed page or a change of phone costs
// at most the piece on its way. Without this script the form sends whole files. The server lists unfinished uploads;
// this device remembers nothing.
const TUS = { "Tus-Resumable": "1.0.0" };
const KIB = 1024;
const SMALLEST = 128 * KIB;
const LARGEST = 4096 * KIB;
const AT_ONCE = 3;
const STALLED = 30000; // ms without progress
const LONGEST_WAIT = 30; // seconds between two tries
const UNREAD = 60000; // ms after which a file that the device does not give back counts as unreadable

const drop = document.querySelector("[data-uploads]");
const list = document.getElementById("uploads");
const model = document.getElementById("upload-row");
const news = document.getElementById("upload-news");
const words = model.dataset;
const language = document.documentElement.lang;
const total = document.getElementById("upload-total");
const counts = { all: 0, done: 0 }; // files chosen here and not taken away, and those of them that have arrived
const waiting = [];
const active = new Set();
const unsent = new Set(); // chosen here and neither arrived nor taken away: waiting, going, paused, failed

class Refused extends Error {} // not worth another try; the message is a sentence for the reader
class Interrupted extends Error { // worth another try, after `seconds` if the server names them
  constructor(seconds = 0, sentence = "") {
    super(sentence);
    this.seconds = seconds;
  }
}

function unit(number, name, digits = 0) {
  return new Intl.NumberFormat(language, {
    style: "unit", unit: name, unitDisplay: name.endsWith("byte") ? "short" : "long", maximumFractionDigits: digits,
  }).format(number);
}

// Units of 1024, as in the server's sentences.
function bytes(count) {
  const [kilo, mega] = [count / KIB, count / KIB / KIB];
  return mega < 1 ? unit(Math.max(1, Math.round(kilo)), "kilobyte") : unit(mega, "megabyte", mega < 10 ? 1 : 0);
}

function duration(seconds) {
  if (seconds < 60) return unit(Math.max(1, Math.ceil(seconds / 5) * 5), "second");
  return seconds < 5400 ? unit(Math.ceil(seconds / 60), "minute") : unit(Math.ceil(seconds / 3600), "hour");
}

function say(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

function base64(data) {
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}

// The bytes of a file, or of a part of it. The device may have moved or deleted it since it was chosen, or may never
// fetch it from a cloud drive.
async function read(part) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(reject, UNREAD); });
  try {
    const data = await Promise.race([part.arrayBuffer(), late]);
    if (data.byteLength !== part.size) throw new Error("the file is shorter than it was");
    return data;
  } catch {
    throw new Refused(words.unreadable);
  } finally {
    clearTimeout(timer);
  }
}

// Recognises a file on any device by its size, beginning and end.
async function fingerprint(file) {
  if (!crypto.subtle) return "";
  const ends = new Blob([String(file.size), file.slice(0, 256 * KIB), file.slice(-256 * KIB)]);
  return Array.from(await sha256(await read(ends)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Upload {
  constructor(file, place) {
    this.file = file;
    this.place = place; // in the order of choosing, in microseconds
    this.most = 0; // bytes shown as sent: what is shown never goes back
    this.offset = 0;
    this.piece = 1024 * KIB;
    this.marks = []; // [time, bytes sent] of the last seconds
    this.row = model.content.firstElementChild.cloneNode(true);
    this.row.querySelector("[data-name]").textContent = file.name;
    this.bar = this.row.querySelector("progress");
    this.bar.max = file.size;
    this.bar.setAttribute("aria-label", file.name);
    for (const action of ["pause", "resume", "cancel"]) {
      this.button(action).addEventListener("click", () => this[action]());
    }
    this.show(words.waiting);
    list.append(this.row);
    unsent.add(this);
  }

  button(action) {
    return this.row.querySelector(`[data-${action}]`);
  }

  show(text, { aloud = false, bad = false } = {}) {
    const state = this.row.querySelector("[data-state]");
    state.textContent = text;
    state.classList.toggle("bad", bad);
    if (aloud) news.textContent = `${this.file.name}: ${text}`;
  }

  async run() {
    let tries = 0;
    while (!this.stopped) {
      try {
        if (!this.url) await this.find();
        else await this.ask();
        await this.send(() => { tries = 0; });
        return await this.arrived();
      } catch (problem) {
        if (this.stopped) return;
        if (problem instanceof Refused) return this.refused(problem.message);
        if (!(problem instanceof Interrupted)) {
          console.error(problem); // nobody foresaw it; the file's row still says that it was not sent
          return this.refused(words.failed);
        }
        this.piece = Math.max(SMALLEST, this.piece / 2);
        await this.rest(problem.seconds || Math.min(LONGEST_WAIT, 2 ** tries), problem.message);
        tries += 1;
      }
    }
  }

  // Find the upload of an earlier visit or another device; else announce the file.
  async find() {
    this.print ??= await fingerprint(this.file);
    if (this.stopped) return;
    const known = this.print && list.querySelector(`[data-fingerprint="${this.print}"]`);
    if (known) {
      this.url = known.dataset.url;
      known.replaceWith(this.row);
      return this.ask();
    }
    const name = base64(new TextEncoder().encode(this.file.name.slice(0, 255)));
    const metadata = `filename ${name}${this.print ? `,fingerprint ${btoa(this.print)}` : ""}`;
    const answer = await this.request("POST", drop.dataset.uploads, {
      headers: { "Upload-Length": this.file.size, "Upload-Metadata": metadata, "Upload-Place": this.place },
    });
    this.url = answer.getResponseHeader("Location");
    this.offset = Number(answer.getResponseHeader("Upload-Offset")); // not 0 if an earlier answer was lost
  }

  async ask() {
    const answer = await this.request("HEAD", this.url).catch((problem) => {
      if (!(problem instanceof Refused)) throw problem;
      this.url = null; // the server no longer has it: begin again
      throw new Interrupted();
    });
    this.offset = Number(answer.getResponseHeader("Upload-Offset"));
  }

  async send(progressed) {
    this.marks = [];
    while (this.offset < this.file.size && !this.stopped) {
      const data = await read(this.file.slice(this.offset, this.offset + this.piece));
      const headers = { "Upload-Offset": this.offset, "Content-Type": "application/offset+octet-stream" };
      if (crypto.subtle) headers["Upload-Checksum"] = `sha256 ${base64(await sha256(data))}`;
      if (this.stopped) return;
      const began = performance.now();
      const answer = await this.request("PATCH", this.url, { headers, data });
      this.offset = Number(answer.getResponseHeader("Upload-Offset"));
      const took = performance.now() - began;
      if (took < 4000) this.piece = Math.min(LARGEST, this.piece * 2);
      if (took > 20000) this.piece = Math.max(SMALLEST, this.piece / 2);
      progressed();
    }
  }

  request(method, url, { headers = {}, data = null } = {}) {
    return new Promise((resolve, reject) => {
      const request = (this.current = new XMLHttpRequest());
      let watch;
      const alive = () => { clearTimeout(watch); watch = setTimeout(() => request.abort(), STALLED); };
      const ended = (settle, value) => { clearTimeout(watch); settle(value); };
      request.open(method, url);
      for (const [name, value] of Object.entries({ ...TUS, ...headers })) request.setRequestHeader(name, value);
      request.onerror = request.onabort = () => ended(reject, new Interrupted());
      request.upload.onprogress = (event) => { alive(); this.progress(event.loaded); };
      request.onload = () => {
        const { status } = request;
        if (status < 300) return ended(resolve, request);
        if (status >= 500) return ended(reject, this.away(request));
        if ([400, 409, 423, 460].includes(status)) return ended(reject, new Interrupted());
        return ended(reject, new Refused(request.responseText || words.failed));
      };
      alive();
      request.send(data);
    });
  }

  // What the server says is wrong, such as a full disk.
  away(request) {
    const told = request.getResponseHeader("Content-Type")?.startsWith("text/plain") ? request.responseText : "";
    return new Interrupted(Number(request.getResponseHeader("Retry-After")) || 0, told);
  }

  progress(loaded) {
    dispatchEvent(new Event("busy")); // so the draft is not closed as if nobody were here
    const sent = Math.min(this.offset + loaded, this.file.size);
    const now = performance.now();
    this.marks = [...this.marks.filter(([time]) => now - time < 8000), [now, sent]];
    const [[since, from]] = this.marks;
    const speed = ((sent - from) / (now - since)) * 1000;
    this.most = Math.max(this.most, sent);
    this.bar.value = this.most;
    const values = { done: bytes(this.most), size: bytes(this.file.size) };
    if (now - since < 700 || !(speed > 0)) return this.show(say(words.begun, values));
    const left = duration((this.file.size - sent) / speed);
    return this.show(say(words.going, { ...values, speed: bytes(speed), left }));
  }

  // Wait before the next try, but no longer than until the network is back.
  rest(seconds, sentence) {
    const again = say(words.again, { wait: unit(seconds, "second") });
    this.show(`${sentence || words.offline} ${again}`, { aloud: true });
    return new Promise((resolve) => {
      const go = () => { clearTimeout(timer); removeEventListener("online", go); resolve(); };
      const timer = setTimeout(go, seconds * 1000 * (0.75 + Math.random() / 2));
      addEventListener("online", go);
      this.wake = go;
    });
  }

  pause() {
    this.halt();
    this.going = null;
    waiting.splice(0, waiting.length, ...waiting.filter((each) => each !== this));
    this.toggle(true);
    this.show(say(words.paused, { done: bytes(Math.max(this.most, this.offset)), size: bytes(this.file.size) }), { aloud: true });
    this.button("resume").focus();
  }

  async resume() {
    const going = (this.going = {});
    this.toggle(false);
    this.show(words.waiting);
    this.button("pause").focus();
    await this.ended; // the paused run may not have ended yet
    if (this.going !== going) return;
    this.stopped = false;
    waiting.push(this);
    next();
  }

  async cancel() {
    this.halt();
    unsent.delete(this);
    counts.all -= 1;
    count();
    this.row.remove();
    drop.querySelector("input").focus();
    await this.ended;
    if (this.url) await this.request("DELETE", this.url).catch(() => {});
  }

  halt() {
    this.stopped = true;
    this.current?.abort();
    this.wake?.();
  }

  toggle(paused) {
    this.button("pause").hidden = paused;
    this.button("resume").hidden = !paused;
  }

  refused(sentence) {
    this.url = null;
    this.bar.hidden = this.button("pause").hidden = this.button("resume").hidden = true;
    this.button("cancel").textContent = words.close;
    this.show(sentence, { aloud: true, bad: true });
  }

  async arrived() {
    if (this.stopped) return;
    unsent.delete(this);
    counts.done += 1;
    this.bar.value = this.file.size;
    this.show(words.arrived, { aloud: true });
    await showKept().then(() => this.row.remove(), () => {}); // without a connection the row stays
    looks = 0;
    watch();
  }
}

// Draw the files as the server does now. Cards that have not changed stay, with what was typed.
async function showKept() {
  draw(new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html"));
}

function draw(page) {
  const kept = document.getElementById("kept");
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
  for (const name of [".place", ".moves"]) {
    const part = here.querySelector(name);
    if (part) part.innerHTML = card.querySelector(name).innerHTML;
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

// How many have arrived. While some are on their way, the screen stays on where the browser can do that.
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

function next() {
  while (active.size < AT_ONCE && waiting.length) {
    const upload = waiting.shift();
    if (upload.stopped) continue;
    active.add(upload);
    upload.ended = upload.run().finally(() => { active.delete(upload); next(); });
  }
  count();
}

let lastPlace = 0;
function take(files) {
  const chosen = Math.round(Number(drop.dataset.now) * 1e6 + performance.now() * 1000);
  for (const file of files) {
    lastPlace = Math.max(lastPlace + 1, chosen);
    waiting.push(new Upload(file, lastPlace));
    counts.all += 1;
  }
  next();
}

function takeFrom(input) {
  take([...input.files]);
  input.value = ""; // so that the form does not send them as well
}

for (const input of drop.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => takeFrom(input));
  input.required = false; // it is so for the style sheet alone, without this script
  if (input.files.length) takeFrom(input); // chosen before this script was loaded
}
// Files that are dropped anywhere on the page, or pasted into it.
addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  drop.classList.add("over");
});
addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
});
addEventListener("paste", (event) => {
  const files = event.clipboardData?.files || [];
  if (!files.length) return;
  event.preventDefault();
  take([...files]);
});
for (const part of document.querySelectorAll("[data-plain]")) part.hidden = true;
watch();
for (const part of document.querySelectorAll("[data-lively]")) part.hidden = false;

// Ask before the page goes on without a file: one chosen here, or an unfinished one of an earlier visit.
let asked = false;
function left(button) {
  const names = [...unsent].map((upload) => upload.file.name);
  const goesOn = !button?.name || (button.name === "go" && ["on", "send"].includes(button.value));
  if (!goesOn) return names;
  const earlier = list.querySelectorAll("[data-url] .name");
  return [...names, ...Array.from(earlier, (name) => name.firstChild.textContent.trim())];
}
// A file is moved without leaving the page. If anything is to be said about that, the page says it.
const form = drop.closest("form");
async function moved(button) {
  const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  body.set("move", button.value);
  const [pk, way] = [button.value.split(":")[0], button.dataset.way];
  const text = await (await fetch(location.href, { method: "POST", body })).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const seen = page.querySelector("#step [name=seen]");
  if (!seen || page.querySelector("[role=alert]")) throw new Error("the page has more to say");
  draw(page);
  form.elements.seen.value = seen.value;
  const [there, other] = ["up", "down"].map((each) => document.querySelector(`[data-exhibit="${pk}"] [data-way="${each}"]`));
  const [first, second] = way === "up" ? [there, other] : [other, there];
  (first?.hidden ? second : first)?.focus();
}
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-way]");
  if (!button || button.dataset.plain) return;
  event.preventDefault();
  moved(button).catch(() => { button.dataset.plain = "1"; button.click(); });
});
form.addEventListener("submit", (event) => {
  const names = left(event.submitter);
  asked = !names.length || confirm(say(words.left, { names: names.join(", ") }));
  if (!asked) event.preventDefault();
});
addEventListener("beforeunload", (event) => {
  if (unsent.size && !asked && !document.body.hidden) event.preventDefault(); // hidden: by the way out, which asks nothing
});
