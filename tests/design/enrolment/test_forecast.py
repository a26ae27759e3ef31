"""The forecast of enrolment, and the questions of enrolment asked together."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from design import BadDesign, calculate
from design.enrolment.forecast import forecast, months_until
from design.enrolment.model import SiteGroup
from design.enrolment.plan import EnrolmentQuestion, answer, read_observed

GROUP = SiteGroup(10, 1.0, 0.49)


def test_a_forecast_agrees_with_the_calculators() -> None:
    found = forecast([GROUP], target=100, planned=12, level=0.95, assurance=0.8)
    by_time = calculate(
        "enrolment_by_time", {"time": 12, "sites": 10, "rate": 1, "target": 100}
    ).outputs
    by_target = calculate("enrolment_time", {"sites": 10, "rate": 1, "target": 100}).outputs
    assert found.probability == pytest.approx(by_time["probability"])
    assert found.at_plan == pytest.approx((by_time["mean"], *by_time["interval"]))
    assert found.median == pytest.approx(by_target["months"], abs=0.01)
    assert found.assured == pytest.approx(by_target["months_80"], abs=0.01)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 30), st.floats(0.1, 5), st.floats(0, 2), st.integers(1, 300))
def test_the_band_holds_the_mean_and_never_falls(
    sites: int, rate: float, cv: float, target: int
) -> None:
    found = forecast([SiteGroup(sites, rate, (rate * cv) ** 2)], target=target, planned=6)
    for low, mean, high in zip(found.low, found.mean, found.high, strict=True):
        assert 0 <= low <= high and mean >= 0
    for values in (found.low, found.mean, found.high):
        assert list(values) == sorted(values)
    assert 0 <= (found.probability or 0) <= 1
    if found.median is not None and found.assured is not None:
        assert found.median <= found.assured


def test_patients_enrolled_before_count() -> None:
    found = forecast([GROUP], target=100, planned=4, enrolled_now=60)
    assert found.mean[0] == 60 and found.low[0] == 60
    assert forecast([GROUP], target=50, planned=1, enrolled_now=60).probability == 1.0


def test_what_is_never_reached_has_no_date() -> None:
    assert months_until([SiteGroup(1, 0.001)], 1000, 0.5) is None


def test_too_little_or_too_much_is_refused() -> None:
    with pytest.raises(BadDesign, match="target"):
        forecast([GROUP])
    with pytest.raises(BadDesign, match="million"):
        forecast([SiteGroup(5000, 1000.0)], planned=600)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chart_is_plain_svg_with_words_for_those_who_hear_it(language: str) -> None:
    svg = forecast([GROUP], target=100, planned=12).svg(language)
    root = etree.fromstring(svg.encode())
    names = {etree.QName(each).localname for each in root}
    assert names == {"title", "desc", "rect", "text", "line", "polygon", "polyline"}
    assert "100" in root.findtext("{http://www.w3.org/2000/svg}desc")
    numbers = [float(n) for each in root.iter() for pair in each.get("points", "").split()
               for n in pair.split(",")]  # fmt: skip
    assert all(0 <= number <= 1000 for number in numbers)


def test_the_questions_that_apply_are_asked() -> None:
    whole = answer(EnrolmentQuestion.checked(target=100, months=12, sites=10, rate=1))
    assert [r.method for r in whole.results] == [
        "enrolment_by_time", "enrolment_time", "enrolment_sites",
    ]  # fmt: skip
    by_months = answer(EnrolmentQuestion.checked(target=100, months=12, rate=1))
    assert [r.method for r in by_months.results] == ["enrolment_sites"]
    assert by_months.forecast.probability == pytest.approx(
        by_months.results[0].outputs["probability"]
    )


def test_data_so_far_update_the_forecast() -> None:
    rows = [{"site": "A", "enrolled": 5, "months": 6}, {"site": "B", "enrolled": 0, "months": 3}]
    found = answer(EnrolmentQuestion.checked(target=40, months=12, sites=2, observed=rows))
    result = found.results[0]
    assert result.outputs["enrolled"] == 5 and found.forecast.mean[0] == 5
    assert found.forecast.median == pytest.approx(result.outputs["months"], abs=0.01)


def test_what_does_not_fit_is_told() -> None:
    for given_, told in (
        ({"target": 0, "rate": 1}, "target"),
        ({"target": 10}, "rate"),
        ({"target": 10, "rate": 1}, "sites"),
        ({"target": 10, "rate": 1, "sites": 2, "start_from": 3, "start_to": 1}, "start_to"),
    ):
        with pytest.raises(BadDesign, match=told):
            answer(EnrolmentQuestion.checked(**given_))


def test_observed_data_are_read_from_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text("中心,入组,月数\nA,5,6\nB,0,2.5\n", encoding="utf-8-sig")
    assert [(row.site, row.enrolled, row.months) for row in read_observed(path)] == [
        ("A", 5, 6.0), ("B", 0, 2.5),
    ]  # fmt: skip
    for text, told in (
        ("site,enrolled\nA,5\n", "no column months"),
        ("site,enrolled,months\nA,x,1\n", "line 2: enrolled = 'x'"),
        ("site,enrolled,months\nA,1,1\nB,1,-1\n", "line 3: months"),
        ("site,enrolled,months\n", "no site"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadDesign, match=told):
            read_observed(path)
    with pytest.raises(BadDesign, match="cannot be read"):
        read_observed(tmp_path / "none.csv")
