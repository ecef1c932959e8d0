"""PDFs written byte by byte: with fonts that are not embedded, form fields, seals, and odd sizes."""

from collections.abc import Sequence


def of(objects: Sequence[bytes]) -> bytes:
    """A file with these objects. The first is its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (len(objects) + 1, table, end)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (more, len(content), content)


def written(fonts: Sequence[bytes], content: bytes, mode: int = 0) -> bytes:
    """One page of 300 by 120 points; the first of the font's objects is /F, number 5."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 120] /Contents 4 0 R"
    page += b" /Resources << /Font << /F 5 0 R >> >> >>"
    shown = b"BT /F 24 Tf %d Tr 20 50 Td %b Tj ET" % (mode, content)
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream(shown), *fonts])


def _descriptor(name: bytes, flags: int) -> bytes:
    return (
        b"<< /Type /FontDescriptor /FontName /%b /Flags %d /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880"
        b" /Descent -120 /CapHeight 700 /StemV 80 >>" % (name, flags)
    )


def chinese(name: bytes, cmap: bytes, ordering: bytes, *, sort: bytes = b"CIDFontType0") -> list[bytes]:
    """A composite font that is named but not embedded."""
    return [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /%b /Encoding /%b /DescendantFonts [6 0 R] >>" % (name, cmap),
        b"<< /Type /Font /Subtype /%b /BaseFont /%b /DW 1000 /FontDescriptor 7 0 R /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (%b) /Supplement 2 >> >>" % (sort, name, ordering),
        _descriptor(name, 4),
    ]


def latin(name: bytes, sort: bytes = b"TrueType", *, flags: int = 32, coded: bytes = b"") -> list[bytes]:
    """A simple font that is named but not embedded."""
    widths = b"500 " * 224
    return [
        b"<< /Type /Font /Subtype /%b /BaseFont /%b %b /FirstChar 32 /LastChar 255 /Widths [%b]"
        b" /FontDescriptor 6 0 R >>" % (sort, name, coded, widths),
        _descriptor(name, flags),
    ]


def coded(text: str, encoding: str) -> bytes:
    return b"<%b>" % text.encode(encoding).hex().encode()


def form(widget: bytes, appearance: bytes = b"") -> bytes:
    """One page of 300 by 120 points with one field, drawn by its appearance if it has one."""
    drawn = b"/AP << /N 6 0 R >>" if appearance else b""
    return of(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /NeedAppearances %b"
            b" /DA (/Helv 20 Tf 0 g) /DR << /Font << /Helv 7 0 R >> >> >> >>"
            % (b"false" if appearance else b"true"),
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 120] /Contents 4 0 R /Annots [5 0 R] >>",
            stream(b""),
            b"<< /Type /Annot /Subtype /Widget /F 4 /Rect [20 20 120 100] /T (a) %b %b >>" % (widget, drawn),
            stream(appearance, b"/Type /XObject /Subtype /Form /BBox [0 0 100 80] /Resources << >>"),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )
