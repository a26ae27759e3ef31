"""What a fault in a synopsis says of the value that was given."""

from __future__ import annotations

from typing import Any

_LONGEST = 80


def value_given(fault: Any) -> str:
    """The value that does not fit, in brackets; of a percentage, how it is written.

    Args:
        fault: One of the errors of a :class:`pydantic.ValidationError`.
    """
    shown = repr(fault["input"])
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    above_one = fault["type"].startswith("less_than") and 1 in fault.get("ctx", {}).values()
    per_cent = isinstance(fault["input"], str) and fault["input"].rstrip().endswith("%")
    hint = "; write a share: 20% is 0.2" if above_one or per_cent else ""
    return f" (given: {shown}{hint})"
