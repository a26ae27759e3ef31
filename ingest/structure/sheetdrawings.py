"""What is drawn on the sheets of a workbook: charts, pictures, text boxes (SpreadsheetDrawingML).

Follows ECMA-376, part 1, section 20.5 (``xdr:wsDr`` and its anchors).
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter

from ingest.loaders.base import Withheld
from ingest.model import Block, Locator
from ingest.structure.charts import chart_table, chart_title
from ingest.structure.drawingtext import MC, choose, paragraphs
from ingest.structure.headings import is_list_item, strip_bullet
from ingest.structure.ooxml import Element, Parts, R
from ingest.structure.pictures import useful_description
from ingest.structure.smartart import diagram_lines
from ingest.tables import split_rows, table_block
from ingest.text import squeeze

_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_ANCHORS = frozenset(f"{_XDR}{n}" for n in ["twoCellAnchor", "oneCellAnchor", "absoluteAnchor"])
_SHAPES = frozenset(f"{_XDR}{n}" for n in ["sp", "pic", "grpSp", "graphicFrame", "cxnSp"])
_MAX_GROUPS = 40
_MAX_DRAWN = 2000  # shapes of one sheet that are read


@dataclass(slots=True)
class Drawn:
    """What is drawn on one sheet, from top to bottom.

    ``withheld`` is text in hidden shapes; ``left_out`` counts by kind what could not be read.
    """

    blocks: list[Block] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


class SheetDrawings:
    """Finds the drawings of the sheets of an opened workbook, by sheet name."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.parts = Parts(archive)
        main = self.parts.main("xl/workbook.xml")
        relations = self.parts.relations(main)
        root = self.parts.xml(main)
        self._sheets: dict[str, str] = {}
        for sheet in [] if root is None else root.iterfind("{*}sheets/{*}sheet"):
            relation = relations.get(sheet.get(f"{R}id", ""))
            if relation is not None:
                self._sheets[sheet.get("name", "")] = relation.part

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets, in order."""
        return list(self._sheets)

    def on(self, sheet: str) -> Drawn:
        """What is drawn on a sheet; each block is located at the cell its upper left corner is in.

        Charts are tables with the flag ``chart``; one that stores no values of its own (they stand
        in the cells) is a figure with its title. Pictures are figures that name their part
        (``graphic:…``), their text alternative or nothing as text. Text boxes are paragraphs.
        """
        drawn = Drawn()
        found: list[tuple[tuple[int, int], Block]] = []
        part = self._sheets.get(sheet, "")
        for name in self.parts.related(part, "drawing") if part else ():
            root = self.parts.xml(name)
            if root is None:
                continue
            reader = _Reader(self.parts, name, sheet, drawn)
            for anchor in _anchors(root):
                place = _corner(anchor)
                found += [(place, block) for block in reader.anchor(anchor, place)]
        # Programs write drawings in the order they were made; readers go from the top.
        drawn.blocks = [block for _, block in sorted(found, key=lambda item: item[0])]
        return drawn


def _anchors(root: Element) -> Iterator[Element]:
    for item in root.iterchildren():
        if item.tag in _ANCHORS:
            yield item
        elif item.tag == f"{MC}AlternateContent":
            chosen = choose(item, lambda part: any(below.tag in _ANCHORS for below in part))
            if chosen is not None:
                yield from (below for below in chosen if below.tag in _ANCHORS)


def _corner(anchor: Element) -> tuple[int, int]:
    """Row and column of the upper left cell, from 1."""
    start = anchor.find(f"{_XDR}from")
    if start is None:
        return 1, 1
    values = [start.findtext(f"{_XDR}{name}", "0").strip() for name in ("row", "col")]
    row, column = (int(v) if v.isascii() and v.isdigit() else 0 for v in values)
    return min(row, 1_048_575) + 1, min(column, 16_383) + 1


class _Reader:
    """Reads the anchors of one drawing part."""

    def __init__(self, parts: Parts, name: str, sheet: str, drawn: Drawn) -> None:
        self._parts = parts
        self._relations = parts.relations(name)
        self._sheet = sheet
        self._drawn = drawn
        self._count = 0

    def anchor(self, anchor: Element, place: tuple[int, int]) -> list[Block]:
        cell = f"{get_column_letter(place[1])}{place[0]}"
        locator = Locator(sheet=self._sheet, cells=cell)
        return [
            replace(block, locator=locator)
            for shape in _shapes(anchor)
            for block in self._shape(shape, locator)
        ]

    def _shape(self, shape: Element, locator: Locator, depth: int = 0) -> Iterator[Block]:
        self._count += 1
        if self._count > _MAX_DRAWN or depth > _MAX_GROUPS:
            self._drawn.left_out["shapes"] += 1
            return
        properties = next(shape.iterfind(f"./*/{_XDR}cNvPr"), None)
        if properties is not None and properties.get("hidden") in {"1", "true"}:
            text = squeeze(" ".join(node.text or "" for node in shape.iter(f"{_A}t")))
            if text:
                self._drawn.withheld.append(Withheld("hidden shape", text, locator))
            return
        description = _description(properties)
        if shape.tag == f"{_XDR}grpSp":
            for inner in _shapes(shape):
                yield from self._shape(inner, locator, depth + 1)
        elif shape.tag == f"{_XDR}pic":
            yield self._picture(shape, description)
        elif shape.tag == f"{_XDR}graphicFrame":
            yield from self._frame(shape, description)
        else:
            yield from self._text(shape.find(f"{_XDR}txBody"), locator)

    def _text(self, body: Element | None, locator: Locator) -> Iterator[Block]:
        for item in () if body is None else paragraphs(body):
            self._drawn.left_out["struck"] += item.struck
            self._drawn.left_out["symbols"] += item.unknown
            if item.tiny:
                self._drawn.withheld.append(Withheld("text too small to read", item.tiny, locator))
            if not item.text:
                continue
            text = (item.label or "") + item.text
            if item.label is not None or is_list_item(text):
                yield Block("list_item", strip_bullet(text), Locator())
            else:
                yield Block("paragraph", text, Locator())

    def _picture(self, shape: Element, description: str) -> Block:
        blip = shape.find(f"{_XDR}blipFill/{_A}blip")
        part = self._part("" if blip is None else blip.get(f"{R}embed", ""))
        flags = (f"graphic:{part}",) if part else ()
        return Block("figure", description, Locator(), flags=flags)

    def _frame(self, shape: Element, description: str) -> Iterator[Block]:
        data = shape.find(f"{_A}graphic/{_A}graphicData")
        content = None if data is None else next(data.iterchildren(), None)
        kind = "" if data is None else data.get("uri", "").rpartition("/")[2]
        if content is None:
            return
        if kind == "chart":
            yield from self._chart(content, description)
        elif kind == "diagram":
            root = self._parts.xml(self._part(content.get(f"{R}dm", "")))
            if root is None:
                self._drawn.left_out["diagrams"] += 1
                return
            for _, text in diagram_lines(root):
                yield Block("list_item", strip_bullet(text), Locator())
        else:
            self._drawn.left_out["objects"] += 1

    def _chart(self, content: Element, description: str) -> Iterator[Block]:
        root = self._parts.xml(self._part(content.get(f"{R}id", "")))
        table = None if root is None else chart_table(root, description)
        if table is not None:
            for _, part in split_rows(table):
                yield table_block(part, Locator(), flags=("chart",))
            return
        title = "" if root is None else chart_title(root) or description
        if title:
            yield Block("figure", title, Locator(), flags=("chart",))
        else:
            self._drawn.left_out["charts"] += 1

    def _part(self, identifier: str) -> str:
        relation = self._relations.get(identifier)
        return "" if relation is None else relation.part


def _shapes(parent: Element) -> Iterator[Element]:
    for item in parent.iterchildren():
        if item.tag in _SHAPES:
            yield item
        elif item.tag == f"{MC}AlternateContent":
            chosen = choose(item, lambda part: any(below.tag in _SHAPES for below in part))
            if chosen is not None:
                yield from (below for below in chosen.iterchildren() if below.tag in _SHAPES)


def _description(properties: Element | None) -> str:
    if properties is None:
        return ""
    return useful_description(properties.get("descr") or "") or useful_description(
        properties.get("title") or ""
    )
