// The verifier's page: the files chosen, the files to compare them with, and one run at a time.
import { keptText, keysIn } from "./forms.js";
import { kindOf } from "./kinds.js";
import { isKey } from "./note.js";
import { wholeOf } from "./reading.js";
import { checkRow, element, everyFile, exhibitRow, heading, lookedRow, say, verdict } from "./result.js";
import { size } from "./interface.js";
import { verify } from "./verify.js";
import { oneLine, told } from "./words.js";

const PUBLISHED_ROOTS = "roots.pem"; // the name that the portal gives them
const QUIET = 30_000; // milliseconds in which a run tells nothing

class Page {
  constructor(root, language) {
    Object.assign(this, { root, language, subject: null, others: [], kept: [], key: "", unread: [] });
    Object.assign(this, { witnesses: "", quorum: "" });
    this.clear();
    this.build();
    addEventListener("dragover", (event) => event.preventDefault()); // else a file dropped beside the fields would open
    addEventListener("drop", (event) => this.drop(event));
  }

  say(key, values) {
    return say(this.language, key, values);
  }

  speak(language) {
    this.language = language;
    this.build();
  }

// Choosing files

  drop(event) {
    event.preventDefault();
    const isHeld = event.target.closest?.("[data-zone=held]");
    this.take([...event.dataTransfer.files], Boolean(isHeld));
  }

  /** Sort the chosen files. A receipt chosen with a bundle is compared with it. */
  async take(files, isHeld) {
    this.unread = [];
    for (const file of files) {
      const kind = await kindOf(file).catch(() => "unread");
      if (kind === "unread") this.unread.push(file.name);
      else if (kind === "key") this.takeKeys(keysIn(keptText(await wholeOf(file))));
      else if (isHeld || kind === "note" || kind === "root") this.keep(file, kind);
      else if (kind === "other" || (kind === "packed" && this.subject)) this.others.push(file);
      else if (kind === "packed") this.check(file, "receipt"); // the run says that it must be unpacked first
      else this.check(file, kind);
    }
    this.build();
    this.begin();
  }

  takeKeys(keys) {
    const isWitness = (key) => /^[^+]+\+[^+]+\+B/.test(key); // the type of a cosignature's key, in base64
    if (keys.some(isWitness)) this.witnesses = [this.witnesses, ...keys.filter(isWitness)].join("\n").trim();
    const ledger = keys.filter((key) => !isWitness(key) && isKey(key));
    if (ledger.length) this.key = ledger.join(" ");
  }

  keep(file, kind) {
    this.kept.push({ file, kind });
  }

  check(file, kind) {
    const before = this.subject;
    if (kind === "receipt" && before?.kind === "bundle") return this.keep(file, kind);
    if (kind === "bundle" && before?.kind === "receipt") this.keep(before.file, before.kind);
    this.subject = { file, kind };
  }

  drops(change) {
    change();
    this.build();
    this.begin();
  }

  // One run

  clear() {
    this.run?.worker?.terminate();
    clearTimeout(this.watch);
    this.run = null;
    Object.assign(this, { checks: [], progress: null, done: null, stopped: false, failed: "", waits: "" });
  }

  begin() {
    this.clear();
    this.result.replaceChildren();
    const job = {
      file: this.subject?.file ?? null,
      kind: this.subject?.kind,
      kept: this.kept.filter(({ kind }) => kind !== "root").map(({ file }) => file),
      roots: this.kept.filter(({ kind }) => kind === "root").map(({ file }) => file),
      keys: this.key ? [this.key] : [],
      witnesses: this.witnesses,
      quorum: this.quorum,
      others: this.others,
    };
    if (job.file || job.others.length) this.start(job);
    this.show();
  }

  start(job) {
    const run = (this.run = { worker: null });
    this.expectNews();
    const hear = (news) => this.run === run && this.hear(news);
    const here = () => {
      run.worker?.terminate();
      Object.assign(run, { worker: null });
      this.checks = [];
      verify(job, hear).catch((error) => hear({ failed: error.says ?? String(error) }));
    };
    try {
      run.worker = this.worker();
    } catch {
      here();
      return;
    }
    run.worker.onmessage = ({ data }) => (data.failed?.key === "no_read" ? here() : hear(data)); // as in WebKit offline
    run.worker.onerror = () => !this.checks.length && here(); // there are no workers here: run in the page itself
    run.worker.postMessage(job);
  }

  /** The portal serves the worker's file. verify.html, which is one file, makes a worker from its own script. */
  worker() {
    if (this.root.dataset.worker) return new Worker(this.root.dataset.worker, { type: "module" });
    const code = new Blob([document.getElementById("code").textContent], { type: "text/javascript" });
    return new Worker(URL.createObjectURL(code));
  }

