"""Put the figures of a page among its blocks, each with its caption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from ingest.layout.figures import Figure
from ingest.layout.shapes import Page
from ingest.model import BBox, Block, Locator
from ingest.structure.captions import is_figure_caption

_NEAR = 48.0  # points between a figure and its caption
_CAPTION_MAX = 300  # characters; a longer paragraph that opens with "Figure 2" speaks about it
_BARE_SHARE = 0.06  # of the page; smaller pictures without a caption are logos and formulas
_BARE_HIGH = 80.0  # points
_REPEATED = 3  # pages that show the same picture at the same place: a logo or a watermark


Place = tuple[int | str, ...]


class Figures:
    """Tells figures from the pictures that every page shows."""

    def __init__(self) -> None:
        self._places: Counter[Place] = Counter()

    def learn(self, pages: Iterable[Page]) -> None:
        """Count where pictures stand."""
        for page in pages:
            self._places.update({place_of(figure) for figure in page.figures})

    def put(self, page: Page, blocks: list[Block]) -> list[Block]:
        """The blocks of a page with its figures, captions taken into them."""
        for figure in page.figures:
            if self._places[place_of(figure)] < _REPEATED:
                blocks = _put(page, figure, blocks)
            elif figure.labels:
                words = replace(_block(page, figure, figure.labels), kind="paragraph")
                blocks = _insert(words, blocks)
        return blocks


def place_of(figure: Figure) -> Place:
    """Where a figure stands and what it looks like: the same for what every page shows."""
    look = figure.look if figure.raster else figure.labels
    return (*(round(value / 4) for value in figure.bbox), look)


def _put(page: Page, figure: Figure, blocks: list[Block]) -> list[Block]:
    caption = _caption_of(figure.bbox, blocks)
    if caption is None and figure.raster and not figure.labels and _is_small(page, figure):
        return blocks
    text = "\n".join(part for part in (caption and caption.text, figure.labels) if part)
    section = caption.locator.section if caption else None
    kept = [block for block in blocks if block is not caption]
    block = _block(page, figure, text)
    if section is not None:
        block = replace(block, locator=replace(block.locator, section=section))
    return _insert(block, kept)


def _is_small(page: Page, figure: Figure) -> bool:
    x0, y0, x1, y1 = figure.bbox
    share = (x1 - x0) * (y1 - y0) / max(page.width * page.height, 1.0)
    return page.number == 1 or share < _BARE_SHARE or y1 - y0 < _BARE_HIGH


def _block(page: Page, figure: Figure, text: str) -> Block:
    x0, y0, x1, y1 = (round(value, 1) for value in figure.bbox)
    return Block("figure", text, Locator(page=page.number, bbox=(x0, y0, x1, y1)))


def _caption_of(box: BBox, blocks: list[Block]) -> Block | None:
    """The nearest caption above or below a figure."""
    best: Block | None = None
    nearest = _NEAR
    for block in blocks:
        place = block.locator.bbox
        if block.kind not in {"paragraph", "list_item"} or place is None:
            continue
        if len(block.text) > _CAPTION_MAX or not is_figure_caption(block.text):
            continue
        if min(box[2], place[2]) - max(box[0], place[0]) <= 0:
            continue
        gap = max(place[1] - box[3], box[1] - place[3], 0.0)
        if gap < nearest:
            best, nearest = block, gap
    return best


def _insert(figure: Block, blocks: list[Block]) -> list[Block]:
    """Put a figure behind the last block that stands above it in its column."""
    box = figure.locator.bbox
    assert box is not None
    middle = (box[1] + box[3]) / 2
    place = 0
    for number, block in enumerate(blocks):
        other = block.locator.bbox
        if other is None:
            continue
        beside = min(box[2], other[2]) - max(box[0], other[0]) > 0
        if beside and (other[1] + other[3]) / 2 < middle:
            place = number + 1
    if place and figure.locator.section is None:
        section = blocks[place - 1].locator.section
        figure = replace(figure, locator=replace(figure.locator, section=section))
    return [*blocks[:place], figure, *blocks[place:]]
