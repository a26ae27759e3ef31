"""Any USDM object as one line of text: what it is called, then its filled attributes."""

from __future__ import annotations

import re
from typing import Any

from ingest.structure.jsontree import Node, nodes, string
from ingest.structure.usdmindex import Index, value_text

PERSONS = frozenset({"assignedPersons", "personName"})
_SILENT = frozenset(
    ["id", "instanceType", "extensionAttributes", "previousId", "nextId", "dictionaryId"]
)
_NAMING = ("label", "name", "description", "text")
_NAME_ONLY = frozenset({"label", "name"})
_MAX_DEPTH = 5


def describe(index: Index, item: Node, skip: frozenset[str] = frozenset(), depth: int = 0) -> str:
    """``Label (name): description; attribute: value; …``; persons are never named.

    Args:
        index: The file.
        item: The object.
        skip: Attributes told elsewhere.
        depth: How deep the object stands in the one described; the deepest are left out.
    """
    head = _head(index, item, skip)
    if head and item.get("instanceType") == "Address":
        return head  # its lines, city and country say the same again
    details = [
        f"{words(key)}: {text}"
        for key, value in item.items()
        if key not in _SILENT | PERSONS | skip
        and not key.startswith(":")
        and key not in _NAMING
        and (text := _value(index, key, value, depth))
    ]
    return "; ".join(part for part in (head, *details) if part)


def _head(index: Index, item: Node, skip: frozenset[str]) -> str:
    """Names first, then what describes them; equal texts stand once."""
    texts = {key: index.text(item, key) for key in _NAMING if key not in skip}
    names = list(dict.fromkeys(text for key in ("label", "name") if (text := texts.get(key))))
    long = [t for key in ("description", "text") if (t := texts.get(key)) and t not in names]
    name = f"{names[0]} ({names[1]})" if len(names) == 2 else "".join(names)
    return ": ".join(part for part in (name, "; ".join(dict.fromkeys(long))) if part)


def _value(index: Index, key: str, value: Any, depth: int) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, list):
        texts = [_value(index, key, item, depth) for item in value]
        return ", ".join(dict.fromkeys(text for text in texts if text))
    if isinstance(value, dict):
        if text := value_text(value):
            return text
        inner = describe(index, value, depth=depth + 1) if depth < _MAX_DEPTH else ""
        return f"[{inner}]" if "; " in inner else inner
    if key.endswith(("Id", "Ids")):
        return index.name(index.get(value))
    return index.text({key: value}, key) if isinstance(value, str) else string(value)


def words(key: str) -> str:
    """``plannedEnrollmentNumber`` as words, without the ending that marks a reference."""
    bare = re.sub(r"Ids?$", "", key) or key
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", bare).lower()


def count_persons(index: Index, tree: Node) -> int:
    """How many persons the objects below ``tree`` name."""
    return sum(len(nodes(role.get("assignedPersons"))) for role in nodes(tree.get("roles")))
