"""The PDF loader, on files made here."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from pypdf.generic import RectangleObject
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import BadInput
from ingest.layout.pages import read_page
from ingest.loaders.base import Loaded, Source
from ingest.loaders.pdf import load
from ingest.model import Block

SHARED = Path(__file__).parents[3].parent / "shared"
WIDTH, HEIGHT = A4
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

ENGLISH = (
    "The primary endpoint is the time to the first event of adjudicated cardiovascular death or "
    "hospitalisation for heart failure. Patients are followed until the required number of events "
    "has been reached and every site has been closed by the sponsor."
)
CHINESE = (
    "本指导原则旨在为申请人进行产品注册申报提供技术指导，同时也为审评部门对注册申报资料的审评提供"
    "技术参考。申请人应依据具体产品的特性对申报资料的内容进行充实和细化，并确定其中的内容是否适用。"
)


def make(*pages: Callable[[Canvas], None], size: tuple[float, float] = A4) -> bytes:
    """A PDF with one page for each function."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, pageCompression=0)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def read(data: bytes, **limits: int) -> Loaded:
    return load(Source("test.pdf", data, **limits))


def write(
    canvas: Canvas, x: float, y: float, text: str, font: str = "Helvetica", size: int = 10
) -> None:
    """Draw one line; ``y`` is the base line, counted from the top."""
    canvas.setFont(font, size)
    canvas.drawString(x, canvas._pagesize[1] - y, text)


def column(
    canvas: Canvas, x: float, y: float, width: float, text: str, font: str = "Helvetica"
) -> float:
    """Set ``text`` in lines of ``width``; returns the next base line."""
    line = ""
    pieces = list(text) if font == "STSong-Light" else [word + " " for word in text.split()]
    for piece in [*pieces, None]:
        if piece is None or pdfmetrics.stringWidth(line + piece.rstrip(), font, 10) > width:
            write(canvas, x, y, line.rstrip(), font)
            line, y = "", y + 14
        line += piece or ""
    return y


def texts(loaded: Loaded, kind: str | None = None) -> list[str]:
    return [block.text for block in loaded.blocks if kind in (None, block.kind)]


def test_headings_paragraphs_lists_and_sections() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 72, 80, "5 VARIABLES AND THEIR ASSESSMENT", "Helvetica-Bold", 14)
        write(canvas, 72, 110, "5.1", "Helvetica-Bold")
        write(canvas, 110, 110, "Primary Endpoint", "Helvetica-Bold")
        column(canvas, 72, 130, 400, ENGLISH)
        write(canvas, 90, 190, "•")
        write(canvas, 104, 190, "Time to death from any cause, counted from the day of")
        write(canvas, 104, 204, "randomisation")
        write(canvas, 90, 222, "(2) Renal function")

    loaded = read(make(page))
    assert [(b.kind, b.level, b.text) for b in loaded.blocks] == [
        ("heading", 1, "5 VARIABLES AND THEIR ASSESSMENT"),
        ("heading", 2, "5.1 Primary Endpoint"),
        ("paragraph", None, ENGLISH),
        (
            "list_item",
            None,
            "• Time to death from any cause, counted from the day of randomisation",
        ),
        ("list_item", None, "(2) Renal function"),
    ]
    assert loaded.blocks[2].locator.section == "5.1 Primary Endpoint"
    assert loaded.blocks[2].locator.page == 1
    assert loaded.warnings == []


def test_chinese_headings_and_line_breaks() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 72, 80, "一、前言", "STSong-Light")
        column(canvas, 72, 104, 420, CHINESE, "STSong-Light")
        write(canvas, 72, 170, "（一）注册单元的划分", "STSong-Light")
        column(canvas, 72, 194, 420, CHINESE, "STSong-Light")

    blocks = read(make(page)).blocks
    assert [(b.kind, b.level, b.text) for b in blocks] == [
        ("heading", 1, "一、前言"),
        ("paragraph", None, CHINESE),
        ("heading", 2, "（一）注册单元的划分"),
        ("paragraph", None, CHINESE),
    ]


