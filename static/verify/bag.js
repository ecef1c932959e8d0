// Compares the files of a bundle with its lists (BagIt 1.0, RFC 8493).
import { decoded } from "./bytes.js";
import { Broken, ensure, sentence } from "./broken.js";

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
    this.listed = new Map(); // digests in the lists
  }

  async text(name) {
    return decoded(await this.zip.read(name), name);
  }

  /** Every file is listed with the digest it has; nothing is missing, added or renamed. */
  async check(tell) {
    const [names, total] = [[...this.zip.sizes.keys()], sum(this.zip.sizes.values())];
    let done = 0;
    for (const name of names) {
      const added = (bytes) => tell({ name, done: (done += bytes), total });
      this.digests.set(name, await this.zip.digest(name, added));
    }
    for (const name of LISTS) await this.readList(name);
    this.checkListed();
    for (const name of names) {
      const known = KNOWN_FILES.includes(name) || KNOWN_FOLDERS.test(name);
      ensure(known, "not_here", { name, why: sentence("no_such_file") });
    }
    ensure((await this.text("bagit.txt")) === BAGIT, "bagit");
    for (const name of NEEDED) ensure(this.listed.has(name), "missing", { name });
    const payload = names.filter((name) => name.startsWith("data/")).map((name) => this.zip.sizes.get(name));
    const lines = (await this.text("bag-info.txt")).split(/\r\n|\n|\r/);
    ensure(lines.includes(`Payload-Oxum: ${sum(payload)}.${payload.length}`), "oxum");
  }

  async readList(list) {
    const lines = (await this.text(list)).split("\n");
    const found = new Set();
    if (lines.at(-1) === "") lines.pop();
    for (const line of lines) {
      const [, digest, name] = /^([0-9a-f]{64})  (.*)$/.exec(line) ?? [];
      ensure(digest && !found.has(name), "list_malformed", { list });
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

function sum(numbers) {
  return [...numbers].reduce((total, number) => total + number, 0);
}
