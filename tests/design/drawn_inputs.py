"""Inputs drawn from the types of a calculator, and what every answer must keep to."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from design import BadDesign, Method, Result


def inputs_near(method: Method, base: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A design with up to four of its inputs changed, added or left out."""
    schema = method.inputs.model_json_schema()
    fields = {name: _values(part) for name, part in schema["properties"].items()}
    changes = st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: fields[name] | st.just(None) for name in names})
    )
    return changes.map(lambda given: {k: v for k, v in {**base, **given}.items() if v is not None})


def answer(method: Method, given: dict[str, Any]) -> Result | None:
    """The result, ``None`` when refused; anything else that is raised is a fault."""
    try:
        result = method(**given)
    except BadDesign as refused:
        assert str(refused) and "has no input" not in str(refused), refused
        return None
    for name, value in result.outputs.items():
        for number in value if isinstance(value, list) else [value]:
            assert isinstance(number, (int, float, str)), (name, number)
            if isinstance(number, float):
                assert math.isfinite(number), (name, number)
            if name.startswith(("n_", "n1", "n2", "events")) and not isinstance(number, str):
                assert number >= 0, (name, number)
            if name.startswith("power"):
                assert -1e-9 <= number <= 1 + 1e-9, (name, number)
    assert "{" not in result.sentence.zh + result.sentence.en
    return result


def _values(part: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "anyOf" in part:
        kinds = [one for one in part["anyOf"] if one.get("type") != "null"]
        return st.one_of([_values(one) for one in kinds])
    if "enum" in part:
        return st.sampled_from(part["enum"])
    if "const" in part:
        return st.just(part["const"])
    if part["type"] == "array":
        longest = min(part.get("maxItems", 3), 3)
        return st.lists(
            _values(part["items"]), min_size=part.get("minItems", 0), max_size=max(longest, 2)
        )
    if part["type"] == "boolean":
        return st.booleans()
    if part["type"] == "string":
        return st.text(min_size=part.get("minLength", 0), max_size=min(part.get("maxLength", 9), 9))
    if part["type"] == "object":
        rest = part.get("additionalProperties", {})
        values = _values(rest) if isinstance(rest, dict) and rest else st.floats(0, 1)
        return st.dictionaries(st.sampled_from(["p1", "site", "中心"]), values, max_size=2)
    low = part.get("minimum", part.get("exclusiveMinimum", 0))
    high = part.get("maximum", part.get("exclusiveMaximum", 1e6))
    if part["type"] == "integer":
        return st.integers(low, min(high, low + 500)) | st.integers(low, high)
    whole = st.floats(
        low,
        high,
        exclude_min="exclusiveMinimum" in part,
        exclude_max="exclusiveMaximum" in part,
        allow_subnormal=False,
    )
    usual = [
        x for x in (0.01, 0.05, 0.1, 0.3, 0.5, 0.8, 0.9, 1, 2, 6, 12, 24, 40) if low < x < high
    ]
    return st.sampled_from(usual) | whole if usual else whole
