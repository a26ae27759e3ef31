"""Pages of a PDF that are read as pictures: synthetic scans and text layers that lie."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdf.generic import StreamObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.pdf import load
from ingest.ocr.base import Character, OcrUnavailable, TextLine
from ingest.ocr.base import Image as Pixels
from tests.ingest.ocr.scans import SIZE, as_pdf, draws_chinese, lines, make, pictures

TEXT = (
    "The primary endpoint is the change from baseline in",
    "body weight at week 24. Of 312 participants, 208 were",
    "randomised to the study drug at a dose of 12.5 mg and",
    "104 to placebo. A power of 90% was assumed for this",
    "comparison, with a two-sided level of 0.05 and a loss",
    "to follow-up of 15% in each of the two groups.",
)


def read(data: bytes, ocr: str = "rapidocr") -> Loaded:
    return load(Source("scan.pdf", data, ocr=ocr))


def text_of(loaded: Loaded) -> str:
    return " ".join(block.text for block in loaded.blocks)


@pytest.fixture(scope="module")
def engine() -> str:
    pytest.importorskip("rapidocr")
    pytest.importorskip("onnxruntime")
    return "rapidocr"


def test_a_scan_is_read_beside_text_pages(engine: str) -> None:
    text = make(lines(*TEXT))
    (picture,) = pictures(make(lines("1. Objectives", size=20), size=SIZE))
    writer = pypdf.PdfWriter()
    for part in (text, as_pdf([picture]), text):
        writer.append(io.BytesIO(part))
    buffer = io.BytesIO()
    writer.write(buffer)
    loaded = read(buffer.getvalue(), engine)
    assert [item.method for item in loaded.quality] == ["text", "ocr", "text"]
    assert loaded.quality[1].confidence == pytest.approx(1.0, abs=0.05)
    (block,) = [b for b in loaded.blocks if b.locator.page == 2]
    assert block.text == "1. Objectives"
    assert block.kind == "heading"
    assert "ocr" in block.flags
    assert not any("ocr" in b.flags for b in loaded.blocks if b.locator.page != 2)
    assert loaded.warnings == ["page 2 read by text recognition"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270, 3, -5])
def test_a_scan_may_lie_askew_or_on_its_head(turn: int, engine: str) -> None:
    (picture,) = pictures(make(lines(*TEXT)), turn)
    data = as_pdf([picture])
    loaded = read(data, engine)
    assert text_of(loaded) == " ".join(TEXT)
    assert [block.kind for block in loaded.blocks] == ["paragraph"]
    box = loaded.blocks[0].locator.bbox
    assert box is not None
    inside, outside = _ink(data, box)
    assert inside > 1000
    assert outside == 0


def _ink(data: bytes, box: tuple[float, float, float, float]) -> tuple[int, int]:
    """Dark pixels inside and outside a rectangle of page 1."""
    document = pdfium.PdfDocument(data)
    image = document[0].render(scale=2, grayscale=True).to_pil()
    document.close()
    area = (int(box[0] * 2) - 4, int(box[1] * 2) - 4, int(box[2] * 2) + 5, int(box[3] * 2) + 5)
    inside = sum(image.crop(area).histogram()[:128])
    return inside, sum(image.histogram()[:128]) - inside


def test_a_ruled_table_of_a_scan_keeps_its_cells(engine: str) -> None:
    rows = (("Visit", "Week", "Dose (mg)"), ("Screening", "-3", "0"), ("Baseline", "0", "12.5"))

    def draw(canvas: Canvas) -> None:
        for n in range(4):
            canvas.line(40, 240 - 24 * n, 380, 240 - 24 * n)
        for x in (40, 160, 270, 380):
            canvas.line(x, 240, x, 240 - 72)
        for n, row in enumerate(rows):
            for x, cell in zip((48, 168, 278), row, strict=True):
                canvas.drawString(x, 223 - 24 * n, cell)

    loaded = read(as_pdf(pictures(make(draw), turn=0.7)), engine)
    (table,) = [block for block in loaded.blocks if block.kind == "table"]
    assert table.table is not None
    assert table.table.rows == rows


def test_words_in_a_picture_of_a_text_page_are_found(engine: str) -> None:
    (picture,) = pictures(make(lines("Assessed for eligibility", "Randomised", size=20)))

    def draw(canvas: Canvas) -> None:
        lines(*TEXT)(canvas)
        canvas.drawImage(ImageReader(picture), 40, 40, 210, 110)
        canvas.drawString(40, 25, "Figure 1. Flow of participants")

    loaded = read(make(draw, size=(420, 400)), engine)
    (figure,) = [block for block in loaded.blocks if block.kind == "figure"]
    assert "Assessed for eligibility" in figure.text
    assert "Figure 1. Flow of participants" in figure.text
    assert "ocr" in figure.flags
    assert [item.method for item in loaded.quality] == ["text"]
    assert not any("ocr" in block.flags for block in loaded.blocks if block is not figure)


@pytest.mark.parametrize("stamp", [TEXT[:1], TEXT[:4]], ids=["short", "long"])
def test_a_stamp_does_not_hide_the_scan_below_it(stamp: tuple[str, ...], engine: str) -> None:
    said = ("Amendment 3: the dose is reduced from 100 mg to 50 mg", "once daily from visit 4 on.")
    (picture,) = pictures(make(lines(*said)))

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 0, 0, *SIZE)
        canvas.setFont("Helvetica", 6)
        for n, text in enumerate(stamp):
            canvas.drawString(20, 30 - 7 * n, text)

    loaded = read(make(draw), engine)
    assert "from 100 mg to 50 mg" in text_of(loaded)
    assert stamp[0][:20] in text_of(loaded)
    assert [item.method for item in loaded.quality] == ["ocr"]


def test_p_values_without_a_zero_stay_p_values(engine: str) -> None:
    rows = (("Subgroup", "P value"), ("Age", ".032"), ("Sex", ".41"), ("Stroke", ".003"),
            ("Diabetes", ".67"), ("Smoker", ".048"))  # fmt: skip

    def draw(canvas: Canvas) -> None:
        for n, (name, value) in enumerate(rows):
            canvas.drawString(40, 250 - 24 * n, name)
            canvas.drawString(260, 250 - 24 * n, value)

    text = text_of(read(as_pdf(pictures(make(draw))), engine))
    assert "..." not in text
    assert all(value in text for _, value in rows)


@pytest.mark.parametrize("turn", [0, 180])
def test_long_lines_in_a_plain_face_are_not_taken_for_standing_on_their_head(
    turn: int, engine: str
) -> None:
    said = [f"{n}. {TEXT[n % 6]} {TEXT[(n + 1) % 6]}"[:92] for n in range(1, 15)]
    page = make(lines(*said, size=9), size=(595, 300))
    found = text_of(read(as_pdf(pictures(page, turn)), engine))
    assert "The primary endpoint is the change from baseline" in found
    assert "Of 312 participants" in found


@pytest.mark.skipif(not draws_chinese(), reason="no Chinese font on this machine")
def test_chinese_scan(engine: str) -> None:
    text = (
        "一、研究目的",
        "本研究纳入年龄≥18岁的受试者，血糖为7.0±1.2 mmol/L。",
        "Ⅲ期临床试验中，试验组120例，对照组60例，随访52周。",
    )
    page = lines(*text, font="STSong-Light", size=13)
    loaded = read(as_pdf(pictures(make(page), turn=1)), engine)
    assert _plain(text_of(loaded)) == _plain("".join(text))
    assert loaded.blocks[0].kind == "heading"


def _plain(text: str) -> str:
    """Without blanks, and with Ⅲ written as III: both are right."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _lying(data: bytes) -> bytes:
    """The file with letters exchanged in the tables that say what glyphs mean."""
    writer = pypdf.PdfWriter(io.BytesIO(data))
    for page in writer.pages:
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            font = font.get_object()
            if "/ToUnicode" not in font:
                continue
            table = font["/ToUnicode"].get_object().get_data().decode()

            def other(found: re.Match[str]) -> str:
                code = int(found[1], 16)
                if 0x61 <= code <= 0x7A:
                    code = 0x61 + (code - 0x61) * 7 % 26
                return f"<{code:04X}>"

            stream = StreamObject()
            stream.set_data(re.sub(r"<([0-9A-F]{4})>", other, table).encode())
            font.get_object()[pypdf.generic.NameObject("/ToUnicode")] = writer._add_object(stream)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def lying() -> bytes:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    return _lying(make(lines(*TEXT, font="Vera", size=11)))


