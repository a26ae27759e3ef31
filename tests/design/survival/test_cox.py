"""Cox regression against the books, powerSurvEpi and the HyLown calculators."""

from __future__ import annotations

from typing import Any

import pytest

from design import BadDesign, calculate


def outputs(name: str, **given: Any) -> dict[str, Any]:
    return dict(calculate(name, given).outputs)


def test_chow_section_7_3() -> None:
    """powerandsamplesize.com after Chow 2008 p. 177: 82 (equality), 172 (equivalence)."""
    assert outputs("cox_groups", hr=2, event_share=0.8, power=0.8)["n_total"] == 82
    found = outputs(
        "cox_groups",
        hr=1,
        event_share=0.8,
        aim="equivalence",
        margin_log=0.5,
        sides=1,
        power=0.8,
    )
    assert found["n_total_rounded_once"] == 172


def test_latouche() -> None:
    """Latouche 2004 section 5.2: 139 patients; powerSurvEpi powerEpi gives 0.8017 with them."""
    given = {"hr": 2, "event_share": 0.505, "prevalence": 0.39, "r_squared": 0.132**2}
    assert outputs("cox_covariate", **given, power=0.8)["n"] == 139
    assert outputs("cox_covariate", **given, n=139)["power"] == pytest.approx(0.802, abs=5e-4)


def test_hsieh_and_lavori() -> None:
    """Hsieh & Lavori 2000 p. 557: 107 patients, one-sided, power 0.806."""
    found = outputs(
        "cox_covariate",
        hr=2.718281828459045,
        event_share=0.738,
        variance=0.3126**2,
        r_squared=0.1837,
        sides=1,
        power=0.806,
    )
    assert found["n"] == 107


def test_schmoor_interaction() -> None:
    """Schmoor 2000 section 4: power 0.8227 with 184 patients."""
    cells = {"p00": 50 / 184, "p01": 21 / 184, "p10": 78 / 184, "p11": 35 / 184}
    given = {"hr_ratio": 3, "event_share": 139 / 184, **cells}
    assert outputs("cox_interaction", **given, power=0.8227)["n"] == 184
    with pytest.raises(BadDesign, match="add up to"):
        outputs("cox_interaction", **given | {"p00": 0.5}, power=0.8)


def test_a_hazard_ratio_beyond_the_margin_is_refused() -> None:
    with pytest.raises(BadDesign, match="outside the margin"):
        outputs("cox_groups", hr=2, event_share=0.8, aim="equivalence", margin_log=0.5, power=0.8)
