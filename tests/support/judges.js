// What the browser's verifier makes of inputs of one kind. Its Python twin is odd_inputs.py: both give the same text.
async ([kind, inputs, known]) => {
  const load = async (name) => import(`/static/verify/${name}.js`);
  const [bytes, canonical, ledger, note] = await Promise.all(["bytes", "canonical", "ledger", "note"].map(load));
  const [merkle, zip, bag, stamps] = await Promise.all(["merkle", "zip", "bag", "stamps"].map(load));
  const { onlyCertificates } = await load("certificates");
  const [parts, receipt, verify, custody] = await Promise.all(["parts", "receipt", "verify", "custody"].map(load));
  const { unbase64, hex, utf8, decoded } = bytes;
  const text = (given) => decoded(given, "it");
  const json = (given) => canonical.parsed(given, "it");
  const said = (value) => decoded(canonical.canonical(value), "it");
  const bagOf = (name, given) => new bag.Bag({ read: async () => given, sizes: new Map([[name, given.length]]) });
  const entriesOf = (list) => list.map((content, place) => ledger.openEntry(place, said(content)));
  const numbers = (document, ...names) => names.map((name) => canonical.field(document, name, "integer", "it"));
  const judges = {
    json: (given) => said(json(given)),
    base64: (given) => hex(unbase64(text(given), "it")),
    moment: (given) => String(ledger.moment(text(given), "it")),
    note: (given) => {
      const { body, origin, size, root, marks } = note.parseNote(text(given));
      return said([body, origin, size, hex(root), marks.map((one) => [one.name, hex(one.id), hex(one.signature)])]);
    },
    key: (given) => {
      const { name, id, public: key } = note.parseKey(text(given));
      return said([name, hex(id), hex(key)]);
    },
    zip: async (given) => {
      const { members } = await zip.openZip(new Blob([given]));
      return said([...members].map(([name, { size, start }]) => [name, size, start]).sort());
    },
    manifest: async (given) => {
      const found = bagOf("manifest-sha256.txt", given);
      await found.readList("manifest-sha256.txt");
      return said(Object.fromEntries(found.listed));
    },
    info: async (given) => said(Object.fromEntries(await bagOf("bag-info.txt", given).readInfo())),
    label: (given) => stamps.fileLabel(text(given)),
    pem: (given) => {
      const found = onlyCertificates(given, "it").map(({ digest }) => digest);
      if (!found.every((one) => known.includes(one))) throw new Error("not listed");
      return said(found);
    },
    inclusion: (given) => {
      const { leaf, proof, ...rest } = json(given);
      const [index, size] = numbers(rest, "index", "size");
      const path = ledger.unhexAll(proof, "it");
      return hex(merkle.rootFromInclusion(index, size, bytes.unhex(leaf, "it"), path));
    },
    consistency: (given) => {
      const { hashes, ...rest } = json(given);
      const [old, size] = numbers(rest, "old", "size");
      if (hashes.length < 2) throw new Error("too few");
      const [first, last, ...path] = ledger.unhexAll(hashes, "it");
      return String(merkle.isConsistent(old, size, first, last, path));
    },
    entries: (given) => {
      const entries = entriesOf(json(given).entries);
      ledger.checkThread(entries, "case:1", false);
      const exhibits = ledger.exhibitsOf(entries);
      const table = decoded(custody.custodyTable(entries, exhibits), "it");
      const documents = Object.fromEntries(ledger.documentsOf(entries));
      const copies = Object.fromEntries(ledger.copiesOf(entries, exhibits));
      ledger.checkPartsContinue([...ledger.frozenDocuments(entries).values()]);
      const waiting = [...ledger.undecidedRedress(entries)].sort();
      const lists = [ledger.consentsOf(entries), ledger.papersOf(entries), waiting];
      const shown = [...exhibits.values()].map((one) => [one.label, one.item, one.sha256, one.size, one.source]);
      return said([table, documents, copies, ...lists, shown]);
    },
    contacts: (given) => {
      const document = json(given);
      return decoded(ledger.contactsTable(document, ...numbers(document, "version")), "it");
    },
    parts: (given) => parts.partsRoot(json(given)),
    receipt: (given) => {
      const found = receipt.openReceipt(given);
      return said([found.case, found.reference, found.ledger.size, receipt.earlyStamps(found)]);
    },
    bundle: async (given) => {
      let done = null;
      const tell = (one) => (done = one.done ?? done);
      const file = new File([given], "bundle.zip");
      await verify.verify({ file, kind: "bundle", kept: [], keys: [], others: [] }, tell);
      const broken = done.checks.filter((one) => !one.ok).map((one) => `${one.name}: ${one.says.key}`);
      return done.result === "broken" ? `refused: ${broken}` : done.result;
    },
  };
  const found = [];
  for (const one of inputs) {
    try {
      found.push(await judges[kind](unbase64(one, "it")));
    } catch (error) {
      found.push(error.says?.key === "json_bad" ? "not JSON" : `refused: ${error.says?.key ?? error}`);
    }
  }
  return found;
}
