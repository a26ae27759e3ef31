"""Objects of a USDM file by their identifiers, and texts with their references filled in.

USDM v4 (CDISC Unified Study Definitions Model): texts may hold ``<usdm:ref klass id attribute>``,
the attribute of another object, and ``<usdm:tag name>``, looked up in the parameter maps of the
syntax template dictionary that the text's owner names in ``dictionaryId``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ingest.structure.htmlfragment import as_html, plain_text
from ingest.structure.jsontree import Node, node, nodes, string, strings, walk

_MARKUP = re.compile(
    r"<usdm:(?P<kind>ref|tag)\b(?P<attributes>[^<>]*?)(?:/>|>\s*(?:</usdm:(?P=kind)\s*>)?)", re.I
)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_MAX_NESTING = 6
# Characters filled in for one file, and what a reference costs at least: references to references
# grow without end.
_MAX_FILLED, _COST = 50_000_000, 20


class Index:
    """Finds objects and fills in texts; remembers what could not be resolved."""

    def __init__(self, tree: Node) -> None:
        self.unresolved: list[str] = []
        self._budget = _MAX_FILLED
        self._objects: dict[str, Node] = {}
        self._paths: dict[int, str] = {}
        for path, item in walk(tree):
            self._paths[id(item)] = path
            identifier = item.get("id")
            if isinstance(identifier, str) and identifier:
                self._objects.setdefault(identifier, item)

    def path(self, item: Node) -> str:
        """JSON path of an object of the file."""
        return self._paths.get(id(item), "$")

    def get(self, identifier: Any) -> Node:
        """The object of that id, or an empty one."""
        return self._objects.get(identifier, {}) if isinstance(identifier, str) else {}

    def all(self, identifiers: Any) -> list[Node]:
        """The objects of those ids that exist, in order."""
        return [found for item in strings(identifiers) if (found := self.get(item))]

    def name(self, item: Node) -> str:
        """What people call an object: its label, else its name, else its text."""
        for key in ("label", "name", "description", "text"):
            if text := self.text(item, key):
                return text.replace("\n", " ")
        return ""

    def text(self, item: Node, key: str = "text") -> str:
        """A text attribute without markup, references filled in."""
        return plain_text(self.markup(item, key))

    def markup(self, item: Node, key: str = "text") -> str:
        """A text attribute with its markup, references filled in."""
        value = item.get(key)
        if not isinstance(value, str):
            return string(value)
        return self._fill(value, item, 0) if "<usdm:" in value.lower() else value

    def _fill(self, text: str, owner: Node, depth: int) -> str:
        def replacement(match: re.Match[str]) -> str:
            found = _ATTRIBUTE.findall(match["attributes"])
            given = {name.lower(): first or second for name, first, second in found}
            is_tag = match["kind"].lower() == "tag"
            filled = (
                ""
                if depth >= _MAX_NESTING or self._budget <= 0
                else (self._tag(given, owner, depth) if is_tag else self._reference(given, depth))
            )
            self._budget -= len(filled) + _COST
            if filled.strip():
                return filled
            if not is_tag and self._is_blank(given):
                return ""
            label = given.get("name") or f"{given.get('id', '?')}.{given.get('attribute', '?')}"
            if label not in self.unresolved:
                self.unresolved.append(label)
            return f"[{label}]"

        return _MARKUP.sub(replacement, text)

    def _is_blank(self, given: dict[str, str]) -> bool:
        """The reference is sound, the attribute it names is empty."""
        item = self.get(given.get("id"))
        return given.get("attribute") in item

    def _tag(self, given: dict[str, str], owner: Node, depth: int) -> str:
        dictionary = self.get(owner.get("dictionaryId"))
        for entry in nodes(dictionary.get("parameterMaps")):
            if entry.get("tag") == given.get("name"):
                return self._fill(string(entry.get("reference")), owner, depth + 1)
        return ""

    def _reference(self, given: dict[str, str], depth: int) -> str:
        item = self.get(given.get("id"))
        value = item.get(given.get("attribute", ""))
        if isinstance(value, str):
            return as_html(self._fill(value, item, depth + 1))
        return as_html(value_text(value))


def code_text(value: Any) -> str:
    """The words of a ``Code`` or an ``AliasCode``."""
    code = node(value)
    if "standardCode" in code:
        code = node(code["standardCode"])
    return string(code.get("decode")) or string(code.get("code"))


def codes_text(values: Any) -> str:
    """The words of several codes, without repeats."""
    return ", ".join(dict.fromkeys(text for item in nodes(values) if (text := code_text(item))))


def value_text(value: Any) -> str:
    """A quantity, range, duration, code or plain value in words: ``50–100 Year``."""
    item = node(value)
    if not item:
        return string(value)
    if "minValue" in item or "maxValue" in item:
        low, high = node(item.get("minValue")), node(item.get("maxValue"))
        units = code_text(low.get("unit")), code_text(high.get("unit"))
        first = string(low.get("value")) if units[0] == units[1] else value_text(low)
        ends = [text for text in (first, value_text(high)) if text]
        about = "about " if item.get("isApproximate") is True else ""
        return about + " to ".join(ends) if ends else ""
    if "quantity" in item:
        told = string(item.get("text")) or value_text(item["quantity"])
        reason = string(item.get("reasonDurationWillVary"))
        if item.get("durationWillVary") is True:
            told += f" (will vary: {reason})" if reason else " (will vary)"
        return told
    if "numerator" in item and "denominator" in item:
        parts = value_text(item["numerator"]), value_text(item["denominator"])
        label = string(item.get("label")) or string(item.get("name"))
        strength = " / ".join(part for part in parts if part)
        return f"{label} ({strength})" if label and strength else label or strength
    if "value" in item and "unit" in item:
        return " ".join(p for p in (string(item["value"]), code_text(item["unit"])) if p)
    return code_text(item)


def in_order(items: Sequence[Node]) -> list[Node]:
    """Objects linked by ``previousId`` and ``nextId`` in the order of their links.

    What the links do not reach keeps its place in the file, at the end.
    """
    by_id = {string(item.get("id")): item for item in items}
    followers = {string(item.get("nextId")) for item in items}
    ordered: list[Node] = []
    seen: set[str] = set()
    starts = [i for i in items if not i.get("previousId") and string(i.get("id")) not in followers]
    for start in [*starts, *items]:
        current = start
        while current and string(current.get("id")) not in seen:
            seen.add(string(current.get("id")))
            ordered.append(current)
            current = by_id.get(string(current.get("nextId")), {})
    return ordered
