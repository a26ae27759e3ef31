"""Comparison of two means in a 2x2 cross-over: sample size and power."""

from __future__ import annotations

from typing import Any

from design.errors import BadDesign
from design.means.asked import asked_of_means
from design.means.inputs import refuse_given
from design.means.phrases import dropout_phrase
from design.means.types import (
    Better,
    BothTails,
    Correlation,
    Difference,
    EquivalencePower,
    Margin,
    Mean,
    Spread,
    TotalSize,
    ZOrT,
)
from design.quantities import Aim, Alpha, Dropout, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import power_or_size, round_up, with_dropout
from design.solving import smallest_size


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 3.3; Julious SA. Stat Med 2004;23:1921-86; Senn S. Cross-over Trials in "
    "Clinical Research. 2nd ed. 2002",
    formula="SE = sd_within sqrt(2/N) = sd_difference / sqrt(N), N patients in two sequences of "
    "equal size, df = N - 2; effect as in two_means",
)
def crossover_means(
    *,
    mean1: Mean | None = None,
    mean2: Mean | None = None,
    difference: Difference | None = None,
    sd_within: Spread | None = None,
    sd_difference: Spread | None = None,
    sd: Spread | None = None,
    correlation: Correlation | None = None,
    test: ZOrT = "t",
    aim: Aim = "equality",
    margin: Margin | None = None,
    better: Better = "higher",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n_total: TotalSize | None = None,
    both_tails: BothTails | None = None,
    equivalence_power: EquivalencePower | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients of a 2x2 cross-over to compare two means, or the power of a number.

    The spread is ``sd_within`` (root of the within-patient variance), ``sd_difference`` (of the
    difference between the periods of a patient, sqrt(2) times as large), or ``sd`` of one
    measurement with the ``correlation`` of two of a patient. No carry-over is assumed.
    """
    within = _within(sd_within, sd_difference, sd, correlation)
    asked = asked_of_means(
        {"mean1": mean1, "mean2": mean2},
        difference,
        {},
        test=test,
        aim=aim,
        margin=margin,
        better=better,
        alpha=alpha,
        sides=sides,
        both_tails=both_tails,
        equivalence_power=equivalence_power,
    ).with_more("no_carry_over")

    def power_of(size: float) -> float:
        return asked.power(within * (2 / size) ** 0.5, size - 2)

    power_or_size(power, n_total=n_total)
    least = 4.0 if test == "t" else 2.0
    if power is None:
        assert n_total is not None
        if n_total < least:
            raise BadDesign(f"n_total must be at least {least:g}", "n_total")
        outputs: dict[str, Any] = {"power": power_of(n_total), "sd_within": within}
        return Outcome(outputs, "power", asked.keys, asked.warnings(outputs["power"]), asked.said)
    raw = smallest_size(power_of, power, low=least, field="difference")
    outputs = sequence_sizes(raw, dropout)
    outputs |= {"power_achieved": power_of(outputs["n_total"]), "sd_within": within}
    keys = (*asked.keys, "even_sequences", *(("dropout",) if dropout else ()))
    said = {**asked.said, **dropout_phrase(outputs, dropout, "n_total")}
    return Outcome(outputs, "size", keys, asked.warnings(power), said)


def sequence_sizes(raw: float, dropout: float) -> dict[str, Any]:
    """Patients per sequence and in all of two sequences of equal size."""
    each = round_up(raw / 2)
    outputs: dict[str, Any] = {
        "n_per_sequence": each,
        "n_per_sequence_raw": raw / 2,
        "n_total": 2 * each,
        "n_total_raw": raw,
    }
    if dropout:
        outputs |= with_dropout("n_per_sequence", each, dropout)
        for suffix in ("with_dropout", "dropout_added"):
            outputs[f"n_total_{suffix}"] = 2 * outputs[f"n_per_sequence_{suffix}"]
    return outputs


def _within(
    sd_within: float | None,
    sd_difference: float | None,
    sd: float | None,
    correlation: float | None,
) -> float:
    if sd_within is not None:
        refuse_given(
            "sd_within already says the spread",
            {"sd_difference": sd_difference, "sd": sd, "correlation": correlation},
        )
        return sd_within
    if sd_difference is not None:
        refuse_given(
            "sd_difference already says the spread", {"sd": sd, "correlation": correlation}
        )
        return float(sd_difference / 2**0.5)
    if sd is None or correlation is None:
        raise BadDesign(
            "give sd_within, or sd_difference, or sd with the correlation of two measurements of "
            "a patient",
            "sd_within",
        )
    return float(sd * (1 - correlation) ** 0.5)
