"""Charts, pictures and text boxes on the sheets of a workbook."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.xlsx import load

_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def changed(data: bytes, **parts: object) -> bytes:
    """The package with text replaced: part name (``/`` as ``__``, no ending) to (old, new)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            edit = parts.get(name.removesuffix(".xml").replace("/", "__"))
            if edit is not None:
                pattern, replacement = edit  # type: ignore[misc]
                text, count = re.subn(pattern, replacement, content.decode(), flags=re.S)
                assert count, f"{name} does not hold {pattern}"
                content = text.encode()
            new.writestr(name, content)
    return buffer.getvalue()


def read(data: bytes, ocr: str = "none") -> Loaded:
    return load(Source("a.xlsx", data, ocr=ocr))


def charted() -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["月", "入组"], ["1月", 12], ["2月", 19]]:
        sheet.append(row)
    chart = BarChart()
    chart.title = "各月入组人数"
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=3))
    sheet.add_chart(chart, "D5")
    return book


def test_a_chart_with_stored_values_is_a_table() -> None:
    cache = (
        r"<(c:)?numRef><(?:c:)?f>[^<]*</(?:c:)?f>",
        r"\g<0><numCache><formatCode>General</formatCode><ptCount val='2'/>"
        r"<pt idx='0'><v>12</v></pt><pt idx='1'><v>19</v></pt></numCache>",
    )
    loaded = read(changed(saved(charted()), xl__charts__chart1=cache))
    chart = next(block for block in loaded.blocks if "chart" in block.flags)
    assert chart.kind == "table"
    assert chart.table is not None
    assert chart.table.caption == "各月入组人数"
    assert [row[-1] for row in chart.table.rows[1:]] == ["12", "19"]
    assert (chart.locator.sheet, chart.locator.cells) == ("Sheet", "D5")


def test_a_chart_of_cells_alone_is_a_figure_with_its_title() -> None:
    loaded = read(saved(charted()))
    assert [(b.kind, b.text) for b in loaded.blocks if "chart" in b.flags] == [
        ("figure", "各月入组人数")
    ]
    assert loaded.warnings == []


def test_a_chart_that_says_nothing_is_counted() -> None:
    book = charted()
    book.active._charts[0].title = None  # type: ignore[union-attr]
    loaded = read(saved(book))
    assert loaded.warnings == ["1 charts have neither a title nor stored values and were not read"]


def test_a_sheet_that_is_one_chart() -> None:
    book = charted()
    chart = LineChart()
    chart.title = "生存曲线"
    chart.add_data(Reference(book.active, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    book.create_chartsheet("图").add_chart(chart)
    blocks = read(saved(book)).blocks
    assert [(b.kind, b.text) for b in blocks if b.locator.sheet == "图"] == [
        ("heading", "图"),
        ("figure", "生存曲线"),
    ]


def picture(size: tuple[int, int] = (200, 100)) -> SheetImage:
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, "PNG")
    buffer.seek(0)
    return SheetImage(buffer)


def pictured() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "b"])
    sheet.append(["x", 1])
    sheet.add_image(picture(), "E9")
    return saved(book)


def test_a_picture_with_a_text_alternative_is_a_figure() -> None:
    described = ('descr="Picture"', 'descr="筛选流程"')
    loaded = read(changed(pictured(), xl__drawings__drawing1=described))
    (figure,) = [block for block in loaded.blocks if block.kind == "figure"]
    assert (figure.text, figure.locator.cells) == ("筛选流程", "E9")
    assert figure.flags == ("graphic:xl/media/image1.png",)


def test_a_silent_picture_is_counted() -> None:
    loaded = read(pictured())
    assert [block.kind for block in loaded.blocks] == ["table"]
    assert loaded.warnings == ["1 pictures have neither text nor a text alternative"]


_BOX = (
    "<xdr:twoCellAnchor xmlns:xdr='{xdr}' xmlns:a='{a}'><xdr:from><xdr:col>{col}</xdr:col>"
    "<xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    "<xdr:sp><xdr:nvSpPr><xdr:cNvPr id='9' name='t'{hidden}/><xdr:cNvSpPr/></xdr:nvSpPr>"
    "<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    "<xdr:clientData/></xdr:twoCellAnchor>"
)


def box(text: str, row: int, col: int = 0, hidden: str = "") -> str:
    return _BOX.format(xdr=_XDR, a=_A, row=row, col=col, text=text, hidden=hidden)


def with_boxes(*boxes: str) -> bytes:
    return changed(
        pictured(), xl__drawings__drawing1=(r"(</(?:\w+:)?wsDr>)", "".join(boxes) + r"\1")
    )


def test_text_boxes_stand_from_top_to_bottom() -> None:
    loaded = read(with_boxes(box("下面一段", 30), box("上面一段", 20, 1)))
    found = [(b.text, b.locator.cells) for b in loaded.blocks if b.kind == "paragraph"]
    assert found == [("上面一段", "B21"), ("下面一段", "A31")]


def test_struck_out_text_in_boxes_is_counted() -> None:
    boxed = box("新剂量", 20).replace(
        "<a:r>", "<a:r><a:rPr strike='sngStrike'/><a:t>旧</a:t></a:r><a:r>"
    )
    loaded = read(with_boxes(boxed))
    assert [b.text for b in loaded.blocks if b.kind == "paragraph"] == ["新剂量"]
    assert "1 struck-out passages in text boxes were left out" in loaded.warnings


def test_hidden_text_boxes_are_withheld() -> None:
    loaded = read(with_boxes(box("看不见的话", 20, hidden=" hidden='1'")))
    assert [block.kind for block in loaded.blocks] == ["table"]
    assert [(item.reason, item.text) for item in loaded.withheld] == [
        ("hidden shape", "看不见的话")
    ]
    assert "1 passages that no reader sees were kept out" in loaded.warnings


def test_a_damaged_drawing_loses_nothing_else() -> None:
    loaded = read(changed(pictured(), xl__drawings__drawing1=(r"^.*$", "<broken")))
    assert [block.kind for block in loaded.blocks] == ["table"]
    assert any("xl/drawings/drawing1.xml is damaged" in text for text in loaded.warnings)


def test_a_workbook_without_anything_is_refused() -> None:
    book = Workbook()
    book.active.add_image(picture(), "A1")  # type: ignore[union-attr]
    with pytest.raises(BadInput, match="no values"):
        read(saved(book))
