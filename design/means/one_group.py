"""One mean against a value, and the mean difference of pairs: sample size and power."""

from __future__ import annotations

from dataclasses import replace

from design.errors import BadDesign
from design.means.asked import Asked, asked_of_means
from design.means.inputs import refuse_given
from design.means.phrases import dropout_phrase
from design.means.sizing import size_one_arm
from design.means.types import (
    Better,
    BothTails,
    Correlation,
    Difference,
    EquivalencePower,
    Margin,
    Mean,
    Size,
    Spread,
    ZOrT,
)
from design.quantities import Aim, Alpha, Dropout, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import power_or_size


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 3.1 (z); Julious SA. Stat Med 2004;23:1921-86 (noncentral t)",
    formula="z: n = (z_a + z_b)^2 sd^2 / effect^2; t: smallest n with P(T_(n-1) > t_a | effect "
    "sqrt(n) / sd) = power; effect as in two_means",
)
def one_mean(
    *,
    mean: Mean | None = None,
    mean0: Mean | None = None,
    difference: Difference | None = None,
    sd: Spread,
    test: ZOrT = "t",
    aim: Aim = "equality",
    margin: Margin | None = None,
    better: Better = "higher",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Size | None = None,
    both_tails: BothTails | None = None,
    equivalence_power: EquivalencePower | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to compare a mean with a value (``mean0``), or the power of a number.

    Give ``power`` for the number of patients, ``n`` for the power.
    """
    asked = asked_of_means(
        {"mean": mean, "mean0": mean0},
        difference,
        {"sd": sd},
        test=test,
        aim=aim,
        margin=margin,
        better=better,
        alpha=alpha,
        sides=sides,
        both_tails=both_tails,
        equivalence_power=equivalence_power,
    )
    return _one_sample(asked, sd, power, n, dropout, "n")


@calculator(
    reference="Julious SA. Sample sizes for clinical trials with normal data. Stat Med "
    "2004;23:1921-86; Chow SC, Shao J, Wang H. 2nd ed. 2008, section 3.1",
    formula="as one_mean on the differences; sd_difference^2 = sd1^2 + sd2^2 - 2 r sd1 sd2",
)
def paired_means(
    *,
    mean1: Mean | None = None,
    mean2: Mean | None = None,
    difference: Difference | None = None,
    sd_difference: Spread | None = None,
    sd: Spread | None = None,
    sd1: Spread | None = None,
    sd2: Spread | None = None,
    correlation: Correlation | None = None,
    test: ZOrT = "t",
    aim: Aim = "equality",
    margin: Margin | None = None,
    better: Better = "higher",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n_pairs: Size | None = None,
    both_tails: BothTails | None = None,
    equivalence_power: EquivalencePower | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of pairs to detect a mean difference within pairs, or the power of a number.

    The spread is ``sd_difference``, or ``sd`` (or ``sd1`` and ``sd2``) with the ``correlation`` of
    the two measurements. Give ``power`` for the number of pairs, ``n_pairs`` for the power.
    """
    spread = sd_of_differences(sd_difference, sd, sd1, sd2, correlation)
    asked = asked_of_means(
        {"mean1": mean1, "mean2": mean2},
        difference,
        {"sd": spread},
        test=test,
        aim=aim,
        margin=margin,
        better=better,
        alpha=alpha,
        sides=sides,
        both_tails=both_tails,
        equivalence_power=equivalence_power,
    )
    found = _one_sample(asked, spread, power, n_pairs, dropout, "n_pairs")
    return replace(found, outputs={**found.outputs, "sd_difference": spread})


def sd_of_differences(
    sd_difference: float | None,
    sd: float | None,
    sd1: float | None,
    sd2: float | None,
    correlation: float | None,
) -> float:
    """Standard deviation of the differences within pairs.

    Raises:
        BadDesign: It is neither given nor follows from what is.
    """
    if sd_difference is not None:
        refuse_given(
            "sd_difference already says the spread of the differences",
            {"sd": sd, "sd1": sd1, "sd2": sd2, "correlation": correlation},
        )
        return sd_difference
    if correlation is None:
        raise BadDesign(
            "give sd_difference, or sd (or sd1 and sd2) with the correlation of the pairs",
            "sd_difference",
        )
    first, second = (sd, sd) if sd is not None else (sd1, sd2)
    if first is None or second is None or (sd is not None and (sd1 or sd2) is not None):
        raise BadDesign("with a correlation, give either sd, or both sd1 and sd2", "sd")
    return float((first**2 + second**2 - 2 * correlation * first * second) ** 0.5)


def _one_sample(
    asked: Asked, sd: float, power: float | None, n: float | None, dropout: float, name: str
) -> Outcome:
    def power_of(size: float) -> float:
        return asked.power(sd / size**0.5, size - 1)

    power_or_size(power, **{name: n})
    least = 1.0 if asked.test == "z" else 2.0
    if power is None:
        assert n is not None
        if n < least:
            raise BadDesign(f"{name} must be at least {least:g}", name)
        found = power_of(n)
        return Outcome({"power": found}, "power", asked.keys, asked.warnings(found, n), asked.said)
    outputs = size_one_arm(power_of, power, dropout=dropout, least=least, name=name)
    keys = (*asked.keys, "round_up_one", *(("dropout",) if dropout else ()))
    said = {**asked.said, **dropout_phrase(outputs, dropout, name)}
    return Outcome(outputs, "size", keys, asked.warnings(power, outputs[name]), said)
