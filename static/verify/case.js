// Checks that case.json agrees with the documents, the exhibits and their copies.
import { same } from "./bytes.js";
import { ensure, sentence } from "./broken.js";
import { alike, checkVersion, field, refuseNewer } from "./canonical.js";
import { hasFields } from "./closed.js";
import { FORMULAS, NUMBERED, STATES, agrees, consentsOf, contactsTable, documentsOf, hasRows, plural } from "./ledger.js";

const CONTACTS = "data/contacts.csv";
const CASE_FIELDS = [
  ...["format", "reference", "case", "state", "made_at", "ledger_size", "audience"],
  ...["statement", "reporter", "exhibits", "findings", "messages"],
];
const LATER_CASE_FIELDS = [ // not in old bundles
  ...["reporter_changes", "reviews", "retaliations", "withdrawals", "consents", "enquiries", "responses"],
  ...["proposals", "measures", "redress", "referrals", "extensions", "decisions", "notes", "contacts_table"],
];
const EXHIBIT_FIELDS = [
  ...["exhibit", "item", "file", "name", "description", "size", "media_type", "sha256"],
  ...["received_at", "sealed_at", "timestamps", "copies"],
];
const LATER_EXHIBIT_FIELDS = ["declared", "authority", "source"];
const REPEATED = ["reference", "case", "ledger_size", "audience", "made_at"];

/** The content of case.json. Throws Broken unless it agrees with the other files (`bundle` is a BundleChecks). */
export async function checkedCase(bundle) {
  const [told, { entries }] = [await bundle.json("data/case.json"), bundle.proved()];
  checkVersion(told, "case", "data/case.json");
  ensure(hasFields(told, CASE_FIELDS, LATER_CASE_FIELDS), "case_fields");
  for (const name of REPEATED) {
    ensure(Object.hasOwn(told, name) && alike(told[name], bundle.export[name]), "case_field", { name });
  }
  for (const name of ["statement", "reporter"]) {
    ensure(alike(told[name], await repeated(bundle, name)), "case_document", { name });
  }
  for (const name of NUMBERED) {
    const names = [...documentsOf(entries).keys()].filter((one) => one.startsWith(name));
    const expected = await Promise.all(names.map((one) => repeated(bundle, one)));
    ensure(alike(listOf(told, plural(name)), expected.filter(Boolean)), "case_document", { name: plural(name) });
  }
  const names = [...documentsOf(entries).keys()].filter((one) => one.startsWith("reporter-"));
  const changes = await Promise.all(names.map((one) => repeated(bundle, one)));
  const same = alike(listOf(told, "reporter_changes"), changes.filter(Boolean));
  ensure(same, "case_document", { name: "reporter_changes" });
  ensure(alike(listOf(told, "consents"), consentsOf(entries)), "case_document", { name: "consents" });
  const states = entries.filter(({ kind }) => Object.hasOwn(STATES, kind)).map(({ kind }) => STATES[kind]);
  ensure(told.state === states.at(-1), "case_state");
  const statement = field(told, "statement", "object", "data/case.json");
  const described = await bundle.describedExhibits((name) => repeated(bundle, name));
  checkExhibits(bundle, field(told, "exhibits", "list", "data/case.json"), described);
  const version = Object.hasOwn(told, "contacts_table") ? told.contacts_table : 1;
  refuseNewer(version, Math.max(...FORMULAS.keys()), CONTACTS);
  ensure(FORMULAS.has(version), "unknown_version", { what: CONTACTS });
  await checkContacts(bundle, statement, version);
  return told;
}

/** The list with this name in case.json; empty in bundles older than the name. */
function listOf(told, name) {
  return Object.hasOwn(told, name) ? told[name] : [];
}

/** contacts.csv is in the bundle exactly if the statement has contacts, and agrees with it. */
async function checkContacts(bundle, statement, version) {
  const told = Object.hasOwn(statement, "contacts");
  ensure(bundle.digests.has(CONTACTS) === told, told ? "no_contacts" : "untold_contacts");
  const complete = !told || version > 2 || !hasRows(statement);
  const agree = !told || same(await bundle.zip.read(CONTACTS), contactsTable(statement, version));
  ensure(complete && agree, "other_contacts");
}

async function repeated(bundle, name) {
  if (bundle.masked.has(name)) {
    return field(await bundle.json(`data/masked/${name}.json`), "document", "object", sentence("a_masked_copy"));
  }
  const path = `data/documents/${name}.json`;
  return bundle.digests.has(path) ? bundle.json(path) : null;
}

/** `described`: number of an exhibit -> what the document that it came with says about it. */
function checkExhibits(bundle, listed, described) {
  const items = new Set(listed.map((one) => field(one, "item", "string", sentence("an_exhibit_of_case"))));
  ensure(listed.length === items.size && items.size === bundle.exhibits.size, "case_exhibits");
  const seals = bundle.proved().entries.filter(({ kind }) => kind === "evidence.sealed");
  const sealed = new Map(seals.map(({ content, data }) => [data.item, [content.at, data.tokens]]));
  for (const one of listed) {
    const exhibit = bundle.exhibits.get(one.item);
    const good = agrees(one, exhibit) && one.file === bundle.file(exhibit);
    const seal = alike([one.sealed_at, one.timestamps], sealed.get(one.item) ?? ["", []]);
    const own = described.get(exhibit?.number) ?? one;
    const { source = exhibit?.source } = one;
    const words = alike(wordsOn(one), wordsOn(own)) && source === exhibit?.source;
    const whole = good && seal && words && hasFields(one, EXHIBIT_FIELDS, LATER_EXHIBIT_FIELDS);
    const copies = whole && alike(copiesListed(one, exhibit), copiesHere(bundle, exhibit));
    ensure(copies, "case_exhibit", { exhibit: one.exhibit });
  }
}

function wordsOn({ name = null, description = null, declared = {}, authority = false }) {
  return [name, description, declared, authority];
}

function copiesHere(bundle, { stem }) {
  const names = bundle.under(`data/copies/${stem}-`).sort();
  return names.map((name) => [name.slice("data/".length), bundle.digests.get(name)]);
}

/** File and digest of each copy that a line of case.json lists. Kind and file name must agree. */
function copiesListed(listed, { stem, label }) {
  const what = sentence("a_copy");
  const pairs = field(listed, "copies", "list", sentence("an_exhibit_of_case")).map((one) => {
    const [file, kind, digest] = ["file", "kind", "sha256"].map((name) => field(one, name, "string", what));
    const known = Object.keys(one).length === 3 && file.startsWith(`copies/${stem}-${kind}-`);
    ensure(known, "case_exhibit", { exhibit: label });
    return [file, digest];
  });
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1));
}
