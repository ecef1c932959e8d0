"""What the confined child makes of sound files."""

import io
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from evidence.viewing.confined import picture
from portal.demo import sound
from tests.support import media, viewing
from tests.support.viewing import seen

PNG = ("image", "image/png")
AMR = media.TAKEN["amr"][0]
SPEECH, SILENCE, NOTHING = 32, b"\x44" + bytes(5), b"\x7c"  # bytes of a 12.2 kbit/s frame; comfort noise; no data


def with_pauses() -> tuple[bytes, int]:
    """A recording whose telephone sent nothing while nobody spoke, and how many frames it has."""
    frames = [AMR()[6 + at : 6 + at + SPEECH] for at in range(0, 40 * SPEECH, SPEECH)]
    pauses = [*frames[:10], *[NOTHING] * 30, *frames[10:20], *[SILENCE] * 20, *frames[20:]]
    return b"#!AMR\n" + b"".join(pauses), len(pauses)


def test_amr_with_pauses_is_copied_to_its_end() -> None:
    data, frames = with_pauses()
    found = seen(data, "audio", "audio/amr")
    assert found.reason == ""
    assert found.facts["milliseconds"] == found.facts["copied_milliseconds"] == 20 * frames
    assert viewing.samples(found.copies["sound", 1]) >= 160 * frames


def test_frames_of_amr_are_counted_from_the_bytes() -> None:
    from evidence.viewing.confined import amr

    data, frames = with_pauses()
    assert amr.frames(io.BytesIO(data)) == frames
    assert amr.frames(io.BytesIO(data[:-1])) == frames - 1
    assert amr.frames(io.BytesIO(media.amr_wb())) == 50
    assert amr.frames(io.BytesIO(b"#!AMR\n")) == 0
    assert amr.frames(io.BytesIO(b"#!AMR\n" + 20_000 * NOTHING)) == 20_000


SHORT: dict[str, tuple[Any, str, str]] = {
    "an m4a whose end is missing": (
        lambda: viewing.without_end(viewing.index_first(media.voice("mp4", "aac"))),
        "audio",
        "audio/mp4",
    ),
    "a webm whose end is missing": (
        lambda: viewing.without_end(media.TAKEN["webm with sound only"][0]()),
        "audio",
        "audio/webm",
    ),
    "a voice message that breaks off": (
        lambda: viewing.silk()[:900] + b"\x10\x00" + bytes(16) * 60,
        "audio",
        "audio/silk",
    ),
    "a video whose end is missing": (
        lambda: viewing.without_end(viewing.index_first(viewing.long_film())),
        "video",
        "video/mp4",
    ),
}


@pytest.mark.parametrize("name", SHORT)
def test_a_copy_that_is_shorter_than_its_original_is_never_silent(name: str) -> None:
    make, kind, media_type = SHORT[name]
    found = seen(make(), kind, media_type)
    assert found.reason == "cut"
    assert 0 < found.facts["copied_milliseconds"] < found.facts["milliseconds"]
    assert found.copies[{"audio": "sound", "video": "video"}[kind], 1]


@pytest.mark.parametrize("tencent", [True, False])
def test_a_voice_message_of_wechat_can_be_heard(tencent: bool) -> None:
    found = seen(viewing.silk(2, tencent), "audio", "audio/silk")
    assert (found.reason, found.facts["copied_milliseconds"]) == ("", 2000)


@pytest.mark.parametrize(
    "name", [name for name, row in media.TAKEN.items() if row[1] == "audio" and "silk" not in name]
)
def test_every_kind_of_recording_can_be_heard(name: str) -> None:
    make, kind, media_type, _extension = media.TAKEN[name]
    found = seen(make(), kind, media_type)
    assert found.reason == ""
    assert (
        abs(viewing.samples(found.copies["sound", 1]) / viewing.rate(found.copies["sound", 1]) - 2) < 0.4
        or "wide" in name
    )


# There is no encoder for Theora here, so the Ogg video of these tests has no frames.
@pytest.mark.parametrize(
    "name", [name for name, row in media.TAKEN.items() if row[1] == "video" and "ogg" not in name]
)
def test_every_kind_of_video_can_be_seen(name: str) -> None:
    make, kind, media_type, _extension = media.TAKEN[name]
    found = seen(make(), kind, media_type)
    assert (found.reason, set(found.copies)) == ("", {("poster", 1), ("video", 1)})
    assert viewing.film_frames(found.copies["video", 1]) == 10


def test_a_video_s_sound_comes_along_however_much_longer_than_its_pictures() -> None:
    for container, codec in (("mp4", "aac"), ("webm", "libopus")):
        found = seen(viewing.film_with_sound(codec, container, heard=5), "video", f"video/{container}")
        assert found.reason == ""
        assert viewing.seconds_of(found.copies["video", 1], "audio") > 4.9


