"""The modules of the browser's verifier, in Chromium, against the Python verifier, hashlib and cryptography."""

import base64
import hashlib
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page

from evidence import holdfast_verify as verifier
from evidence.ledger import merkle, parts
from tests.evidence.ledger.test_parts import hidden_at_random
from tests.support import browser as chromium
from tests.support import custody_tables, keys
from tests.support.bundles import Ledger
from tests.support.changed_keys import CHAINS
from tests.support.verify_pages import a_portal

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with a_portal() as address, chromium.a_browser() as browser:
        page = browser.new_page()
        page.goto(f"{address}/verify/")
        yield page


def told(page: Page, module: str, script: str, given: Any = None) -> Any:
    """The answer of `script`, a function of the module, of bytes.js and of what is given."""
    load = f"import('/static/verify/{module}.js'), import('/static/verify/bytes.js')"
    return page.evaluate(f"given => Promise.all([{load}]).then(([module, bytes]) => ({script})(given))", given)


def refusal(page: Page, module: str, script: str, given: Any = None) -> str:
    """Why it is refused, as a sentence's key; empty when it is not."""
    tried = "async given => { try { await (SCRIPT)(given); return '' } catch (error) { return error.says.key } }"
    return str(told(page, module, tried.replace("SCRIPT", script), given))


# -- SHA-256 and SHA-512


def test_hashes_are_hashlibs_at_every_length_and_in_any_pieces(page: Page) -> None:
    dice = random.Random(1)
    given = [dice.randbytes(size) for size in [*range(0, 260, 3), 5000]]
    script = """list => list.map((text, at) => {
        const all = bytes.unbase64(text), hash = new module.Sha256();
        for (let from = 0; from < all.length; from += at + 1) hash.update(all.subarray(from, from + at + 1));
        return [hash.digest(), module.sha256(all), module.sha512(all)].map(bytes.hex);
    })"""
    found = told(page, "sha2", script, [base64.b64encode(one).decode() for one in given])
    expected = [[hashlib.sha256(one).hexdigest()] * 2 + [hashlib.sha512(one).hexdigest()] for one in given]
    assert found == expected


# -- a document in its parts

ODD = ["", "\x00\x1f\x7f\u2028", '"\\n"', "夜😀\U0010ffff e\u0301", "Straße １２３", "a1" * 40, "</script>"]


def documents() -> list[dict[str, Any]]:
    """Odd texts, and trees of many sizes."""
    made: list[dict[str, Any]] = [{one: one, "in": [{one: [one, None, True, -7]}]} for one in ODD]
    made += [{"story": "夜" * size} for size in (*range(1, 20), 63, 64, 65, 4100)]
    return [{**one, "salt": f"{at:032x}"} for at, one in enumerate(made)]


def test_a_document_has_the_root_that_the_other_verifier_finds(page: Page) -> None:
    script = """async list => {
        const { parsed } = await import("/static/verify/canonical.js");
        return list.map(text => module.partsRoot(parsed(bytes.utf8(text), "it")));
    }"""
    given = [json.dumps(one) for one in documents()]
    assert told(page, "parts", script, given) == [verifier.parts_root(one) for one in documents()]


def test_a_masked_copy_is_judged_as_the_other_verifier_judges_it(page: Page) -> None:
    dice = random.Random(3)
    given: list[tuple[dict[str, Any], str]] = []
    for one in documents():
        pieces = hidden_at_random(one, dice, in_strings=True)
        read, proof = verifier.read_pieces(pieces)[0], parts.proof(one, pieces)
        masked = {"document": json.loads(read), "pieces": pieces, "proof": proof}
        given += [(masked, verifier.parts_root(one)), (masked, "0" * 64)]
        given.append(({**masked, "proof": proof[1:]}, verifier.parts_root(one)))
    script = """list => list.map(([copy, root]) => {
        try { return module.hiddenIn(copy, "it", root); } catch (error) { return error.says.key; }
    })"""
    found = told(page, "parts", script, given)
    assert [one if isinstance(one, int) else 0 for one in found] == [
        hidden_as_python_counts(*one) for one in given
    ]
    assert len([one for one in found if isinstance(one, int) and one]) > 10


def hidden_as_python_counts(copy: dict[str, Any], root: str) -> int:
    try:
        return verifier._hidden_in(copy, "it", root)
    except verifier.Broken:
        return 0


# -- Ed25519


