"""Loaders, one file a format, and the registry that finds the right one.

Adding a format is a new module with a ``load(source)`` function and one :func:`register` line
here. Loaders are imported when first used: a question never pays for python-docx.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from ingest.errors import UnsupportedFormat
from ingest.loaders.base import Loaded, Loader, Member, Source
from ingest.loaders.recognise import recognise
from ingest.loaders.sniff import DAMAGED_ZIP, sniff


@dataclass(frozen=True, slots=True)
class Format:
    """A format Xinglin reads.

    Attributes:
        name: What :func:`ingest.loaders.recognise.recognise` answers.
        media_type: Of the file.
        endings: File endings it usually has.
        module: Where its ``load`` is; for a file of records, ``members``.
        holds_records: The file may hold several records, each a document of its own.
    """

    name: str
    media_type: str
    endings: tuple[str, ...]
    module: str
    holds_records: bool = False

    def loader(self) -> Loader:
        """Import the module and return its ``load`` function."""
        load: Loader = import_module(self.module).load
        return load

    def records(self, source: Source) -> Iterator[Member]:
        """The records of a file, each with its name: a document, or why it cannot be used."""
        members = import_module(self.module).members
        yield from members(self.name, source) if self.module == _REGISTRY else members(source)


_REGISTRY = "ingest.registry"  # one module for several exports
FORMATS: dict[str, Format] = {}


def register(
    name: str,
    media_type: str,
    endings: tuple[str, ...],
    module: str,
    holds_records: bool = False,
) -> None:
    """Make a format known; see :class:`Format`."""
    FORMATS[name] = Format(name, media_type, endings, module, holds_records)


_OOXML = "application/vnd.openxmlformats-officedocument."
_JSON = (".json", ".jsonl", ".ndjson")
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp")
_SLIDES = (".pptx", ".pptm", ".ppsx", ".potx")
_OLD_OFFICE = (".doc", ".dot", ".ppt", ".pps", ".xls", ".wps", ".et", ".dps")

register("markdown", "text/markdown", (".md", ".markdown"), "ingest.loaders.markdown")
register("text", "text/plain", (".txt", ".text", ".log"), "ingest.loaders.plain")
register("html", "text/html", (".html", ".htm", ".xhtml"), "ingest.loaders.html")
register("pdf", "application/pdf", (".pdf",), "ingest.loaders.pdf")
register("image", "image/*", _PICTURES, "ingest.loaders.image")
register("docx", f"{_OOXML}wordprocessingml.document", (".docx",), "ingest.loaders.docx")
register("xlsx", f"{_OOXML}spreadsheetml.sheet", (".xlsx", ".xlsm"), "ingest.loaders.xlsx")
register("pptx", f"{_OOXML}presentationml.presentation", _SLIDES, "ingest.loaders.pptx")
register("rtf", "application/rtf", (".rtf",), "ingest.loaders.rtf")
register("legacy", "application/x-ole-storage", _OLD_OFFICE, "ingest.loaders.legacy")
register("csv", "text/csv", (".csv", ".tsv"), "ingest.loaders.delimited")
register("jats", "application/jats+xml", (".nxml", ".xml"), "ingest.loaders.jats")
register("usdm", "application/json", (".json",), "ingest.loaders.usdm")
register("fhir", "application/fhir+json", _JSON, "ingest.loaders.fhir")
register("dicom", "application/dicom", (".dcm", ".dicom", ".ima"), "ingest.loaders.dicom")
register(
    "cohort table",
    "application/octet-stream",
    (".csv", ".tsv", ".xpt", ".parquet"),
    "ingest.loaders.tabledata",
)
for _name, _media_type, _endings in (
    ("ctgov_v2", "application/json", _JSON),
    ("ctgov_flat", "application/x-ndjson", _JSON),
    ("chictr_xml", "application/xml", (".xml",)),
    ("chictr_json", "application/x-ndjson", _JSON),
    ("ictrp_xml", "application/xml", (".xml",)),
    ("ictrp_json", "application/x-ndjson", _JSON),
    ("ictrp_csv", "text/csv", (".csv", ".tsv")),
):
    register(_name, _media_type, _endings, _REGISTRY, holds_records=True)
register("pubmed", "application/xml", (".xml",), "ingest.loaders.pubmed", holds_records=True)

# Known by their content alone: the ending says nothing about what is inside.
_CONTENT_ONLY = {
    **dict.fromkeys(
        _JSON,
        "JSON of a kind no loader reads; read are trials of ClinicalTrials.gov, ChiCTR and WHO "
        "ICTRP, USDM studies and FHIR resources",
    ),
    **dict.fromkeys(
        (".xml", ".nxml"),
        "XML of a kind no loader reads; read are JATS articles, PubMed records and trials "
        "of ChiCTR and WHO ICTRP",
    ),
    **dict.fromkeys((".dcm", ".dicom", ".ima"), "not a DICOM file; export it again"),
    **dict.fromkeys((".xpt", ".parquet"), "not a table of that kind; export it again"),
}
_PACKAGES = {"docx", "xlsx", "pptx"}
_BINARY = _PACKAGES | {"pdf", "rtf", "legacy", "image"}


def format_of(name: str, data: bytes) -> tuple[Format, str | None]:
    """Decide the format of a file from its content and its ending.

    Returns the format and, when the content contradicts the ending, a warning that says so: the
    content decides. Raises :class:`UnsupportedFormat` for anything no loader is registered for.
    """
    ending = PurePath(name).suffix.lower()
    by_ending = [f for f in FORMATS.values() if ending in f.endings]
    found = recognise(name, data)
    if found in FORMATS and found != "text":
        by_content = FORMATS[found]
        if by_content in by_ending or (found == "legacy" and _is_package(by_ending)):
            return by_content, None  # the container of an old file, or of one under a password
        # A Markdown or CSV file may open with a tag; its ending is the better witness.
        if found == "html" and by_ending and by_ending[0].name in {"markdown", "csv"}:
            return by_ending[0], None
        if found == "html" and not by_ending:
            raise UnsupportedFormat(_unknown(name, ending))
        if found == "html" and ending in _CONTENT_ONLY:
            raise UnsupportedFormat(f"named {ending} but it is a web page; fetch the file again")
        return by_content, f"named {ending or 'without ending'} but the content is {found}; read so"
    if ending in _CONTENT_ONLY:
        raise UnsupportedFormat(_CONTENT_ONLY[ending])
    if not by_ending:
        raise UnsupportedFormat(_unknown(name, ending))
    expected = by_ending[0]
    if found == "text" and expected.name in _BINARY:
        return FORMATS["text"], f"named {ending} but the content is plain text; read as text"
    if found == DAMAGED_ZIP and expected.name in _PACKAGES:
        return expected, None  # broken off: its loader says so best
    if found not in {"text", expected.name}:
        raise UnsupportedFormat(
            f"named {ending} but the content is {found}, which no loader reads; "
            "check the file or export it again"
        )
    return expected, None


def _is_package(formats: list[Format]) -> bool:
    return any(found.name in _PACKAGES for found in formats)


def _unknown(name: str, ending: str) -> str:
    known = " ".join(sorted({f.endings[0] for f in FORMATS.values()}))
    return f"format {ending or repr(name)} is not supported; supported: {known}"


__all__ = ["FORMATS", "Format", "Loaded", "Loader", "Source", "format_of", "register", "sniff"]
