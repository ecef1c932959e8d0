"""Sound files whose headers or frames say what is not so."""

import random

import pytest

from portal.demo import sound
from tests.support import media, viewing
from tests.support.viewing import seen

AMR = media.TAKEN["amr"][0]
SPEECH, NOTHING = 32, b"\x7c"  # bytes of a 12.2 kbit/s frame; no data
TAG_OF_2_MB = b"ID3\x04\0\0" + bytes((0, 0x7F, 0x7F, 0x7F))


@pytest.mark.parametrize("before", [TAG_OF_2_MB, b"ID3\x04\0\0\x7f\x7f\x7f\x7f", b"junk" * 125])
def test_an_mp3_whose_beginning_is_wrong_is_played_from_its_first_frame(before: bytes) -> None:
    found = seen(before + media.TAKEN["mp3 without a tag"][0](), "audio", "audio/mpeg")
    assert found.reason == ""
    assert abs(found.facts["milliseconds"] - 2000) < 150


@pytest.mark.parametrize(("said", "behind"), [(500, b""), (500, b"LIST\x04\0\0\0INFO")])
def test_a_wav_that_says_less_than_it_holds_is_played_to_its_end(said: int, behind: bytes) -> None:
    whole = viewing.wav(sound.call(2, seed=7))
    at = whole.index(b"data") + 4
    found = seen(whole[:at] + said.to_bytes(4, "little") + whole[at + 4 :] + behind, "audio", "audio/wav")
    assert found.reason == "" and abs(found.facts["milliseconds"] - 2000) < 10


def test_what_a_wav_has_behind_its_sound_is_not_played() -> None:
    found = seen(viewing.wav(sound.call(2, seed=7)) + b"LIST\x00\x40\0\0" + bytes(0x4000), "audio", "audio/wav")
    assert found.facts["milliseconds"] == 2000


def test_a_second_recording_behind_the_first_is_not_lost_in_silence() -> None:
    assert seen(2 * media.TAKEN["m4a"][0](), "audio", "audio/mp4").reason == "more"


def test_noise_that_is_called_amr_is_no_recording() -> None:
    noise = random.Random(3).randbytes(20_000)
    assert (seen(b"#!AMR\n" + noise, "audio", "audio/amr").reason) == "damaged"


def test_a_recording_with_a_few_frames_that_nobody_writes_says_so() -> None:
    data = AMR()
    at = 6 + 20 * SPEECH
    found = seen(data[:at] + b"\x64" + data[at:], "audio", "audio/amr")
    assert (found.reason, bool(found.copies["sound", 1])) == ("noise", True)


def test_a_flood_of_frames_without_sound_is_known_before_it_is_decoded() -> None:
    flood = seen(b"#!AMR\n" + NOTHING * 5_000_000, "audio", "audio/amr")
    assert (flood.reason, flood.copies, flood.facts) == ("silence", {}, {"milliseconds": 100_000_000})


def test_a_silent_recording_is_drawn_as_one() -> None:
    quiet = b"\x01\0\xff\xff" * 8000
    drawing = seen(viewing.wav(quiet), "audio", "audio/wav").copies["waveform", 1].decode()
    heights = [int(bar.partition("v")[2]) for bar in drawing.partition('d="M')[2].partition('"')[0].split("M")]
    assert max(heights) <= 3


def test_how_long_a_file_claims_to_be_is_told_from_how_long_it_is() -> None:
    cut = viewing.without_end(viewing.index_first(media.voice("mp4", "aac")))
    found = seen(cut, "audio", "audio/mp4")
    assert found.claims["length"] == "0:02"
    assert "length" not in seen(media.TAKEN["m4a"][0](), "audio", "audio/mp4").claims