  hear({ check, progress, stalled, done, failed }) {
    this.expectNews();
    this.waits = stalled ? "stalled" : "";
    if (check) this.checks.push(check);
    if (progress) this.progress = progress;
    if (done || failed) Object.assign(this, { done: done ?? null, failed: failed ?? "", progress: null, run: null });
    if (!this.run) clearTimeout(this.watch);
    this.show();
  }

  /** Say what to do when a run has told nothing for a while. */
  expectNews() {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      this.waits = "quiet";
      if (this.run) this.show();
    }, QUIET);
  }

  stop() {
    this.clear();
    this.stopped = true;
    this.show();
  }

// Drawing

  /** Draw everything but the result again. The keyboard focus stays where it was. */
  build() {
    const zone = document.activeElement?.closest("[data-zone]")?.dataset.zone;
    this.result = element("section", { class: "result" });
    this.status = element("p", { role: "status", class: "unseen" });
    this.root.replaceChildren(this.subjectZone(), this.heldZone(), this.status, this.result);
    if (zone) this.root.querySelector(`[data-zone=${zone}] input`).focus();
    this.show();
  }

  subjectZone() {
    const chosen = this.subject ? [this.row(this.subject.file, this.subject.kind, () => (this.subject = null))] : [];
    const others = this.others.map((file) => this.row(file, "other", () => remove(this.others, file)));
    const unread = this.unread.map((name) => this.say("cannot_read", { name }));
    return element(
      "section",
      { class: "drop", "data-zone": "subject" },
      element("h2", {}, this.say("subject")),
      element("p", { class: "soft" }, this.say("subject_help")),
      this.chooser("choose", false),
      element("p", { class: "soft" }, this.say("nothing_sent")),
      element("ul", { class: "chosen" }, ...chosen, ...others),
      ...unread.map((text) => element("p", { class: "caution", role: "alert" }, text)),
    );
  }

  heldZone() {
    const rows = this.kept.map((one) => this.row(one.file, one.kind, () => remove(this.kept, one)));
    return element(
      "section",
      { class: "drop", "data-zone": "held" },
      element("h2", {}, this.say("held")),
      element("p", { class: "soft" }, this.say("held_help")),
      this.chooser("choose_held", true),
      element("ul", { class: "chosen" }, ...rows),
      ...this.keyField(),
      ...this.witnessFields(),
    );
  }

  chooser(label, isHeld) {
    const onchange = () => this.take([...input.files], isHeld);
    const input = element("input", { type: "file", multiple: "", class: "unseen", onchange });
    const second = isHeld ? " second" : "";
    return element(
      "div",
      { class: "actions" },
      element("label", { class: `button${second}` }, this.say(label), input),
      element("span", { class: "soft pointer" }, this.say("or_drop")),
    );
  }

  keyField() {
    const changed = () => {
      this.key = input.value.trim();
      this.begin();
    };
    const plain = { class: "form-control", placeholder: " ", autocomplete: "off", spellcheck: "false" };
    const input = element("input", { id: "vkey", ...plain, onchange: changed });
    const use = () => this.drops(() => this.usePublished());
    const published = this.root.dataset.key;
    input.value = this.key;
    return [
      element("label", { class: "form-label", for: "vkey" }, this.say("key")),
      input,
      published && element("button", { type: "button", class: "link", onclick: use }, this.say("use_published")),
      published && this.key === published && element("p", { class: "caution" }, this.say("published")),
    ].filter(Boolean);
  }

  /** The keys of witnesses, and how many must agree. They are kept nowhere. */
  witnessFields() {
    const changed = () => {
      Object.assign(this, { witnesses: keys.value, quorum: count.value.trim() });
      this.begin();
    };
    const plain = { class: "form-control", placeholder: " ", autocomplete: "off", spellcheck: "false" };
    const keys = element("textarea", { id: "witnesses", rows: "3", ...plain, onchange: changed });
    const count = element("input", { id: "quorum", inputmode: "numeric", ...plain, onchange: changed });
    [keys.value, count.value] = [this.witnesses, this.quorum];
    const labelled = (field, key) => [
      element("label", { class: "form-label", for: field.id }, this.say(key)),
      element("p", { class: "soft", id: `${field.id}-help` }, this.say(`${key}_help`)),
      field,
    ];
    for (const field of [keys, count]) field.setAttribute("aria-describedby", `${field.id}-help`);
    return [...labelled(keys, "witnesses"), ...labelled(count, "quorum")];
  }

  /** Take the key and the roots that the portal wrote into the page. */
  usePublished() {
    this.key = this.root.dataset.key;
    const others = this.kept.filter(({ file }) => file.name !== PUBLISHED_ROOTS);
    const roots = new File([this.root.dataset.roots], PUBLISHED_ROOTS);
    this.kept = [...others, { file: roots, kind: "root" }];
  }

  /** The offer to check with the published key, where a result lacks nothing but a key from outside. */
  nextStep() {
    const published = this.root.dataset.key;
    if (!published || this.key || this.done.result !== "self-consistent only") return [];
    const use = () => this.drops(() => this.usePublished());
    const address = `${location.host}/ledger/key`;
    return [
      element(
        "div",
        { class: "notice" },
        element("p", {}, this.say("one_step_more", { address })),
        element("p", { class: "actions" }, element("button", { type: "button", class: "button", onclick: use }, this.say("check_published"))),
      ),
    ];
  }

  row(file, kind, forget) {
    const name = this.say("remove", { name: file.name });
    const button = { type: "button", class: "link", "aria-label": name, onclick: () => this.drops(forget) };
    return element(
      "li",
      { "data-kind": kind },
      element("span", { class: "name" }, oneLine(file.name)),
      element("span", { class: "soft" }, ` ${this.say(`kind_${kind}`)} · ${size(file.size)} `),
      element("button", button, this.say("remove_short")),
    );
  }

  get state() {
    if (this.run) return "running";
    return this.failed ? "failed" : this.stopped ? "stopped" : this.done ? "done" : "idle";
  }

  show() {
    const state = this.state;
    this.root.dataset.state = state;
    this.root.dataset.result = (this.done?.checked && this.done.result) || "";
    if (state === "running") this.showRun();
    else this.result.replaceChildren(...(state === "done" ? this.ended() : this.ending()));
    this.status.textContent = this.statusText(state);
  }

  get failure() {
    return told(this.failed, this.language);
  }

  statusText(state) {
    if (state !== "done") return { running: this.say("checking"), stopped: this.say("stopped") }[state] ?? this.failure;
    return this.done.checked ? this.say(heading(this.done)) : this.say("looked");
  }

  ending() {
    const text = this.failure || (this.stopped ? this.say("stopped") : "");
    return text ? [element("p", { class: "caution" }, text)] : [];
  }

  /** One block for the whole run, so that its button keeps the keyboard focus. */
  showRun() {
    if (!this.result.querySelector(".running")) this.result.replaceChildren(...this.running());
    const { name, done, total } = this.progress ?? {};
    if (total) this.bar.value = done / total;
    if (total) this.doing.textContent = this.say("doing", { name, done: size(done), total: size(total) });
    this.waiting.textContent = this.waits && this.say(this.waits);
    const list = this.result.querySelector(".checks");
    for (const check of this.checks.slice(list.children.length)) list.append(checkRow(this.language, check));
  }

  running() {
    this.bar = element("progress", { "aria-label": this.say("checking"), max: "1" });
    this.doing = element("p", { class: "facts" }, this.say("checking"));
    const stop = element("button", { type: "button", class: "link", onclick: () => this.stop() }, this.say("stop"));
    const list = element("ol", { class: "checks" });
    this.waiting = element("p", { class: "caution", role: "alert" });
    return [element("div", { class: "running" }, this.doing, this.bar, this.waiting, stop), list];
  }

  checkList() {
    return element("ol", { class: "checks" }, ...this.checks.map((check) => checkRow(this.language, check)));
  }

  ended() {
    const { done, language } = this;
    const part = (key, list) => (list.children.length ? [element("h2", {}, this.say(key)), list] : []);
    const rows = (found, row) => element("ul", { class: "exhibits" }, ...found.map((one) => row(language, one, done)));
    const exhibits = done.result === "broken" ? [] : (done.exhibits ?? []);
    return [
      ...(done.checked ? [verdict(language, done)] : []),
      ...this.nextStep(),
      ...part("looked", rows(done.looked, lookedRow)),
      ...part("checks", this.checkList()),
      ...(this.checks.length ? [element("p", { class: "soft" }, this.say("utc"))] : []),
      ...part("exhibits", rows(exhibits, exhibitRow)),
      ...(done.files ? [everyFile(language, done.files)] : []),
    ];
  }
}

function remove(list, one) {
  list.splice(list.indexOf(one), 1);
}

function preferred() {
  return (navigator.languages.find((one) => /^(zh|en)/i.test(one)) ?? "en").slice(0, 2).toLowerCase();
}

function openPage(root) {
  const page = new Page(root, root.dataset.language || preferred());
  const speak = (language) => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
    for (const one of document.querySelectorAll("[data-speaks]")) one.hidden = one.dataset.speaks !== language;
    if (page.language !== language) page.speak(language);
  };
  for (const button of document.querySelectorAll("[data-to]")) button.onclick = () => speak(button.dataset.to);
  if (!root.dataset.language) speak(page.language);
}

if (typeof document !== "undefined") openPage(document.getElementById("verifier"));