def test_a_lying_text_layer_is_read_from_the_picture(lying: bytes, engine: str) -> None:
    loaded = read(lying, engine)
    assert text_of(loaded) == " ".join(TEXT)
    assert "says something else than the page shows" in loaded.warnings[0]
    assert loaded.warnings[0].startswith("page 1 has")
    assert [item.method for item in loaded.quality] == ["ocr"]


def test_a_lying_text_layer_is_reported_without_recognition(lying: bytes) -> None:
    loaded = read(lying, "none")
    assert "endpoint" not in text_of(loaded)
    assert "ingest.ocr" in loaded.warnings[0]


def test_without_recognition_a_scan_names_the_setting() -> None:
    with pytest.raises(BadInput, match=r"ingest\.ocr"):
        read(as_pdf(pictures(make(lines(*TEXT)))), "none")


class _Blind:
    """An engine that fails on some pages and reads the same line on all others."""

    name = "blind"

    def __init__(self, fails: Sequence[int]) -> None:
        self.fails, self.count = fails, 0

    def read(self, image: Pixels) -> Sequence[TextLine]:
        self.count += 1
        if self.count in self.fails:
            raise RuntimeError("the model broke down")
        high, wide = image.shape[:2]
        text = f"What stands on page number {self.count}"
        step = 1 / len(text)
        characters = tuple(
            Character(c, n * step, (n + 1) * step, 0.5 if c.isdigit() else 0.99)
            for n, c in enumerate(text)
        )
        y, x = high / 2, wide * 0.9
        return [TextLine(((20, y), (x, y), (x, y + 40), (20, y + 40)), characters)]


