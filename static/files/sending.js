// Sends one file in pieces (tus 1.0), so that a lost connection, a closed page or a change of phone costs at most the
// piece on its way. The server lists unfinished uploads; this device remembers nothing.
import { Refused, base64, fingerprint, read, sha256 } from "./reading.js";
import { twin } from "./twins.js";
import { bytes, duration, say, unit, words } from "./words.js";

const TUS = { "Tus-Resumable": "1.0.0" };
const KIB = 1024;
const SMALLEST = 128 * KIB;
const LARGEST = 4096 * KIB;
const STALLED = 30000; // ms without progress
const LONGEST_WAIT = 30; // seconds between two tries

const drop = document.querySelector("[data-uploads]");
const list = document.getElementById("uploads");
const model = document.getElementById("upload-row");
const news = document.getElementById("upload-news");

class Interrupted extends Error { // worth another try, after `seconds` if the server names them
  constructor(seconds = 0, sentence = "") {
    super(sentence);
    this.seconds = seconds;
  }
}

export class Upload {
  /** `turns` is what lets uploads wait for each other: `again(upload)`, `without(upload)` and `ended(upload)`. */
  constructor(file, place, turns) {
    this.file = file;
    this.place = place; // in the order of choosing, in microseconds
    this.turns = turns;
    this.most = 0; // bytes shown as sent: what is shown never goes back
    this.offset = 0;
    this.piece = 1024 * KIB;
    this.marks = []; // [time, bytes sent] of the last seconds
    this.row = model.content.firstElementChild.cloneNode(true);
    this.row.querySelector("[data-name]").textContent = file.name;
    this.bar = this.row.querySelector("progress");
    this.bar.max = file.size;
    this.bar.setAttribute("aria-label", file.name);
    for (const action of ["pause", "resume", "cancel", "anyway"]) {
      this.button(action).addEventListener("click", () => this[action]());
    }
    this.show(words.waiting);
    list.append(this.row);
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
        return this.arrived();
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

  // Find the upload of an earlier visit or another device; else announce the file, unless its bytes are here already.
  async find() {
    this.print ??= await fingerprint(this.file);
    if (this.stopped) return;
    const known = this.print && list.querySelector(`[data-fingerprint="${this.print}"]`);
    if (known) {
      this.url = known.dataset.url;
      known.replaceWith(this.row);
      return this.ask();
    }
    const other = this.isWanted ? "" : await twin(this);
    if (this.stopped) return;
    if (other) return this.offerNothing(other);
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
    this.turns.without(this);
    this.toggle(true);
    const done = bytes(Math.max(this.most, this.offset));
    this.show(say(words.paused, { done, size: bytes(this.file.size) }), { aloud: true });
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
    this.turns.again(this);
  }

  async cancel() {
    this.halt();
    this.turns.without(this);
    this.turns.ended(this);
    this.row.remove();
    drop.querySelector("input").focus();
    await this.ended;
    if (this.url) await this.request("DELETE", this.url).catch(() => {});
  }

  // The same bytes are here already.
  offerNothing(other) {
    this.stopped = true;
    this.turns.ended(this);
    this.bar.hidden = this.button("pause").hidden = true;
    this.button("anyway").hidden = false;
    this.button("cancel").textContent = words.close;
    this.show(say(words.twin, { other }), { aloud: true });
  }

  async anyway() {
    this.isWanted = true;
    this.bar.hidden = this.button("pause").hidden = false;
    this.button("anyway").hidden = true;
    await this.ended;
    this.turns.begin(this);
    return this.resume();
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

  arrived() {
    if (this.stopped) return;
    this.bar.value = this.file.size;
    this.show(words.arrived, { aloud: true });
    return this.turns.arrived(this);
  }
}
