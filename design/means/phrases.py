"""Parts of the sentences, conventions and warnings that the calculators for means share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from design.conventions import sides_key
from design.wording import Wording

_WORDING = Wording(Path(__file__).with_name("means.toml"))
_WIDEST = 0.025  # one-sided, of a confirmatory trial (ICH E9)
_USUAL_POWER = 0.8
_SMALL = 30  # patients per group below which z and t differ noticeably


def phrase(name: str, key: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The phrase ``[phrases.KEY]`` as template values ``NAME_zh`` and ``NAME_en``."""
    return _WORDING.named(name, "phrases", key, values=values)


def common_phrases(values: Mapping[str, Any]) -> dict[str, str]:
    """Phrases for aim, sides, difference, spread and drop-out, of the inputs that are given."""
    means = values.get("mean1") is not None
    single = values.get("mean") is not None
    difference = "means" if means else "mean" if single else "difference"
    spread = "sd" if values.get("sd") is not None else "sd1_sd2"
    said = phrase("aim", f"aim_{values.get('aim', 'equality')}", values)
    said |= phrase("alpha", "two_sided" if values["sides"] == 2 else "one_sided", values)
    if means or single or values.get("difference") is not None:
        said |= phrase("difference", difference, values)
    if values.get(spread) is not None or values.get("sd1") is not None:
        said |= phrase("sd", spread, values)
    return said


def dropout_phrase(outputs: Mapping[str, Any], dropout: float, name: str) -> dict[str, str]:
    """What the drop-out adds to a sentence; empty without drop-out."""
    if not dropout or f"{name}_with_dropout" not in outputs:
        return {"dropout_zh": "", "dropout_en": ""}
    enrolled = outputs[f"{name}_with_dropout"]
    return phrase("dropout", "enrolled", {"dropout": dropout, "enrolled": enrolled})


def test_conventions(
    *, test: str, aim: str, sides: int, both_tails: bool, exact: bool
) -> tuple[str, ...]:
    """Keys of the conventions of a test of means."""
    keys = [sides_key(sides), f"{test}_test"]
    if aim == "equality" and sides == 2:
        keys.append("wrong_tail_counted" if both_tails else "wrong_tail_left_out")
    if aim in {"noninferiority", "superiority"}:
        keys.append("one_sided_level")
    if aim == "equivalence":
        keys.append("tost_exact" if exact else "tost_split")
    return tuple(keys)


def warnings_for(
    *, level: float, power: float, smallest: float | None = None, test: str = "t"
) -> tuple[str, ...]:
    """Keys of the warnings: a wide level, a low power, a z test of few patients."""
    found = []
    if level > _WIDEST + 1e-12:
        found.append("wide_level")
    if power < _USUAL_POWER - 1e-12:
        found.append("low_power")
    if test == "z" and smallest is not None and smallest < _SMALL:
        found.append("few_for_z")
    return tuple(found)
