"""Read the pictures that stand inside an office file: copied tables, scans, charts as pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from ingest.errors import BadInput
from ingest.flags import LOW_CONFIDENCE
from ingest.layout.blocks import BlockBuilder
from ingest.model import Block, Locator
from ingest.ocr.base import OcrUnavailable
from ingest.ocr.engines import make_engine
from ingest.ocr.raster import Raster, image_pages
from ingest.ocr.reader import PageReader

PART = "graphic:"
_SMALLEST = 60  # pixels of the shorter side; less is an icon or a bullet
_SHOWN = 2  # times a picture stands in a file before it counts as a logo
_MOST = 200  # pictures of one file that are read
_TABLE_CELLS = 6  # filled cells that make a table of what was recognised
_PROSE = 120  # characters in whole lines that make a page of a picture
_LINE = 0.6  # of the picture's width that such a line is long
_MOSTLY = 0.6  # of the characters that stand in such lines
_SHORT = 12  # characters of a label that is left out when it is read with little confidence
_FEW = 4  # letters and digits of all labels; fewer say nothing


class Embedded:
    """Reads the pictures of one file where they stand.

    Args:
        data_of: The bytes of a part of the file; ``None`` where there is none.
        ocr: Name of the engine, or ``none``.
    """

    def __init__(self, data_of: Callable[[str], bytes | None], ocr: str) -> None:
        self._data_of = data_of
        self._ocr = ocr
        self._reader: PageReader | None = None
        self._started = False
        self._known: dict[str, list[Block]] = {}
        self._failures: list[str] = []

    @property
    def warnings(self) -> list[str]:
        """How many pictures held text, and why others could not be read."""
        read = sum(1 for blocks in self._known.values() if blocks)
        said = f"{read} pictures were read by text recognition; compare them with the file"
        return [*([said] if read else []), *self._failures]

    def expand(self, blocks: Iterable[Block]) -> list[Block]:
        """The blocks, and what stands in the picture of each figure.

        Labels go below the caption into the figure's own text. A table becomes a table block, and
        a page of text paragraphs, behind the figure; their place is the figure's. All of it is
        flagged as recognised.
        """
        given = list(blocks)
        if self._ocr == "none" or not any(_part(block) for block in given):
            return given
        shown = Counter(_part(block) for block in given)
        found: list[Block] = []
        for block in given:
            part = _part(block)
            if not part or shown[part] > _SHOWN:
                found.append(block)
            else:
                found += _joined(block, self._content(part))
        return found

    def _content(self, part: str) -> list[Block]:
        if part not in self._known:
            self._known[part] = []
            if len(self._known) <= _MOST:
                self._known[part] = self._recognise(part)
            elif len(self._known) == _MOST + 1:
                self._failures.append(f"pictures beyond the first {_MOST} were not read")
        return self._known[part]

    def _recognise(self, part: str) -> list[Block]:
        data = self._data_of(part)
        if not data:
            return []
        try:
            raster = next(image_pages(data), None)
        except BadInput:
            return []  # drawn in vectors (EMF, SVG) or damaged: counted with those without text
        shape = (0, 0) if raster is None else (raster.height, raster.width)
        reader = self._start() if min(shape) >= _SMALLEST else None
        if raster is None or reader is None:
            return []
        try:
            return _blocks(reader, raster)
        except MemoryError:
            raise  # the whole file is too large, not this picture
        except Exception as error:  # one picture must not lose the document
            self._failures.append(f"picture {part} could not be read ({error})")
            return []

    def _start(self) -> PageReader | None:
        if not self._started:
            self._started = True
            try:
                engine = make_engine(self._ocr)
            except OcrUnavailable as error:
                self._failures.append(f"pictures were not read: {error}")
                engine = None
            self._reader = PageReader(engine) if engine else None
        return self._reader


def _part(block: Block) -> str:
    if block.kind != "figure":
        return ""
    return next((flag[len(PART) :] for flag in block.flags if flag.startswith(PART)), "")


def _blocks(reader: PageReader, raster: Raster) -> list[Block]:
    """What a picture holds: tables, whole lines as paragraphs, or one paragraph of labels."""
    recognised = reader.read(raster, 1)
    builder = BlockBuilder()
    builder.learn([recognised.page])
    placed = recognised.place(builder.build(recognised.page))
    blocks = [block for block in placed if block.kind != "figure" and block.text]
    tables = [block for block in blocks if _is_table(block)]
    others = [block for block in blocks if not _is_table(block)]
    if _is_prose(others, raster.width):
        return [_paragraph(block) for block in blocks]
    others = [block for block in others if not _is_doubtful(block)]
    labels = "\n".join(block.text for block in others)
    if sum(c.isalnum() for c in labels) < _FEW:
        labels = ""  # a logo, or strokes that only look like letters
    flags = tuple(dict.fromkeys(flag for block in others for flag in block.flags))
    return [*([Block("figure", labels, Locator(), flags=flags)] if labels else []), *tables]


def _is_table(block: Block) -> bool:
    if block.table is None:
        return False
    return sum(1 for row in block.table.rows for cell in row if cell) >= _TABLE_CELLS


def _is_doubtful(block: Block) -> bool:
    return LOW_CONFIDENCE in block.flags and len(block.text) < _SHORT


def _is_prose(blocks: list[Block], width: float) -> bool:
    """Tell whether whole lines of text are most of it, as on a page."""
    boxes = [(block, block.locator.bbox) for block in blocks]
    long = [b for b, box in boxes if box is not None and box[2] - box[0] >= _LINE * width]
    characters = sum(len(block.text) for block in long)
    return characters >= max(_PROSE, _MOSTLY * sum(len(block.text) for block in blocks))


def _paragraph(block: Block) -> Block:
    """What looks like a heading inside a picture is none of the document's."""
    return replace(block, kind="paragraph", level=None) if block.kind == "heading" else block


def _joined(figure: Block, content: list[Block]) -> list[Block]:
    """A figure with its labels, and what follows it."""
    where = figure.locator
    part = tuple(flag for flag in figure.flags if flag.startswith(PART))
    after = []
    for block in content:
        flags = (*part, *(flag for flag in block.flags if not flag.startswith(PART)))
        if block.kind == "figure":
            text = "\n".join(text for text in (figure.text, block.text) if text)
            figure = replace(
                figure, text=text, flags=(*figure.flags, *(f for f in flags if f not in part))
            )
        else:
            after.append(replace(block, locator=where, flags=flags))
    # The table is all there is to a picture without a caption.
    return [figure, *after] if figure.text or not after else after
