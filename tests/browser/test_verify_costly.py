"""Small files that anybody can make, and that would keep a verifier busy for minutes, or for ever.

Each is so large that these tests would run into their time limit if its cost grew with the square of its size.
"""

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from evidence import holdfast_verify as verifier
from tests.browser.test_verify_scripts import refusal, told
from tests.support.both import Both
from tests.support.honest import Memory
from tests.support.verify_pages import written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
MANY = 60_000


def test_certificates_between_blanks_are_read_once(both: Both, tmp_path: Path) -> None:
    block = "-----BEGIN CERTIFICATE-----A-----END CERTIFICATE-----\n"
    fields = dict.fromkeys(verifier.RECEIPT_FIELDS, "x") | {"format": "holdfast-receipt/1"}
    anchor = dict.fromkeys(verifier.ANCHOR_FIELDS, "x") | {"root": block * 60 + "!"}
    paper = json.dumps({**fields, "authorities": [], "files": [], "anchors": [anchor]}).encode()
    says = "a stamped checkpoint holds something else than certificates"
    for verdict in both.verdicts(written(tmp_path / "receipt.json", paper)):
        assert (verdict.result, verdict.says) == ("broken", says)


def test_certificates_that_never_end_are_read_once(both: Both) -> None:
    pem = "-----BEGIN CERTIFICATE-----" * 35_000
    with pytest.raises(verifier.Broken, match="holds no certificate"):
        verifier.certificates_in(pem.encode(), "it")
    script = "pem => module.certificatesIn(bytes.utf8(pem), 'it')"
    assert refusal(both.page, "certificates", script, pem) == "no_certificate"


def test_very_many_copies_of_files_are_set_aside(both: Both) -> None:
    names = [f"data/originals/{name}" for at in range(MANY) for name in (f"A{at}", f"a {at}")]
    checks = verifier.BundleChecks(Memory({}), verifier.Outside(verifier.Report()))
    checks.digests = {name: "x" for name in names if " " not in name}
    checks._set_aside({name: "x" for name in names if " " in name})
    assert len(checks.report.cautions) == 1
    script = """async names => {
        const bag = new module.Bag({ heads: async () => [] });
        for (const name of names) bag.digests.set(name, "x");
        await bag.setAsideStrange(() => {});
        return [bag.digests.size, bag.names.length];
    }"""
    assert told(both.page, "bag", script, names) == [MANY, MANY]


def test_the_files_of_very_many_exhibits_are_found(both: Both) -> None:
    script = """many => {
        const checks = new module.BundleChecks(null, null, null);
        for (let at = 0; at < many; at += 1) checks.bag.names.push(`data/originals/E-${at}.png`);
        checks.bag.names.sort();
        let found = 0;
        for (let at = 0; at < many; at += 1) found += checks.under(`data/originals/E-${at}.`).length;
        return found;
    }"""
    assert told(both.page, "bundle", script, MANY) == MANY


def test_documents_and_consents_of_very_many_entries_are_told(both: Both) -> None:
    kinds = ("message.written", "consent.given", "consent.withdrawn")
    contents = [
        {"kind": kind, "data": {"message": "0" * 64, "recipient": str(at)}, "at": ""}
        for kind in kinds
        for at in range(MANY // 2)
    ]
    entries = [verifier.Entry(place, b"", content) for place, content in enumerate(contents)]
    assert len(verifier.documents_of(entries)) == len(verifier.consents_of(entries)) == MANY // 2
    script = """([kinds, many]) => {
        const entries = kinds.flatMap((kind) => Array.from({ length: many }, (_, at) => {
            const data = { message: "0".repeat(64), recipient: String(at) };
            return { kind, place: at, data, content: { kind, data, at: "" } };
        }));
        return [module.documentsOf(entries).size, module.consentsOf(entries).length];
    }"""
    assert told(both.page, "ledger", script, [kinds, MANY // 2]) == [MANY // 2, MANY // 2]


def test_very_many_notes_are_kept_once_each(both: Both) -> None:
    script = """many => {
        const report = new module.Report(() => {});
        for (let at = 0; at < 2 * many; at += 1) report.caution({ key: "missing", values: { name: at % many } });
        return report.cautions.length;
    }"""
    assert told(both.page, "report", script, MANY) == MANY


def test_many_small_files_of_a_zip_are_read_together(both: Both) -> None:
    """A browser takes a millisecond for each answer."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for at in range(2_000):
            archive.writestr(f"HF/{at}", str(at))
    script = """async text => {
        const blob = new Blob([bytes.unbase64(text, "it")]), slice = blob.slice.bind(blob);
        let read = 0;
        blob.slice = (...from) => { read += 1; return slice(...from); };
        const zip = await module.openZip(blob);
        const first = await zip.digest("HF/7");
        for (const name of zip.sizes.keys()) await zip.digest(name);
        return [zip.sizes.size, first, read < 20];
    }"""
    found = told(both.page, "zip", script, base64.b64encode(file.getvalue()).decode())
    assert found == [2_000, hashlib.sha256(b"7").hexdigest(), True]
