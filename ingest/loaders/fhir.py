"""FHIR R4 resources and bundles in JSON, one resource or bundle a file or one a line (NDJSON)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.encoding import decode
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.model import Block
from ingest.structure.fhircounts import count_blocks
from ingest.structure.fhirreferences import add_types
from ingest.structure.fhirtext import ResourceText, title_of
from ingest.structure.fhirtypes import is_personal
from ingest.structure.headings import with_sections
from ingest.structure.htmlfragment import left_out
from ingest.structure.htmltree import Read
from ingest.structure.jsontree import (
    MAX_BYTES,
    MAX_DEPTH,
    Node,
    is_too_deep,
    node,
    nodes,
    opens_as_json,
    read_json,
    string,
    walk,
)

_RESOURCE_TYPE = re.compile(rb'"resourceType"\s*:\s*"[A-Z][A-Za-z]+"')
_HEAD = 65_536
_NESTED_BUNDLES = 5
_KINDS = {"ResearchStudy": "protocol", "Questionnaire": "form"}
Placed = tuple[str, int | None, Node]


def recognise(name: str, data: bytes) -> bool:
    """Tell whether the file is a FHIR resource: JSON that names a resource type near its start."""
    return opens_as_json(data) and _RESOURCE_TYPE.search(data[:_HEAD]) is not None


def load(source: Source) -> Loaded:
    """Read definitional resources in full and count the others.

    Follows FHIR R4 (HL7, 4.0.1). Studies, groups, questionnaires, plans, libraries, measures and
    their like become text; of resources about patients and other persons only numbers per type,
    code and year remain. Locators hold JSON paths, and the line for NDJSON. Raises
    :class:`BadInput` for a file that is no JSON or holds no resource.
    """
    placed, warnings = _resources(source.data)
    if not placed:
        raise BadInput("the file holds no FHIR resource (an empty bundle?); export it again")
    told = [item for item in placed if not is_personal(item[2])]
    unshown = Read()
    counted = [item for _, _, item in placed if is_personal(item)]
    text = ResourceText()
    blocks: list[Block] = []
    for path, line, resource in told:
        found = text.blocks(resource, path, 1)
        unshown.add(left_out(resource, path))
        blocks.extend(_on_line(block, line) for block in found)
    blocks.extend(count_blocks(counted, 1))
    if counted:
        warnings.append(
            f"{len(counted)} resources about patients or other persons are described by counts "
            "only (numbers below 10 as <10); names, identifiers, dates, addresses and results "
            "were left out, and neither the file nor its name is kept in the index"
        )
    if text.persons:
        warnings.append(
            f"{text.persons} contacts, authors, members or references to persons in study or form "
            "resources were left out"
        )
    if text.unread:
        warnings.append(f"attachments that hold no readable text: {', '.join(text.unread[:10])}")
    warnings.extend(unshown.warnings())
    first = told[0][2] if told else None
    title = title_of(first) if first else "FHIR patient-level data (counts only)"
    metadata = _metadata([resource for _, _, resource in told])
    return Loaded(
        with_sections(blocks),
        title=title,
        metadata=metadata,
        warnings=warnings,
        withheld=unshown.withheld,
        keep_original=not counted,
        private_name=bool(counted),
    )


def _resources(data: bytes) -> tuple[list[Placed], list[str]]:
    """Every resource with its JSON path and line; bundles are opened."""
    warnings: list[str] = []
    if not _is_ndjson(data):
        tree = read_json(data, "FHIR")
        roots = nodes(tree)
        if not any(isinstance(root.get("resourceType"), str) for root in roots):
            raise BadInput("the file names no FHIR resource type; it is not a FHIR resource")
        add_types(tree, _types(roots))
        many = isinstance(tree, list)
        return [
            found
            for number, root in enumerate(roots)
            for found in _opened(root, f"$[{number}]" if many else "$", None, 0)
        ], warnings
    if len(data) > MAX_BYTES:
        raise BadInput(f"the FHIR file is larger than {MAX_BYTES // 1_000_000} MB; split it")
    placed: list[Placed] = []
    broken: list[int] = []
    for number, line in enumerate(decode(data)[0].split("\n"), start=1):
        if not line.strip():
            continue
        try:
            root = json.loads(line)
        except (ValueError, RecursionError):
            root = None
        if not isinstance(root, dict) or is_too_deep(root, MAX_DEPTH):
            broken.append(number)
        else:
            placed.extend(_opened(root, "$", number, 0))
    if broken:
        shown = ", ".join(str(number) for number in broken[:10])
        warnings.append(f"{len(broken)} lines are no JSON objects and were left out: {shown}")
    return placed, warnings


def _types(roots: list[Node]) -> dict[str, str]:
    """The types of the resources of bundles by the addresses that references use."""
    entries = [entry for root in roots for _, entry in walk(root) if "fullUrl" in entry]
    return {
        string(entry["fullUrl"]): string(node(entry.get("resource")).get("resourceType"))
        for entry in entries
    }


def _is_ndjson(data: bytes) -> bool:
    """Tell whether the first line is an object of its own and something follows it."""
    first, _, rest = data.lstrip(b"\xef\xbb\xbf \r\n\t").partition(b"\n")
    if not rest.strip():
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _opened(root: Node, path: str, line: int | None, depth: int) -> Iterator[Placed]:
    if root.get("resourceType") != "Bundle":
        if isinstance(root.get("resourceType"), str):
            yield path, line, root
        return
    for number, entry in enumerate(nodes(root.get("entry"))):
        inner = node(entry.get("resource"))
        if inner and depth < _NESTED_BUNDLES:
            yield from _opened(inner, f"{path}.entry[{number}].resource", line, depth + 1)


def _on_line(block: Block, line: int | None) -> Block:
    return block if line is None else replace(block, locator=replace(block.locator, line=line))


def _metadata(resources: list[Node]) -> dict[str, Any]:
    """Front matter of the first resource that states it; ``data`` when all were counted."""
    if not resources:
        return {"kind": "data"}
    types = [string(item.get("resourceType")) for item in resources]
    kind = next((_KINDS[name] for name in types if name in _KINDS), "other")
    metadata: dict[str, Any] = {"kind": kind}
    for item in resources:
        if language := string(item.get("language")):
            metadata.setdefault("language", language.split("-")[0].lower())
        if publisher := string(item.get("publisher")):
            metadata.setdefault("issuer", publisher)
        if re.match(r"\d{4}-\d{2}-\d{2}", date := string(item.get("date"))):
            metadata.setdefault("issued", date[:10])
        if version := string(item.get("version")):
            metadata.setdefault("document_number", f"version {version}")
    identifiers = [
        string(entry.get("value")) for item in resources for entry in nodes(item.get("identifier"))
    ]
    known = tuple(dict.fromkeys(text for text in identifiers if text))
    metadata["identifiers"] = known
    metadata["keywords"] = known
    return metadata