def signatures() -> list[tuple[bytes, bytes, bytes]]:
    """Keys, messages and signatures: good, bent in every part, and of small order or in a second encoding."""
    dice = random.Random(2)
    made = []
    for _ in range(4):
        private = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        message = dice.randbytes(dice.randrange(300))
        good = private.sign(message)
        s = int.from_bytes(good[32:], "little")
        made += [(public, message, good), (public, message + b"!", good), (public, message, good[:63])]
        made.append((public, message, good[:32] + (s + verifier.ORDER25519).to_bytes(32, "little")))
        for part in (0, 31, 32, 63):
            made.append((public, message, good[:part] + bytes([good[part] ^ 1]) + good[part + 1 :]))
        made.append((bytes([public[0] ^ 1]) + public[1:], message, good))
    neutral, twin = b"\x01" + bytes(31), (verifier.P25519 + 1).to_bytes(32, "little")
    made += [(key, b"any", r + bytes(32)) for key in (neutral, twin) for r in (neutral, twin)]
    made += [(bytes(31) + b"\x80", b"any", bytes(64)), (b"\xff" * 32, b"any", bytes(64))]
    return made + keys.forgeries()


def test_signatures_are_judged_as_the_other_verifier_judges_them(page: Page) -> None:
    made = signatures()
    script = (
        "list => list.map(([key, ...rest]) => module.verifies(...[key, ...rest].map(one => bytes.unbase64(one))))"
    )
    found = told(page, "ed25519", script, [[base64.b64encode(part).decode() for part in one] for one in made])
    assert found == [verifier.ed25519_verifies(*one) for one in made]
    assert found.count(True) == 4


def test_the_browsers_own_ed25519_agrees_on_genuine_signatures(page: Page) -> None:
    script = """async list => Promise.all(list.map(async one => {
        const [key, message, mark] = one.map(part => bytes.unbase64(part));
        const known = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
        return await crypto.subtle.verify("Ed25519", known, mark, message) === module.verifies(key, message, mark);
    }))"""
    given = [[base64.b64encode(part).decode() for part in one] for one in signatures()[:18]]
    if page.evaluate(
        "crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']).then(() => true, () => false)"
    ):
        assert set(told(page, "ed25519", script, given)) == {True}


# -- JSON


def test_canonical_json_is_the_other_verifiers(page: Page) -> None:
    documents = [
        {"b": 1, "a": [True, None, {"z": "", "é": "语"}], "A": -5, "10": 2, "9": 1, "\U0001f600": 1, "\ufb33": 2},
        {"text": 'quote " slash / \\ \b\f\n\r\t \x00\x1f\x7f\u2028 “引号” \U0001f600', "__proto__": {"a": 1}},
        {"n": 2**53 - 1, "m": -(2**53) + 1, "empty": [{}, []]},
    ]
    texts = [json.dumps(document) for document in documents]
    script = """list => list.map(
        text => bytes.decoded(module.canonical(module.parsed(bytes.utf8(text), "it")), "it"))"""
    assert told(page, "canonical", script, texts) == [verifier.canonical(one).decode() for one in documents]


BAD_JSON = {
    '{"a":1,"a":2}': "json_twice", '{"a":1.5}': "json_fraction", '{"a":1e3}': "json_fraction",
    '{"a":1234567890123456789}': "json_large", "[1]": "json_object", '{"a":01}': "json_bad",
    '{"a":1}x': "json_bad",
    "{'a':1}": "json_bad", '{"a":"\n"}': "json_bad", '{"a":NaN}': "json_bad", "": "json_bad", '{"a"': "json_bad",
    '{"a":"\\x"}': "json_bad", '{"a":1,}': "json_bad", "\ufeff{}": "json_bad", '{"a":tru}': "json_bad",
    '{"a":' + "[" * 5000 + "]" * 5000 + "}": "json_bad",
}  # fmt: skip


@pytest.mark.parametrize("text", BAD_JSON, ids=lambda text: text[:20])
def test_json_that_could_be_read_in_two_ways_is_refused_by_both(page: Page, text: str) -> None:
    script = "text => module.parsed(bytes.utf8(text), 'it')"
    assert refusal(page, "canonical", script, text) == BAD_JSON[text]
    with pytest.raises(verifier.Broken):
        verifier.load_json(text.encode(), "it")


def test_half_a_character_has_no_canonical_form(page: Page) -> None:
    script = r"""() => module.canonical({ a: "\ud800" })"""
    assert refusal(page, "canonical", script) == "json_deep"


# -- the tree, notes and keys


