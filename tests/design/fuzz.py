"""Inputs drawn from what a calculator declares of them: types, ranges, choices."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from design import BadDesign, Method, Result

_USUAL = (0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 250, 1000)
_SHARES = (-0.5, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9, 0.95, 1.5, 2.5)


def inputs(method: Method, base: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Inputs of a method: a valid set with some left out and some others drawn from their range.

    Args:
        method: The calculator.
        base: Inputs that it accepts.
    """
    properties = method.inputs.model_json_schema()["properties"]
    others = {name: _values(field) for name, field in properties.items()}
    return st.builds(
        lambda changed, left_out: {
            name: value for name, value in {**base, **changed}.items() if name not in left_out
        },
        st.lists(st.sampled_from(sorted(others)), max_size=4, unique=True).flatmap(
            lambda names: st.fixed_dictionaries({name: others[name] for name in names})
        ),
        st.lists(st.sampled_from(sorted(base)), max_size=2, unique=True),
    )


def only_result_or_refusal(method: Method, given: Mapping[str, Any]) -> Result | None:
    """Call; whatever comes out other than a sound result or a refusal is an error of ours."""
    try:
        result = method(**given)
    except BadDesign as refusal:
        assert str(refusal)
        return None
    for name, value in result.outputs.items():
        assert math.isfinite(value), (name, value)
        if name.startswith("n") and not name.startswith("non"):
            assert value > 0, (name, value)
        if name in {"power", "power_achieved"}:
            assert -1e-9 <= value <= 1 + 1e-9, (name, value)
    assert result.sentence.zh and result.sentence.en
    assert "None" not in result.sentence.zh and "nan" not in result.sentence.en
    return result


def _values(field: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if "anyOf" in field:
        return st.one_of(*(_values(part) for part in field["anyOf"] if part.get("type") != "null"))
    if "enum" in field:
        return st.sampled_from(field["enum"])
    if "const" in field:
        return st.just(field["const"])
    kind = field["type"]
    if kind == "boolean":
        return st.booleans()
    if kind == "array":
        return st.lists(_values(field["items"]), min_size=field.get("minItems", 0), max_size=4)
    low = field.get("exclusiveMinimum", field.get("minimum"))
    high = field.get("exclusiveMaximum", field.get("maximum"))

    def within(value: float) -> bool:
        return (low is None or value > low or ("minimum" in field and value == low)) and (
            high is None or value < high or ("maximum" in field and value == high)
        )

    if kind == "integer":
        usual = [value for value in _USUAL if within(value)]
        return st.one_of(st.sampled_from(usual), st.integers(low, high))
    usual_floats = [value for value in (*_USUAL, *_SHARES) if within(value)]
    anything = st.floats(
        low,
        high,
        exclude_min="exclusiveMinimum" in field,
        exclude_max="exclusiveMaximum" in field,
        allow_nan=False,
        allow_infinity=False,
    )
    return st.one_of(st.sampled_from(usual_floats), st.sampled_from(usual_floats), anything)
