"""JSON read with bounds, and the small questions loaders ask of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ingest.encoding import decode
from ingest.errors import BadInput

MAX_BYTES = 200_000_000
MAX_DEPTH = 200
_OPENING = b" \t\r\n\xef\xbb\xbf"
Node = dict[str, Any]


def read_json(data: bytes, what: str) -> Any:
    """Parse JSON; ``what`` names the format in messages.

    Raises :class:`BadInput` for a file that is too large, broken or nested beyond
    :data:`MAX_DEPTH`.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(
            f"the {what} file is larger than {MAX_BYTES // 1_000_000} MB; split it and try again"
        )
    try:
        tree = json.loads(decode(data)[0].lstrip("\ufeff"))
    except RecursionError as error:
        raise BadInput(f"the {what} file is nested too deeply; export it again") from error
    except ValueError as error:
        raise BadInput(f"the {what} file is no valid JSON ({error}); export it again") from error
    if is_too_deep(tree, MAX_DEPTH):
        raise BadInput(f"the {what} file is nested too deeply; export it again")
    return tree


def is_too_deep(tree: Any, limit: int) -> bool:
    """Tell whether objects and lists are nested more than ``limit`` deep."""
    level = [tree]
    for _ in range(limit):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(value for value in item.values() if isinstance(value, (dict, list)))
            elif isinstance(item, list):
                below.extend(value for value in item if isinstance(value, (dict, list)))
        if not below:
            return False
        level = below
    return True


def opens_as_json(data: bytes) -> bool:
    """Tell whether the first character that is no blank opens an object or a list."""
    return data[:4096].lstrip(_OPENING)[:1] in (b"{", b"[")


def nodes(value: Any) -> list[Node]:
    """The objects of a list, or the one object given; anything else is left out."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def node(value: Any) -> Node:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def strings(value: Any) -> list[str]:
    """The filled strings of a list, or the one string given."""
    items = value if isinstance(value, list) else [value]
    return [item.strip() for item in items if isinstance(item, str) and item.strip()]


def string(value: Any) -> str:
    """``value`` as one line: a string trimmed, a whole number without ``.0``, else nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""


def walk(tree: Any, path: str = "$") -> Iterator[tuple[str, Node]]:
    """Every object below ``tree`` with its JSON path, parents first."""
    stack: list[tuple[str, Any]] = [(path, tree)]
    while stack:
        place, item = stack.pop()
        if isinstance(item, dict):
            yield place, item
            stack.extend((f"{place}.{key}", value) for key, value in reversed(item.items()))
        elif isinstance(item, list):
            stack.extend(
                (f"{place}[{number}]", value) for number, value in reversed(list(enumerate(item)))
            )
