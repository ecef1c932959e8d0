"""The formats that the portal keeps: the kind, media type and extension of each, and how their files begin."""

from dataclasses import dataclass

from evidence.models import Kind


@dataclass(frozen=True)
class Format:
    kind: Kind
    media_type: str
    extension: str  # without the dot


MP3 = Format(Kind.AUDIO, "audio/mpeg", "mp3")
AAC = Format(Kind.AUDIO, "audio/aac", "aac")
OGG = Format(Kind.AUDIO, "audio/ogg", "ogg")
OGG_VIDEO = Format(Kind.VIDEO, "video/ogg", "ogv")
SILK = Format(Kind.AUDIO, "audio/silk", "silk")
WAV = Format(Kind.AUDIO, "audio/wav", "wav")
APE = Format(Kind.AUDIO, "audio/x-ape", "ape")  # Monkey's Audio
FLAC = Format(Kind.AUDIO, "audio/flac", "flac")
AIFF = Format(Kind.AUDIO, "audio/aiff", "aiff")
WMA = Format(Kind.AUDIO, "audio/x-ms-wma", "wma")
WMV = Format(Kind.VIDEO, "video/x-ms-wmv", "wmv")
WEBA = Format(Kind.AUDIO, "audio/webm", "weba")
WEBM = Format(Kind.VIDEO, "video/webm", "webm")
MKA = Format(Kind.AUDIO, "audio/x-matroska", "mka")
MKV = Format(Kind.VIDEO, "video/x-matroska", "mkv")
AVI = Format(Kind.VIDEO, "video/x-msvideo", "avi")
FLV = Format(Kind.VIDEO, "video/x-flv", "flv")
MPG = Format(Kind.VIDEO, "video/mpeg", "mpg")
RM = Format(Kind.VIDEO, "video/vnd.rn-realmedia", "rm")
RMA = Format(Kind.AUDIO, "audio/x-pn-realaudio", "rm")
TS = Format(Kind.VIDEO, "video/mp2t", "ts")
PDF = Format(Kind.DOCUMENT, "application/pdf", "pdf")
EML = Format(Kind.DOCUMENT, "message/rfc822", "eml")
OFD = Format(Kind.DOCUMENT, "application/ofd", "ofd")  # GB/T 33190
OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = Format(Kind.DOCUMENT, f"{OFFICE}.wordprocessingml.document", "docx")
XLSX = Format(Kind.TABLE, f"{OFFICE}.spreadsheetml.sheet", "xlsx")
CSV = Format(Kind.TABLE, "text/csv", "csv")
TXT = Format(Kind.TEXT, "text/plain", "txt")
HEIC = Format(Kind.IMAGE, "image/heic", "heic")
HEIF = Format(Kind.IMAGE, "image/heif", "heif")
AVIF = Format(Kind.IMAGE, "image/avif", "avif")
TIFF = Format(Kind.IMAGE, "image/tiff", "tif")
GIF = Format(Kind.IMAGE, "image/gif", "gif")
BMP = Format(Kind.IMAGE, "image/bmp", "bmp")
JXL = Format(Kind.IMAGE, "image/jxl", "jxl")
QUICKTIME = Format(Kind.VIDEO, "video/quicktime", "mov")

BEGINNINGS: tuple[tuple[bytes, Format], ...] = (
    (b"\x89PNG\r\n\x1a\n", Format(Kind.IMAGE, "image/png", "png")),
    (b"\xff\xd8\xff", Format(Kind.IMAGE, "image/jpeg", "jpg")),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),  # of more than 4 GB
    (b"\0\0\0\x0cJXL \r\n\x87\n", JXL),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Format(Kind.IMAGE, "image/jp2", "jp2")),
    (b"#!AMR\n", Format(Kind.AUDIO, "audio/amr", "amr")),
    (b"#!AMR-WB\n", Format(Kind.AUDIO, "audio/amr-wb", "awb")),
    (b"#!SILK_V3", SILK),
    (b"\x02#!SILK_V3", SILK),  # as WeChat writes it
    (b"fLaC", FLAC),
    (b"caff\0\x01", Format(Kind.AUDIO, "audio/x-caf", "caf")),
    (b".snd\0\0", Format(Kind.AUDIO, "audio/basic", "au")),
    (b"wvpk", Format(Kind.AUDIO, "audio/x-wavpack", "wv")),
    (b".ra\xfd", Format(Kind.AUDIO, "audio/vnd.rn-realaudio", "ra")),
    (b"FLV\x01", FLV),
    (b"\0\0\x01\xba", MPG),
    (b"\0\0\x01\xb3", MPG),
)
# By the four bytes at the start, then by those behind the length
RIFF = {b"WAVE": WAV, b"WEBP": Format(Kind.IMAGE, "image/webp", "webp"), b"AVI ": AVI}
FORM = {b"AIFF": AIFF, b"AIFC": AIFF}
