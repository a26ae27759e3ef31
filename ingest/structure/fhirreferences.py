"""References of FHIR R4: what they lead to, and whether that may be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ingest.structure.jsontree import Node, nodes, string, walk

A_PERSON = "(a person)"
NOT_SHOWN = "(not shown: it may lead to a person)"
_PERSONS = frozenset({"Patient", "Practitioner", "PractitionerRole", "RelatedPerson", "Person"})
_PARTS = frozenset({"reference", "type", "identifier", "display", "id", "extension"})
_KIND = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/[^/]")
# Elements that by the standard lead to organizations, places, products or documents only.
_THINGS = frozenset(
    {"sponsor", "site", "protocol", "partOf", "assigner", "manufacturer", "manufacturerReference"}
    | {"owner", "regulator", "location", "observationRequirement", "specimenRequirement", "target"}
    | {"productReference", "itemReference", "parentDevice", "outcome", "exposureBackground"}
    | {"exposureVariant", "exposureAlternative", "observedGroup", "eligibility"}
)
# Elements of the type Coding, which may have nothing but a display either.
_CODINGS = frozenset({"code", "coding", "format", "profile", "type", "tag", "security", "class"})
_NAMES_A_PERSON = re.compile(
    r"\b(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss)\b\.?\s+[A-Z]|,\s*(?:MD|M\.D\.|PhD|Ph\.D\.|RN)\b"
    r"|\bborn\b|出生|[\u4e00-\u9fff]{1,4}(?:医生|医师|教授|博士|先生|女士|护士)"
)


def is_reference(item: Node, key: str) -> bool:
    """Tell whether an object is a reference: by its own parts, in doubt by the element's name."""
    if isinstance(item.get("reference"), str):
        return True
    tells = isinstance(item.get("display"), str) or isinstance(item.get("identifier"), dict)
    if not tells or not item.keys() <= _PARTS:
        return False
    return key not in _CODINGS and not key.endswith(("Coding", "Concept"))


def reference_text(item: Node, key: str) -> str:
    """What a reference shows, unless it leads to a person or does not say what it leads to."""
    kind = _kind(item)
    shown = string(item.get("display"))
    if kind in _PERSONS or _NAMES_A_PERSON.search(shown):
        return A_PERSON
    if not kind and key not in _THINGS:
        return NOT_SHOWN
    return shown or string(item.get("reference")) or kind


def hidden_references(item: Node) -> int:
    """How many references that stand in an object itself are not shown."""
    return sum(
        is_reference(found, key) and reference_text(found, key) in {A_PERSON, NOT_SHOWN}
        for key, value in item.items()
        for found in nodes(value)
    )


def add_types(tree: Any, types: Mapping[str, str]) -> None:
    """Tell the references below ``tree`` the type of what they lead to inside the file."""
    for _, item in walk(tree):
        kind = types.get(string(item.get("reference")))
        if kind:
            item.setdefault("type", kind)


def _kind(item: Node) -> str:
    """The type of resource a reference leads to, where it says so."""
    found = _KIND.search(string(item.get("reference")))
    return found[1] if found else string(item.get("type")).rpartition("/")[2]
