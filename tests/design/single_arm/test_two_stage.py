"""Simon's designs against Simon's tables, clinfun and lrstat."""

from __future__ import annotations

import time
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, Result, calculate
from design.single_arm.search import Goal, frontier
from design.single_arm.two_stage_rule import Rule

# Simon R. Control Clin Trials 1989;10:1-10, tables 1 and 2: p0, p1, alpha, beta, then the optimal
# and the minimax design with the expected number under p0.
SIMON = """
.05 .25 .10 .10  0/9 2/24 14.5  0/13 2/20 16.4
.05 .25 .05 .20  0/9 2/17 12.0  0/12 2/16 13.8
.05 .25 .05 .10  0/9 3/30 16.8  0/15 3/25 20.4
.10 .30 .10 .10  1/12 5/35 19.8  1/16 4/25 20.4
.10 .30 .05 .20  1/10 5/29 15.0  1/15 5/25 19.5
.10 .30 .05 .10  2/18 6/35 22.5  2/22 6/33 26.2
.20 .40 .10 .10  3/17 10/37 26.0  3/19 10/36 28.3
.20 .40 .05 .20  3/13 12/43 20.6  4/18 10/33 22.3
.20 .40 .05 .10  4/19 15/54 30.4  5/24 13/45 31.2
.30 .50 .10 .10  7/22 17/46 29.9  7/28 15/39 35.0
.30 .50 .05 .20  5/15 18/46 23.6  6/19 16/39 25.7
.30 .50 .05 .10  8/24 24/63 34.7  7/24 21/53 36.6
.40 .60 .10 .10  7/18 22/46 30.2  11/28 20/41 33.8
.40 .60 .05 .20  7/16 23/46 24.5  17/34 20/39 34.4
.40 .60 .05 .10  11/25 32/66 36.0  12/29 27/54 38.1
.50 .70 .10 .10  11/21 26/45 29.0  11/23 23/39 31.0
.50 .70 .05 .20  8/15 26/43 23.5  12/23 23/37 27.7
.50 .70 .05 .10  13/24 36/61 34.0  14/27 32/53 36.1
.60 .80 .10 .10  6/11 26/38 25.4  18/27 24/35 28.5
.60 .80 .05 .20  7/11 30/43 20.5  8/13 25/35 20.8
.60 .80 .05 .10  12/19 37/53 29.5  15/26 32/45 35.9
.70 .90 .10 .10  6/9 22/28 17.8  11/16 20/25 20.1
.70 .90 .05 .20  4/6 22/27 14.8  19/23 21/26 23.2
.70 .90 .05 .10  11/15 29/36 21.2  13/18 26/32 22.7
.05 .20 .10 .10  0/12 3/37 23.5  0/18 3/32 26.4
.05 .20 .05 .20  0/10 3/29 17.6  0/13 3/27 19.8
.05 .20 .05 .10  1/21 4/41 26.7  1/29 4/38 32.9
.10 .25 .10 .10  2/21 7/50 31.2  2/27 6/40 33.7
.10 .25 .05 .20  2/18 7/43 24.7  2/22 7/40 28.8
.10 .25 .05 .10  2/21 10/66 36.8  3/31 9/55 40.0
.20 .35 .10 .10  5/27 16/63 43.6  6/33 15/58 45.5
.20 .35 .05 .20  5/22 19/72 35.4  6/31 15/53 40.4
.20 .35 .05 .10  8/37 22/83 51.4  8/42 21/77 58.4
.30 .45 .10 .10  9/30 29/82 51.4  16/50 25/69 56.0
.30 .45 .05 .20  9/27 30/81 41.7  16/46 25/65 49.6
.30 .45 .05 .10  13/40 40/110 60.8  27/77 33/88 78.5
.40 .55 .10 .10  16/38 40/88 54.5  18/45 34/73 57.2
.40 .55 .05 .20  11/26 40/84 44.9  28/59 34/70 60.1
.40 .55 .05 .10  19/45 49/104 64.0  24/62 45/94 78.9
.50 .65 .10 .10  18/35 47/84 53.0  19/40 41/72 58.0
.50 .65 .05 .20  15/28 48/83 43.7  39/66 40/68 66.1
.50 .65 .05 .10  22/42 60/105 62.3  28/57 54/93 75.0
.60 .75 .10 .10  21/34 47/71 47.1  25/43 43/64 54.4
.60 .75 .05 .20  17/27 46/67 39.4  18/30 43/62 43.8
.60 .75 .05 .10  21/34 64/95 55.6  48/72 57/84 73.2
.70 .85 .10 .10  14/20 45/59 36.2  15/22 40/52 36.8
.70 .85 .05 .20  14/19 46/59 30.3  16/23 39/49 34.4
.70 .85 .05 .10  18/25 61/79 43.4  33/44 53/68 48.5
.80 .95 .10 .10  5/7 27/31 20.8  5/7 27/31 20.8
.80 .95 .05 .20  7/9 26/29 17.7  7/9 26/29 17.7
.80 .95 .05 .10  16/19 37/42 24.4  31/35 35/40 35.3
"""


