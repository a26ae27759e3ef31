"""What stands on one slide, as blocks: text, lists, tables, charts, diagrams, pictures, notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.loaders.base import Withheld
from ingest.model import Block, Locator
from ingest.ocr.embedded import Embedded
from ingest.structure.captions import (
    attach_table_captions,
    caption_figures,
    drop_silent_figures,
)
from ingest.structure.charts import chart_table
from ingest.structure.drawingtext import Paragraph, body_text, paragraphs
from ingest.structure.headings import ends_sentence, is_list_item, strip_bullet
from ingest.structure.ooxml import Element, R
from ingest.structure.pptxdeck import FURNITURE, TITLES, A, Deck, P, Slide, placeholder
from ingest.structure.pptxshapes import Shape, description_of, hidden_reason, shapes_below
from ingest.structure.pptxtable import read_table
from ingest.structure.shapeorder import reading_order
from ingest.structure.smartart import diagram_lines
from ingest.tables import split_rows, table_block
from ingest.text import CJK, join_lines

UNTITLED = "untitled_slide"
_TITLE_SIZE = 2400  # hundredths of a point
_TITLE_MAX = 60
_MAX_GROUPS = 40


class SlideReader:
    """Reads the slides of a deck one by one.

    ``pictures`` reads the pictures on them. ``left_out`` counts by kind what was not read,
    ``withheld`` is text that no reader sees.
    """

    def __init__(self, deck: Deck, pictures: Embedded) -> None:
        self.left_out: Counter[str] = Counter()
        self.withheld: list[Withheld] = []
        self._deck = deck
        self._embedded = pictures
        self._number = 0
        self._slide: Slide
        self._pictures = 0

    def read(self, number: int, slide: Slide) -> tuple[list[Block], bool]:
        """Blocks of a slide without its notes, and whether it is pictures without any text."""
        self._number, self._slide, self._pictures = number, slide, 0
        tree = slide.root.find(f"{P}cSld/{P}spTree")
        shapes = [] if tree is None else list(shapes_below(tree, "/p:sld/p:cSld/p:spTree"))
        title = self._title(shapes)
        ordered = [shape for shape in self._in_order(shapes) if shape is not title]
        body = [block for shape in ordered for block in self._shape(shape)]
        body, silent = drop_silent_figures(self._embedded.expand(caption_figures(body)))
        self.left_out["pictures"] += silent
        body = attach_table_captions(body)
        heading = self._heading(title)
        if heading is None:
            heading, body = self._guessed(ordered, body)
        if heading is None and body:
            heading = self._by_number(body)
        blocks = [*([heading] if heading else []), *body]
        section = heading.text if heading else None
        if section is not None:
            blocks = [replace(b, locator=replace(b.locator, section=section)) for b in blocks]
        return blocks, not blocks and self._pictures > 0

    def notes(self, number: int, slide: Slide) -> list[Block]:
        """The speaker's notes, as footnotes of the slide."""
        blocks: list[Block] = []
        for name in self._deck.parts.related(slide.part, "notesSlide"):
            root = self._deck.parts.xml(name)
            if root is None:
                continue
            for place, shape in enumerate(root.iter(f"{P}sp"), start=1):
                kind = placeholder(shape)
                body = shape.find(f"{P}txBody")
                if body is None or (kind is not None and kind[0] in FURNITURE):
                    continue
                path = f"/p:notes//p:sp[{place}]"
                locator = Locator(page=number, section="notes", path=path)
                for item in paragraphs(body):
                    self._count(item)
                    if item.text:
                        blocks.append(Block("footnote", f"{item.label or ''}{item.text}", locator))
        return blocks

    def _locator(self, path: str) -> Locator:
        return Locator(page=self._number, path=path)

    def _title(self, shapes: Sequence[Shape]) -> Shape | None:
        for shape in shapes:
            kind = placeholder(shape[0])
            body = shape[0].find(f"{P}txBody")
            if kind is not None and kind[0] in TITLES and body is not None and body_text(body):
                return shape
        return None

    def _heading(self, title: Shape | None) -> Block | None:
        if title is None:
            return None
        found = list(paragraphs(title[0].find(f"{P}txBody")))
        for item in found:
            self._count(item)
        lines = [line for item in found for line in item.text.split("\n")]
        text = join_lines(lines)
        level = 1 if self._slide.opens_section else 2
        return Block("heading", text, self._locator(title[1]), level=level) if text else None

    def _guessed(
        self, ordered: Sequence[Shape], body: list[Block]
    ) -> tuple[Block | None, list[Block]]:
        """A first line in large type above other text is the title of a slide without one."""
        if len(body) < 2 or body[0].kind != "paragraph" or not ordered:
            return None, body
        first = ordered[0][0].find(f"{P}txBody")
        lines = [] if first is None else [item for item in paragraphs(first) if item.text]
        if len(lines) != 1 or lines[0].text != body[0].text:
            return None, body
        large = lines[0].size >= _TITLE_SIZE
        text = join_lines(lines[0].text.split("\n"))
        if not large or len(text) > _TITLE_MAX or ends_sentence(text):
            return None, body
        return replace(body[0], kind="heading", text=text, level=2), body[1:]

    def _by_number(self, body: Sequence[Block]) -> Block:
        """The number as a heading, lest the text be taken for that of the slide before."""
        name = "幻灯片" if re.search(f"[{CJK}]", body[0].text) else "Slide"
        locator = self._locator("/p:sld")
        return Block("heading", f"{name} {self._number}", locator, level=2, flags=(UNTITLED,))

    def _in_order(self, shapes: list[Shape]) -> list[Shape]:
        """Placeholders as their layout has them; as soon as other text is there, by place."""
        spoken = [s for s in shapes if s[0].tag in {f"{P}sp", f"{P}graphicFrame", f"{P}grpSp"}]
        if all(placeholder(element) is not None for element, _ in spoken):
            return shapes
        boxes = [self._slide.box(element) or (0.0, 0.0, 0.0, 0.0) for element, _ in shapes]
        return [shapes[index] for index in reading_order(boxes)]

    def _shape(self, shape: Shape, depth: int = 0) -> Iterator[Block]:
        element, path = shape
        kind = placeholder(element)
        if kind is not None and kind[0] in FURNITURE:
            return
        unseen = self._unseen(element) if depth == 0 else hidden_reason(element)
        if unseen:
            self._withhold(element, path, unseen)
        elif element.tag == f"{P}grpSp":
            inner = list(shapes_below(element, path))
            if depth >= _MAX_GROUPS:
                self.left_out["groups"] += 1
                return
            boxes = [self._slide.box(item) or (0.0, 0.0, 0.0, 0.0) for item, _ in inner]
            for index in reading_order(boxes):
                yield from self._shape(inner[index], depth + 1)
        elif element.tag == f"{P}graphicFrame":
            yield from self._frame(element, path)
        elif element.tag == f"{P}pic":
            yield from self._picture(element, path)
        else:
            body = element.find(f"{P}txBody")
            if body is not None:
                yield from self._text(element, body, path)

    def _unseen(self, element: Element) -> str:
        if reason := hidden_reason(element):
            return reason
        box = self._slide.box(element)
        width, height = self._deck.size
        if box is None or box[0] == box[2] or box[1] == box[3]:
            return ""
        outside = box[2] <= 0 or box[3] <= 0 or box[0] >= width or box[1] >= height
        return "outside the slide" if outside else ""

    def _withhold(self, element: Element, path: str, reason: str) -> None:
        lines = [body_text(body) for body in element.iter(f"{P}txBody", f"{A}txBody")]
        text = "\n".join(line for line in lines if line)
        if text:
            self.withheld.append(Withheld(reason, text, self._locator(path)))

    def _text(self, element: Element, body: Element, path: str) -> Iterator[Block]:
        locator = self._locator(path)
        for item in paragraphs(body, self._slide.styles(element)):
            self._count(item)
            if item.tiny:
                self.withheld.append(Withheld("text too small to read", item.tiny, locator))
            if item.text:
                yield _block(item, locator)

    def _count(self, item: Paragraph) -> None:
        self.left_out["struck"] += item.struck
        self.left_out["symbols"] += item.unknown

    def _frame(self, element: Element, path: str) -> Iterator[Block]:
        data = element.find(f"{A}graphic/{A}graphicData")
        uri = "" if data is None else data.get("uri", "")
        content = None if data is None else next(data.iterchildren(), None)
        kind = uri.rpartition("/")[2]
        if content is None:
            return
        if kind == "table":
            table = read_table(content, self.left_out)
            if table is not None:
                for _, part in split_rows(table):
                    yield table_block(part, self._locator(path))
        elif kind == "chart":
            yield from self._chart(element, content, path)
        elif kind == "diagram":
            yield from self._diagram(content, path)
        else:
            self.left_out["objects"] += 1

    def _chart(self, frame: Element, content: Element, path: str) -> Iterator[Block]:
        relation = self._deck.parts.relations(self._slide.part).get(content.get(f"{R}id", ""))
        root = None if relation is None else self._deck.parts.xml(relation.part)
        table = None if root is None else chart_table(root, description_of(frame))
        if table is None:
            self.left_out["charts"] += 1
            return
        for _, part in split_rows(table):
            yield table_block(part, self._locator(path), flags=("chart",))

    def _diagram(self, content: Element, path: str) -> Iterator[Block]:
        relation = self._deck.parts.relations(self._slide.part).get(content.get(f"{R}dm", ""))
        root = None if relation is None else self._deck.parts.xml(relation.part)
        lines = [] if root is None else diagram_lines(root)
        if root is None:
            self.left_out["diagrams"] += 1
        for _, text in lines:
            yield Block("list_item", strip_bullet(text), self._locator(path))

    def _picture(self, element: Element, path: str) -> Iterator[Block]:
        if element.find(f".//{A}videoFile") is not None or element.find(f".//{A}audioFile") is not (
            None
        ):
            self.left_out["media"] += 1
            return
        self._pictures += 1
        blip = element.find(f"{P}blipFill/{A}blip")
        relations = self._deck.parts.relations(self._slide.part)
        relation = None if blip is None else relations.get(blip.get(f"{R}embed", ""))
        flags = (f"graphic:{relation.part}",) if relation is not None and relation.part else ()
        yield Block("figure", description_of(element), self._locator(path), flags=flags)


def _block(item: Paragraph, locator: Locator) -> Block:
    text = (item.label or "") + item.text
    if item.label is not None or is_list_item(text):
        return Block("list_item", strip_bullet(text), locator)
    return Block("paragraph", text, locator)