@pytest.mark.parametrize(("font", "text"), [("Helvetica", ENGLISH), ("STSong-Light", CHINESE)])
def test_two_columns_are_read_one_after_the_other(font: str, text: str) -> None:
    left = [f"{n} {text}" for n in ("Alpha", "Beta")]
    right = [f"{n} {text}" for n in ("Gamma", "Delta")]

    def page(canvas: Canvas) -> None:
        write(canvas, 72, 70, "A title across both of the columns of this page", font, 16)
        for x, paragraphs in ((50, left), (310, right)):
            y = 110.0
            for paragraph in paragraphs:
                y = column(canvas, x, y, 235, paragraph, font) + 10
        column(canvas, 50, 600, 495, "Epsilon " + text, font)

    found = texts(read(make(page)), "paragraph")
    assert [text.replace(" ", "") for text in found] == [
        part.replace(" ", "") for part in [*left, *right, "Epsilon " + text]
    ]


def test_paragraph_goes_on_in_the_next_column() -> None:
    words = (ENGLISH + " ") * 6

    def page(canvas: Canvas) -> None:
        lines: list[str] = []
        line = ""
        for word in words.split():
            if pdfmetrics.stringWidth(line + word, "Helvetica", 10) > 235:
                lines.append(line.rstrip())
                line = ""
            line += word + " "
        lines.append(line.rstrip())
        half = next(n for n in range(len(lines) // 2, len(lines)) if lines[n][0].islower())
        for x, part in ((50, lines[:half]), (310, lines[half:])):
            for n, line in enumerate(part):
                write(canvas, x, 80 + 14 * n, line)

    assert texts(read(make(page))) == [words.strip()]


ROWS = [
    ("Visit", "Week", "Procedure"),
    ("Screening", "-3", "Informed consent"),
    ("Baseline", "0", "Randomisation"),
    ("Follow-up", "12", "Vital signs"),
]


def _table(canvas: Canvas, top: float) -> None:
    for number, row in enumerate(ROWS):
        for x, cell in zip((72, 220, 330), row, strict=True):
            write(canvas, x, top + 16 * number, cell)


def test_table_rows_with_caption() -> None:
    def page(canvas: Canvas) -> None:
        column(canvas, 72, 80, 440, ENGLISH)
        write(canvas, 72, 160, "Table 3: Schedule of activities", "Helvetica-Bold")
        _table(canvas, 180)
        column(canvas, 72, 270, 440, ENGLISH)

    loaded = read(make(page))
    assert [b.kind for b in loaded.blocks] == ["paragraph", "table", "paragraph"]
    block = loaded.blocks[1]
    assert block.table is not None
    assert block.table.rows == tuple(ROWS)
    assert block.table.caption == "Table 3: Schedule of activities"
    assert block.text.splitlines() == [
        "Table 3: Schedule of activities",
        *(" | ".join(row) for row in ROWS),
    ]


def test_ruled_table_keeps_its_one_cell_rows() -> None:
    def page(canvas: Canvas) -> None:
        for y in (165, 181, 197, 213):
            canvas.line(70, HEIGHT - y, 500, HEIGHT - y)
        for x in (70, 210, 500):
            canvas.line(x, HEIGHT - 165, x, HEIGHT - 213)
        write(canvas, 74, 177, "Objective", "Helvetica-Bold")
        write(canvas, 214, 177, "Endpoint", "Helvetica-Bold")
        write(canvas, 74, 193, "Safety", "Helvetica-Bold")
        write(canvas, 74, 209, "Tolerability")
        write(canvas, 214, 209, "Adverse events")

    (block,) = read(make(page)).blocks
    assert block.kind == "table"
    assert block.table is not None
    assert block.table.rows == (
        ("Objective", "Endpoint"),
        ("Safety", ""),
        ("Tolerability", "Adverse events"),
    )


def test_prose_is_not_shredded_into_a_table() -> None:
    def page(canvas: Canvas) -> None:
        for number in range(6):
            # Justified text: every gap is three times as wide as usual.
            canvas.setFont("Helvetica", 10)
            text = canvas.beginText(72, HEIGHT - 80 - 14 * number)
            text.setWordSpace(6)
            text.textOut("Patients receive study drug once every day until the end of trial")
            canvas.drawText(text)

    assert {b.kind for b in read(make(page)).blocks} == {"paragraph"}


def test_headers_footers_and_toc() -> None:
    def body(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            write(canvas, 72, 40, "Trial 1245.121 Confidential")
            write(canvas, 280, 800, f"Page {number} of 5")
            if number == 1:
                write(canvas, 72, 90, "TABLE OF CONTENTS")
                for n in range(1, 6):
                    write(canvas, 72, 100 + 16 * n, f"{n} Part {n} {'.' * 60} {n}")
            else:
                column(canvas, 72, 100, 440, f"Part {number}. {ENGLISH}")

        return draw

    loaded = read(make(*(body(n) for n in range(1, 6))))
    assert [b.flags for b in loaded.blocks] == [("toc",), (), (), (), ()]
    assert texts(loaded)[1:] == [f"Part {n}. {ENGLISH}" for n in range(2, 6)]
    assert [b.locator.page for b in loaded.blocks] == [1, 2, 3, 4, 5]
    assert "1 Part 1 … 1" in loaded.blocks[0].text


def test_powers_are_not_run_into_numbers() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 72, 100, "a dose of 10")
        x = 72 + pdfmetrics.stringWidth("a dose of 10", "Helvetica", 10)
        write(canvas, x, 96, "7", size=6)
        write(canvas, x + 6, 100, "cells for each patient")

    assert texts(read(make(page))) == ["a dose of 10⁷ cells for each patient"]


def _ink(data: bytes, block: Block, clip: bool) -> int:
    """Dark pixels of the page inside the block's rectangle, or outside it."""
    assert block.locator.bbox is not None
    assert block.locator.page is not None
    document = pdfium.PdfDocument(data)
    image = document[block.locator.page - 1].render(scale=2, grayscale=True).to_pil()
    document.close()
    x0, y0, x1, y1 = block.locator.bbox
    box = (int(x0 * 2) - 1, int(y0 * 2) - 1, int(x1 * 2) + 2, int(y1 * 2) + 2)
    if not clip:
        image.paste(255, box)
        return sum(image.histogram()[:128])
    return sum(image.crop(box).histogram()[:128])


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_rectangles_lie_on_the_ink(rotation: int, cropped: bool) -> None:
    data = make(lambda canvas: write(canvas, 150, 300, "Where is this line?", size=14))
    writer = pypdf.PdfWriter(io.BytesIO(data))
    page = writer.pages[0]
    if cropped:
        page.cropbox = RectangleObject((100, 200, 500, 700))
    page.rotate(rotation)
    buffer = io.BytesIO()
    writer.write(buffer)
    (block,) = read(buffer.getvalue()).blocks
    assert block.text == "Where is this line?"
    assert _ink(buffer.getvalue(), block, clip=True) > 100
    assert _ink(buffer.getvalue(), block, clip=False) == 0


def test_sideways_text_is_read_and_located() -> None:
    def page(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.setFont("Helvetica", 10)
        for n in range(6):
            canvas.drawString(100, -100 - 14 * n, f"Turned line {n} of a long table page,")

    data = make(page)
    loaded = read(data)
    expected = " ".join(f"Turned line {n} of a long table page," for n in range(6))
    assert " ".join(texts(loaded)) == expected
    assert sum(_ink(data, block, clip=True) for block in loaded.blocks) > 1000
    if len(loaded.blocks) == 1:
        assert _ink(data, loaded.blocks[0], clip=False) == 0


def test_landscape_pages_keep_their_coordinates() -> None:
    data = make(lambda canvas: write(canvas, 700, 500, "Far right"), size=landscape(A4))
    (block,) = read(data).blocks
    assert block.locator.bbox is not None
    assert block.locator.bbox[0] == pytest.approx(700, abs=2)
    assert block.locator.bbox[3] == pytest.approx(502, abs=3)


def test_title_from_metadata_or_largest_text() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 72, 100, "A Study of Something in Somebody", size=20)
        column(canvas, 72, 140, 400, ENGLISH)

    def titled(title: str) -> str | None:
        def draw(canvas: Canvas) -> None:
            canvas.setTitle(title)
            page(canvas)

        return read(make(draw)).title

    assert titled("Clinical Study Protocol D1699C00001") == "Clinical Study Protocol D1699C00001"
    for useless in ("Microsoft Word - x.doc", "untitled", "final_v3.pdf", "CRTH258D2301-v00"):
        assert titled(useless) == "A Study of Something in Somebody"
    assert read(make(lambda canvas: write(canvas, 72, 90, "Plain text only"))).title is None


def _picture(canvas: Canvas) -> None:
    canvas.setFillGray(0.2)
    canvas.rect(60, 60, 400, 600, fill=1)


def test_pages_without_text_are_reported_together() -> None:
    def words(canvas: Canvas) -> None:
        column(canvas, 72, 100, 400, ENGLISH)

    def blank(canvas: Canvas) -> None:
        pass

    loaded = read(make(words, _picture, _picture, words, _picture, blank))
    assert [b.locator.page for b in loaded.blocks] == [1, 4]
    assert loaded.pages == 6
    assert len(loaded.warnings) == 1
    assert loaded.warnings[0].startswith("pages 2-3, 5 have no text layer")


def test_scan_and_blank_files_are_told_apart() -> None:
    with pytest.raises(BadInput, match="scan without a text layer"):
        read(make(_picture, _picture))
    with pytest.raises(BadInput, match="blank"):
        read(make(lambda canvas: None))


def test_text_off_the_page_is_counted() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 72, 100, "Seen by everybody")
        write(canvas, 72, -200, "hidden")

    loaded = read(make(page))
    assert texts(loaded) == ["Seen by everybody"]
    assert "6 characters are left out" in loaded.warnings[0]


def test_filled_form_fields_are_read() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 72, 100, "Subject initials:")
        canvas.acroForm.textfield(name="initials", value="ABCXYZ", x=200, y=HEIGHT - 105, width=120)

    assert "ABCXYZ" in " ".join(texts(read(make(page))))


