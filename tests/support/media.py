"""Files of every accepted and refused kind, made by encoders where possible, else byte by byte."""

import gzip
import io
import tarfile
import zipfile
from functools import cache
from typing import Any, cast

import av
from PIL import Image

from evidence.receiving.known import OFFICE
from portal.demo import paper, sound


@cache
def pcm() -> bytes:
    return sound.call(2, seed=7)


def voice(container: str, codec: str, rate: int = 8000) -> bytes:
    return sound.encoded(pcm(), container, codec, rate=rate)


def film(container: str, codec: str, size: tuple[int, int] = (176, 144), rate: int = 10, **options: str) -> bytes:
    """Ten frames of a moving grey, without sound."""
    out, shot = io.BytesIO(), cast(Any, av.VideoFrame.from_image)
    with av.open(out, "w", format=container, options=options) as file:
        stream: Any = file.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
        for number in range(10):
            frame = shot(Image.new("RGB", size, (20 * number,) * 3))
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#0a5a5c").save(out, form)
    return out.getvalue()


def letter() -> bytes:
    return paper.letter(sender="某某", address="某处", title="函", to="您", parts=["您好。"], date="2026 年")


def box(name: bytes, *contents: bytes) -> bytes:
    body = b"".join(contents)
    return (8 + len(body)).to_bytes(4, "big") + name + body


def branded(major: bytes, *compatible: bytes) -> bytes:
    """The first bytes of a file of the MP4 family: a brand, and nothing useful after it."""
    return box(b"ftyp", major, b"\0\0\0\0", *compatible) + box(b"meta", bytes(40))


def amr_wb() -> bytes:
    """One second of AMR wide-band: fifty frames of 6.6 kbit/s (RFC 4867, 5.3; 3GPP TS 26.201)."""
    return b"#!AMR-WB\n" + 50 * (b"\x04" + bytes(17))


def silk(before: bytes = b"") -> bytes:
    """Two frames of SILK, each after its length. WeChat writes one byte before the name."""
    return before + b"#!SILK_V3" + 2 * (b"\x13\x00" + bytes(range(19))) + b"\xff\xff"


def behind_a_cover(frames: bytes, cover: int = 300_000) -> bytes:
    """The frames after an ID3v2.3 tag with a cover picture of `cover` bytes."""
    content = b"\0image/jpeg\0\x03\0\xff\xd8\xff" + bytes(cover)
    tag = b"APIC" + len(content).to_bytes(4, "big") + b"\0\0" + content
    length = bytes(len(tag) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + length + tag + frames


def frames_of(mp3: bytes) -> bytes:
    """An MP3 without the tag that its encoder wrote."""
    return mp3[10 + sum(byte << shift for byte, shift in zip(mp3[6:10], (21, 14, 7, 0), strict=True)) :]


def zipped(*names: str, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name in names:
            archive.writestr(name, f"<?xml version='1.0'?><part name='{name}'/>")
    return out.getvalue()


def xlsx(*more: str) -> bytes:
    return zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml", *more)


def docx(*more: str) -> bytes:
    return zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml", *more)


def ods() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return out.getvalue()


def ole(*names: str) -> bytes:
    """An OLE file with streams of these names: its header, and a sector with its directory (MS-CFB)."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\0" + bytes(16) + bytes(4) + bytes(460)
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + (2 * len(name) + 2).to_bytes(2, "little") + bytes(62)
        for name in ("Root Entry", *names)
    )
    return header + entries.ljust(2048, b"\0")


def theora() -> bytes:
    """The first page of an Ogg with pictures, as an encoder begins it (no encoder for it is here)."""
    head = b"\x80theora\x03\x02\x01" + bytes(32)
    return b"OggS\0\x02" + bytes(20) + b"\x01" + bytes([len(head)]) + head


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"), io.BytesIO())
    return out.getvalue()


MAIL = (
    b"Return-Path: <a@example.org>\r\nFrom: =?utf-8?B?5p+Q?= <a@example.org>\r\nTo: b@example.org\r\n"
    b"Subject: a long\r\n subject\r\nDate: Mon, 19 Oct 2026 08:12:00 +0800\r\nMIME-Version: 1.0\r\n\r\n<html>hello"
)
LOG = "10月19日 08:12 客服：您好，您的账单已逾期。\n10月19日 08:20 我：请不要联系我的同事。\n"
WESTERN = "René from the café said “pay now”. I didn’t – and they called my boss’ phone.\n"
BACKUP = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<!--File Created By a backup-->\n"
    '<?xml-stylesheet type="text/xsl" href="sms.xsl"?>\n<smses count="1">\n'
    '  <sms address="00008880040" date="1792368732000" type="1" body="今天还钱 &#60;b&#62;" />\n'
    + 4 * "  <call />\n"
    + "</smses>\n"
)
BILL = "某某移动通话详单\n时间,号码,类型\n10-19 08:07,00008880040,被叫\n10-19 08:24,00008880041,被叫\n"

AUDIO, IMAGE, VIDEO, DOCUMENT, TABLE, TEXT = "audio", "image", "video", "document", "table", "text"
MP3 = cache(lambda: sound.mp3(pcm()))

# Name -> (function that makes it, kind, media type, extension)
TAKEN: dict[str, tuple[Any, str, str, str]] = {
    "amr": (lambda: sound.amr(pcm()), AUDIO, "audio/amr", "amr"),
    "amr wide-band": (amr_wb, AUDIO, "audio/amr-wb", "awb"),
    "silk": (silk, AUDIO, "audio/silk", "silk"),
    "silk from WeChat": (lambda: silk(b"\x02"), AUDIO, "audio/silk", "silk"),
    "mp3": (MP3, AUDIO, "audio/mpeg", "mp3"),
    "mp3 without a tag": (lambda: frames_of(MP3()), AUDIO, "audio/mpeg", "mp3"),
    "mp3 behind a big cover": (lambda: behind_a_cover(frames_of(MP3())), AUDIO, "audio/mpeg", "mp3"),
    "mp3 behind padding": (lambda: bytes(700) + frames_of(MP3()), AUDIO, "audio/mpeg", "mp3"),
    "mp2": (lambda: voice("mp2", "mp2", 16000), AUDIO, "audio/mpeg", "mp3"),
    "aac": (lambda: voice("adts", "aac", 16000), AUDIO, "audio/aac", "aac"),
    "aac behind a big cover": (lambda: behind_a_cover(voice("adts", "aac")), AUDIO, "audio/aac", "aac"),
    "m4a": (lambda: sound.m4a(pcm()), AUDIO, "audio/mp4", "m4a"),
    "m4a that says it is mp4": (lambda: voice("mp4", "aac"), AUDIO, "audio/mp4", "m4a"),
    "3gp with sound only": (lambda: voice("3gp", "libopencore_amrnb"), AUDIO, "audio/3gpp", "3gp"),
    "3g2 with sound only": (lambda: voice("3g2", "libopencore_amrnb"), AUDIO, "audio/3gpp2", "3g2"),
    "mov with sound only": (lambda: voice("mov", "aac"), AUDIO, "video/quicktime", "mov"),
    "wav": (lambda: voice("wav", "pcm_s16le"), AUDIO, "audio/wav", "wav"),
    "opus": (lambda: voice("ogg", "libopus", 48000), AUDIO, "audio/ogg", "ogg"),
    "webm with sound only": (lambda: voice("webm", "libopus", 48000), AUDIO, "audio/webm", "weba"),
    "png": (lambda: picture("PNG"), IMAGE, "image/png", "png"),
    "jpeg": (lambda: picture("JPEG"), IMAGE, "image/jpeg", "jpg"),
    "webp": (lambda: picture("WEBP"), IMAGE, "image/webp", "webp"),
    "avif": (lambda: picture("AVIF"), IMAGE, "image/avif", "avif"),
    "heic": (lambda: branded(b"heic", b"mif1", b"heic"), IMAGE, "image/heic", "heic"),
    "heic of ten bits": (lambda: branded(b"heix", b"mif1"), IMAGE, "image/heic", "heic"),
    "heic that says mif1": (lambda: branded(b"mif1", b"mif1", b"heic"), IMAGE, "image/heic", "heic"),
    "heif of another codec": (lambda: branded(b"mif1", b"mif1", b"jpeg"), IMAGE, "image/heif", "heif"),
    "avif that says mif1": (lambda: branded(b"mif1", b"avif", b"miaf"), IMAGE, "image/avif", "avif"),
    "pdf": (letter, DOCUMENT, "application/pdf", "pdf"),
    "pdf behind a line": (lambda: b"\xef\xbb\xbf\r\n " + letter(), DOCUMENT, "application/pdf", "pdf"),
    "mp4": (lambda: film("mp4", "libx264"), VIDEO, "video/mp4", "mp4"),
    "mp4 in fragments": (
        lambda: film("mp4", "libx264", movflags="frag_keyframe+empty_moov"),
        VIDEO,
        "video/mp4",
        "mp4",
    ),
    "mov with HEVC": (lambda: film("mov", "libx265"), VIDEO, "video/quicktime", "mov"),
    "mov without a brand": (
        lambda: film("mov", "mpeg4").replace(b"ftypqt  ", b"wide    ", 1),
        VIDEO,
        "video/quicktime",
        "mov",
    ),
    "3gp": (lambda: film("3gp", "h263"), VIDEO, "video/3gpp", "3gp"),
    "webm": (lambda: film("webm", "libvpx"), VIDEO, "video/webm", "webm"),
    "WavPack": (lambda: voice("wv", "wavpack"), AUDIO, "audio/x-wavpack", "wv"),
    "RealAudio": (lambda: voice("rm", "real_144"), AUDIO, "audio/x-pn-realaudio", "rm"),
    "RealVideo": (lambda: film("rm", "rv20"), VIDEO, "video/vnd.rn-realmedia", "rm"),
    "RealVideo of the first kind": (lambda: film("rm", "rv10"), VIDEO, "video/vnd.rn-realmedia", "rm"),
    "log": (LOG.encode, TEXT, "text/plain", "txt"),
    "log with a mark": (lambda: LOG.encode("utf-8-sig"), TEXT, "text/plain", "txt"),
    "log in GB18030": (lambda: LOG.encode("gb18030"), TEXT, "text/plain", "txt"),
    "log in UTF-16": (lambda: LOG.encode("utf-16"), TEXT, "text/plain", "txt"),
    "log in Big5": (lambda: "請不要聯絡我的同事，我已經說過了。\n".encode("big5"), TEXT, "text/plain", "txt"),
    "letter of western Windows": (lambda: WESTERN.encode("cp1252"), TEXT, "text/plain", "txt"),
    "csv": (BILL.encode, TABLE, "text/csv", "csv"),
    "csv in GB18030": (lambda: BILL.encode("gb18030"), TABLE, "text/csv", "csv"),
    "csv with semicolons": (lambda: BILL.replace(",", ";").encode(), TABLE, "text/csv", "csv"),
    "xlsx": (xlsx, TABLE, f"{OFFICE}.spreadsheetml.sheet", "xlsx"),
    "docx": (docx, DOCUMENT, f"{OFFICE}.wordprocessingml.document", "docx"),
    "docx that begins with another part": (
        lambda: zipped("customXml/item1.xml", "word/document.xml", "[Content_Types].xml"),
        DOCUMENT,
        f"{OFFICE}.wordprocessingml.document",
        "docx",
    ),
    "gif": (lambda: picture("GIF"), IMAGE, "image/gif", "gif"),
    "bmp": (lambda: picture("BMP"), IMAGE, "image/bmp", "bmp"),
    "tiff": (lambda: picture("TIFF"), IMAGE, "image/tiff", "tif"),
    "jpeg 2000": (lambda: picture("JPEG2000"), IMAGE, "image/jp2", "jp2"),
    "jpeg xl": (lambda: b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(80), IMAGE, "image/jxl", "jxl"),
    "flac": (lambda: voice("flac", "flac"), AUDIO, "audio/flac", "flac"),
    "caf": (lambda: voice("caf", "pcm_s16be"), AUDIO, "audio/x-caf", "caf"),
    "aiff": (lambda: voice("aiff", "pcm_s16be"), AUDIO, "audio/aiff", "aiff"),
    "au": (lambda: voice("au", "pcm_mulaw"), AUDIO, "audio/basic", "au"),
    "wma": (
        lambda: sound.encoded(pcm(), "asf", "wmav2", rate=16000, bit_rate=32000),
        AUDIO,
        "audio/x-ms-wma",
        "wma",
    ),
    "wmv": (lambda: film("asf", "wmv2"), VIDEO, "video/x-ms-wmv", "wmv"),
    "matroska with sound only": (lambda: voice("matroska", "flac"), AUDIO, "audio/x-matroska", "mka"),
    "matroska": (lambda: film("matroska", "libx264"), VIDEO, "video/x-matroska", "mkv"),
    "avi": (lambda: film("avi", "mpeg4"), VIDEO, "video/x-msvideo", "avi"),
    "flv": (lambda: film("flv", "flv"), VIDEO, "video/x-flv", "flv"),
    "mpg": (lambda: film("mpeg", "mpeg1video", rate=25), VIDEO, "video/mpeg", "mpg"),
    "mpeg-ts": (lambda: film("mpegts", "libx264"), VIDEO, "video/mp2t", "ts"),
    "ogg with pictures": (theora, VIDEO, "video/ogg", "ogv"),
    "mp3 behind foreign bytes": (
        lambda: bytes((n * n * 7 + n) % 251 ^ 0xA5 for n in range(500)) + frames_of(MP3()),
        AUDIO,
        "audio/mpeg",
        "mp3",
    ),
    "ofd": (
        lambda: zipped("OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"),
        DOCUMENT,
        "application/ofd",
        "ofd",
    ),
    "log in UTF-16 without a mark": (lambda: LOG.encode("utf-16-le"), TEXT, "text/plain", "txt"),
    "log in UTF-16 without a mark, the other way": (lambda: LOG.encode("utf-16-be"), TEXT, "text/plain", "txt"),
    "backup of messages": (BACKUP.encode, TEXT, "text/plain", "txt"),
    "eml": (lambda: MAIL, DOCUMENT, "message/rfc822", "eml"),
}

# Name -> (function that makes it, code of the refusal)
REFUSED: dict[str, tuple[Any, str]] = {
    "nothing": (lambda: b"", "empty"),
    "web page": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "web_page"),
    "web page with a mark": (lambda: b"\xef\xbb\xbf\r\n  <HTML><body onload=x>", "web_page"),
    "web page in UTF-16": (lambda: "<html><script>alert(1)</script>".encode("utf-16"), "web_page"),
    "web page behind a line": (lambda: b"hello\n<html><body><script>alert(1)</script></body></html>", "web_page"),
    "web page behind an empty tag": (lambda: b"ID3\x03\0\0\0\0\0\0<html><script>alert(1)</script>", "unknown"),
    "web page as a tag": (lambda: b"ID3\x03\0\0\x7f\x7f\x7f\x7f<html><script>alert(1)</script>", "unknown"),
    "drawing with a script": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "web_page"),
    "drawing as xml": (lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>', "web_page"),
    "shell script": (lambda: b"#!/bin/sh\nrm -rf ~\n", "script"),
    "batch file": (lambda: b"@echo off\r\ndel *\r\n", "script"),
    "python": (lambda: b"import os\nos.remove('a')\n", "script"),
    "javascript": (lambda: b"\n\nvar shell = 5;\n", "script"),
    "visual basic": (lambda: b'x = 1\r\nSet o = CreateObject("WScript.Shell")\r\n', "script"),
    "powershell": (lambda: b"Get-ChildItem | Remove-Item\r\n", "script"),
    "shortcut to an address": (lambda: b"[InternetShortcut]\r\nURL=file:///c:/x\r\n", "script"),
    "php": (lambda: b"<?php system($_GET['x']);", "script"),
    "windows program": (lambda: b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(200), "program"),
    "beginning of a windows program": (lambda: b"MZ\x90\0\x03", "program"),
    "shortcut of windows": (lambda: b"L\0\0\0\x01\x14\x02\0" + bytes(60), "program"),
    "linux program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0\x3e\0" + bytes(60), "program"),
    "android app": (lambda: zipped("AndroidManifest.xml", "classes.dex"), "program"),
    "zip": (lambda: zipped("chat.txt", "voice.amr"), "archive"),
    "zip of a folder called word": (lambda: zipped("word/", "word/chat.txt"), "archive"),
    "cabinet": (lambda: b"MSCF" + bytes(50), "archive"),
    "empty zip": (zipped, "archive"),
    "zip around a workbook": (lambda: zipped("a.txt", "xl/workbook.xml", compression=0), "archive"),
    "rar": (lambda: b"Rar!\x1a\x07\x01\0" + bytes(40), "archive"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(40), "archive"),
    "gzip": (lambda: gzip.compress(LOG.encode()), "archive"),
    "tar": (tarred, "archive"),
    "workbook with macros": (lambda: xlsx("xl/vbaProject.bin"), "macros"),
    "letter with macros": (lambda: docx("word/vbaProject.bin"), "macros"),
    "old office or password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "office"),
    "opendocument": (lambda: zipped("mimetype", "content.xml"), "document"),
    "slides": (lambda: zipped("[Content_Types].xml", "ppt/presentation.xml"), "document"),
    "rtf": (lambda: rb"{\rtf1\ansi hello}", "document"),
    "backup that is a page": (
        lambda: b'<?xml version="1.0"?><x:html xmlns:x="http://www.w3.org/1999/xhtml"/>',
        "web_page",
    ),
    "list in html": (lambda: b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "list_page"),
    "list in html without a head": (lambda: b"\n<table border=1><tr><td>10-19</td></tr></table>", "list_page"),
    "list in xml": (
        lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        "list_page",
    ),
    "zip with a password": (lambda: b"PK\x03\x04\x14\0\x01" + zipped("bill.csv")[7:], "archive_locked"),
    "workbook with a password": (lambda: ole("EncryptionInfo", "EncryptedPackage"), "office_locked"),
    "mail of Outlook": (lambda: ole("__nameid_version1.0", "__substg1.0_001A001F"), "outlook"),
    "old letter": (lambda: ole("WordDocument", "1Table"), "office"),
    "list of Numbers": (lambda: zipped("Index/Document.iwa", "preview.jpg"), "iwork"),
    "list of Excel in binary": (lambda: xlsx("xl/workbook.bin"), "list"),
    "list of LibreOffice": (ods, "list"),
    "picture of WeChat's store": (lambda: bytes(byte ^ 0x5C for byte in picture("JPEG")), "wechat"),
    "picture of WeChat's newer store": (lambda: b"\x07\x08V1\x08\x07" + bytes(range(90)), "wechat"),
    "noise": (lambda: bytes((n * n * 7 + n) % 251 ^ 0xA5 for n in range(4000)), "unknown"),
    "zeros": (lambda: bytes(5000), "unknown"),
}
