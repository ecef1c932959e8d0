"""Reads what a file says about itself, such as device and place. It is shown as a claim, never as a fact."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

MOST = 200  # characters of a claim

# Our name -> FFmpeg's names for a container's tags; the first one that is present counts
TAGS: dict[str, tuple[str, ...]] = {
    "captured_at": ("com.apple.quicktime.creationdate", "creation_time", "date"),
    "device": ("com.apple.quicktime.model", "com.android.model", "model"),
    "maker": ("com.apple.quicktime.make", "com.android.manufacturer", "make"),
    "place": ("com.apple.quicktime.location.iso6709", "location", "location-eng"),
    "software": ("com.apple.quicktime.software", "com.android.version", "encoder"),
    "title": ("title",),
    "author": ("artist", "author"),
}


def one_line(value: object) -> str:
    """One line of at most MOST characters, without control and formatting characters."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    kept = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text[: 4 * MOST])
    return " ".join(kept.split())[:MOST]


def known_claims(**found: object) -> dict[str, str]:
    """The claims that are not empty. The maker becomes the beginning of the device's name."""
    claims = {name: text for name, value in found.items() if value and (text := one_line(value))}
    maker, device = claims.pop("maker", ""), claims.get("device", "")
    if maker and not device.lower().startswith(maker.lower()):
        claims["device"] = one_line(f"{maker} {device}")
    return claims


def of_container(*tagged: Mapping[str, str]) -> dict[str, str]:
    """From the tags of a container and its streams."""
    tags: dict[str, str] = {}
    for mapping in tagged:
        for name, value in mapping.items():
            tags.setdefault(name.lower(), value)
    return known_claims(
        **{word: next((tags[name] for name in names if tags.get(name)), "") for word, names in TAGS.items()}
    )


def of_picture(exif: Any, info: Mapping[Any, Any]) -> dict[str, str]:
    """From Exif (CIPA DC-008) and, for PNG, its text chunks."""
    taken, gps = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
    moment = taken.get(0x9003) or exif.get(0x0132) or info.get("Creation Time") or ""
    return known_claims(
        captured_at=f"{_date(one_line(moment))} {one_line(taken.get(0x9011, ''))}".strip(),
        maker=exif.get(0x010F),
        device=exif.get(0x0110),
        software=exif.get(0x0131) or info.get("Software"),
        place=_place(gps),
        title=info.get("Title") or exif.get(0x010E),
        author=info.get("Author") or exif.get(0x013B),
    )


def _date(text: str) -> str:
    """Exif's 2026:11:20 as 2026-11-20."""
    return re.sub(r"^(\d{4}):(\d\d):(\d\d)", r"\1-\2-\3", text)


def _place(gps: Mapping[int, Any]) -> str:
    try:
        north, east = _degrees(gps[2], gps[1], "S"), _degrees(gps[4], gps[3], "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return ""
    return f"{north:.5f}, {east:.5f}" if abs(north) <= 90 and abs(east) <= 180 else ""


def _degrees(parts: Any, side: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if one_line(side).upper() == negative else 1)


def of_pdf(metadata: Mapping[str, str]) -> dict[str, str]:
    moment = re.sub(
        r"^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?.*", r"\1-\2-\3 \4:\5", metadata.get("CreationDate", "")
    )
    return known_claims(
        captured_at=moment,
        title=metadata.get("Title"),
        author=metadata.get("Author"),
        software=metadata.get("Creator") or metadata.get("Producer"),
    )
