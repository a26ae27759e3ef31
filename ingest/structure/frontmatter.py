"""YAML front matter: found, read safely and mapped to the names of our metadata."""

from __future__ import annotations

import datetime
import re
from dataclasses import fields
from typing import Any, get_args

import yaml

from ingest.model import DocumentKind, Metadata

_OPEN = re.compile(r"\A\ufeff?---[ \t]*\r?\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)
_KNOWN = frozenset(field.name for field in fields(Metadata))
_DATES = frozenset({"issued", "effective_from", "effective_to", "version_date"})
_LISTS = frozenset({"keywords", "repeals"})
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def split_front_matter(text: str) -> tuple[dict[str, Any], int, list[str]]:
    """Find the front matter of a text with ``\\n`` line ends.

    Returns its data under the names of :class:`ingest.model.Metadata`, the number of lines it
    takes (0 when there is none) and warnings. Front matter that cannot be read is left in the
    text, so that nothing is lost.
    """
    opening = _OPEN.match(text)
    closing = _CLOSE.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return {}, 0, []
    raw = text[opening.end() : closing.start()]
    if raw.strip() and ":" not in raw:
        return {}, 0, []  # A rule, a paragraph and another rule.
    try:
        data = yaml.safe_load(raw)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:160]
        return {}, 0, [f"front matter is not valid YAML and was kept as text: {reason}"]
    if data is None:
        data = {}
    if not isinstance(data, dict):
        return {}, 0, ["front matter is not a list of names and values; kept as text"]
    known, warnings = _map(data)
    return known, text.count("\n", 0, closing.end()) + 1, warnings


def _map(data: dict[Any, Any]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    warnings: list[str] = []
    for key, value in data.items():
        name = str(key)
        if name == "title" and isinstance(value, dict):
            values["title"] = _text(value.get("zh")) or _text(value.get("en"))
            values["title_en"] = _text(value.get("en"))
        elif name in _LISTS:
            values[name] = _strings(value)
        elif name == "draft":
            values[name] = value is True or str(value).lower() in {"true", "yes", "是"}
        elif name in _KNOWN:
            text = _text(value)
            if name in _DATES and text and not _ISO.match(text):
                warnings.append(f"front matter: {name} is {text!r}, not a date YYYY-MM-DD; ignored")
            elif name == "kind" and text and text not in get_args(DocumentKind):
                warnings.append(f"front matter: kind {text!r} is not known; ignored")
            else:
                values.setdefault(name, text)
    return {key: value for key, value in values.items() if value not in (None, (), False)}, warnings


def _text(value: Any) -> str | None:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, (dict, list)):
        return None
    return " ".join(str(value).split()) or None


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"[,，;；、]", value)
    if not isinstance(value, list):
        return ()
    return tuple(text for item in value if (text := _text(item)))