def _use(monkeypatch: pytest.MonkeyPatch, engine: object) -> None:
    def made(name: str) -> object:
        if isinstance(engine, Exception):
            raise engine
        return engine

    monkeypatch.setattr("ingest.ocr.pages.make_engine", made)


def _scan(count: int) -> bytes:
    return as_pdf([Image.new("L", (600, 400), 200)] * count)


def test_a_page_that_fails_keeps_the_numbers_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = as_pdf(pictures(make(*[lines("any ink")] * 3)))
    _use(monkeypatch, _Blind(fails=[2]))
    loaded = read(data)
    assert [block.locator.page for block in loaded.blocks] == [1, 3]
    assert [item.method for item in loaded.quality] == ["ocr", "failed", "ocr"]
    assert any("page 2 could not be recognised: the model broke" in w for w in loaded.warnings)


def test_doubtful_digits_are_marked_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, _Blind(fails=[]))
    loaded = read(as_pdf(pictures(make(lines("any ink")))))
    assert "doubtful_digits" in loaded.blocks[0].flags
    assert loaded.quality[0].doubtful_digits == 1
    assert "1 digits are doubtful" in " ".join(loaded.warnings)


def test_a_missing_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, OcrUnavailable("the engine is not installed"))
    with pytest.raises(BadInput, match="not installed"):
        read(as_pdf(pictures(make(lines("any ink")))))


def test_text_pages_never_load_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, AssertionError("the engine was loaded"))
    assert text_of(read(make(lines(*TEXT)))) == " ".join(TEXT)


def test_a_text_page_that_looks_odd_keeps_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recognition that finds the same text proves the layer right."""
    odd = " ".join(f"zqx{n % 10}jvk wqzx bvkq xzjq" for n in range(12))

    class Same(_Blind):
        def read(self, image: Pixels) -> Sequence[TextLine]:
            characters = tuple(Character(c, 0.5, 0.5, 0.9) for c in odd)
            return [TextLine(((0, 0), (900, 0), (900, 30), (0, 30)), characters)]

    _use(monkeypatch, Same(fails=[]))
    rows = [odd[n : n + 48] for n in range(0, len(odd), 48)]
    loaded = read(make(lines(*rows)))
    assert [item.method for item in loaded.quality] == ["text"]
    assert loaded.warnings == []


def test_a_picture_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.ocr.raster._BOMB", 100_000)
    _use(monkeypatch, _Blind(fails=[]))
    with pytest.raises(BadInput, match="too large to be read safely"):
        read(_scan(1))


def _locked(user: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(make(lines("Secret text"))))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_passwords_are_tried_in_turn() -> None:
    data = _locked("open")
    loaded = load(Source("a.pdf", data, passwords=("wrong", "open")))
    assert text_of(loaded) == "Secret text"
    with pytest.raises(BadInput, match="none of the passwords") as refusal:
        load(Source("a.pdf", data, passwords=("wrong",)))
    assert "wrong" not in str(refusal.value)
    with pytest.raises(BadInput, match="needs a password"):
        load(Source("a.pdf", data))
    assert text_of(load(Source("a.pdf", _locked(""), passwords=("x",)))) == "Secret text"


@pytest.mark.shared
def test_real_scans_are_read(shared: Path, engine: str) -> None:
    path = shared / "documents" / "scans" / "rotated_skew.pdf"
    loaded = load(Source(path.name, path.read_bytes(), ocr=engine))
    assert "32 Track MIDI Sequence Recorder" in text_of(loaded)
    assert [item.method for item in loaded.quality] == ["ocr"]