def test_a_video_s_sound_that_cannot_be_copied_is_never_lost_in_silence() -> None:
    found = seen(viewing.film_with_sound("tta", "matroska"), "video", "video/x-matroska")
    assert (found.reason, set(found.copies)) == ("sound", {("poster", 1), ("video", 1)})


def test_a_video_s_sound_that_breaks_off_is_never_lost_in_silence() -> None:
    whole = viewing.index_first(viewing.film_with_sound(heard=20))
    found = seen(viewing.without_end(whole), "video", "video/mp4")
    assert (found.reason, found.facts["copied_milliseconds"] > 1900) == ("sound", True)


def test_a_screen_that_stands_still_is_shown_as_long_as_it_was_recorded() -> None:
    found = seen(viewing.still_screen(7), "video", "video/mp4")
    assert (found.reason, found.facts["milliseconds"]) == ("", found.facts["copied_milliseconds"])
    assert abs(viewing.seconds_of(found.copies["video", 1], "video") - 7) < 0.1


def test_both_sides_of_a_stereo_recording_stay_apart() -> None:
    found = seen(viewing.stereo(), "audio", "audio/wav")
    assert viewing.channels(found.copies["sound", 1]) == 2


def test_a_waveform_is_a_static_drawing_as_loud_as_the_recording() -> None:
    quiet_then_loud = bytes(16000) + sound.call(1, seed=7)
    recording = sound.encoded(quiet_then_loud, "wav", "pcm_s16le")
    drawing = seen(recording, "audio", "audio/wav").copies["waveform", 1].decode()
    assert len(drawing) < 4000
    assert not any(word in drawing for word in ("script", "style", "href", " on", "<image", "url("))
    heights = [int(bar.partition("v")[2]) for bar in drawing.partition('d="M')[2].partition('"')[0].split("M")]
    assert max(heights[:70]) <= 3 < 60 <= max(heights[80:])


@pytest.mark.parametrize(("orientation", "corner"), [(1, "red"), (3, "blue"), (6, "red"), (8, "blue")])
def test_a_preview_is_upright_and_without_metadata(orientation: int, corner: str) -> None:
    found = seen(viewing.photo(orientation=orientation), "image", "image/jpeg")
    preview = found.picture()
    assert preview.size == ((60, 40) if orientation in (1, 3) else (40, 60))
    red, _green, blue = preview.convert("RGB").getpixel((3, 3))  # type: ignore[misc]
    assert ("red" if red > blue else "blue") == corner
    assert not preview.getexif() and b"Phone" not in found.copies["picture", 1]


def test_what_a_photo_claims_of_itself_is_read() -> None:
    assert seen(viewing.photo(), "image", "image/jpeg").claims == {
        "captured_at": "2026-11-20 23:41:05 +08:00",
        "device": "Example Phone 5",
        "software": "Camera 1.2",
        "place": "31.23000, 121.47000",
    }


def test_what_a_video_claims_of_itself_is_read() -> None:
    claims = {
        "creation_time": "2026-11-20T15:41:05Z",
        "make": "Example",
        "model": "Phone 5",
        "title": "at the door",
    }
    found = seen(viewing.long_film(frames=3, claims=claims), "video", "video/mp4")
    assert found.claims["captured_at"].startswith("2026-11-20T15:41:05")
    assert found.claims["title"] == "at the door"


def test_a_large_picture_becomes_a_small_one() -> None:
    found = seen(media_png((4000, 2000)), "image", "image/png")
    assert (found.facts, found.picture().size) == ({"width": 4000, "height": 2000}, (1600, 800))


@pytest.mark.parametrize(("size", "piece"), [((1080, 9600), (720, 1660)), ((9600, 1080), (1660, 720))])
def test_a_long_picture_is_cut_into_pieces_of_the_full_shorter_side(
    size: tuple[int, int], piece: tuple[int, int]
) -> None:
    found = seen(striped(size), "image", "image/png")
    assert list(found.copies) == [("picture", number) for number in range(1, 5)]
    assert found.facts == {"width": size[0], "height": size[1], "pieces": 4}
    assert {found.picture("picture", number).size for number in range(1, 4)} == {piece}
    colours = [found.picture("picture", number).resize((1, 1)).tobytes()[0] for number in range(1, 5)]
    assert colours == sorted(colours) and len(set(colours)) == 4


def test_two_pieces_of_a_picture_have_a_line_of_text_in_common() -> None:
    found = seen(striped((1080, 9600)), "image", "image/png")
    first, second = (found.picture("picture", number).convert("L") for number in (1, 2))
    shared = picture.OVERLAP
    end = first.crop((0, first.height - shared, first.width, first.height))
    assert ImageStat.Stat(ImageChops.difference(end, second.crop((0, 0, second.width, shared)))).mean[0] < 2


def striped(size: tuple[int, int]) -> bytes:
    """From black to white along the longer side."""
    out, gradient = io.BytesIO(), Image.linear_gradient("L")
    (gradient if size[1] > size[0] else gradient.rotate(90)).resize(size).save(out, "PNG")
    return out.getvalue()


