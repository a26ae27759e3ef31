"""CDISC USDM v4 study definitions in JSON: the design, its schedule and the protocol's text."""

from __future__ import annotations

from typing import Any

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.model import Block, Locator
from ingest.structure.headings import with_sections
from ingest.structure.htmlfragment import left_out
from ingest.structure.jsontree import Node, node, nodes, opens_as_json, read_json, string
from ingest.structure.tableshape import filled_table
from ingest.structure.usdmdescribe import count_persons, words
from ingest.structure.usdmdesign import design_blocks, list_blocks
from ingest.structure.usdmidentity import identity_blocks, official_title
from ingest.structure.usdmindex import Index, code_text
from ingest.structure.usdmnarrative import Narrative
from ingest.structure.usdmschedule import condition_texts

_LISTS = (
    ("studyInterventions", "Study interventions"),
    ("administrableProducts", "Products"),
    ("medicalDevices", "Medical devices"),
    ("productOrganizationRoles", "Roles of organizations for products"),
    ("roles", "Roles"),
    ("organizations", "Organizations"),
    ("notes", "Notes"),
)
_TOLD = frozenset(
    {"id", "extensionAttributes", "instanceType", "versionIdentifier", "rationale", "titles"}
    | {"studyIdentifiers", "referenceIdentifiers", "dateValues", "amendments", "studyDesigns"}
    | {"businessTherapeuticAreas", "eligibilityCriterionItems", "narrativeContentItems"}
    | {"abbreviations", "biomedicalConcepts", "dictionaries", "conditions", "documentVersionIds"}
    | {key for key, _ in _LISTS}
)


def recognise(name: str, data: bytes) -> bool:
    """Tell whether the file is a USDM wrapper: an object with ``study`` and ``usdmVersion``."""
    if not opens_as_json(data) or b'"study"' not in data[:4096] + data[-4096:]:
        return False
    return b'"usdmVersion"' in data[-4096:] or b'"usdmVersion"' in data[:4096]


def load(source: Source) -> Loaded:
    """Read a study definition.

    Follows the USDM v4 API model (CDISC, 2025). The last of several study versions is read in
    full; locators hold JSON paths. Raises :class:`BadInput` for a file that is no JSON or holds
    no study version.
    """
    tree = node(read_json(source.data, "USDM"))
    study = node(tree.get("study"))
    versions = nodes(study.get("versions"))
    if not versions:
        raise BadInput(
            "the file holds no study version (study.versions is empty); export it again from the "
            "study builder"
        )
    index = Index(tree)
    warnings = []
    release = string(tree.get("usdmVersion"))
    if not release.startswith("4"):
        warnings.append(f"USDM release {release or 'unknown'}; read as release 4, check the result")
    version = versions[-1]
    if len(versions) > 1:
        warnings.append(
            f"{len(versions) - 1} other study versions were not read, only the last, "
            f"{string(version.get('versionIdentifier'))}"
        )
    narrative = Narrative(index)
    title = official_title(index, version) or index.name(study)
    blocks = [Block("heading", title or "Study definition", Locator(path="$.study"), 1)]
    blocks.extend(identity_blocks(index, study, version))
    for design in nodes(version.get("studyDesigns")):
        blocks.extend(design_blocks(index, design, version, 2))
    blocks.extend(_rest(index, version))
    for document in nodes(study.get("documentedBy")):
        issues = nodes(document.get("versions"))
        if len(issues) > 1:
            warnings.append(f"{len(issues) - 1} older issues of a protocol document were not read")
        for issue in issues[-1:]:
            blocks.extend(narrative.document(document, issue, 2))
    unshown = left_out(version, index.path(version))
    warnings.extend(_warnings(index, narrative, version))
    warnings.extend(unshown.warnings())
    metadata = _metadata(index, study, version)
    return Loaded(
        with_sections(blocks),
        title=title,
        metadata=metadata,
        warnings=warnings,
        withheld=unshown.withheld,
    )


