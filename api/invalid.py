"""What is wrong with a request, by field, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_FIELD_SHOWN = 120
_MOST_SHOWN = 5


def told(errors: Sequence[Mapping[str, Any]], content_type: str) -> str:
    """All faults of a request in one line, the first few by name."""
    if any(error["loc"] == ("body",) for error in errors) and not _is_json(content_type):
        return "body: send JSON with Content-Type: application/json"
    shown = [_fault(error) for error in errors[:_MOST_SHOWN]]
    left = len(errors) - len(shown)
    return "; ".join(shown) + (f"; and {left} more" if left else "")


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _fault(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        where, why = error["loc"][-1], error.get("ctx", {}).get("error", error["msg"])
        return f"body: is no JSON: {why} (at character {where})"
    field = ".".join(str(part) for part in error["loc"][1:]) or "body"
    if len(field) > _FIELD_SHOWN:
        field = f"{field[:_FIELD_SHOWN]}…"
    if error["type"] == "extra_forbidden":
        return f"{field}: there is no such field"
    if error["type"] == "missing":
        return f"{field}: Field required"
    if field == "body":
        return "body: must be a JSON object, with a field for each input"
    return f"{field}: {error['msg']}"
