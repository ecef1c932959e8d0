// Compares the files of a bundle with its lists (BagIt 1.0, RFC 8493).
import { decoded } from "./bytes.js";
import { Broken, ensure, sentence } from "./broken.js";
import { BAG_DESCRIPTION, BAG_FIELDS, LATER_BAG_FIELDS, checkFields } from "./closed.js";
import { isDropping, isOfPrograms, isPlain } from "./names.js";

const BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const LISTS = ["manifest-sha256.txt", "tagmanifest-sha256.txt"];
const FREE = ["tagmanifest-sha256.txt", "proofs/export.json"]; // files that the tag manifest cannot list
const NEEDED = ["data/report.pdf", "data/case.json", "data/custody.csv", "proofs/ledger.json"];
const KNOWN_FILES = [
  ...["bagit.txt", "bag-info.txt", ...LISTS, "VERIFY.txt", "verify.html", "holdfast_verify.py"],
  "case.schema.json",
  ...["report.pdf", "case.json", "custody.csv", "contacts.csv"].map((name) => `data/${name}`),
  ...["ledger.json", "checkpoint", "ledger.vkey", "receipt.json", "export.json"].map((name) => `proofs/${name}`),
];
const KNOWN_FOLDERS = /^(?:data\/(?:documents|masked|originals|copies)|proofs\/(?:authorities|timestamps|anchors))\//;

export class Bag {
  constructor(zip) {
    this.zip = zip;
    this.digests = new Map(); // digests of the files
    this.names = []; // of the files, sorted
    this.listed = new Map(); // digests in the lists
    this.unknown = []; // files with the names of those that programs leave, and with something else in them
  }

  async text(name) {
    return decoded(await this.zip.read(name), name);
  }

  /** Every file is listed with the digest it has; nothing is missing, added or renamed. */
  async check(tell, caution) {
    const [found, total] = [[...this.zip.sizes.keys()], sum(this.zip.sizes.values())];
    let done = 0;
    for (const name of found) {
      const added = (bytes) => tell({ name, done: (done += bytes), total });
      this.digests.set(name, await this.zip.digest(name, added));
    }
    await this.setAsideStrange(caution);
    const names = [...this.digests.keys()];
    for (const name of LISTS) await this.readList(name);
    for (const name of this.listed.keys()) {
      const known = KNOWN_FILES.includes(name) || KNOWN_FOLDERS.test(name);
      ensure(known, "not_here", { name, why: sentence("no_such_file") });
    }
    this.checkListed();
    ensure((await this.text("bagit.txt")) === BAGIT, "bagit");
    for (const name of NEEDED) ensure(this.listed.has(name), "missing", { name });
    const payload = names.filter((name) => name.startsWith("data/")).map((name) => this.zip.sizes.get(name));
    const info = await this.readInfo();
    ensure(info.get("Payload-Oxum") === `${sum(payload)}.${payload.length}`, "oxum");
  }

  /** The lines of a list, each of which ends as the portal ends it. */
  async lines(list) {
    const lines = (await this.text(list)).split("\n");
    ensure(lines.pop() === "", "list_malformed", { list });
    return lines;
  }

  async readInfo() {
    const [list, info] = ["bag-info.txt", new Map()];
    for (const line of await this.lines(list)) {
      const [, name, value] = /^(.*?): ([^]*)$/.exec(line) ?? [];
      ensure(name !== undefined && !info.has(name), "list_malformed", { list });
      info.set(name, value);
    }
    checkFields(Object.fromEntries(info), BAG_FIELDS, list, LATER_BAG_FIELDS);
    return info;
  }

  /** bag-info.txt repeats the export. Old ones also name the portal as it calls itself, which is returned. */
  async checkInfo({ reference, made_at }) {
    const info = await this.readInfo();
    const same = info.get("External-Identifier") === reference && info.get("Bagging-Date") === made_at.slice(0, 10);
    const known = (info.get("External-Description") ?? BAG_DESCRIPTION) === BAG_DESCRIPTION;
    ensure(same && known, "other_info");
    return info.get("Source-Organization") ?? "";
  }

  /** Set aside, with a note, what the reader's programs put there: see names.js, and copies of files. */
  async setAsideStrange(caution) {
    const odd = [...this.digests].filter(([name]) => !isPlain(name));
    for (const [name] of odd) this.digests.delete(name);
    this.names = [...this.digests.keys()].sort();
    const heads = await this.zip.heads();
    const oddHeads = heads.filter(([name, head]) => !isDropping(name, head)).map(([name]) => name);
    const added = oddHeads.filter((name) => !isOfPrograms(name));
    this.unknown = oddHeads.filter(isOfPrograms);
    ensure(!added.length, "added", { names: added.join(", ") });
    const there = new Set([...this.digests].map(([name, digest]) => `${folderOf(name)} ${digest}`));
    for (const [name, digest] of odd) ensure(there.has(`${folderOf(name)} ${digest}`), "package_name", { name });
    const unknown = new Set(this.unknown);
    const strange = [...heads, ...odd].map(([name]) => name).filter((name) => !unknown.has(name));
    if (strange.length) caution(sentence("strange", { names: firstTen(strange) }));
  }

  async readList(list) {
    const found = new Set();
    for (const line of await this.lines(list)) {
      const [, digest, name] = /^([0-9a-f]{64})  ([^]*)$/.exec(line) ?? [];
      ensure(digest && isPlain(name) && !found.has(name), "list_malformed", { list });
      ensure(name.startsWith("data/") === (list === LISTS[0]), "list_elsewhere", { list, name });
      found.add(name);
      this.listed.set(name, digest);
    }
  }

  checkListed() {
    const added = [...this.digests.keys()].filter((name) => !this.listed.has(name) && !FREE.includes(name)).sort();
    const missing = [...this.listed.keys()].filter((name) => !this.digests.has(name)).sort();
    for (const name of missing) {
      const twin = added.find((other) => this.digests.get(other) === this.listed.get(name));
      ensure(!twin, "renamed", { name, twin });
      throw new Broken("missing", { name });
    }
    ensure(!added.length, "added", { names: added.join(", ") });
    for (const [name, digest] of this.listed) ensure(this.digests.get(name) === digest, "altered", { name });
  }
}

export function firstTen(names) {
  return `${names.slice(0, 10).join(", ")}${names.length > 10 ? " …" : ""}`;
}

function folderOf(name) {
  return name.slice(0, Math.max(name.lastIndexOf("/"), 0));
}

function sum(numbers) {
  return [...numbers].reduce((total, number) => total + number, 0);
}
