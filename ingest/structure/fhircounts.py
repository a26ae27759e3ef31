"""Patient-level FHIR resources as counts: per resource type, per code and per year.

Nothing of a person is kept: no name, identifier, date, address, result or free text. Numbers
below :data:`SMALLEST` are shown as ``<10``, so that no row points to a few persons.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeVar

from ingest.model import Block, Locator
from ingest.structure.fhirtypes import system_name, year_of
from ingest.structure.jsontree import Node, node, nodes, string
from ingest.structure.tableshape import filled_table

SMALLEST = 10
# Where the resources of R4 keep the code that says what they are about.
_CODES = ("code", "vaccineCode", "medicationCodeableConcept", "type", "category", "class")
_PERSONS = frozenset(
    {"Patient", "Practitioner", "PractitionerRole", "RelatedPerson", "Person", "Organization"}
    | {"Location", "Group", "CareTeam", "DocumentReference", "QuestionnaireResponse"}
)
_MOST_CODES = 2000
Key = TypeVar("Key", str, tuple[str, str, str, str])


def masked(count: int) -> str:
    """A count as shown: exact from ten on, else ``<10``."""
    return str(count) if count >= SMALLEST or count == 0 else f"<{SMALLEST}"


def count_blocks(resources: list[Node], level: int) -> list[Block]:
    """A heading, a sentence and up to three tables."""
    if not resources:
        return []
    locator = Locator(path="$")
    types = Counter(string(item.get("resourceType")) for item in resources)
    persons = types.get("Patient", 0)
    blocks = [
        Block("heading", "Patient-level data (counts only)", locator, level),
        Block(
            "paragraph",
            f"{masked(len(resources))} resources of {len(types)} types about {masked(persons)} "
            "patients; only counts are shown.",
            locator,
        ),
    ]
    rows = [["Resource type", "Resources"]]
    rows.extend([name, masked(count)] for name, count in _by_size(types))
    blocks.extend(filled_table(rows, "Resources by type", locator))
    if _patients(resources) < SMALLEST:
        # Codes and years of few patients are their medical histories.
        blocks.append(
            Block(
                "paragraph",
                f"Codes and years are not shown: they are those of fewer than {SMALLEST} patients.",
                locator,
            )
        )
        return blocks
    codes = Counter(found for item in resources if (found := _coded(item)) is not None)
    rows = [["Resource type", "Code system", "Code", "Display", "Resources"]]
    rows.extend([*key, masked(count)] for key, count in _by_size(codes)[:_MOST_CODES])
    if len(codes) > _MOST_CODES:
        rest = len(codes) - _MOST_CODES
        rows.append(["", "", "", f"{rest} further, rarer codes are not listed", ""])
    blocks.extend(filled_table(rows, "Resources by code", locator))
    years = Counter(
        (string(item.get("resourceType")), year) for item in resources if (year := year_of(item))
    )
    rows = [["Resource type", "Year", "Resources"]]
    rows.extend([*key, masked(count)] for key, count in sorted(years.items()))
    blocks.extend(filled_table(rows, "Resources by year", locator))
    return blocks


def _patients(resources: list[Node]) -> int:
    """Patients in the file, or those that its resources speak of."""
    subjects = {
        string(node(item.get(key)).get("reference"))
        for item in resources
        for key in ("subject", "patient")
    } - {""}
    there = sum(string(item.get("resourceType")) == "Patient" for item in resources)
    return max(there, len(subjects))


def _by_size(counts: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _coded(resource: Node) -> tuple[str, str, str, str] | None:
    """Type, system, code and display; free text is never taken for a display."""
    kind = string(resource.get("resourceType"))
    if kind in _PERSONS:
        return None
    for key in _CODES:
        for value in nodes(resource.get(key)):
            for coding in nodes(value.get("coding")) or [value]:
                code = string(coding.get("code"))
                if code:
                    system = system_name(string(coding.get("system")))
                    return kind, system, code, string(coding.get("display"))
    return None
