"""Reading single fields of a source: text, lists, numbers and pointers."""

from __future__ import annotations

import html
import re
from typing import Any

from ingest.registry.record import Value
from ingest.text import squeeze

_BREAK = re.compile(r"<br\s*/?>", re.I)
_NOTHING = re.compile(r"[\s;；,，:：/\\.-]*$")


def pointer(*keys: object) -> str:
    """A JSON pointer (RFC 6901) from keys: ``/`` in a key is written ``~1``."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)


def text_of(value: object) -> str:
    """A field as text: line ends as ``\\n``, no blanks around; numbers as JSON writes them."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return re.sub(r"\r\n?", "\n", str(value)).strip()


def from_web(text: str) -> str:
    """Take the traces of web page and spreadsheet out of an exported text.

    ``_x000D_`` (a carriage return in Office Open XML), ``<br>`` and character references become
    what they stand for.
    """
    text = _BREAK.sub("\n", text.replace("_x000D_", "\n"))
    text = html.unescape(text) if "&" in text else text
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"\r\n?", "\n", text)).strip()


def is_nothing(text: str) -> bool:
    """Whether a field holds separators only, as empty fields of a form often do."""
    return _NOTHING.match(text) is not None


def value_at(data: Any, prefix: str, *keys: str | int) -> Value | None:
    """The text at a path of JSON objects and arrays, ``None`` where there is none."""
    for key in keys:
        if isinstance(key, int):
            data = data[key] if isinstance(data, list) and len(data) > key else None
        else:
            data = data.get(key) if isinstance(data, dict) else None
    text = text_of(data)
    return Value(text, prefix + pointer(*keys)) if squeeze(text) else None


def whole_number(text: str) -> int | None:
    """The number a text consists of: ``24``, ``24.0`` or ``1,200``."""
    match = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.0+)?", text.strip())
    return int(match.group(1).replace(",", "")) if match else None