def test_every_proof_of_small_trees_holds_and_no_bent_one(page: Page) -> None:
    ledger = Ledger([b"%d" % number for number in range(20)])
    script = """cases => cases.map(([place, size, leaf, root, proof]) => {
        try {
            const path = proof.map(one => bytes.unhex(one));
            return bytes.hex(module.rootFromInclusion(place, size, bytes.unhex(leaf), path)) === root;
        } catch { return false }
    })"""
    good = [
        [
            place,
            size,
            ledger.hashes[place].hex(),
            ledger.root(size).hex(),
            ledger.told(size, [], [place])["entries"][0]["proof"],
        ]
        for size in range(1, 21)
        for place in range(size)
    ]
    assert set(told(page, "merkle", script, good)) == {True}
    bent = [[(place + 1) % size, size, *rest] for place, size, *rest in good if size > 1]
    bent += [[place, size, leaf, root, [*proof, leaf]] for place, size, leaf, root, proof in good]
    bent += [[place, size, leaf, root, proof[:-1]] for place, size, leaf, root, proof in good if proof]
    assert set(told(page, "merkle", script, bent)) == {False}


def test_consistency_is_judged_as_the_other_verifier_judges_it(page: Page) -> None:
    ledger = Ledger([b"%d" % number for number in range(20)])
    cases: list[tuple[int, int, bytes, bytes, list[bytes]]] = []
    for new in range(1, 21):
        for old in range(new + 1):
            proof = merkle.proof(merkle.consistency_ranges(old, new), ledger._subtree()) if old else []
            before, after = ledger.root(old) if old else verifier.sha256(b""), ledger.root(new)
            cases += [(old, new, before, after, proof), (old, new, after, before, proof)]
            cases += [(old - 1, new, before, after, proof), (old, new + 1, before, after, proof)]
            cases.append((old, new, before, after, proof[:-1]))
    script = """cases => cases.map(([old, now, ...hashes]) => {
        const [first, last, ...path] = hashes.map(one => bytes.unhex(one));
        return module.isConsistent(old, now, first, last, path);
    })"""
    given = [
        [old, new, *(node.hex() for node in (before, after, *proof))] for old, new, before, after, proof in cases
    ]
    expected = [verifier.check_consistency(*case) for case in cases]
    assert told(page, "merkle", script, given) == expected
    assert expected.count(True) > 200


def test_a_proof_beyond_32_bits_is_followed(page: Page) -> None:
    """An entry at 2**40 of 2**41: every sibling of the path is on its right."""
    leaf = verifier.leaf_hash(b"far")
    path = [verifier.leaf_hash(b"%d" % level) for level in range(41)]
    expected = verifier.root_from_inclusion(2**40, 2**41, leaf, path).hex()
    script = """([leaf, path]) => bytes.hex(
        module.rootFromInclusion(2 ** 40, 2 ** 41, bytes.unhex(leaf), path.map(one => bytes.unhex(one))))"""
    assert told(page, "merkle", script, [leaf.hex(), [one.hex() for one in path]]) == expected


KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"  # Go's golang.org/x/mod/sumdb/note
NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def test_a_note_signed_by_go_holds(page: Page) -> None:
    body, _, mark = NOTE.rpartition("\n\n")
    signature = base64.b64decode(mark.split(" ")[2])[4:]
    given = [KEY, body + "\n", base64.b64encode(signature).decode()]
    script = """async ([key, body, mark]) => (await import("/static/verify/ed25519.js")).verifies(
        module.parseKey(key).public, bytes.utf8(body), bytes.unbase64(mark))"""
    assert told(page, "note", script, given) is True
    for bent in (KEY.replace("c7", "c8"), KEY[:-1], "a b+c74f20a3+AA==", "PeterNeumann"):
        assert refusal(page, "note", "key => module.parseKey(key)", bent).startswith(("key_", "not_base64"))


def test_keys_are_judged_as_the_other_verifier_judges_them(page: Page) -> None:
    named = [
        keys.vkey(name, b"\x02" + bytes(31)) for name in (*keys.NO_KEY_NAMES, "a", "留证.cn/账本", "a\u200bb")
    ]
    given = [KEY, *named, *(keys.vkey("a", point) for point in keys.points_of_small_order())]
    script = """list => list.map(key => {
        try { return module.parseKey(key).name } catch { return "" }
    })"""
    found = told(page, "note", script, given)
    assert found == [name_in(key) for key in given]
    assert len([name for name in found if name]) == 4