def test_of_a_picture_without_end_the_first_pieces_are_shown_and_counted() -> None:
    found = seen(media_png((100, 60_000)), "image", "image/png")
    assert (len(found.copies), found.facts["pieces"]) == (20, 38)


def test_the_size_of_a_picture_is_told_after_turning() -> None:
    assert seen(viewing.photo(orientation=6), "image", "image/jpeg").facts == {"width": 40, "height": 60}


def test_a_grey_of_sixteen_bits_that_is_transparent_is_white_and_no_other_is() -> None:
    picture, out = Image.new("I;16", (40, 20), 0x8000), io.BytesIO()
    picture.paste(0x3434, (0, 0, 20, 20))  # Pillow writes the lower half twice
    picture.save(out, "PNG", transparency=0x3434)
    shown = seen(out.getvalue(), *PNG).picture().convert("L").tobytes()
    assert shown[0] > 250 and 120 < shown[39] < 136


def media_png(size: tuple[int, int], mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_all_modes_are_shown(mode: str) -> None:
    assert seen(media_png((20, 10), mode), "image", "image/png").picture().size == (20, 10)


def test_see_through_pictures_are_shown_on_white() -> None:
    assert seen(media_png((20, 10), "RGBA"), "image", "image/png").picture().getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize("orientation", [1, 6])
def test_an_iphone_s_picture_is_shown(orientation: int) -> None:
    picture = Image.new("RGB", (64, 48), "#0a5a5c")
    exif = viewing.telephone(picture, orientation).tobytes()
    found = seen(viewing.heic(picture, exif=exif), "image", "image/heic")
    assert found.claims["device"] == "Example Phone 5"
    assert found.picture().size == ((64, 48) if orientation == 1 else (48, 64))


def test_a_video_taken_upright_is_upright() -> None:
    found = seen(viewing.long_film(frames=3, turned=90), "video", "video/mp4")
    poster = found.picture("poster").convert("L")
    assert poster.size == (144, 176)
    left, right = (poster.crop((at, 0, at + 8, 176)).tobytes() for at in (4, 132))
    assert sum(right) > 1.3 * sum(left)  # what is bright at the top of each frame is at the right now


def test_the_first_twenty_pages_of_a_pdf_are_shown() -> None:
    found = seen(viewing.pdf(23), "document", "application/pdf")
    assert list(found.copies) == [("page", number) for number in range(1, 21)]
    assert found.facts == {"pages": 23}
    assert max(found.picture("page", 20).size) == 1200


@pytest.mark.parametrize(
    ("form", "media_type"), [("GIF", "image/gif"), ("WEBP", "image/webp"), ("PNG", "image/png")]
)
def test_of_moving_pictures_the_first_is_shown_and_the_others_are_counted(form: str, media_type: str) -> None:
    out = io.BytesIO()
    first, *others = (Image.new("RGB", (40, 40), colour) for colour in ("red", "green", "blue"))
    first.save(out, form, save_all=True, append_images=others)
    assert seen(out.getvalue(), "image", media_type).facts == {"width": 40, "height": 40, "frames": 3}


def test_each_page_of_a_fax_is_shown() -> None:
    out = io.BytesIO()
    first, *others = (Image.new("1", (400, 600), number % 2) for number in range(23))
    first.save(out, "TIFF", save_all=True, append_images=others, compression="group4")
    found = seen(out.getvalue(), "image", "image/tiff")
    assert (found.reason, found.facts) == ("", {"width": 400, "height": 600, "pages": 23, "pages_shown": 20})
    assert len(found.copies) == 20


def test_the_clip_behind_a_picture_that_moves_is_not_lost_in_silence() -> None:
    out = io.BytesIO()
    said = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf GCamera:MotionPhoto="1"/></x:xmpmeta>'
    Image.new("RGB", (40, 40)).save(out, "JPEG", xmp=said)
    assert seen(out.getvalue(), "image", "image/jpeg").facts["has_clip"] == 1


@pytest.mark.parametrize("name", ["WavPack", "RealAudio", "RealVideo", "RealVideo of the first kind"])
def test_recordings_and_films_of_older_players_can_be_played(name: str) -> None:
    make, kind, media_type, _extension = media.TAKEN[name]
    found = seen(make(), kind, media_type)
    copy = {"audio": "sound", "video": "video"}[kind]
    assert (found.reason, bool(found.copies[copy, 1])) == ("", True)


@pytest.mark.parametrize(
    ("kind", "media_type", "reason"), [("audio", "audio/x-ape", "kind"), ("image", "image/jxl", "jpeg_xl")]
)
def test_what_no_program_here_opens_says_that_there_is_no_copy_of_its_kind(
    kind: str, media_type: str, reason: str
) -> None:
    assert seen(bytes(100), kind, media_type).reason == reason
