"""The document model: what every loader produces and everything downstream reads.

A :class:`Document` is a list of :class:`Block` in reading order. Each block knows where it came
from through its :class:`Locator`; nothing downstream ever guesses. :mod:`ingest.chunking` groups
blocks into :class:`Chunk`, the unit that is searched.

The classes are plain frozen dataclasses so that they cross process boundaries cheaply and turn
into JSON with :func:`to_json` without a schema library on the query path.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from ingest.quality import Quality

BlockKind = Literal[
    "heading", "paragraph", "list_item", "table", "figure", "code", "header", "footnote"
]
DocumentKind = Literal[
    "law",
    "regulation",
    "guideline",
    "method",
    "endpoint",
    "operation",
    "registry",
    "protocol",
    "paper",
    "form",
    "data",
    "other",
]
BBox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a block stands in its source.

    Attributes:
        page: Page number, counted from 1, for paged formats.
        bbox: ``(x0, y0, x1, y1)`` in PDF points with the origin at the top left of the page as
            it is displayed, so that it can be drawn on a rendered page without more arithmetic.
        section: The human name of the place: ``第十九条``, ``3.2 Endpoints``.
        sheet: Worksheet name.
        cells: Cell range in A1 notation, ``A1:F20``.
        path: JSON path or XPath for structured formats.
        line: Line number, counted from 1, for plain text formats.
    """

    page: int | None = None
    bbox: BBox | None = None
    section: str | None = None
    sheet: str | None = None
    cells: str | None = None
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of a table, row by row; every row has the same number of cells.

    ``header_rows`` counts the leading rows that name the columns (0 when there is none).
    """

    rows: tuple[tuple[str, ...], ...]
    header_rows: int = 1
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item, table, figure … with its place in the source.

    ``text`` is what is searched, quoted and verified; for a table it is the caption and the rows,
    one row a line, cells joined by ``" | "``. ``level`` is set for headings only (1 is the
    highest). ``flags`` holds warnings that travel with the block, such as ``low_confidence``.
    """

    kind: BlockKind
    text: str
    locator: Locator = field(default_factory=Locator)
    level: int | None = None
    table: Table | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a source apart from its text; dates are ISO ``YYYY-MM-DD`` strings.

    The names are those of the corpus front matter. ``version_date`` is the date that tells two
    versions of the same title apart (adoption, revision or issue), ``repeals`` the titles that
    the text itself abolishes, ``draft`` marks a text published for comment. ``label`` is the file
    name as words; ``doubtful_names`` are words of it that the text never says; ``identifiers``
    are the trial names, registry numbers and study codes a protocol opens with.
    """

    title: str | None = None
    title_en: str | None = None
    kind: DocumentKind | None = None
    issuer: str | None = None
    document_number: str | None = None
    issued: str | None = None
    effective_from: str | None = None
    effective_to: str | None = None
    superseded_by: str | None = None
    jurisdiction: str | None = None
    language: str | None = None
    source: str | None = None
    verified: str | None = None
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    version_date: str | None = None
    repeals: tuple[str, ...] = ()
    draft: bool = False
    label: str | None = None
    doubtful_names: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()

    @property
    def names(self) -> str:
        """Everything the document goes by, one name a line."""
        known = (self.title, self.title_en, self.label, *self.keywords, *self.identifiers)
        return "\n".join(name for name in known if name)


@dataclass(frozen=True, slots=True)
class Document:
    """A source file after loading.

    Attributes:
        id: Stable: derived from the content hash and the path below the ingested root, so the
            same file read twice is one document.
        path: Path below the ingested root, with forward slashes; shown to people.
        source_path: Absolute path the file was read from.
        sha256: Hash of the file's bytes.
        pages: Number of pages for paged formats.
        warnings: What a curator should know (encoding guessed, page 7 failed, …).
        member: Which of several records of the file this is, such as a registry number; ``None``
            when the file is one document.
        keep_original: False when the file holds personal data that the blocks do not: no copy of
            it may be kept.
        complete: False when other records of the file were quarantined, so that it is read again
            once they may be masked.
        quality: How well the file was read.
    """

    id: str
    path: str
    source_path: str
    media_type: str
    sha256: str
    size: int
    metadata: Metadata
    blocks: tuple[Block, ...]
    pages: int | None = None
    warnings: tuple[str, ...] = ()
    member: str | None = None
    keep_original: bool = True
    complete: bool = True
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a chunk's text that came from one block.

    ``chunk_start:chunk_end`` index the chunk's text, ``block_start`` is the offset of the first
    of those characters in the text of block number ``block``.
    """

    block: int
    chunk_start: int
    chunk_end: int
    block_start: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit of search: one or more neighbouring blocks under one heading path.

    Attributes:
        text: Block texts joined by newlines; never cut inside a sentence.
        heading_path: Headings above the chunk, outermost first.
        kind: ``article`` (of a law), ``section``, ``list``, ``table`` or ``figure``.
        tokens: Size as counted by :func:`ingest.text.count_tokens`.
        spans: Where each part of the text stands in the document's blocks, in order.
        flags: Those of its blocks together (:mod:`ingest.flags`), sorted.
    """

    id: str
    document_id: str
    ordinal: int
    kind: Literal["article", "section", "list", "table", "figure"]
    text: str
    heading_path: tuple[str, ...]
    locator: Locator
    spans: tuple[Span, ...]
    tokens: int
    flags: tuple[str, ...] = ()


def to_json(value: Any) -> dict[str, Any]:
    """Return ``value`` (any class of this module) as JSON-ready data without empty fields."""
    return {
        key: item
        for key, item in asdict(value).items()
        if item is not None and item != () and item is not False
    }


def locator_from_json(data: dict[str, Any]) -> Locator:
    """Rebuild a :class:`Locator` written by :func:`to_json`."""
    bbox = data.get("bbox")
    known = {f.name for f in fields(Locator)}
    values = {key: item for key, item in data.items() if key in known}
    if bbox is not None:
        values["bbox"] = tuple(bbox)
    return Locator(**values)


def metadata_from_json(data: dict[str, Any]) -> Metadata:
    """Rebuild a :class:`Metadata` written by :func:`to_json`."""
    known = {f.name for f in fields(Metadata)}
    values = {key: item for key, item in data.items() if key in known}
    for name in ("keywords", "repeals", "doubtful_names", "identifiers"):
        values[name] = tuple(values.get(name, ()))
    return Metadata(**values)


def table_from_json(data: dict[str, Any]) -> Table:
    """Rebuild a :class:`Table` written by :func:`to_json`."""
    return Table(
        rows=tuple(tuple(row) for row in data.get("rows", ())),
        header_rows=data.get("header_rows", 0),
        caption=data.get("caption"),
    )
