"""Records of PubMed in its XML (``PubmedArticleSet``): title, abstract and what indexers added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Member, Source
from ingest.registry.collect import Entry
from ingest.registry.xmlrecords import xml_entries
from ingest.structure.headings import with_sections
from ingest.structure.pubmedblocks import blocks_of
from ingest.structure.pubmedrecord import Record

_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_LISTED = 20


def load(source: Source) -> Loaded:
    """Read a file of one or more records; locators hold the XPath of the element.

    A record is a title, authors, source, abstract with its sections, keywords, MeSH headings,
    funding and references. If PubMed knows of a retraction, correction or doubt, a first block and
    a flag on every block of the record say so. Follows the PubMed DTD of January 2025 and the
    National Library of Medicine's description of its elements.

    Raises:
        BadInput: The file holds no record of PubMed, or none that is whole.
    """
    read: list[Loaded] = []
    damaged: list[str] = []
    for _, found in members(source):
        if isinstance(found, BadInput):
            damaged.append(str(found))
        else:
            read.append(found)
    if not read:
        raise BadInput(damaged[0] if damaged else _NO_RECORD)
    first = read[0]
    warnings = [] if len(read) == 1 else [_several(len(read))]
    if damaged:
        warnings.append("left out: " + "; ".join(_first(damaged, "records")))
    warnings += _first([text for item in read for text in item.warnings], "remarks on records")
    return Loaded(
        [block for item in read for block in item.blocks],
        first.title,
        first.metadata,
        warnings=warnings,
    )


def members(source: Source) -> Iterator[Member]:
    """Yield ``(PMID, document)`` for the records of a file, one at a time.

    A record that is not whole comes as ``("line 12", BadInput)`` and costs no other.
    """
    for entry in xml_entries(source.data, _RECORDS):
        name = f"line {entry.line}"
        try:
            number, loaded = _read(entry)
        except RecursionError:
            yield name, BadInput(f"{name}: the record is nested too deeply to be read")
        except BadInput as error:
            yield name, error
        else:
            yield number, loaded


def _read(entry: Entry) -> tuple[str, Loaded]:
    # A parser that mends reads "p < 0.05" as "p 0.05": such a record is not quoted from.
    if entry.content is None or entry.problem:
        reason = " ".join((entry.problem or "").split("; it was read")[0].split())
        raise BadInput(f"line {entry.line}: {reason}; fetch it again")
    record = Record(entry.content, entry.path)
    metadata, warnings = record.metadata()
    blocks = with_sections(blocks_of(record))
    if not any(block.kind != "heading" and "supplied" not in block.flags for block in blocks):
        warnings.append(f"{record.name}: PubMed has a title and no text of it")
    elif not record.has_abstract:
        warnings.append(f"{record.name}: PubMed has no abstract of it")
    standing = record.standing()
    warnings += [f"{record.name}: {item.text}; every answer from it says so" for item in standing]
    flags = tuple(item.flag for item in standing)
    blocks = [replace(block, flags=(*block.flags, *flags)) for block in blocks]
    return record.number, Loaded(blocks, metadata.get("title"), metadata, warnings=warnings)


def _first(texts: list[str], name: str) -> list[str]:
    more = len(texts) - _LISTED
    return [*texts[:_LISTED], f"and {more} more {name}"] if more > 0 else texts


def _several(number: int) -> str:
    return (
        f"the file holds {number} records and is read as one document under the title of the "
        "first; split it to cite each by its own title"
    )


_NO_RECORD = "the XML holds no record of PubMed (PubmedArticle); check the export"
