// Whether case.json repeats the documents, the exhibits and their copies as the ledger has them.
import { hold, sentence } from "./broken.js";
import { alike, field } from "./canonical.js";
import { NUMBERED, STATES, documentsOf, tells } from "./ledger.js";

const CASE_FIELDS = [
  ...["format", "reference", "case", "state", "made_at", "ledger_size", "audience"],
  ...["statement", "reporter", "exhibits", "findings", "messages"],
];
const EXHIBIT_FIELDS = [
  ...["exhibit", "item", "file", "name", "description", "size", "media_type", "sha256"],
  ...["received_at", "sealed_at", "timestamps", "copies"],
];
const REPEATED = ["reference", "case", "ledger_size", "audience", "made_at"];

/** The content of case.json, if it says what the other papers say (`bundle` is bundle.js's BundleChecks). */
export async function checkedCase(bundle) {
  const [told, { entries }] = [await bundle.json("data/case.json"), bundle.proved()];
  hold(told.format === "holdfast-case/1", "unknown_version", { what: "data/case.json" });
  hold(hasFields(told, CASE_FIELDS), "case_fields");
  for (const name of REPEATED) {
    hold(Object.hasOwn(told, name) && alike(told[name], bundle.export[name]), "case_field", { name });
  }
  for (const name of ["statement", "reporter"]) {
    hold(alike(told[name], await repeated(bundle, name)), "case_document", { name });
  }
  for (const name of NUMBERED) {
    const names = [...documentsOf(entries).keys()].filter((one) => one.startsWith(name));
    const expected = await Promise.all(names.map((one) => repeated(bundle, one)));
    hold(alike(told[`${name}s`], expected), "case_document", { name: `${name}s` });
  }
  const states = entries.filter(({ kind }) => Object.hasOwn(STATES, kind)).map(({ kind }) => STATES[kind]);
  hold(told.state === states.at(-1), "case_state");
  const statement = field(told, "statement", "object", "data/case.json");
  const said = field(statement, "exhibits", "list", sentence("the_statement"));
  checkExhibits(bundle, field(told, "exhibits", "list", "data/case.json"), said);
  return told;
}

async function repeated(bundle, name) {
  const path = `data/documents/${name}.json`;
  return bundle.digests.has(path) ? bundle.json(path) : null;
}

function hasFields(document, names) {
  return alike(Object.keys(document).sort(), [...names].sort());
}

/** `said`: what the borrower said of the exhibits filed with the statement. */
function checkExhibits(bundle, listed, said) {
  hold(listed.length === bundle.exhibits.size, "case_exhibits");
  const seals = bundle.proved().entries.filter(({ kind }) => kind === "evidence.sealed");
  const sealed = new Map(seals.map(({ content, data }) => [data.item, [content.at, data.tokens]]));
  for (const one of listed) {
    const item = field(one, "item", "string", sentence("an_exhibit_of_case"));
    const exhibit = bundle.exhibits.get(item);
    const good = tells(one, exhibit) && one.file === bundle.original(exhibit).slice("data/".length);
    const seal = alike([one.sealed_at, one.timestamps], sealed.get(item) ?? ["", []]);
    const own = said.find(({ number }) => number === exhibit?.number) ?? one;
    const words = alike([one.name, one.description], [own.name, own.description]);
    const whole = good && seal && words && hasFields(one, EXHIBIT_FIELDS);
    const copies = whole && alike(copiesTold(one, exhibit), copiesHere(bundle, exhibit));
    hold(copies, "case_exhibit", { exhibit: one.exhibit });
  }
}

function copiesHere(bundle, { stem }) {
  const names = bundle.under(`data/copies/${stem}-`).sort();
  return names.map((name) => [name.slice("data/".length), bundle.digests.get(name)]);
}

/** File and digest of each copy that a line of case.json lists, whose kind its file's name must tell too. */
function copiesTold(listed, { stem, label }) {
  const what = sentence("a_copy");
  const pairs = field(listed, "copies", "list", sentence("an_exhibit_of_case")).map((one) => {
    const [file, kind, digest] = ["file", "kind", "sha256"].map((name) => field(one, name, "string", what));
    const known = Object.keys(one).length === 3 && file.startsWith(`copies/${stem}-${kind}-`);
    hold(known, "case_exhibit", { exhibit: label });
    return [file, digest];
  });
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1));
}
