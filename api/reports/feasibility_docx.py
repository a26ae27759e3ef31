"""A feasibility report as a Word document: real headings, tables and captions, charts as PNG."""

from __future__ import annotations

import io
from itertools import count
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from api.reports.feasibility_html import record_rows, source_facts
from api.reports.raster import can_write_chinese, rasterise
from assistant.feasibility.model import Figure, Line, Part, Report, Table
from assistant.feasibility.work import said
from assistant.model import Citation
from design import Text
from ingest.errors import BadInput

_COLOURS = {
    "cited": RGBColor(0x2F, 0x6F, 0x9F),
    "computed": RGBColor(0x1F, 0x6B, 0x4F),
    "assumed": RGBColor(0x8A, 0x5A, 0x00),
    "absent": RGBColor(0xA3, 0x31, 0x27),
}
_RED = RGBColor(0xA3, 0x31, 0x27)
_LATIN, _EAST_ASIAN = "Calibri", "微软雅黑"
_WIDTH = Cm(16.5)
_BREAKS = {"summary"}  # sections that have a page of their own


def feasibility_docx(report: Report, language: str) -> bytes:
    """The document as the bytes of a ``.docx`` file."""
    return _Writer(report, language).write()


def save_docx(report: Report, language: str, path: Path) -> None:
    """Write the document to a file.

    Raises:
        BadInput: The file cannot be written.
    """
    try:
        path.write_bytes(feasibility_docx(report, language))
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None


