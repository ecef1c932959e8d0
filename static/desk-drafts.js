// Keeps what is typed into the forms of the desk that have a text, as a draft on the server. It comes back when the page
// is opened again, and is deleted when the form is sent. Without this script, only what was sent is kept.
const notice = document.querySelector("[data-drafts]");
const PAUSE = 1500; // ms after the last key
const LONGEST = 10000; // ms to wait for an answer
const MOST_ON_LEAVING = 60000; // bytes: browsers send no more than this while a page closes

function aKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

class Draft {
  constructor(form) {
    this.form = form;
    this.news = Object.assign(document.createElement("p"), { className: "soft" });
    this.news.setAttribute("role", "status");
    this.busy = false;
    this.isSent = false;
    this.running = Promise.resolve();
    this.last = this.typed();
    form.addEventListener("input", () => this.later());
    form.addEventListener("submit", (event) => this.sending(event));
  }

  typed() {
    const fields = [...new FormData(this.form)];
    const kept = fields.filter(([name, value]) => typeof value === "string" && name !== "draft");
    return new URLSearchParams(kept).toString();
  }

  key() {
    const named = this.form.elements.draft;
    if (named) return named.value;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "draft", value: aKey() });
    this.form.append(field);
    return field.value;
  }

  later() {
    this.isSent = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.soon(), PAUSE);
  }

  // One after the other, so that the last one typed is the last one kept.
  soon() {
    clearTimeout(this.timer);
    this.running = this.running.then(() => this.save());
    return this.running;
  }

  async save() {
    const now = this.typed();
    if (now === this.last || this.isSent) return;
    const key = this.key();
    this.busy = true;
    const body = new URLSearchParams(now);
    body.set("draft", key);
    const action = (this.form.getAttribute("action") || "").split("#")[0];
    body.set("draft_action", new URL(action || location.pathname, location.href).pathname);
    body.set("draft_page", location.pathname + location.search);
    try {
      const late = new Promise((_, fail) => setTimeout(() => fail(new Error("too late")), LONGEST));
      const keepalive = body.toString().length < MOST_ON_LEAVING;
      const asked = fetch(notice.dataset.drafts, { method: "POST", body, keepalive, redirect: "error" });
      const answer = await Promise.race([late, asked]);
      if (!answer.ok && answer.status !== 413) throw new Error(String(answer.status));
      this.say(await answer.text());
      this.last = now;
    } catch {
      this.say(notice.dataset.notKept);
    } finally {
      this.busy = false;
    }
  }

  say(sentence) {
    if (!this.news.isConnected) this.form.append(this.news);
    this.news.textContent = sentence;
  }

  // A save on its way ends before the form is sent, so that it does not come back after that.
  sending(event) {
    clearTimeout(this.timer);
    this.isSent = !this.busy;
    if (this.isSent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    this.running.finally(() => (submitter ? submitter.click() : this.form.submit()));
  }
}

if (notice) {
  const forms = [...document.forms].filter((form) => form.getAttribute("method") === "post"
    && form.querySelector("textarea") && !form.querySelector("[type=password]"));
  const drafts = forms.map((form) => new Draft(form));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const draft of drafts) draft.soon();
  });
}