def _encrypted(user: str) -> bytes:
    data = make(lambda canvas: write(canvas, 72, 100, "Secret text"))
    writer = pypdf.PdfWriter(io.BytesIO(data))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_encryption() -> None:
    with pytest.raises(BadInput, match="decrypted copy"):
        read(_encrypted("user"))
    assert texts(read(_encrypted(""))) == ["Secret text"]


def test_damaged_and_oversized_files() -> None:
    with pytest.raises(BadInput, match="damaged"):
        read(b"%PDF-1.7 nothing more")
    data = make(*[lambda canvas: write(canvas, 72, 90, "x y z")] * 3)
    with pytest.raises(BadInput, match="3 pages, more than the 2"):
        read(data, max_pages=2)
    empty = io.BytesIO()
    pypdf.PdfWriter().write(empty)
    with pytest.raises(BadInput, match=r"no pages|cannot be opened"):
        read(empty.getvalue())


def test_a_failing_page_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:

    def failing(document: pdfium.PdfDocument, index: int, has_form: bool = False) -> object:
        if index == 1:
            raise pdfium.PdfiumError("broken page")
        return read_page(document, index, has_form)

    monkeypatch.setattr("ingest.loaders.pdf.read_page", failing)
    words = ("one", "two", "three")
    loaded = read(make(*(lambda canvas, w=w: write(canvas, 72, 300, f"Page {w}") for w in words)))
    assert [(b.locator.page, b.text) for b in loaded.blocks] == [(1, "Page one"), (3, "Page three")]
    assert loaded.warnings == ["page 2 could not be read: broken page"]


