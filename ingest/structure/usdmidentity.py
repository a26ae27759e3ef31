"""How a USDM study version is called, numbered, dated and amended."""

from __future__ import annotations

from ingest.model import Block, Locator
from ingest.structure.jsontree import Node, nodes, string
from ingest.structure.usdmdescribe import describe, words
from ingest.structure.usdmindex import Index, code_text, codes_text, in_order

_TITLES = ("official", "public", "scientific", "brief", "acronym")


def official_title(index: Index, version: Node) -> str:
    """The official title, else the next best kind that is filled."""
    titles = [
        (code_text(item.get("type")).lower(), index.text(item).replace("\n", " "))
        for item in nodes(version.get("titles"))
    ]
    for kind in _TITLES:
        for found, text in titles:
            if kind in found and text:
                return text
    return next((text for _, text in titles if text), "")


def identity_blocks(index: Index, study: Node, version: Node) -> list[Block]:
    """Titles, identifiers, version, dates and amendments."""
    locator = Locator(path=index.path(version))
    lines: list[tuple[Node, str]] = [
        (item, f"{code_text(item.get('type')) or 'Title'}: {index.text(item)}")
        for item in nodes(version.get("titles"))
    ]
    for key, label in (
        ("studyIdentifiers", "Study identifier"),
        ("referenceIdentifiers", "Reference identifier"),
    ):
        for item in nodes(version.get(key)):
            scope = index.name(index.get(item.get("scopeId")))
            kind = code_text(item.get("type"))
            where = ", ".join(text for text in (kind, scope) if text)
            lines.append((item, f"{label} ({where}): {index.text(item)}"))
    lines.append((version, f"Study version: {string(version.get('versionIdentifier'))}"))
    if areas := codes_text(version.get("businessTherapeuticAreas")):
        lines.append((version, f"Business therapeutic areas: {areas}"))
    if rationale := index.text(version, "rationale"):
        lines.append((version, f"Rationale of this version: {rationale}"))
    dates = nodes(version.get("dateValues"))
    for document in nodes(study.get("documentedBy")):
        for issue in nodes(document.get("versions")):
            dates = dates + nodes(issue.get("dateValues"))
    lines.extend((item, _date(index, item)) for item in dates)
    blocks = [Block("heading", "Study identification", locator, 2)]
    seen = set()
    for item, text in lines:
        if text not in seen and not text.endswith(": "):
            seen.add(text)
            blocks.append(Block("list_item", text, Locator(path=index.path(item))))
    if about := index.text(study, "description"):
        blocks.append(Block("paragraph", about, Locator(path="$.study")))
    blocks.extend(_amendments(index, version))
    return blocks


def _date(index: Index, item: Node) -> str:
    kind = code_text(item.get("type")) or index.name(item)
    scopes = ", ".join(
        code_text(scope.get("code")) or code_text(scope.get("type"))
        for scope in nodes(item.get("geographicScopes"))
    )
    return f"{kind}{f' ({scopes})' if scopes else ''}: {string(item.get('dateValue'))}"


def _amendments(index: Index, version: Node) -> list[Block]:
    blocks: list[Block] = []
    for item in in_order(nodes(version.get("amendments"))):
        locator = Locator(path=index.path(item))
        number = string(item.get("number"))
        blocks.append(Block("heading", f"Amendment {number}".strip(), locator, 3))
        told = [index.text(item, key) for key in ("summary", "description")]
        if text := "\n".join(dict.fromkeys(part for part in told if part)):
            blocks.append(Block("paragraph", text, locator))
        for reason in ("primaryReason", "secondaryReasons"):
            for entry in nodes(item.get(reason)):
                text = index.text(entry, "otherReason") or code_text(entry.get("code"))
                label = words(reason).removesuffix("s").capitalize()
                blocks.append(Block("list_item", f"{label}: {text}", locator))
        for key in ("changes", "impacts", "enrollments", "notes"):
            for entry in nodes(item.get(key)):
                label = words(key).removesuffix("s").capitalize()
                text = f"{label}: {describe(index, entry)}"
                blocks.append(Block("list_item", text, Locator(path=index.path(entry))))
        blocks.extend(
            Block("list_item", _date(index, entry), Locator(path=index.path(entry)))
            for entry in nodes(item.get("dateValues"))
        )
    return blocks