class _Writer:
    def __init__(self, report: Report, language: str) -> None:
        self.report, self.language = report, language
        self.document = Document()
        self.figures, self.tables = count(1), count(1)

    def write(self) -> bytes:
        self.set_up()
        report, document = self.report, self.document
        document.add_paragraph(self.say("page", "report"), style="Subtitle")
        document.add_heading(_clean(report.title), 0)
        document.add_paragraph(f"{self.say('record', 'as_of')} {report.record.as_of}")
        self.small(self.say("page", "legend"))
        for section in report.sections:
            document.add_heading(self.told(section.title), 1)
            for part in section.parts:
                self.part(part)
            if section.key in _BREAKS:
                document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        self.sources()
        self.record()
        self.small(self.say("page", "advice"))
        sheet = io.BytesIO()
        document.save(sheet)
        return sheet.getvalue()

    def set_up(self) -> None:
        document = self.document
        document.core_properties.title = _clean(self.report.title)
        document.core_properties.author = "Xinglin 杏林"
        document.core_properties.language = "zh-CN" if self.language == "zh" else "en"
        page = document.sections[0]
        page.orientation = WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2.2)
        page.top_margin = page.bottom_margin = Cm(2)
        for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
            style = document.styles[name]
            style.font.name = _LATIN
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _EAST_ASIAN)
        document.styles["Normal"].font.size = Pt(10.5)

    def say(self, *keys: str) -> str:
        return self.told(said(*keys))

    def told(self, words: Text) -> str:
        return _clean(words.zh if self.language == "zh" else words.en)

    def part(self, part: Part) -> None:
        if isinstance(part, Line):
            self.line(part)
        elif isinstance(part, Table):
            self.table(part)
        else:
            self.figure(part)

    def line(self, line: Line) -> None:
        paragraph = self.document.add_paragraph()
        self.mark(paragraph, line.basis)
        numbers = "".join(f" [{number}]" for number in line.citations)
        run = paragraph.add_run(self.told(line.text) + numbers)
        if line.kind == "note":
            run.font.size = Pt(9)
        if line.warns:
            run.font.color.rgb = _RED
        self.again(line.call if line.kind == "main" else None)

    def mark(self, paragraph: Any, basis: str) -> None:
        run = paragraph.add_run(f"〔{self.say('basis', basis)}〕 ")
        run.font.size = Pt(8)
        run.font.color.rgb = _COLOURS[basis]

    def again(self, call: str | None) -> None:
        if call is not None:
            self.small(f"{self.say('page', 'again')}: {call}")

    def small(self, words: str) -> None:
        run = self.document.add_paragraph().add_run(_clean(words))
        run.font.size = Pt(8)
        run.font.color.rgb = RGBColor(0x5B, 0x6A, 0x66)

    def table(self, table: Table) -> None:
        self.caption("table", next(self.tables), self.told(table.title), table.basis, above=True)
        grid = self.document.add_table(rows=1, cols=len(table.head))
        grid.style = "Light Grid Accent 1"
        for place, words in zip(grid.rows[0].cells, table.head, strict=True):
            self.fill(place, self.told(words))
        _repeat(grid.rows[0])
        grid.autofit = False
        for row in table.rows:
            for place, cell in zip(grid.add_row().cells, row, strict=True):
                numbers = "".join(f" [{number}]" for number in cell.citations)
                self.fill(place, self.told(cell.text) + numbers)
        for column, width in zip(grid.columns, self.widths(table), strict=True):
            column.width = width
            for place in column.cells:
                place.width = width
        self.document.add_paragraph()

    def widths(self, table: Table) -> list[int]:
        """Wider columns for longer texts."""
        longest = [len(self.told(words)) for words in table.head]
        for row in table.rows:
            longest = [max(n, len(self.told(c.text))) for n, c in zip(longest, row, strict=True)]
        weights = [min(max(n, 9), 60) ** 0.6 for n in longest]
        return [round(_WIDTH * weight / sum(weights)) for weight in weights]

    def fill(self, place: Any, words: str) -> None:
        place.text = words
        for paragraph in place.paragraphs:
            for run in paragraph.runs:
                run.font.size = Pt(8.5)

    def figure(self, figure: Figure) -> None:
        # Without a font for Chinese the labels of the picture are in English.
        language = self.language if can_write_chinese() else "en"
        png = figure.png or (lambda lang: rasterise(figure.svg(lang)))
        drawn = png(language)
        self.document.add_picture(io.BytesIO(drawn), width=_WIDTH)
        self.caption("figure", next(self.figures), self.told(figure.title), figure.basis)

    def caption(
        self, kind: str, number: int, title: str, basis: str, *, above: bool = False
    ) -> None:
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = above
        paragraph.add_run(f"{self.say('page', kind)} ")
        _sequence(paragraph, "Table" if kind == "table" else "Figure", number)
        paragraph.add_run(f"　{title} ")
        self.mark(paragraph, basis)

    def sources(self) -> None:
        self.document.add_heading(self.say("title", "sources"), 1)
        if not self.report.citations:
            self.document.add_paragraph(self.say("page", "no_sources"))
        for citation in self.report.citations:
            self.source(citation)

    def source(self, citation: Citation) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.add_run(_clean(f"[{citation.id}] {citation.title}")).bold = True
        self.document.add_paragraph(_clean(citation.quote), style="Quote")
        self.small(" · ".join(source_facts(citation, self.language)))
        if citation.notice:
            run = self.document.add_paragraph().add_run(_clean(citation.notice))
            run.font.color.rgb = _RED

    def record(self) -> None:
        self.document.add_heading(self.say("title", "record"), 1)
        grid = self.document.add_table(rows=0, cols=2)
        grid.style = "Light Grid Accent 1"
        for key, value in record_rows(self.report, self.language):
            row = grid.add_row().cells
            self.fill(row[0], key)
            self.fill(row[1], _clean(value))
        self.document.add_heading(self.say("record", "calls"), 2)
        for call in self.report.record.calls:
            self.small(call)


def _clean(words: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(char for char in words if char in "\t\n" or (char >= " " and char != "\ufffe"))


def _repeat(row: Any) -> None:
    """Show a header row again on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _sequence(paragraph: Any, name: str, number: int) -> None:
    """A number that Word counts itself (field SEQ), with its value already there."""
    run = paragraph.add_run()
    for kind in ("begin", None, "separate", "text", "end"):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = f" SEQ {name} \\* ARABIC "
        elif kind == "text":
            part = OxmlElement("w:t")
            part.text = str(number)
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)
