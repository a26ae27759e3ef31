"""The sentence that says how many to enrol when some drop out, by both conventions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.messages import message, phrases

if TYPE_CHECKING:
    from design import Result

# What is told of a result, the first of these that it has.
_TOLD = (("n1", "n2", "n_total"), ("n1", "n2", "max_n"), ("n_total",), ("n_pairs",), ("n",))


def enlarged(result: Result, language: str) -> str | None:
    """Numbers to enrol with drop-out; of a sentence that gives their total, the arms."""
    if "脱落率" in result.sentence.zh:
        return _by_arm(result, language)
    divided = _listed(result.outputs, "with_dropout", language)
    multiplied = _listed(result.outputs, "dropout_added", language)
    if divided is None or multiplied is None:
        return None
    share = f"{result.inputs['dropout'] * 100:g}%"
    told = {"share": share, "divided": divided, "multiplied": multiplied}
    return message(language, "computed_dropout", **told)


def _by_arm(result: Result, language: str) -> str | None:
    """The arms of a total that the sentence tells with drop-out, where it does not tell them."""
    keys = ("n1_with_dropout", "n2_with_dropout")
    if not all(key in result.outputs for key in keys) or "n_total" not in result.outputs:
        return None
    listed = _listed(result.outputs, "with_dropout", language)
    return message(language, "computed_dropout_arms", listed=listed) if listed else None


def _listed(outputs: Mapping[str, Any], suffix: str, language: str) -> str | None:
    names = phrases(language, "sizes")
    for keys in _TOLD:
        values = [outputs.get(f"{key}_{suffix}") for key in keys]
        if None not in values:
            joint = "、" if language == "zh" else ", "
            pairs = zip(keys, values, strict=True)
            return joint.join(names[key].format(n=value) for key, value in pairs)
    return None