def test_chains_of_keys_are_judged_as_the_other_verifier_judges_them(page: Page) -> None:
    script = "([entries, key]) => module.keyChanges(entries, key).map(one => [one.size, one.former, one.isSigned])"
    for entries, key, says in CHAINS.values():
        given = [verifier.Entry(one["place"], b"", {"kind": one["kind"], "data": one["data"]}) for one in entries]
        if says:
            assert refusal(page, "note", script, [entries, key])
        else:
            assert told(page, "note", script, [entries, key]) == [
                [*one] for one in verifier.key_changes(given, key)
            ]


def name_in(vkey: str) -> str:
    try:
        return verifier.parse_vkey(vkey).name
    except verifier.Broken:
        return ""


# -- the ZIP


def zipped(path: Path, members: list[tuple[str, bytes]], **how: Any) -> bytes:
    with zipfile.ZipFile(path, "w", **how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path.read_bytes()


def central(content: bytes, offset: int, value: bytes) -> bytes:
    """The first record of the central directory, changed at an offset."""
    at = content.index(b"PK\1\2") + offset
    return content[:at] + value + content[at + len(value) :]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_tools_could_read_differently_is_refused(page: Page, tmp_path: Path) -> None:
    one, two = ("HF/a.txt", b"a" * 50), ("HF/b.txt", b"b" * 50)
    good = zipped(tmp_path / "good.zip", [one, two])
    hostile = {
        "": good,
        "zip_twice": zipped(tmp_path / "x.zip", [one, ("HF/A.TXT", b"other")]),
        "zip_name": zipped(tmp_path / "x.zip", [one, ("HF/../b.txt", b"b")]),
        "zip_none": good[:-1],
        "zip_two_ends": b"hidden" + good,
        "zip_damaged": good.replace(b"PK\3\4", b"PK\3\5", 1),
        "not_checked": central(good, 8, b"\1\0"),
        "zip_two_sizes": central(good, 24, b"\7"),
        "zip_overlap": central(good, 42, struct.pack("<I", 7)),
        "zip_link": central(good, 38, struct.pack("<I", 0o120777 << 16)),
        "zip_two_ways": good[:14] + b"crc!" + good[18:],
        "zip_two_names": central(good, 46, b"HF/z"),
    }
    script = """async text => {
        const zip = await module.openZip(new Blob([bytes.unbase64(text)]));
        for (const name of zip.sizes.keys()) await zip.digest(name);
    }"""
    packed = zipped(tmp_path / "x.zip", [one, two], compression=zipfile.ZIP_DEFLATED)
    assert refusal(page, "zip", script, base64.b64encode(packed).decode()) == ""
    for key, content in hostile.items():
        assert refusal(page, "zip", script, base64.b64encode(content).decode()) == key
    assert refusal(page, "zip", script, base64.b64encode(b"PK" + bytes(20)).decode()) == "zip_none"
    for behind in (good + b"!", good[:-2] + b"\7\0comment"):
        assert refusal(page, "zip", script, base64.b64encode(behind).decode()) == "zip_none"
    for hiding in (hidden_between(good), another_name_in(tmp_path / "x.zip", one)):
        assert refusal(page, "zip", script, base64.b64encode(hiding).decode()) in ("zip_overlap", "zip_extra")


def hidden_between(good: bytes) -> bytes:
    """A third member between the two, which the index does not know."""
    at, end = good.rindex(b"PK\3\4"), good.rindex(b"PK\1\2")
    size = good.index(b"PK\1\2") - at
    changed = bytearray(good[:at] + good[at : at + size] + good[at:])
    end += size
    changed[end + 42 : end + 46] = struct.pack("<I", at + size)
    changed[-6:-2] = struct.pack("<I", at + 2 * size)
    return bytes(changed)


def another_name_in(path: Path, member: tuple[str, bytes]) -> bytes:
    """The name by which unzip and 7z would unpack it."""
    told = b"\1" + struct.pack("<I", zlib.crc32(member[0].encode())) + b"HF/other.txt"
    named = zipfile.ZipInfo(member[0])
    named.extra = struct.pack("<HH", 0x7075, len(told)) + told
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(named, member[1])
    return path.read_bytes()


def a_sparse_zip(path: Path, size: int, behind: bytes) -> None:
    """A member of `size` zeros and a small one behind it: ZIP64 in the entries and at the end."""
    all_32, places = [0xFFFFFFFF] * 2, []
    with path.open("wb") as file:
        for name, length in ((b"HF/big", size), (b"HF/small", len(behind))):
            places.append((name, length, file.tell()))
            extra = struct.pack("<HHQQ", 1, 16, length, length)
            file.write(struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, *[0] * 5, *all_32, len(name), len(extra)))
            file.write(name + extra)
            file.seek(length, 1)
        file.seek(-len(behind), 1)
        file.write(behind)
        start = file.tell()
        for name, length, at in places:
            extra = struct.pack("<HHQQQ", 1, 24, length, length, at)
            head = (0x02014B50, 45, 45, *[0] * 5, *all_32, len(name), len(extra), *[0] * 4, 0xFFFFFFFF)
            file.write(struct.pack("<IHHHHHHIIIHHHHHII", *head) + name + extra)
        end = file.tell()
        file.write(struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 2, 2, end - start, start))
        file.write(struct.pack("<IIQI", 0x07064B50, 0, end, 1))
        file.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, *all_32, 0))


