// The timestamps of a bundle: those of its exhibits, and those of checkpoints of its ledger.
import { Authorities, anchorsSay, explained, isTimeOf } from "./authorities.js";
import { ensure, sentence } from "./broken.js";
import { hex, unhex } from "./bytes.js";
import { field } from "./canonical.js";
import { onlyCertificates } from "./certificates.js";
import { TOLERANCE, moment, timeOf } from "./ledger.js";
import { parseNote } from "./note.js";
import { sha256 } from "./sha2.js";
import { cautionOfDates, dateTheActs, fileLabel, listedAuthorities } from "./stamps.js";
import { MAX_TOKEN } from "./tokens.js";

const A_SEAL = sentence("a_seal");
const AN_EXHIBIT = sentence("an_exhibit");
const ANCHORS = "proofs/anchors/";
const ROOTS = "proofs/authorities/";

/**
 * The authorities of a bundle. The export lists each of its roots under the authority's name. `checks` are its
 * BundleChecks, here and below.
 */
async function bundleAuthorities(checks) {
  listedAuthorities(checks.export);
  const file = (authority) => `${ROOTS}${fileLabel(authority)}.pem`;
  const listed = checks.export.authorities.map(({ name, root_sha256: digest }) => `${file(name)} ${digest}`);
  const known = new Set(listed);
  const own = [];
  for (const name of checks.under(ROOTS)) {
    for (const root of onlyCertificates(await checks.zip.read(name, MAX_TOKEN), name)) {
      ensure(known.has(`${name} ${root.digest}`), "not_here", { name, why: sentence("no_such_root") });
      own.push(root);
    }
  }
  return new Authorities(checks.outside, own, checks.export, checks.report);
}

/** Every token that the ledger names is there, answers its query and leads to a trusted root. */
export async function checkSeals(checks) {
  const [authorities, used, exhibits] = [await bundleAuthorities(checks), new Set(), [...checks.exhibits.values()]];
  const stamped = new Map(exhibits.map(({ label }) => [label, []]));
  for (const entry of checks.proved().entries.filter(({ kind }) => kind === "evidence.sealed")) {
    const exhibit = sealedBy(entry, checks.exhibits);
    for (const listed of field(entry.data, "tokens", "list", sentence("ledger_entry", { index: entry.place }))) {
      const { stem, time } = await checkToken(listed, exhibit, entry, { authorities, zip: checks.zip });
      used.add(stem);
      stamped.get(exhibit.label).push(time);
    }
  }
  const files = [...used].flatMap((stem) => [`${stem}.tsr`, `${stem}.tsq`]);
  checks.checkNoOthers("proofs/timestamps/", files, "no_such_token");
  for (const { label, received_at: at } of exhibits) {
    cautionOfDates(checks.report, label, moment(at, AN_EXHIBIT), stamped.get(label));
  }
  const pending = exhibits.map(({ label }) => label).filter((label) => !stamped.get(label).length);
  const told = { count: used.size, exhibits: exhibits.length - pending.length, names: pending.sort().join(", ") };
  return sentence(pending.length ? "timestamps_pending" : "timestamps", told);
}

function sealedBy(entry, exhibits) {
  const exhibit = exhibits.get(field(entry.data, "item", "string", A_SEAL));
  ensure(exhibit, "seal_unknown", { index: entry.place });
  ensure(entry.data.sha256 === exhibit.sha256, "seal_of_other_bytes", { exhibit: exhibit.label });
  return exhibit;
}

/** Verify one token of a seal. Returns the name of its two files without their endings, and its time. */
async function checkToken(listed, exhibit, entry, { authorities, zip }) {
  const authority = field(listed, "authority", "string", A_SEAL);
  const stem = `${exhibit.stem}.${fileLabel(authority)}`;
  return explained("token_broken", { exhibit: exhibit.label, authority }, async () => {
    const [response, query] = await tokenFiles(zip, `proofs/timestamps/${stem}`);
    ensure(hex(sha256(response)) === listed.sha256, "other_token");
    const { time } = await authorities.checkStamp(response, query, unhex(exhibit.sha256, AN_EXHIBIT), (name) => name === authority);
    ensure(isTimeOf(time, field(listed, "gen_time", "string", A_SEAL), A_SEAL), "token_time");
    ensure(time >= moment(exhibit.received_at, AN_EXHIBIT) - TOLERANCE, "token_early");
    ensure(time <= timeOf(entry) + TOLERANCE, "token_late");
    return { stem, time };
  });
}

async function tokenFiles(zip, stem) {
  return [await zip.read(`${stem}.tsr`, MAX_TOKEN), await zip.read(`${stem}.tsq`, MAX_TOKEN)];
}

/** Every stamp over a checkpoint is valid. It dates the whole ledger below the checkpoint from outside. */
export async function checkAnchors(checks) {
  const [ledger, authorities, found] = [checks.proved(), await bundleAuthorities(checks), []];
  const names = checks.under(ANCHORS).map((name) => name.slice(ANCHORS.length));
  const stems = [...new Set(names.map((name) => name.replace(/(^|\.)[^.]*$/, "")))].sort();
  const files = stems.flatMap((stem) => ["note", "tsq", "tsr"].map((end) => `${stem}.${end}`));
  checks.checkNoOthers(ANCHORS, files, "no_such_anchor");
  const labels = new Set(authorities.here.map(({ name }) => fileLabel(name)));
  for (const stem of stems) {
    const note = await checks.text(`${ANCHORS}${stem}.note`);
    ensure(stem.startsWith(`${parseNote(note).size}.`), "anchor_name", { name: `${ANCHORS}${stem}` });
    const [, label, when, ...more] = stem.split(".");
    const known = labels.has(label) && /^\d{8}T\d{6}Z$/.test(when) && !more.length;
    ensure(known, "not_here", { name: `${ANCHORS}${stem}.note`, why: sentence("no_such_anchor") });
    const [response, query] = await tokenFiles(checks.zip, `${ANCHORS}${stem}`);
    found.push(await authorities.checkAnchor(note, query, response, ledger, (name) => fileLabel(name) === label));
    const time = new Date(Math.floor(found.at(-1).time / 1000)).toISOString().slice(0, 19).replace(/[-:]/g, "");
    ensure(when === `${time}Z`, "anchor_named_time", { name: `${ANCHORS}${stem}` });
  }
  dateTheActs(checks.report, ledger, found, checks.outside);
  return anchorsSay(found);
}
