"""Pictures inside office files, read by an engine that says what the test tells it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import pytest
from docx.shared import Inches
from PIL import Image as Pillow
from pptx import Presentation

from ingest.errors import BadInput
from ingest.loaders import docx as docx_loader
from ingest.loaders import pptx as pptx_loader
from ingest.loaders.base import Loaded, Source
from ingest.model import Block, Locator
from ingest.ocr import embedded
from ingest.ocr.base import Character, Image, OcrUnavailable, TextLine
from ingest.ocr.embedded import Embedded

WIDTH, HEIGHT = 800, 400
Placed = tuple[str, float, float, float]
"""A text with its left edge, right edge and baseline, as parts of the picture."""

TABLE: list[Placed] = [
    (text, 0.05 + 0.3 * column, 0.15 + 0.3 * column, 0.15 + 0.15 * row)
    for row, cells in enumerate(
        [("剂量", "例数", "DLT"), ("10 mg", "3", "0"), ("20 mg", "6", "1"), ("40 mg", "6", "2")]
    )
    for column, text in enumerate(cells)
]
LABELS: list[Placed] = [("筛选 120 例", 0.4, 0.6, 0.2), ("随机80例", 0.4, 0.6, 0.6)]
PROSE: list[Placed] = [
    ("研究者获知严重不良事件后应当在24小时内报告申办者和伦理委员会并做好记录" * 2, 0.05, 0.95, y)
    for y in (0.2, 0.4, 0.6)
]


class Told:
    """An engine that finds the same lines in every picture."""

    name = "told"

    def __init__(self, lines: Sequence[Placed], confidence: float = 0.99) -> None:
        self.lines, self.confidence, self.calls = lines, confidence, 0

    def read(self, image: Image) -> list[TextLine]:
        self.calls += 1
        height, width = image.shape[:2]
        return [self._line(placed, width, height) for placed in self.lines]

    def _line(self, placed: Placed, width: int, height: int) -> TextLine:
        text, left, right, base = placed
        x0, x1, y0, y1 = left * width, right * width, (base - 0.06) * height, base * height
        step = 1 / len(text)
        characters = tuple(
            Character(c, n * step, (n + 1) * step, self.confidence) for n, c in enumerate(text)
        )
        return TextLine(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), characters)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Told:
    engine: Told = request.param
    engine.calls = 0
    monkeypatch.setattr(embedded, "make_engine", lambda name: engine)
    return engine


def png(width: int = WIDTH, height: int = HEIGHT, shade: int = 255) -> io.BytesIO:
    buffer = io.BytesIO()
    Pillow.new("L", (width, height), shade).save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def word(*items: str | io.BytesIO) -> Loaded:
    document = docx.Document()
    for item in items:
        if isinstance(item, str):
            document.add_paragraph(item)
        else:
            document.add_picture(item, width=Inches(4))
    buffer = io.BytesIO()
    document.save(buffer)
    return docx_loader.load(Source("a.docx", buffer.getvalue(), ocr="rapidocr"))


@pytest.mark.parametrize("told", [Told(LABELS)], indirect=True)
def test_labels_go_below_the_caption(told: Told) -> None:
    loaded = word("正文。", png(), "图 1 受试者流程")
    figure = loaded.blocks[1]
    assert figure.text == "图 1 受试者流程\n筛选 120 例\n随机80例"
    assert figure.flags[0] == "graphic:word/media/image1.png"
    assert "ocr" in figure.flags
    assert loaded.warnings == [
        "1 pictures were read by text recognition; compare them with the file"
    ]


@pytest.mark.parametrize("told", [Told(TABLE)], indirect=True)
def test_a_table_in_a_picture_is_a_table_with_its_caption(told: Told) -> None:
    loaded = word("表 2 各剂量组的DLT", png(), "正文。")
    table = loaded.blocks[0]
    assert table.table is not None
    assert table.table.caption == "表 2 各剂量组的DLT"
    assert table.table.rows[2] == ("20 mg", "6", "1")
    assert {"ocr", "graphic:word/media/image1.png"} <= set(table.flags)
    assert [block.kind for block in loaded.blocks] == ["table", "paragraph"]


@pytest.mark.parametrize("told", [Told(PROSE)], indirect=True)
def test_a_page_in_a_picture_is_paragraphs(told: Told) -> None:
    loaded = word(png())
    assert {block.kind for block in loaded.blocks} == {"paragraph"}
    assert "24小时内报告申办者" in loaded.blocks[0].text
    assert all("ocr" in block.flags for block in loaded.blocks)


@pytest.mark.parametrize("told", [Told(PROSE)], indirect=True)
def test_slides_that_are_pictures_are_read(told: Told) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_picture(png(), 0, 0)
    buffer = io.BytesIO()
    deck.save(buffer)
    loaded = pptx_loader.load(Source("a.pptx", buffer.getvalue(), ocr="rapidocr"))
    assert any("24小时" in block.text and block.locator.page == 1 for block in loaded.blocks)
    assert not any("only pictures" in warning for warning in loaded.warnings)


@pytest.mark.parametrize("told", [Told(LABELS, 0.4), Told([("UFO", 0.4, 0.6, 0.5)])], indirect=True)
def test_strokes_and_logos_say_nothing(told: Told) -> None:
    loaded = word("正文。", png())
    assert [block.text for block in loaded.blocks] == ["正文。"]
    assert loaded.warnings == ["1 images have neither a caption nor a text alternative"]


def test_off_means_off() -> None:
    with pytest.raises(BadInput, match="perhaps only pictures"):
        document = docx.Document()
        document.add_picture(png())
        buffer = io.BytesIO()
        document.save(buffer)
        docx_loader.load(Source("a.docx", buffer.getvalue()))


def figure(part: str) -> Block:
    return Block("figure", "", Locator(path="/x"), flags=(f"graphic:{part}",))


@pytest.mark.parametrize("told", [Told(LABELS)], indirect=True)
def test_a_picture_is_read_once_and_a_logo_never(told: Told) -> None:
    reader = Embedded(lambda part: png().getvalue(), "told")
    blocks = reader.expand([figure("a.png"), figure("a.png"), *[figure("logo.png")] * 3])
    assert [bool(block.text) for block in blocks] == [True, True, False, False, False]
    assert told.calls == 1


@pytest.mark.parametrize("told", [Told(LABELS)], indirect=True)
@pytest.mark.parametrize("data", [None, b"\x01\x00\x00\x00 EMF", png(20, 20).getvalue()])
def test_what_is_no_picture_with_text_stays_as_it_was(told: Told, data: bytes | None) -> None:
    reader = Embedded(lambda part: data, "told")
    assert reader.expand([figure("a")]) == [figure("a")]
    assert reader.warnings == []
    assert told.calls == 0


def test_a_failing_engine_loses_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        name = "failing"

        def read(self, image: Image) -> list[TextLine]:
            raise RuntimeError("out of luck")

    monkeypatch.setattr(embedded, "make_engine", lambda name: Failing())
    reader = Embedded(lambda part: png().getvalue(), "failing")
    assert reader.expand([figure("a.png")]) == [figure("a.png")]
    assert reader.warnings == ["picture a.png could not be read (out of luck)"]


def test_a_missing_engine_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OcrUnavailable("install it")

    monkeypatch.setattr(embedded, "make_engine", missing)
    reader = Embedded(lambda part: png().getvalue(), "rapidocr")
    reader.expand([figure("a.png"), figure("b.png")])
    assert reader.warnings == ["pictures were not read: install it"]