def test_a_zip_of_many_gigabytes_is_opened_by_its_ends(page: Page, tmp_path: Path) -> None:
    path, size, behind = tmp_path / "large.zip", 5 << 30, b"behind"
    a_sparse_zip(path, size, behind)
    with zipfile.ZipFile(path) as archive:
        assert [info.file_size for info in archive.infolist()] == [size, len(behind)]
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'own' }))"
    )
    page.locator("#own").set_input_files(path)
    script = """async () => {
        const zip = await module.openZip(document.getElementById("own").files[0]);
        return [Object.fromEntries(zip.sizes), await zip.digest("HF/small")];
    }"""
    expected = [{"HF/big": size, "HF/small": len(behind)}, hashlib.sha256(behind).hexdigest()]
    assert told(page, "zip", script) == expected


# -- what is said


def test_every_sentence_is_there_in_both_languages_with_the_same_values(page: Page) -> None:
    for module, name in (("words", "SENTENCES"), ("interface", "INTERFACE")):
        words: dict[str, list[str]] = told(page, module, f"() => module.{name}")
        for key, pair in words.items():
            assert len(pair) == 2, key
            assert _values(pair[0]) == _values(pair[1]), key
            assert all(pair), key


def test_what_both_verifiers_say_is_the_same_chinese(page: Page) -> None:
    words: dict[str, list[str]] = told(page, "words", "() => module.SENTENCES")
    ours = {_numbered(english)[0]: _numbered(english, chinese)[1] for english, chinese in verifier.CHINESE.items()}
    theirs = {_numbered(english)[0]: _numbered(english, chinese)[1] for english, chinese in words.values()}
    both = ours.keys() & theirs.keys()
    assert len(both) > 150
    assert {one: theirs[one] for one in both} == {one: ours[one] for one in both}


def _numbered(english: str, chinese: str = "") -> tuple[str, str]:
    """The sentences with numbers instead of the names in braces, which need not be the same in both verifiers."""
    places = {name: str(at) for at, name in enumerate(verifier.BRACES.findall(english))}
    return english.format(**places), chinese.format(**places)


def _values(text: str) -> list[str]:
    return sorted(part.partition("}")[0] for part in text.split("{")[1:])


def test_what_the_ledger_means_is_the_same_in_both_verifiers(page: Page) -> None:
    tables = told(page, "ledger", "() => ({ ...module })")
    assert tables["DOCUMENTS"] == {kind: list(names) for kind, names in verifier.DOCUMENTS.items()}
    assert tables["STATES"] == verifier.STATES
    closed = told(page, "closed", "() => ({ ...module })")
    for name in ("ENDINGS", "COPY_ENDINGS", "BAG_DESCRIPTION"):
        assert closed[name] == getattr(verifier, name)
    assert told(page, "names", "() => module.DROPPINGS") == [list(one) for one in verifier.DROPPINGS]
    assert told(page, "names", "() => module.OF_PROGRAMS") == verifier.OF_PROGRAMS
    assert told(page, "own_dates", "() => module.OWN_DATES") == {
        name: list(fields) for name, fields in verifier.OWN_DATES.items()
    }
    lists = [name for name in closed if isinstance(closed[name], list)]
    assert len(lists) >= 10
    for name in lists:
        assert sorted(closed[name]) == sorted(getattr(verifier, name)), name
    for name in ("MAY_LACK", "NUMBERED", "MAY_BE_WITHHELD", "LEFT_OUT", "CUSTODY_HEAD"):
        assert tables[name] == list(getattr(verifier, name)), name
    types = {int: "integer", str: "string", dict: "object"}
    assert tables["FIELDS"] == {name: types[kind] for name, kind in verifier.ENTRY_FIELDS.items()}
    plurals = told(page, "ledger", "list => list.map(module.plural)", list(verifier.NUMBERED))
    assert plurals == [verifier.plural(name) for name in verifier.NUMBERED]


