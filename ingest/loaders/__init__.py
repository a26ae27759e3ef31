"""Loaders, one file a format, and the registry that finds the right one.

Adding a format is a new module with a ``load(source)`` function and one :func:`register` line
here. Loaders are imported when first used: a question never pays for python-docx.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from ingest.errors import UnsupportedFormat
from ingest.loaders.base import Loaded, Loader, Source
from ingest.loaders.sniff import DAMAGED_ZIP, LEGACY_OFFICE, sniff


@dataclass(frozen=True, slots=True)
class Format:
    """A format Xinglin reads: its media type, its file endings and the module that loads it."""

    name: str
    media_type: str
    endings: tuple[str, ...]
    module: str

    def loader(self) -> Loader:
        """Import the module and return its ``load`` function."""
        load: Loader = import_module(self.module).load
        return load


FORMATS: dict[str, Format] = {}


def register(name: str, media_type: str, endings: tuple[str, ...], module: str) -> None:
    """Make a format known; ``name`` is what :func:`ingest.loaders.sniff.sniff` answers."""
    FORMATS[name] = Format(name, media_type, endings, module)


register("markdown", "text/markdown", (".md", ".markdown"), "ingest.loaders.markdown")
register("text", "text/plain", (".txt", ".text", ".log"), "ingest.loaders.plain")
register("html", "text/html", (".html", ".htm", ".xhtml"), "ingest.loaders.html")
register("pdf", "application/pdf", (".pdf",), "ingest.loaders.pdf")
register(
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (".docx",),
    "ingest.loaders.docx",
)
register(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    (".xlsx", ".xlsm"),
    "ingest.loaders.xlsx",
)
register("csv", "text/csv", (".csv", ".tsv"), "ingest.loaders.delimited")


def format_of(name: str, data: bytes) -> tuple[Format, str | None]:
    """Decide the format of a file from its ending and its first bytes.

    Returns the format and, when the content contradicts the ending, a warning that says so: the
    content decides. Raises :class:`UnsupportedFormat` for anything no loader is registered for.
    """
    ending = PurePath(name).suffix.lower()
    by_ending = next((f for f in FORMATS.values() if ending in f.endings), None)
    found = sniff(data)
    if found in FORMATS and found != "text":
        by_content = FORMATS[found]
        if by_ending is by_content:
            return by_content, None
        # A Markdown or CSV file may open with a tag; its ending is the better witness.
        if found == "html" and by_ending is not None and by_ending.name in {"markdown", "csv"}:
            return by_ending, None
        if by_ending is None and found == "html":
            raise UnsupportedFormat(_unknown(name, ending))
        return by_content, f"named {ending or 'without ending'} but the content is {found}; read so"
    if by_ending is None:
        raise UnsupportedFormat(_unknown(name, ending))
    if found == "text" and by_ending.name in {"pdf", "docx", "xlsx"}:
        return FORMATS["text"], f"named {ending} but the content is plain text; read as text"
    if found in {DAMAGED_ZIP, LEGACY_OFFICE} and by_ending.name in {"docx", "xlsx"}:
        return by_ending, None  # broken off, or under a password: its loader says so best
    if found not in {"text", by_ending.name}:
        raise UnsupportedFormat(
            f"named {ending} but the content is {found}, which no loader reads; "
            "check the file or export it again"
        )
    return by_ending, None


def _unknown(name: str, ending: str) -> str:
    known = " ".join(sorted(e for f in FORMATS.values() for e in f.endings))
    return f"format {ending or repr(name)} is not supported; supported: {known}"


__all__ = ["FORMATS", "Format", "Loaded", "Loader", "Source", "format_of", "register", "sniff"]