def _rest(index: Index, version: Node) -> list[Block]:
    """Interventions, products, organizations, abbreviations and concepts; then what is new."""
    blocks: list[Block] = []
    for key, heading in _LISTS:
        blocks.extend(list_blocks(index, nodes(version.get(key)), heading, 2))
    conditions = condition_texts(index, version)
    if conditions:
        path = index.path(version) + ".conditions"
        blocks.append(Block("heading", "Conditions", Locator(path=path), 2))
        blocks.extend(
            Block("list_item", text, Locator(path=index.path(item))) for item, text in conditions
        )
    blocks.extend(
        _table(
            index,
            version,
            "abbreviations",
            "Abbreviations",
            [["Abbreviation", "Meaning"]]
            + [
                [index.text(i, "abbreviatedText"), index.text(i, "expandedText")]
                for i in nodes(version.get("abbreviations"))
            ],
        )
    )
    rows = [["Concept", "Code", "Synonyms", "Properties"]]
    for item in nodes(version.get("biomedicalConcepts")):
        code = node(node(item.get("code")).get("standardCode"))
        properties = [index.name(entry) for entry in nodes(item.get("properties"))]
        synonyms = [string(entry) for entry in item.get("synonyms") or []]
        code_id = string(code.get("code"))
        rows.append([index.name(item), code_id, ", ".join(synonyms), ", ".join(properties)])
    blocks.extend(_table(index, version, "biomedicalConcepts", "Biomedical concepts", rows))
    for key in (key for key in version if key not in _TOLD):
        blocks.extend(list_blocks(index, nodes(version.get(key)), words(key).capitalize(), 2))
    return blocks


def _table(
    index: Index, version: Node, key: str, heading: str, rows: list[list[str]]
) -> list[Block]:
    locator = Locator(path=f"{index.path(version)}.{key}")
    table = filled_table(rows, heading, locator)
    return [Block("heading", heading, locator, 2), *table] if table else []


def _metadata(index: Index, study: Node, version: Node) -> dict[str, Any]:
    """Kind, language, sponsor, identifiers, dates and keywords."""
    metadata: dict[str, Any] = {"kind": "protocol"}
    for document in nodes(study.get("documentedBy")):
        language = string(node(document.get("language")).get("code")).lower()
        if language:
            metadata.setdefault("language", language.split("-")[0])
    identifiers = [index.text(item) for item in nodes(version.get("studyIdentifiers"))]
    metadata["identifiers"] = tuple(dict.fromkeys(text for text in identifiers if text))
    for item in nodes(version.get("organizations")):
        if "sponsor" in code_text(item.get("type")).lower():
            metadata.setdefault("issuer", index.name(item))
    approvals = [
        string(item.get("dateValue"))
        for item in nodes(version.get("dateValues"))
        if "approval" in code_text(item.get("type")).lower()
    ]
    if approvals:
        metadata["issued"] = max(approvals)
    if number := string(version.get("versionIdentifier")):
        metadata["document_number"] = f"version {number}"
    keywords = [
        index.name(item)
        for design in nodes(version.get("studyDesigns"))
        for item in nodes(design.get("indications"))
    ] + [index.name(item) for item in nodes(version.get("studyInterventions"))]
    acronyms = [
        index.text(item)
        for item in nodes(version.get("titles"))
        if "acronym" in code_text(item.get("type")).lower()
    ]
    known = [*identifiers, *acronyms, *keywords]
    metadata["keywords"] = tuple(dict.fromkeys(text for text in known if text))
    return metadata


def _warnings(index: Index, narrative: Narrative, version: Node) -> list[str]:
    """What was left out or could not be filled in."""
    found = []
    if index.unresolved:
        shown = ", ".join(index.unresolved[:10])
        found.append(
            f"{len(index.unresolved)} references in texts lead nowhere and stand in square "
            f"brackets: {shown}"
        )
    if narrative.empty:
        shown = "; ".join(narrative.empty[:5])
        found.append(
            f"{len(narrative.empty)} sections of the document outline hold no text and were left "
            f"out: {shown}{' …' if len(narrative.empty) > 5 else ''}"
        )
    if narrative.repeated:
        found.append(
            f"{narrative.repeated} sections repeat the text of an earlier one word for word; "
            "the text stands once"
        )
    if narrative.silent_images:
        found.append(
            f"{narrative.silent_images} images have neither a caption nor a text alternative"
        )
    if persons := count_persons(index, version):
        found.append(
            f"{persons} persons named in roles were left out; roles and organizations stay"
        )
    found.append("labels of criteria and timings were left out; their texts were read")
    if nodes(version.get("biomedicalConcepts")):
        found.append(
            "biomedical concepts are listed with their properties; data types and response codes "
            "were left out"
        )
    return found
