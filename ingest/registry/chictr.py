"""ChiCTR records: the registry's XML export and rows of JSON lines, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.loaders.base import Member, Source
from ingest.registry.collect import Entry, members_of
from ingest.registry.fields import pointer, text_of
from ingest.registry.jsonstream import json_entries
from ingest.registry.record import TrialRecord, Value
from ingest.registry.whofields import RowField, key_of, record_of
from ingest.registry.xmlrecords import xml_entries

# Persons are named below these; their employers are the sites.
_PERSONS = frozenset(("contact", "ethics_review"))


def members(source: Source) -> Iterator[Member]:
    """Yield every record of an XML export under its ChiCTR number."""
    return members_of(lambda: xml_entries(source.data, ("Triall", "trial")), _key, read)


def json_members(source: Source) -> Iterator[Member]:
    """Yield every record of JSON lines whose keys are the column names of an export."""
    return members_of(lambda: json_entries(source.data), _json_key, read_json)


def read(entry: Entry) -> TrialRecord:
    """Read one ``Triall`` element; paths are XPaths."""
    return record_of(_leaves(entry.content, entry.path), entry.line)


def read_json(entry: Entry) -> TrialRecord:
    """Read one object; paths are JSON pointers."""
    fields = (
        RowField(name, Value(text, entry.path + pointer(name)))
        for name, content in entry.content.items()
        if (text := text_of(content))
    )
    return record_of(fields, entry.line)


def _key(element: Any) -> tuple[str, str]:
    return key_of((leaf.tag, text_of_leaf(leaf)) for leaf in element.iter("*"))


def _json_key(row: dict[str, Any]) -> tuple[str, str]:
    return key_of((name, text_of(content)) for name, content in row.items())


def text_of_leaf(element: Any) -> str:
    """The text of an element that holds no others, else nothing."""
    # A reference to an entity is kept as it stands, as "&name;".
    return text_of("".join(element.itertext())) if element.find("*") is None else ""


def _leaves(element: Any, path: str) -> Iterator[RowField]:
    """The elements that hold text, named by tag; inside a person's element, by both."""
    tree = element.getroottree()
    for leaf in element.iter("*"):
        text = text_of_leaf(leaf)
        if not text:
            continue
        parent = leaf.getparent()
        inside = parent is not None and parent.tag in _PERSONS and leaf.tag != "affiliation"
        name = f"{parent.tag} {leaf.tag}" if inside else leaf.tag
        below = tree.getelementpath(leaf)
        yield RowField(name, Value(text, f"{path}/{below}"))
