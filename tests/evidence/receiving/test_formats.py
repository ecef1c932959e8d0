"""What a file really is: genuine files of every kind, disguised ones, and any bytes at all."""

from dataclasses import FrozenInstanceError

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as some

from evidence.models import Kind
from evidence.receiving import formats, known, refusals, texts
from evidence.receiving.known import Format
from evidence.receiving.refusals import FileRefused
from tests.support import media
from tests.support.effort import examples

MEGABYTE = 1024 * 1024


def judged(content: bytes) -> Format:
    return formats.identify(len(content), lambda offset, length: content[offset : offset + length])


def refusal(content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        judged(content)
    return caught.value


@pytest.mark.parametrize("name", media.TAKEN)
def test_a_genuine_file_is_known_for_what_it_is(name: str) -> None:
    make, kind, media_type, extension = media.TAKEN[name]
    assert judged(make()) == Format(Kind(kind), media_type, extension)


@pytest.mark.parametrize(
    "content",
    [
        b"They rang at night.\x07 And again.\n",
        b"They rang at night.\r\n\x1a",
        b"They rang at night.\r\n" + b"\x1a" * 100,
        b"They rang at night.\n\0",
        "催收电话\x1e晚上十一点又打来，说要去单位找我的领导。".encode(),
        "café “quoted” – dash\n".encode("cp1252") * 3,
        "He said “pay now”".encode("cp1252"),
    ],
)
def test_a_text_with_a_sign_that_programs_leave_is_a_text(content: bytes) -> None:
    assert judged(content).kind is Kind.TEXT


@pytest.mark.parametrize("name", media.TAKEN)
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_file_that_was_cut_off_is_still_taken(name: str, part: float) -> None:
    content = media.TAKEN[name][0]()
    assert judged(content[: int(len(content) * part)])


def test_a_recording_that_was_never_finished_keeps_the_kind_of_its_brand() -> None:
    """A phone that dies writes no index: there are no tracks to look at."""
    unfinished = media.box(b"ftyp", b"M4A ", bytes(4)) + media.box(b"mdat", bytes(500))
    assert judged(unfinished).media_type == "audio/mp4"


@pytest.mark.parametrize("name", media.REFUSED)
def test_what_we_do_not_take_is_refused_for_what_it_is(name: str) -> None:
    make, code = media.REFUSED[name]
    assert refusal(make()).code == code


@pytest.mark.parametrize("code", refusals.MESSAGES)
def test_a_refusal_is_a_sentence_that_says_what_to_do(code: str) -> None:
    message = FileRefused(code).message
    assert message.endswith(".")
    assert len(message) > 40


def test_a_refusal_speaks_the_language_of_whoever_reads_it_not_of_who_sent_it() -> None:
    with translation.override("zh-hans"):
        caught = refusal(b"")
        assert type(caught.message) is str
    with translation.override("en"):
        assert caught.message.startswith("This file is empty.")


def test_a_format_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        known.MP3.extension = "exe"  # type: ignore[misc]


def test_a_picture_that_is_an_archive_too_is_only_ever_a_picture() -> None:
    assert judged(media.picture("JPEG") + media.zipped("a.txt")).media_type == "image/jpeg"


def test_a_letter_that_begins_like_a_box_is_a_letter() -> None:
    assert judged(b"The free calls stopped on Monday.\n").kind == Kind.TEXT


def test_a_list_with_commas_in_its_sentences_is_no_table() -> None:
    assert judged(b"Dear all, they called again.\nI said no, they went on, and on.\nBye\n").kind == Kind.TEXT


def test_a_text_that_begins_as_a_mail_does_is_a_text_unless_a_mail_system_dated_it() -> None:
    copied = "From: 催收\nDate: 10月19日\nTo: 我\n今天还钱\n"
    assert judged(copied.encode()).kind == Kind.TEXT
    dated = copied.replace("10月19日", "Mon, 19 Oct 2026 08:12:00 +0800")
    assert judged(dated.encode()).media_type == "message/rfc822"


def test_an_mp3_whose_tag_claims_too_much_is_an_mp3(tag: bytes = b"ID3\x04\0\0\xff\x7f\x7f\x7f") -> None:
    assert judged(tag + media.frames_of(media.MP3())).media_type == "audio/mpeg"


def test_a_text_that_begins_like_a_recording_or_a_picture_is_a_text() -> None:
    for text in ("MAC address\n", "BM said so\n", "FORM 12\n", "GO AWAY\n"):
        assert judged(text.encode() * 9).kind == Kind.TEXT


def test_a_letter_that_speaks_of_programs_is_a_letter() -> None:
    for text in ("From the bank, import duties: nothing.", "Let me see = no.", "Set the date.", "Remains: 5"):
        assert judged(f"{text}\nThey called at 8.\n".encode()).kind == Kind.TEXT


def test_text_may_be_cut_in_the_middle_of_a_character() -> None:
    assert judged("请不要".encode()[:-1]).kind == Kind.TEXT


def test_bytes_that_are_only_technically_chinese_are_not_text() -> None:
    rare = bytes([0x81, 0x40, 0xFE, 0xA0, 0xAA, 0xA1]) * 20  # private use and unused places
    assert texts.decode_text(rare) is None


class Endless:
    """A reader that claims a terabyte of the same bytes and counts what is asked of it."""

    size = 1024 * 1024 * MEGABYTE

    def __init__(self, beginning: bytes, pattern: bytes) -> None:
        self.beginning, self.pattern, self.read_bytes = beginning, pattern, 0

    def __call__(self, offset: int, length: int) -> bytes:
        self.read_bytes += length
        start = offset % len(self.pattern)
        endless = (self.pattern * (length // len(self.pattern) + 2))[start : start + length]
        return self.beginning[offset : offset + length] + endless[max(0, len(self.beginning) - offset) :]


@pytest.mark.parametrize(
    ("beginning", "pattern"),
    [
        (media.branded(b"isom"), media.box(b"moov")),
        (media.branded(b"isom"), b"\0\0\0\0moov"),
        (media.branded(b"isom"), b"\0\0\0\x01trak\xff\xff\xff\xff\xff\xff\xff\xff"),
        (b"", media.box(b"moov", media.box(b"trak", media.box(b"mdia")))),
        (b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18),
        (b"PK\x03\x04", b"PK\x01\x02" + bytes(42)),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7fTIT2", b"ID3\x04\0\0\x7f\x7f\x7f\x7fTIT2"),
        (b"ID3\x04\0\0\0\0\0\0", b"\xff\xfb\x90\0"),
        (b"\x1aE\xdf\xa3\x80", b"\x18S\x80g\x80"),
        (b"OggS", b"OggS"),
        (b"From: a\nDate: b\n", b"a:\n"),
        (b"", b'"'),
        (b"", b" "),
        (b"", b"<"),
        (b"", b",\n"),
    ],
)
@pytest.mark.timeout(20)
def test_an_endless_file_is_judged_by_a_small_part_of_it(beginning: bytes, pattern: bytes) -> None:
    reader = Endless(beginning, pattern)
    try:
        formats.identify(reader.size, reader)
    except FileRefused as refused:
        assert refused.code in refusals.MESSAGES
    assert reader.read_bytes < 2 * MEGABYTE


beginnings = some.sampled_from(
    [
        b"",
        *(beginning for beginning, _ in known.BEGINNINGS),
        b"\0\0\0\x18ftypisom",
        b"\0\0\0\x08moov",
        b"PK\x03\x04",
        b"RIFF\0\0\0\0WAVE",
        b"ID3\x03\0\0",
        b"OggS",
        b"\xff\xfb\x90",
        b"\xff\xf1",
        b"\x1aE\xdf\xa3",
        b"\xff\xfe",
        b"From: a\n",
        b"<",
    ]
)


def is_taken_or_refused(content: bytes) -> None:
    try:
        assert judged(content).kind in Kind
    except FileRefused as refused:
        assert refused.code in refusals.MESSAGES


@examples(400)
def test_any_bytes_are_taken_or_refused(examples: int) -> None:
    @settings(max_examples=examples)
    @given(beginnings, some.binary(max_size=600))
    def tried(beginning: bytes, rest: bytes) -> None:
        is_taken_or_refused(beginning + rest)

    tried()


@examples(150)
def test_a_damaged_file_is_taken_or_refused(examples: int) -> None:
    @settings(max_examples=examples)
    @given(some.sampled_from(sorted(media.TAKEN)), some.data())
    def tried(name: str, data: some.DataObject) -> None:
        content = bytearray(media.TAKEN[name][0]())
        for _ in range(data.draw(some.integers(1, 8))):
            content[data.draw(some.integers(0, len(content) - 1))] = data.draw(some.integers(0, 255))
        is_taken_or_refused(bytes(content))

    tried()