def test_both_verifiers_take_the_same_custody_tables(page: Page) -> None:
    words = told(page, "custody", "() => ({ ...module })")
    for name in ("CUSTODY_EVENTS", "CUSTODY_ROLES"):
        assert words[name] == {code: list(both) for code, both in getattr(verifier, name).items()}
    assert words["CUSTODY_FOR_PEOPLE"] == [list(one) for one in verifier.CUSTODY_FOR_PEOPLE]
    given = [[entry.raw.decode() for entry in custody_tables.entries()]]
    given.append([base64.b64encode(one).decode() for one, _ in custody_tables.tables()])
    script = """async ([texts, tables]) => {
        const { openEntry, exhibitsOf } = await import("/static/verify/ledger.js");
        const entries = texts.map((text, place) => openEntry(place, text));
        const taken = (text) => module.isCustodyTable(bytes.unbase64(text, ""), entries, exhibitsOf(entries));
        return tables.map(taken);
    }"""
    assert told(page, "custody", script, given) == [good for _, good in custody_tables.tables()]


def test_both_verifiers_take_the_same_promises_for_undecided(page: Page) -> None:
    dice, kinds = random.Random(2), ("redress.promised", "redress.ended", "case.decided", "case.reopened")
    threads = [
        [(kind, place, dice.randrange(place + 1)) for place, kind in enumerate(dice.choices(kinds, k=length))]
        for length in range(1, 60)
    ]
    script = """threads => threads.map(entries => [...module.undecidedRedress(entries.map(([kind, place, of]) => (
        { kind, place, data: kind.startsWith("redress")
            ? { redress: String(place).padStart(64, "0"), of: String(of).padStart(64, "0") } : {} })))])"""
    found = told(page, "ledger", script, threads)
    expected = [verifier.undecided_redress([_an_entry(*one) for one in entries]) for entries in threads]
    assert [{*names} for names in found] == expected
    assert any(expected)


def _an_entry(kind: str, place: int, of: int) -> verifier.Entry:
    data = {"redress": f"{place:064}", "of": f"{of:064}"} if kind.startswith("redress") else {}
    return verifier.Entry(place, b"", {"kind": kind, "data": data})


def test_contacts_are_written_alike_by_both_verifiers(page: Page) -> None:
    signs = "=+-@＝＋－＠﹦﹢﹣﹫\t\r\n\v\f \u00a0\u3000\ufeff\u200b\u2028\u00ad\x1c\x85'1a,\";中"
    dice = random.Random(3)
    cells = [*signs, *("".join(dice.choices(signs, k=length)) for length in range(1, 6) for _time in range(300))]
    statement = {"contacts": [{"contact": place, "said": cell} for place, cell in enumerate(cells)]}
    statement["contacts"].append({"contact": "1", "times": "12", "until": "2026-11-20 21:30"})
    script = "([statement, version]) => bytes.hex(module.contactsTable(statement, version))"
    for version in verifier.FORMULAS:
        found = told(page, "ledger", script, [statement, version])
        assert bytes.fromhex(found) == verifier.contacts_table(statement, version)


def test_names_of_authorities_become_the_same_file_names(page: Page) -> None:
    names = ["builtin", "Free TSA (example.org)", "国家授时中心", "a" * 50, "-.-", "x/../y"]
    script = "names => names.map(one => module.fileLabel(one))"
    assert told(page, "stamps", script, names) == [verifier.file_label(name) for name in names]


def test_times_are_refused_as_the_other_verifier_refuses_them(page: Page) -> None:
    good = ["2026-11-23T04:02:00.123456Z", "2024-02-29T23:59:59.000000Z"]
    bad = [
        "2026-02-29T00:00:00.000000Z",
        "2026-11-23T24:00:00.000000Z",
        "2026-11-23T04:02:00Z",
        "2026-13-01T00:00:00.000000Z",
    ]
    script = "text => module.moment(text, 'it')"
    assert [refusal(page, "ledger", script, text) for text in good] == ["", ""]
    assert all(refusal(page, "ledger", script, text).startswith("time_") for text in bad)
    for text in bad:
        with pytest.raises(verifier.Broken):
            verifier.moment(text, "it")