def simon(p0: float, p1: float, alpha: float, beta: float, **more: object) -> Result:
    given = {"p0": p0, "p1": p1, "alpha": alpha, "power": 1 - beta}
    return calculate("simon_two_stage", given | more)


def exactly(rule: Rule, p: Fraction) -> Fraction:
    """Chance of declaring the treatment promising, in fractions, by brute force."""

    def mass(x: int, n: int) -> Fraction:
        return comb(n, x) * p**x * (1 - p) ** (n - x)

    n2 = rule.n - rule.n1
    found = Fraction(0)
    for x1 in range(rule.r1 + 1, rule.n1 + 1):
        if rule.e1 is not None and x1 >= rule.e1:
            found += mass(x1, rule.n1)
            continue
        enough = (mass(x2, n2) for x2 in range(n2 + 1) if x1 + x2 > rule.r)
        found += mass(x1, rule.n1) * sum(enough, Fraction(0))
    return found


@pytest.mark.parametrize("line", SIMON.strip().splitlines())
def test_the_tables_of_simon(line: str) -> None:
    cells = line.split()
    p0, p1, alpha, beta = (float(cell) for cell in cells[:4])
    rules = frontier(Goal(p0, p1, alpha, beta))
    assert rules[-1].label == " ".join(cells[4:6])
    assert rules[0].label == " ".join(cells[7:9])
    assert rules[-1].expected_n(p0) == pytest.approx(float(cells[6]), abs=0.051)
    assert rules[0].expected_n(p0) == pytest.approx(float(cells[9]), abs=0.051)


def test_clinfun_vignette() -> None:
    """clinfun 1.1, vignette "clinical trial functions": r1/n1 r/n, EN and PET under p0."""
    for rates, criterion, design, expected, stop in [
        ((0.05, 0.2, 0.1, 0.1), "minimax", "0/18 3/32", 26.44, 0.3972),
        ((0.05, 0.2, 0.1, 0.1), "optimal", "0/12 3/37", 23.49, 0.5404),
        ((0.25, 0.45, 0.05, 0.1), "minimax", "6/26 17/49", 37.15, 0.5154),
        ((0.25, 0.45, 0.05, 0.1), "optimal", "6/22 19/57", 32.52, 0.6994),
    ]:
        found = simon(*rates, criterion=criterion).outputs
        assert found["design"] == design
        assert found["en0"] == pytest.approx(expected, abs=0.005)
        assert found["pet0"] == pytest.approx(stop, abs=5e-5)


def test_admissible_designs_of_lrstat() -> None:
    """lrstat 0.2, its own tests of simon2stage(0.05, 0.2, 0.1, 0.3)."""
    found = simon(0.1, 0.3, 0.05, 0.2, criterion="admissible").outputs
    assert found["admissible"] == ["1/15 5/25", "1/12 5/26", "1/11 5/27", "1/10 5/29"]
    en = [19.5095699875886, 16.7739662128507, 15.8422872114525, 15.0141220000001]
    assert found["admissible_en0"] == pytest.approx(en, abs=1e-5)
    level = [0.0328086686626304, 0.0359671543394388, 0.0395005247254554, 0.0470863078239432]
    assert found["admissible_alpha"] == pytest.approx(level, abs=1e-7)
    reached = [0.801700606072, 0.804780384089326, 0.806195368230603, 0.805062925728]
    assert found["admissible_power"] == pytest.approx(reached, abs=1e-6)
    assert found["design"] == "1/12 5/26"


def test_weights_lead_from_optimal_to_minimax() -> None:
    designs = [
        simon(0.1, 0.3, 0.05, 0.2, criterion="admissible", weight=w).outputs["design"]
        for w in (0, 0.2, 0.4, 0.7, 0.9, 1)
    ]
    assert designs[0] == "1/10 5/29" and designs[-1] == "1/15 5/25"
    assert designs[2] == "1/11 5/27" and designs[3] == "1/12 5/26"
    with pytest.raises(BadDesign, match="admissible only"):
        simon(0.1, 0.3, 0.05, 0.2, weight=0.5)


def test_the_best_design_within_a_budget() -> None:
    """lrstat lists 1/12 5/26 and 1/11 5/27 between minimax (25) and optimal (29)."""
    for most, design in ((25, "1/15 5/25"), (26, "1/12 5/26"), (28, "1/11 5/27")):
        assert simon(0.1, 0.3, 0.05, 0.2, max_n=most).outputs["design"] == design
    with pytest.raises(BadDesign, match="of 24 patients or fewer"):
        simon(0.1, 0.3, 0.05, 0.2, max_n=24)