def test_batches_do_not_change_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def body(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            write(canvas, 72, 40, "Confidential")
            write(canvas, 72, 100, f"{number}.1 Part of the plan", "Helvetica-Bold")
            column(canvas, 72, 130, 440, ENGLISH)

        return draw

    data = make(*(body(n) for n in range(1, 9)))
    whole = read(data)
    monkeypatch.setattr("ingest.loaders.pdf._BATCH", 4)
    assert read(data).blocks == whole.blocks
    assert len(whole.blocks) == 16


@pytest.mark.skipif(not SHARED.is_dir(), reason="development material is not here")
def test_real_protocol_text_is_found_under_its_heading() -> None:
    path = SHARED / "documents" / "protocols" / "NCT03057977_DAPA_HF_SAP.pdf"
    loaded = load(Source(path.name, path.read_bytes()))
    sections = {block.locator.section for block in loaded.blocks}
    assert any(section and section.startswith("5.1") for section in sections)
    assert not any("toc" in b.flags for b in loaded.blocks if (b.locator.page or 0) > 20)
    reader = pypdf.PdfReader(path)
    for number in (20, 40):
        words = {w for w in reader.pages[number - 1].extract_text().split() if len(w) > 6}
        got = " ".join(b.text for b in loaded.blocks if b.locator.page == number)
        missing = [word for word in words if word not in got]
        assert len(missing) <= 0.2 * len(words), missing  # the running header is among them


@pytest.mark.skipif(not SHARED.is_dir(), reason="development material is not here")
def test_odd_files_end_in_blocks_or_a_message() -> None:
    for path in sorted((SHARED / "documents" / "scans").glob("*.pdf")):
        try:
            assert load(Source(path.name, path.read_bytes())).blocks
        except BadInput as error:
            assert len(str(error)) > 20
