"""What holds of every calculator of the family, whatever its inputs."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, Result, calculate

rates = st.floats(min_value=0.001, max_value=0.999)
alphas = st.sampled_from([0.001, 0.025, 0.05, 0.1, 0.4])
powers = st.floats(min_value=0.05, max_value=0.999)
margins = st.one_of(st.none(), st.floats(min_value=-0.9, max_value=0.9))
sides = st.sampled_from([1, 2])
ratios = st.sampled_from([0.25, 0.5, 1.0, 1.5, 3.0])
aims = st.sampled_from(["equality", "noninferiority", "superiority", "equivalence"])
better = st.sampled_from(["higher", "lower"])
dropouts = st.sampled_from([0.0, 0.1, 0.5])
counts = st.integers(min_value=1, max_value=400)
some = settings(max_examples=60, deadline=None)


def sound(name: str, kind: str | None = None, **inputs: Any) -> Result | None:
    """The result, whose numbers must be numbers of patients, rates or limits; None if refused."""
    inputs["method"] = kind
    try:
        result = calculate(name, {k: v for k, v in inputs.items() if v is not None})
    except BadDesign as error:
        assert str(error)
        return None
    for key, value in result.outputs.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, (int, float)):
                assert math.isfinite(item), key
            if key.startswith(("n_", "n1", "n2")) or key == "n":
                assert item >= 0, key
    if "power" in result.outputs:
        assert 0 <= result.outputs["power"] <= 1
    assert result.sentence.zh and result.sentence.en
    return result


def solved_or_given(draw: st.DrawFn, name: str) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"power": draw(powers)}
    return {name: draw(counts)}


@some
@given(st.data())
def test_two_groups(data: st.DataObject) -> None:
    draw = data.draw
    method = draw(st.sampled_from(["two_proportions", "odds_ratio", "risk_ratio"]))
    two = method == "two_proportions"
    tests = ["unpooled", "pooled", "continuity", "arcsine", "score"] if two else ["log", "score"]
    ratio_margin = st.one_of(st.none(), st.floats(min_value=0.05, max_value=20))
    sound(
        method,
        p1=draw(rates), p2=draw(rates), alpha=draw(alphas), sides=draw(sides), ratio=draw(ratios),
        test=draw(st.sampled_from(tests)), aim=draw(aims), better=draw(better),
        margin=draw(margins if two else ratio_margin), dropout=draw(dropouts),
        beta_split=draw(st.sampled_from(["exact", "half", "whole"])),
        **solved_or_given(draw, "n1"),
    )  # fmt: skip


@some
@given(rates, rates, alphas, sides, ratios, st.integers(1, 80))
def test_fisher_power(p1: float, p2: float, alpha: float, side: int, ratio: float, n1: int) -> None:
    sound("two_proportions", p1=p1, p2=p2, alpha=alpha, sides=side, ratio=ratio, n1=n1,
          test="fisher")  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 0.45), st.floats(0.55, 0.95), sides, ratios, st.floats(0.5, 0.95))
def test_fisher_size_holds_its_power(
    p1: float, p2: float, side: int, ratio: float, power: float
) -> None:
    found = sound("two_proportions", p1=p1, p2=p2, sides=side, ratio=ratio, power=power,
                  test="fisher")  # fmt: skip
    assert found is None or found.outputs["power_achieved"] >= power


@some
@given(st.data())
def test_one_group(data: st.DataObject) -> None:
    draw = data.draw
    sound(
        "one_proportion",
        p=draw(rates), p0=draw(rates), alpha=draw(alphas), sides=draw(sides),
        test=draw(st.sampled_from(["score", "wald", "null", "continuity", "arcsine"])),
        aim=draw(st.sampled_from(["equality", "noninferiority", "superiority"])),
        margin=draw(margins), better=draw(better), dropout=draw(dropouts),
        rounding=draw(st.sampled_from(["up", "nearest"])), **solved_or_given(draw, "n"),
    )  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(rates, st.floats(0.05, 0.5), alphas, powers)
def test_exact_size_holds_its_power_and_alpha(
    p0: float, step: float, alpha: float, power: float
) -> None:
    p = p0 + step if p0 < 0.5 else p0 - step
    if not 0 < p < 1:
        return
    found = sound("one_proportion", p=p, p0=p0, alpha=alpha, sides=1, power=power, test="exact")
    if found is not None:
        assert found.outputs["power_achieved"] >= power
        assert found.outputs["alpha_achieved"] <= alpha
        assert found.outputs["n_stable"] >= found.outputs["n"]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_equivalence_pairs_and_the_rest(data: st.DataObject) -> None:
    draw = data.draw
    low, p, high = sorted([draw(rates), draw(rates), draw(rates)])
    if high - low > 0.05:
        sound("one_proportion_equivalence", p=p, lower=low, upper=high, alpha=draw(alphas),
              n=draw(counts), test=draw(st.sampled_from(["wald", "exact"])))  # fmt: skip
    sound("mcnemar", p01=draw(rates) / 2, p10=draw(rates) / 2, alpha=draw(alphas),
          sides=draw(sides), test=draw(st.sampled_from(["connor", "exact"])),
          n_pairs=draw(counts))  # fmt: skip
    sound("mcnemar", p01=draw(st.floats(0, 1)), p10=draw(st.floats(0, 1)), power=draw(powers))
    several = draw(st.lists(rates, min_size=2, max_size=6))
    for method in ("chi_square_proportions", "trend_proportions"):
        sound(method, proportions=several, alpha=draw(alphas), **solved_or_given(draw, "n"))
    sound("pairwise_proportions", p1=draw(rates), p2=draw(rates),
          comparisons=draw(st.integers(1, 20)), **solved_or_given(draw, "n1"))  # fmt: skip
    ratio = draw(st.floats(0.01, 50))
    sound("cmh", p2=several, odds_ratio=ratio, continuity=draw(st.booleans()),
          **solved_or_given(draw, "n"))  # fmt: skip
    sound("case_control", p0=p, odds_ratio=ratio, controls=draw(st.floats(0.2, 5)),
          continuity=draw(st.booleans()), **solved_or_given(draw, "n_cases"))  # fmt: skip
    sound("matched_case_control", p0=p, odds_ratio=ratio, phi=draw(st.floats(-0.9, 0.9)),
          controls=draw(st.integers(1, 10)), **solved_or_given(draw, "n_cases"))  # fmt: skip
    sound("cohort_risk_ratio", p0=p, risk_ratio=ratio, **solved_or_given(draw, "n1"))
    sound("self_controlled_case_series", relative_incidence=ratio, risk_share=p,
          test=draw(st.sampled_from(["log", "rate", "arcsine", "signed_root"])),
          **solved_or_given(draw, "n"))  # fmt: skip
    sound("ivd_agreement", ppa_target=low, ppa=p, npa_target=p, npa=high)


@some
@given(st.data())
def test_intervals_hold_the_estimate(data: st.DataObject) -> None:
    draw = data.draw
    n1, n2 = draw(st.integers(1, 120)), draw(st.integers(1, 120))
    x1, x2 = draw(st.integers(0, n1)), draw(st.integers(0, n2))
    level = draw(st.sampled_from([0.8, 0.95, 0.999]))
    one = ["wilson", "wilson_continuity", "clopper_pearson", "agresti_coull", "jeffreys", "wald"]
    two = {
        "risk_difference_ci": ["newcombe", "newcombe_continuity", "miettinen_nurminen",
                               "farrington_manning", "wald"],
        "risk_ratio_ci": ["koopman", "miettinen_nurminen", "katz"],
        "odds_ratio_ci": ["woolf", "gart", "score", "miettinen_nurminen", "exact"],
    }  # fmt: skip
    found = [sound("proportion_ci", x=x1, n=n1, level=level, kind=draw(st.sampled_from(one)))]
    for method, kinds in two.items():
        kind = draw(st.sampled_from(kinds))
        given_counts = {"x1": x1, "n1": n1, "x2": x2, "n2": n2}
        found.append(sound(method, **given_counts, level=level, kind=kind))
    found.append(sound("paired_difference_ci", a=x1, b=n1 - x1, c=x2, d=n2 - x2, level=level))
    for result in found:
        if result is not None:
            lower, upper = result.outputs["lower"], result.outputs["upper"]
            assert lower - 1e-9 <= result.outputs["estimate"] <= upper + 1e-9
    sound("two_proportions_test", x1=x1, n1=n1, x2=x2, n2=n2,
          test=draw(st.sampled_from(["score", "unpooled", "continuity", "fisher"])))  # fmt: skip
    sound("two_proportions_test", x1=x1, n1=n1, x2=x2, n2=n2, null=draw(st.floats(-0.99, 0.99)))
    sound("mcnemar_test", b=x1, c=x2,
          test=draw(st.sampled_from(["asymptotic", "continuity", "exact", "mid_p"])))  # fmt: skip


@pytest.mark.parametrize("test", ["unpooled", "pooled", "continuity", "arcsine"])
@given(st.floats(0.1, 0.6), st.floats(0.05, 0.15), st.floats(0.5, 0.9))
@settings(max_examples=20, deadline=None)
def test_n_falls_with_the_effect_and_rises_with_power(
    test: str, p2: float, step: float, power: float
) -> None:
    def n(gap: float, at: float) -> float:
        given = {"p1": p2 + gap, "p2": p2, "power": at, "test": test}
        return float(calculate("two_proportions", given).outputs["n_per_arm_raw"])

    assert n(step, power) > n(step * 1.5, power)
    assert n(step, power) < n(step, power + 0.05)


@given(st.floats(0.5, 0.9), st.floats(0.02, 0.15), st.floats(0.6, 0.9))
@settings(max_examples=20, deadline=None)
def test_a_wider_margin_needs_fewer_patients(p: float, margin: float, power: float) -> None:
    for test in ("unpooled", "score"):
        for aim in ("noninferiority", "equivalence"):
            given = {"p1": p, "p2": p, "power": power, "aim": aim, "test": test}
            small, large = (
                calculate("two_proportions", given | {"margin": size}).outputs["n1_raw"]
                for size in (margin, margin * 1.4)
            )
            assert large < small


@given(st.floats(0.55, 0.95), st.floats(0.05, 0.3), st.floats(0.5, 0.95))
@settings(max_examples=25, deadline=None)
def test_power_and_size_are_inverse(p1: float, step: float, power: float) -> None:
    for test in ("unpooled", "pooled", "continuity"):
        given = {"p1": p1, "p2": p1 - step, "test": test}
        size = calculate("two_proportions", given | {"power": power}).outputs
        again = calculate("two_proportions", given | {"n1": size["n1"]}).outputs["power"]
        assert again == pytest.approx(size["power_achieved"])
        assert again >= power - 1e-9