def test_the_search_loses_nothing() -> None:
    """Against brute force over every r1, n1, r, n up to 14 patients, in fractions."""
    p0, p1, alpha, beta = Fraction(3, 10), Fraction(7, 10), Fraction(1, 10), Fraction(3, 20)
    best: dict[int, float] = {}
    for n in range(2, 15):
        for n1 in range(1, n):
            for r1 in range(n1):
                for r in range(r1 + 1, n):
                    rule = Rule(r1, n1, r, n)
                    if exactly(rule, p1) >= 1 - beta and exactly(rule, p0) <= alpha:
                        en = rule.expected_n(float(p0))
                        best[n] = min(best.get(n, 99.0), en)
    rules = frontier(Goal(0.3, 0.7, 0.1, 0.15))
    assert rules[0].n == min(best)
    assert rules[0].expected_n(0.3) == pytest.approx(best[min(best)])
    assert rules[-1].expected_n(0.3) == pytest.approx(min(best.values()))


def test_error_rates_equal_those_in_fractions() -> None:
    for rule in (Rule(1, 10, 5, 29), Rule(18, 25, 61, 79), Rule(0, 13, 2, 20, 3)):
        for p in (Fraction(1, 10), Fraction(7, 10)):
            assert rule.declare(float(p)) == pytest.approx(float(exactly(rule, p)), rel=1e-11)


def test_characteristics_of_a_given_design() -> None:
    """lrstat's own tests: attained alpha and power of 1/10 5/29."""
    given = {"r1": 1, "n1": 10, "r": 5, "n": 29, "p0": 0.1, "p1": 0.3}
    found = calculate("two_stage_characteristics", given).outputs
    assert found["alpha_achieved"] == pytest.approx(0.0470863078, abs=1e-7)
    assert found["power_achieved"] == pytest.approx(0.8050629257, abs=1e-7)
    both = calculate("two_stage_characteristics", given | {"e1": 5}).outputs
    assert both["en0"] < found["en0"] and both["alpha_achieved"] > found["alpha_achieved"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"n1": 29}, "n1"),
        ({"r1": 10}, "r1"),
        ({"r": 29}, "r"),
        ({"e1": 2}, "e1"),
        ({"p1": 0}, "p1"),
    ],
)
def test_a_rule_that_is_none_is_refused(change: dict[str, int], field: str) -> None:
    given = {"r1": 1, "n1": 10, "r": 5, "n": 29, "p0": 0.1, "p1": 0.3}
    with pytest.raises(BadDesign) as told:
        calculate("two_stage_characteristics", given | change)
    assert told.value.field == field


def test_a_target_below_the_null_is_refused() -> None:
    with pytest.raises(BadDesign, match="must be above p0"):
        simon(0.3, 0.1, 0.05, 0.2)


def test_large_designs_are_fast_and_hopeless_ones_are_refused() -> None:
    started = time.perf_counter()
    assert simon(0.7, 0.85, 0.05, 0.1).outputs["design"] == "18/25 61/79"
    assert simon(0.3, 0.4, 0.05, 0.1).outputs["n"] > 200
    with pytest.raises(BadDesign, match="600 patients"):
        simon(0.5, 0.51, 0.05, 0.1)
    with pytest.raises(BadDesign, match="with max_n = 600"):
        simon(0.5, 0.56, 0.05, 0.1)
    assert simon(0.5, 0.56, 0.05, 0.1, max_n=600).outputs["n"] <= 600
    with pytest.raises(BadDesign, match="must be above alpha"):
        simon(0.1, 0.3, 0.1, 0.95)
    assert time.perf_counter() - started < 6  # under 0.5 s where nothing else runs


def test_fewer_patients_for_a_larger_difference_more_for_more_power() -> None:
    sizes = [simon(0.1, p1, 0.05, 0.2).outputs["en0"] for p1 in (0.25, 0.3, 0.35, 0.4, 0.5)]
    assert sizes == sorted(sizes, reverse=True)
    sizes = [simon(0.1, 0.3, 0.05, beta).outputs["en0"] for beta in (0.3, 0.2, 0.15, 0.1, 0.05)]
    assert sizes == sorted(sizes)


@settings(max_examples=25, deadline=None)
@given(
    p0=st.floats(0.01, 0.9),
    gap=st.floats(0.1, 0.6),
    alpha=st.floats(0.01, 0.3),
    power=st.floats(0.3, 0.95),
)
def test_every_design_keeps_what_it_promises(
    p0: float, gap: float, alpha: float, power: float
) -> None:
    given = {"p0": p0, "p1": min(p0 + gap, 0.99), "alpha": alpha, "power": power}
    try:
        found = calculate("simon_two_stage", given).outputs
    except BadDesign:
        return
    assert found["alpha_achieved"] <= alpha + 1e-9
    assert found["power_achieved"] >= power - 1e-9
    assert 1 <= found["n1"] < found["n"] and 0 <= found["r1"] < found["r"]
    assert found["en0"] == min(found["admissible_en0"])
    more = calculate("simon_two_stage", given | {"criterion": "minimax"}).outputs
    assert more["n"] <= found["n"] and more["en0"] >= found["en0"] - 1e-9
