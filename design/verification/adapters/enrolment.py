"""Enrolment rows: when sites start is written as a distribution, ``U(0,6)``."""

from __future__ import annotations

import re
from typing import Any

_UNIFORM = re.compile(r"\s*[Uu]\w*\(\s*([\d.]+)\s*,\s*([\d.]+)\s*\)\s*")


def activation(inputs: dict[str, Any]) -> dict[str, Any]:
    """The window of a uniform start; other ways to write it are left to be refused."""
    told = inputs.get("activation", "")
    found = _UNIFORM.fullmatch(f"U({told[0]},{told[1]})" if _is_pair(told) else str(told))
    if found is None:
        return inputs
    rest = {name: value for name, value in inputs.items() if name != "activation"}
    return rest | {"start_from": float(found[1]), "start_to": float(found[2])}


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2
