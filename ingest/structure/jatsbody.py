"""Blocks out of JATS elements: sections, paragraphs, lists, tables, figures, notes, references."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ingest.model import Block, BlockKind, Locator
from ingest.structure.jatsfloats import (
    alternative,
    caption_parts,
    figure_lines,
    file_flags,
    foot_lines,
    joined,
    mentions,
    note_line,
    supplement_lines,
)
from ingest.structure.jatslist import item_marks
from ingest.structure.jatsrefs import reference_numbers, reference_text
from ingest.structure.jatstable import table_blocks, tables_of
from ingest.structure.jatstext import TextReader, spaced, tidy
from ingest.structure.jatsxml import Element, children

_SECTIONS = frozenset(["sec", "app", "ack", "glossary", "notes", "fn-group"])
# Boxes and the like: a heading in them would claim what follows them in their section.
_ASIDES = frozenset(
    ["boxed-text", "statement", "disp-quote", "verse-group", "speech", "fig-group",
     "table-wrap-group", "bio"]
)  # fmt: skip
# Elements that end the line of text they stand in.
_BLOCKS = _SECTIONS | _ASIDES | frozenset(
    ["p", "list", "def-list", "fig", "table-wrap", "supplementary-material", "media", "preformat",
     "code", "fn", "ref-list", "array", "graphic", "table", "disp-formula-group",
     "chem-struct-wrap"]
)  # fmt: skip
_SUPPLIED = {
    "ack": ("Acknowledgements", "致谢"), "ref-list": ("References", "参考文献"),
    "fn-group": ("Notes", "注释"), "glossary": ("Abbreviations", "缩略语"),
    "app": ("Appendix", "附录"), "notes": ("Notes", "注释"), "body": ("Main text", "正文"),
    "floats-group": ("Figures and tables", "图表"), "funding-group": ("Funding", "资助"),
}  # fmt: skip
_UNREAD = frozenset(["object-id", "sec-meta", "processing-meta", "permissions"])
_MOST_MENTIONS = 8


class BodyReader:
    """Collects the blocks of one article; ``left_out`` counts what is not read.

    Flags of figures and tables: ``graphic:NAME`` is the file of the picture (not in the XML),
    ``mentioned_in:XPATH`` the paragraph that refers to it, equal to that block's
    ``locator.path``. ``file:NAME`` is a supplementary file. A heading or line that the file has
    in its markup only is flagged ``supplied``.
    """

    def __init__(self, article: Element, text: TextReader, *, chinese: bool) -> None:
        self.blocks: list[Block] = []
        self.left_out: Counter[str] = Counter()
        self._text = text
        self._chinese = chinese
        self._tree = article.getroottree()
        self._aside = 0
        self._section: str | None = None
        self._inline: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._mark = ""
        self._placed: list[Element] = []
        self._noted: set[Element] = set()
        self._mentions = mentions(article, self.path)
        self._numbers = reference_numbers(article)
        self._floats = {
            part.get("id"): item
            for group in article.iterchildren("floats-group")
            for item in children(group)
            for part in item.iter("fig", "table-wrap", "boxed-text", "fig-group")
            if part.get("id")
        }

    def path(self, element: Element) -> str:
        """XPath of an element in the file."""
        return str(self._tree.getpath(element))

    def add(self, kind: BlockKind, text: str, element: Element, *flags: str) -> None:
        """Append a block unless it is empty."""
        if text:
            section = self._section if kind == "footnote" else None
            locator = Locator(path=self.path(element), section=section)
            self.blocks.append(Block(kind, text, locator, flags=flags))
        for note in self._notes():
            self._note(note)

    def heading(self, text: str, level: int, element: Element, *flags: str) -> None:
        """Append a heading; in a box or a list a line of text."""
        text = text.replace("\n", " ")
        if self._aside or not text:
            self.add("paragraph", text, element)
            return
        self._section = text
        locator = Locator(path=self.path(element))
        self.blocks.append(Block("heading", text, locator, level=level, flags=flags))
        for note in self._notes():
            self._note(note)

    def supplied(self, name: str, level: int, element: Element) -> None:
        """A heading that such a part has in print, where the file leaves it to the style."""
        self.heading(_SUPPLIED[name][self._chinese], level, element, "supplied")

    def content(self, element: Element, level: int, skip: frozenset[str] = frozenset()) -> None:
        """Read the children of a container, whose headings stand at ``level``."""
        self._inline.append(spaced(element.text))
        for child in children(element):
            if child.tag in skip or child.tag in _UNREAD:
                self._inline.append(spaced(child.tail))
            elif child.tag in _BLOCKS or _holds_blocks(child):
                self._flush(element)
                self.visit(child, level)
                self._inline.append(spaced(child.tail))
            elif child.tag == "title":
                self._flush(element)
                self.heading(self._text.read(child), level, child)
                self._inline.append(spaced(child.tail))
            else:
                before = next((text for text in reversed(self._inline) if text), "")
                self._inline.append(self._text.step(child, before))
        self._flush(element)

    def visit(self, element: Element, level: int) -> None:
        """Read one element that makes blocks."""
        tag = str(element.tag)
        if tag in _SECTIONS:
            self._sectioned(element, level)
        elif tag in _ASIDES:
            self._beside(element, level)
        elif tag == "list":
            self._list(element, level)
        elif tag == "def-list":
            self._definitions(element, level)
        elif tag == "fig":
            self._figure(element)
        elif tag == "table-wrap":
            self._table(element)
        elif tag in {"table", "array"}:
            self._bare_table(element)
        elif tag == "ref-list":
            self._references(element, level)
        elif tag == "fn":
            self._note(element)
        elif tag in {"preformat", "code"}:
            self.add("code", "".join(element.itertext()).strip("\n"), element)
        elif tag in {"supplementary-material", "media"}:
            flags = file_flags(element, "file", "supplementary-material", "media", "graphic")
            lines = supplement_lines(element, self._text)
            text = "\n".join(lines) or ", ".join(flag.removeprefix("file:") for flag in flags)
            self.left_out["supplements"] += bool(text)
            self.add("list_item", text, element, *flags)
        elif tag == "graphic":
            words = alternative(element)
            self.left_out["pictures"] += not words
            self.add("figure", words, element, *file_flags(element, "graphic", "graphic"))
        else:
            self.content(element, level)
        if tag == "p":
            self._place_floats(element)

    def floats(self, article: Element) -> None:
        """Figures and tables at the end of the file that no paragraph refers to."""
        for group in article.iterchildren("floats-group"):
            left = [item for item in children(group) if item not in self._placed]
            if left:
                self.supplied("floats-group", 2, group)
            for item in left:
                self._placed.append(item)
                self.visit(item, 3)

    def _place_floats(self, paragraph: Element) -> None:
        """A figure kept at the end of the file follows the first paragraph that refers to it."""
        if self._aside or not self._floats:
            return
        for link in paragraph.iter("xref"):
            for target in (link.get("rid") or "").split():
                item = self._floats.get(target)
                if item is not None and item not in self._placed:
                    self._placed.append(item)
                    self.visit(item, 3)

    def _sectioned(self, element: Element, level: int) -> None:
        """A part with a title of its own; without one, what its kind is called."""
        label, title = element.find("label"), element.find("title")
        text = joined(self._text, label, title)
        inner = element.find("def-list/title")
        if text:
            self.heading(text, level, label if title is None else title)
        elif inner is None and element.tag in _SUPPLIED and _has_text(element):
            if not self._aside:
                self.supplied(str(element.tag), level, element)
        else:
            level -= 1
        self.content(element, level + 1, frozenset(["label", "title"]))

    def _beside(self, element: Element, level: int) -> None:
        self._aside += 1
        head = [element.find("label"), *caption_parts(element), element.find("title")]
        self.add("paragraph", joined(self._text, *head), element)
        self.content(element, level, frozenset(["label", "caption", "title"]))
        self._aside -= 1

    def _flush(self, element: Element) -> None:
        text = tidy("".join(self._inline))
        self._inline = []
        if text:
            self.add(self._kind, self._mark + text, element)
            self._mark = ""

    def _list(self, element: Element, level: int) -> None:
        outer = self._kind, self._mark
        self._aside += 1
        title = element.find("title")
        if title is not None:
            self.add("paragraph", self._text.read(title), title)
        items = list(element.iterchildren("list-item"))
        for item, mark in zip(items, item_marks(element, items, self._text), strict=True):
            self._kind, self._mark = "list_item", f"{mark} " if mark else ""
            self.content(item, level, frozenset(["label"]))
        self._kind, self._mark = outer[0], ""
        # What no list should hold, such as a paragraph between two items.
        self.content(element, level, frozenset(["list-item", "title"]))
        self._aside -= 1

    def _definitions(self, element: Element, level: int) -> None:
        for item in children(element):
            if item.tag == "title":
                self.heading(self._text.read(item), level, item)
            elif item.tag == "def-item":
                term = joined(self._text, *item.iterchildren("term"))
                told = joined(self._text, *item.iterchildren("def"))
                self.add("list_item", ": ".join(part for part in (term, told) if part), item)
            elif item.tag == "def-list":
                self._definitions(item, level)
            else:
                self.add("paragraph", self._text.read(item), item)

    def _figure(self, element: Element) -> None:
        if next(element.iter("table"), None) is not None:
            self._table(element)
            return
        text = "\n".join(figure_lines(element, self._text))
        self.left_out["pictures"] += not text
        flags = (*file_flags(element, "graphic", "graphic", "media"), *self._mentioned(element))
        self.add("figure", text, element, *flags)

    def _table(self, element: Element) -> None:
        caption = joined(self._text, element.find("label"), *caption_parts(element))
        foot = [part for name in ("table-wrap-foot", "attrib") for part in element.iter(name)]
        notes = [line for part in foot for line in foot_lines(part, self._text)]
        tables = tables_of(element, self._text.read)
        notes += [note_line(note, self._text) for note in self._notes()]
        flags = self._mentioned(element)
        if tables:
            locator = Locator(path=self.path(element))
            self.blocks.extend(table_blocks(tables, caption, notes, locator, flags))
        else:
            graphics = file_flags(element, "graphic", "graphic")
            self.left_out["pictured_tables"] += bool(graphics)
            text = "\n".join(part for part in [caption, *notes] if part)
            self.add("figure" if graphics else "paragraph", text, element, *graphics, *flags)
        for child in children(element):
            if child.tag in {"p", "list", "def-list", "disp-quote"}:
                self.visit(child, 3)

    def _bare_table(self, element: Element) -> None:
        """A table without a wrap: in a cell of the text, or an array."""
        tables = tables_of(element, self._text.read)
        notes = [note_line(note, self._text) for note in self._notes()]
        self.blocks.extend(table_blocks(tables, "", notes, Locator(path=self.path(element)), ()))
        if not tables:
            self.add("paragraph", self._text.read(element), element)

    def _references(self, element: Element, level: int) -> None:
        title = element.find("title")
        if title is not None and self._text.read(title):
            self.heading(self._text.read(title), level, title)
        elif element.getparent().tag != "ref-list" and _has_text(element):
            self.supplied("ref-list", level, element)
        for item in children(element):
            if item.tag == "ref":
                text = reference_text(item, self._numbers.get(item, ""), self._text)
                self.add("list_item", text.replace("\n", " "), item, "reference")
            elif item.tag not in {"title", "label"}:
                self.visit(item, level + 1)

    def _notes(self) -> list[Element]:
        """Notes met inside the text read since the last time, each once."""
        notes, self._text.notes = self._text.notes, []
        new = [note for note in dict.fromkeys(notes) if note not in self._noted]
        self._noted.update(new)
        return new

    def _note(self, element: Element) -> None:
        mark = joined(self._text, element.find("label"))
        outer = self._kind, self._mark, self._inline
        self._kind, self._mark, self._inline = "footnote", f"{mark} " if mark else "", []
        self._aside += 1
        self.content(element, 3, frozenset(["label"]))
        self._aside -= 1
        self._kind, self._mark, self._inline = outer

    def _mentioned(self, element: Element) -> tuple[str, ...]:
        ids = [element.get("id"), element.getparent().get("id")]
        found = [path for key in ids if key for path in self._mentions.get(key, ())]
        return tuple(f"mentioned_in:{path}" for path in found[:_MOST_MENTIONS])


def flagged(blocks: list[Block], *flags: str) -> list[Block]:
    """The blocks with more flags."""
    return [replace(block, flags=(*flags, *block.flags)) for block in blocks] if flags else blocks


def _holds_blocks(element: Element) -> bool:
    """Whether an inline or unknown element is only a wrapper around blocks."""
    if element.tag in {"inline-formula", "disp-formula", "title", "label", "caption"}:
        return False
    if element.tag == "alternatives":
        return next(element.iter("table"), None) is not None
    return next(element.iter(*_BLOCKS), None) is not None


def _has_text(element: Element) -> bool:
    return bool("".join(element.itertext()).strip())
