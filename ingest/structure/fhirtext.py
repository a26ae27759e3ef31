"""Definitional FHIR resources as blocks: studies, groups, questionnaires, plans and the like."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ingest.model import Block, Locator
from ingest.structure.fhirreferences import add_types, hidden_references
from ingest.structure.fhirtypes import (
    HOUSEKEEPING,
    concept_text,
    is_person_key,
    is_personal,
    line_of,
    value_text,
    words,
)
from ingest.structure.htmlfragment import as_html, read_fragment
from ingest.structure.jsontree import Node, node, nodes, string

_LONGEST_LINE = 200
_DEEPEST = 12
_MOST_ATTACHED = 5_000_000
# Read by a function of their own, in place of the general one.
_OWN = frozenset({"characteristic", "item", "action", "content", "relatedArtifact"})


class ResourceText:
    """Turns resources into blocks; counts what was left out."""

    def __init__(self) -> None:
        self.persons = 0
        self.unread: list[str] = []

    def blocks(self, resource: Node, path: str, level: int) -> list[Block]:
        """Heading, facts, texts, nested parts and the narrative of one resource."""
        kind = string(resource.get("resourceType"))
        title = title_of(resource)
        heading = f"{words(kind).capitalize()}: {title}" if title else words(kind).capitalize()
        blocks = [Block("heading", heading, Locator(path=path), level)]
        contained = nodes(resource.get("contained"))
        known = {f"#{string(inner.get('id'))}": string(inner.get("resourceType"))
                 for inner in contained}  # fmt: skip
        add_types(resource, known)
        self.persons += _persons_in({**resource, "contained": None})
        for key, value in resource.items():
            if key in HOUSEKEEPING or is_person_key(key) or key.startswith("_") or key == "title":
                continue
            place = f"{path}.{key}"
            if key in _OWN:
                blocks.extend(self._own(key, value, place, level + 1))
            else:
                blocks.extend(_fact(key, value, place))
        narrative = node(resource.get("text"))
        div = narrative.get("div")
        if isinstance(div, str) and narrative.get("status") != "empty":
            found = read_fragment(div, Locator(path=f"{path}.text.div")).blocks
            said = _said(blocks)
            blocks.extend(_under(item, level) for item in found if item.text not in said)
        for number, inner in enumerate(contained):
            blocks.extend(self._contained(inner, f"{path}.contained[{number}]", level + 1))
        return blocks

    def _contained(self, inner: Node, path: str, level: int) -> list[Block]:
        if is_personal(inner) or level > _DEEPEST:
            self.persons += 1
            return []
        return self.blocks(inner, path, level)

    def _own(self, key: str, value: Any, path: str, level: int) -> list[Block]:
        if key == "characteristic":
            return _characteristics(nodes(value), path, level)
        if key == "item":
            return _questions(nodes(value), path, level, "")
        if key == "action":
            return _actions(nodes(value), path, level, "")
        if key == "relatedArtifact":
            return [
                Block("list_item", _artifact(item), Locator(path=f"{path}[{number}]"))
                for number, item in enumerate(nodes(value))
            ]
        return self._content(nodes(value), path)

    def _content(self, contents: list[Node], path: str) -> list[Block]:
        """Attachments: text is read, everything else is named."""
        blocks: list[Block] = []
        for number, content in enumerate(contents):
            attachment = node(content.get("attachment")) or content
            place = Locator(path=f"{path}[{number}]")
            media = string(attachment.get("contentType"))
            name = string(attachment.get("title")) or string(attachment.get("url")) or "attachment"
            text = _attached(attachment, media)
            if text is None:
                self.unread.append(f"{name} ({media or 'type not stated'})")
                blocks.append(Block("paragraph", f"Attachment: {name} ({media})", place))
                continue
            blocks.append(Block("paragraph", f"Attachment: {name}", place))
            if "html" in media:
                blocks.extend(read_fragment(text, place).blocks)
            elif media.startswith("text/plain") or "markdown" in media:
                parts = [part.strip() for part in text.split("\n\n")]
                blocks.extend(Block("paragraph", part, place) for part in parts if part)
            else:
                blocks.append(Block("code", text, place))
        return blocks


def title_of(resource: Node) -> str:
    """What a resource calls itself."""
    keys = ("title", "name", "description", "id")
    return next((text for key in keys if (text := string(resource.get(key)))), "")[:300]


def _persons_in(tree: Any) -> int:
    """Persons below ``tree`` that are left out: elements about them, and references to them."""
    if isinstance(tree, list):
        return sum(_persons_in(item) for item in tree)
    if not isinstance(tree, dict):
        return 0
    return hidden_references(tree) + sum(
        (len(nodes(value)) or 1) if is_person_key(key) else _persons_in(value)
        for key, value in tree.items()
    )


def _said(blocks: list[Block]) -> set[str]:
    """What the elements say already: whole texts and what stands behind their labels."""
    lines = [line for block in blocks for line in (block.text, *block.text.split("\n"))]
    return {part for line in lines for part in (line, line.partition(": ")[2]) if part}


def _under(block: Block, level: int) -> Block:
    if block.kind != "heading":
        return block
    return Block("heading", block.text, block.locator, min(9, level + (block.level or 1)))


def _fact(key: str, value: Any, path: str) -> list[Block]:
    """One element: short values on one line, long texts as paragraphs, parts as list items."""
    label = words(key).capitalize()
    if isinstance(value, str):
        if len(value) <= _LONGEST_LINE and "\n" not in value:
            return [Block("list_item", f"{label}: {value_text(value)}", Locator(path=path))]
        found = read_fragment(_paragraphs(value), Locator(path=path)).blocks
        lines = [Block("paragraph", f"{label}:", Locator(path=path))] if len(found) > 1 else []
        if len(found) == 1:
            found = [Block("paragraph", f"{label}: {found[0].text}", Locator(path=path))]
        return lines + found
    items = value if isinstance(value, list) else [value]
    blocks = []
    for number, item in enumerate(items):
        text = value_text(item, key)
        place = f"{path}[{number}]" if isinstance(value, list) else path
        if text:
            blocks.append(Block("list_item", f"{label}: {text}", Locator(path=place)))
    return blocks


def _paragraphs(text: str) -> str:
    """Markdown or plain text with its paragraphs as HTML; markup stays what it is."""
    if "<p" in text or "<div" in text:
        return text
    parts = text.replace("\r", "").split("\n\n")
    return "".join(f"<p>{as_html(part).replace(chr(10), '<br/>')}</p>" for part in parts)


def _characteristics(items: list[Node], path: str, level: int) -> list[Block]:
    """Characteristics of a group or an evidence variable, as criteria."""
    blocks = [Block("heading", "Characteristics", Locator(path=path), level)] if items else []
    for number, item in enumerate(items):
        excluded = item.get("exclude") is True
        name = concept_text(item.get("code")) or line_of(item.get("description"))
        value = next(
            (value_text(item[key], key) for key in item if key.startswith(("value", "definition"))),
            "",
        )
        period = value_text(item.get("period") or {})
        text = f"{'Exclusion' if excluded else 'Inclusion'} criterion: {name}"
        text += f" = {value}" if value and value not in name else ""
        text += f" ({period})" if period else ""
        blocks.append(Block("list_item", text, Locator(path=f"{path}[{number}]")))
    return blocks


def _questions(items: list[Node], path: str, level: int, prefix: str) -> list[Block]:
    """Items of a questionnaire in order, groups as headings, with type and answers."""
    blocks: list[Block] = []
    for number, item in enumerate(items):
        place = f"{path}[{number}]"
        label = string(item.get("prefix")) or f"{prefix}{number + 1}"
        text = f"{label} {line_of(item.get('text')) or string(item.get('linkId'))}"
        kind = string(item.get("type"))
        inner = nodes(item.get("item"))
        if kind == "group":
            blocks.append(Block("heading", text, Locator(path=place), min(level, 9)))
        else:
            notes = [kind] if kind else []
            notes += [note for note in ("required", "repeats") if item.get(note) is True]
            answers = _values(nodes(item.get("answerOption")))
            text += f" ({', '.join(notes)})" if notes else ""
            text += f"; answers: {' | '.join(answers)}" if answers else ""
            if item.get("answerValueSet"):
                text += f"; answers from {string(item['answerValueSet'])}"
            for rule in nodes(item.get("enableWhen")):
                values = " ".join(value_text(rule[k], k) for k in rule if k.startswith("answer"))
                asked = string(rule.get("question"))
                text += f"; asked when {asked} {string(rule.get('operator'))} {values}"
            blocks.append(Block("list_item", text, Locator(path=place)))
        if inner and level < _DEEPEST:
            blocks.extend(_questions(inner, f"{place}.item", level + 1, f"{label.rstrip('.')}."))
    return blocks


def _values(options: list[Node]) -> list[str]:
    return [
        value_text(option[key], key)
        for option in options
        for key in option
        if key.startswith("value")
    ]


def _actions(items: list[Node], path: str, level: int, prefix: str) -> list[Block]:
    """Actions of a plan, numbered as they nest."""
    blocks: list[Block] = []
    for number, item in enumerate(items):
        place = f"{path}[{number}]"
        label = f"{prefix}{number + 1}"
        own = {key: value for key, value in item.items() if key != "action"}
        title = line_of(own.pop("title", "")) or line_of(own.pop("description", ""))
        text = "; ".join(part for part in (title, value_text(own)) if part)
        blocks.append(Block("list_item", f"{label} {text}", Locator(path=place)))
        inner = nodes(item.get("action"))
        if inner and level < _DEEPEST:
            blocks.extend(_actions(inner, f"{place}.action", level + 1, f"{label}."))
    return blocks


def _artifact(item: Node) -> str:
    kind = string(item.get("type")) or "related"
    texts = [string(item.get(key)) for key in ("label", "display", "citation", "url", "resource")]
    return f"{kind}: " + "; ".join(dict.fromkeys(text for text in texts if text))


def _attached(attachment: Node, media: str) -> str | None:
    """The text of an attachment that holds text, else nothing."""
    data = attachment.get("data")
    readable = media.startswith("text/") or media in {"application/json", "application/xml"}
    if not isinstance(data, str) or not readable or len(data) > _MOST_ATTACHED:
        return None
    try:
        return base64.b64decode(data, validate=False).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
