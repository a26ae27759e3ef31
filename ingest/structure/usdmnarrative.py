"""Narrative content of a USDM file: the sections of a protocol document in outline order."""

from __future__ import annotations

from dataclasses import replace

from ingest.model import Block, Locator
from ingest.structure.htmlfragment import as_html, read_fragment
from ingest.structure.jsontree import Node, nodes, string, strings
from ingest.structure.usdmindex import Index, code_text, in_order


class Narrative:
    """Collects the text of one document after another; counts what stands once or not at all."""

    def __init__(self, index: Index) -> None:
        self.empty: list[str] = []
        self.repeated = 0
        self.silent_images = 0
        self._index = index
        self._seen: set[tuple[str, ...]] = set()
        self._told: set[int] = set()

    def document(self, document: Node, version: Node, level: int) -> list[Block]:
        """Blocks of one version of one document; ``level`` is that of its heading."""
        contents = in_order(nodes(version.get("contents")))
        depths = _depths(contents)
        sections = [
            (item, depths[id(item)], self._body(item, level + depths[id(item)]))
            for item in contents
        ]
        blocks: list[Block] = []
        for position, (item, depth, body) in enumerate(sections):
            below = _below(sections, position)
            if not body and not any(inner for _, _, inner in below):
                # A section whose text stood before is no empty one.
                if id(item) not in self._told:
                    self.empty.append(_heading(item))
                continue
            heading = _heading(item)
            if heading:
                locator = Locator(path=self._index.path(item))
                blocks.append(Block("heading", heading, locator, min(level + depth, 9)))
            blocks.extend(body)
        if not blocks:
            return []
        name = string(document.get("templateName"))
        kind = code_text(document.get("type"))
        kind = kind if "protocol" in kind.lower() else "Protocol document"
        title = f"{kind} (template {name})" if name else kind
        return [Block("heading", title, Locator(path=self._index.path(version)), level), *blocks]

    def _body(self, content: Node, level: int) -> list[Block]:
        """The section's own blocks; a text that stood before word for word is left out."""
        item = self._index.get(content.get("contentItemId"))
        if not item:
            return []
        locator = Locator(path=self._index.path(item))
        read = read_fragment(as_html(self._index.markup(item)), locator)
        self.silent_images += read.silent_images
        texts = tuple(block.text for block in read.blocks)
        if texts and texts in self._seen:
            self.repeated += 1
            self._told.add(id(content))
            return []
        self._seen.add(texts)
        return [
            replace(block, level=min(9, level + (block.level or 1)))
            if block.kind == "heading"
            else block
            for block in read.blocks
        ]


Section = tuple[Node, int, list[Block]]


def _below(sections: list[Section], position: int) -> list[Section]:
    """The sections under one, which follow it with a greater depth."""
    depth = sections[position][1]
    end = position + 1
    while end < len(sections) and sections[end][1] > depth:
        end += 1
    return sections[position + 1 : end]


def _heading(content: Node) -> str:
    number, title = string(content.get("sectionNumber")), string(content.get("sectionTitle"))
    if content.get("displaySectionNumber") is False:
        number = ""
    return f"{number} {title}".strip()


def _depths(contents: list[Node]) -> dict[int, int]:
    """Depth of each section, counted from 1: by its parents, else by its number."""
    parents = {
        child: string(item.get("id"))
        for item in contents
        for child in strings(item.get("childIds"))
    }
    depths = {}
    for item in contents:
        depth, current, passed = 1, string(item.get("id")), set[str]()
        while current in parents and current not in passed:
            passed.add(current)
            current = parents[current]
            depth += 1
        number = string(item.get("sectionNumber")).strip(".")
        by_number = number.count(".") + 1 if number else 1
        depths[id(item)] = min(depth if parents else by_number, 7)
    return depths
