"""Log-rank test of two arms with accrual and follow-up: patients, events, time or power."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.survival import quantities as q
from design.survival.evidence import Effect, Variance
from design.survival.hazards import Hazard
from design.survival.plan import (
    Timing,
    accrual_pattern,
    control_hazard,
    duration_of,
    loss_hazard,
    pieces,
    strata,
    timing,
)
from design.survival.trial import SOLVERS, Trial, what_is_sought

Method = Annotated[
    Variance,
    Field(
        description="Variance: lachin_foulkes (H0 and H1), schoenfeld, freedman, "
        "bernstein_lagakos, or score (integrated log-rank score, for hazards that are not "
        "proportional). 方差算法"
    ),
]
Sought = Annotated[
    Literal["rate", "accrual", "followup", "power"],
    Field(description="What is sought; by default what is not given. 求解目标"),
]
Patients = Annotated[
    int, Field(ge=2, le=10_000_000, description="Patients in all, for the power. 总例数")
]


@calculator(
    reference="Lachin JM, Foulkes MA. Biometrics 1986;42:507-519; Schoenfeld DA. Biometrika "
    "1981;68:316-319; Freedman LS. Stat Med 1982;1:121-129; Bernstein D, Lagakos SW. J Stat "
    "Comput Simul 1978;8:65-73; Kim K, Tsiatis AA. Biometrics 1990;46:81-92 (accrual sought); "
    "Lakatos E. Biometrics 1988;44:229-241 (score)",
    formula="N such that (z_a sd0 + z_b sd1)^2 = log(HR/HR0)^2, sd^2 = 1/E(d1) + 1/E(d2) with the "
    "events expected under H0 (mean hazard) and under H1 (lachin_foulkes)",
)
def logrank(
    *,
    hr: q.HazardRatios,
    median_control: q.Median | None = None,
    hazard_control: q.Hazards | None = None,
    hazard_times: q.Times | None = None,
    survival_control: q.Survival | None = None,
    survival_time: q.Duration | None = None,
    hr_times: q.Times | None = None,
    null_hr: q.NullHazardRatio = 1.0,
    better: q.Better = "lower",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    ratio: Ratio = 1.0,
    accrual_duration: q.Duration | None = None,
    min_followup: q.Followup | None = None,
    study_duration: q.Duration | None = None,
    accrual_rate: q.Rates | None = None,
    accrual_periods: q.Periods | None = None,
    accrual_decay: q.Decay = 0.0,
    n_total: Patients | None = None,
    followup_limit: q.Duration | None = None,
    dropout_hazard: q.Loss | None = None,
    dropout_hazard_treatment: q.Loss | None = None,
    dropout: Dropout = 0.0,
    dropout_time: q.Duration = 12.0,
    stratum_shares: q.Shares | None = None,
    stratum_factors: q.Factors | None = None,
    variance: Method = "lachin_foulkes",
    interim: q.Interim | None = None,
    solve: Sought | None = None,
    time_unit: q.TimeUnit = "month",
) -> Outcome:
    """Patients for a power, or the accrual time, the follow-up, or the power of a trial.

    With ``power``, accrual and follow-up given, the accrual rates are scaled (``rate``). With
    rates and one of both times, the other time is found. Without ``power`` it is the power.
    """
    control = control_hazard(
        median_control, hazard_control, hazard_times, survival_control, survival_time
    )
    effect = Effect(pieces(hr, hr_times, "hr", "hr_times"), null_hr, ratio)
    _refuse_direction(effect, better)
    loss = loss_hazard(dropout_hazard, dropout, dropout_time)
    losses = (loss, loss)
    if dropout_hazard_treatment is not None:
        losses = (Hazard.constant(dropout_hazard_treatment), loss)
    accrual_duration = duration_of(n_total, accrual_rate, accrual_duration)
    when = timing(accrual_duration, min_followup, study_duration)
    sought = what_is_sought(solve, power, when, accrual_periods is not None)
    if when.accrual is None and accrual_periods is not None and sought != "accrual":
        when = Timing(sum(accrual_periods), when.followup)
    trial = Trial(
        pattern=accrual_pattern(accrual_rate, accrual_periods, when.accrual, accrual_decay),
        groups=strata(
            control,
            effect.ratio,
            ratio,
            losses,
            shares=stratum_shares,
            factors=stratum_factors,
            limit=followup_limit,
        ),
        effect=effect,
        variance=variance if effect.proportional else "score",
        alpha=alpha / sides,
        interim=interim,
    )
    if sought in ("accrual", "followup") and accrual_rate is None:
        raise BadDesign(f"to find the {sought} give accrual_rate, patients a unit of time")
    outputs = SOLVERS[sought](trial, when, power, n_total, accrual_rate is not None)
    said = [sides_key(sides), f"variance_{trial.variance}"]
    said += ["allocation"] if ratio != 1 else []
    said += ["loss_of_followup"] if any(h.rates[0] for h in losses) else []
    said += ["null_ratio"] if null_hr != 1 else []
    said += ["strata"] if stratum_shares else []
    said += ["one_interim"] if interim else []
    values = {
        "hr_said": _said(effect.ratio),
        "median_control": control.median(),
        "power_said": outputs.get("power", power),
        "loss_share": 1 - losses[1].survival(12.0),
    }
    return Outcome(outputs, sought, tuple(said), _warnings(trial, outputs, sides), values)


def _refuse_direction(effect: Effect, better: str) -> None:
    if all(rate == effect.null for rate in effect.ratio.rates):
        raise BadDesign(f"hr equals the null hazard ratio {effect.null:g}: no difference", "hr")
    if effect.null == 1:
        return
    outside = (
        max(effect.ratio.rates) >= effect.null
        if better == "lower"
        else min(effect.ratio.rates) <= effect.null
    )
    if outside:
        raise BadDesign(
            f"the assumed hazard ratio {_said(effect.ratio)} lies on the wrong side of the margin "
            f"{effect.null:g}, so H1 would be false; change hr, null_hr or better",
            "null_hr",
        )


def _said(ratio: Hazard) -> str:
    """``0.7``, or ``1 / 0.58`` for one that changes."""
    return " / ".join(f"{rate:g}" for rate in ratio.rates)


def _warnings(trial: Trial, outputs: dict[str, Any], sides: int) -> tuple[str, ...]:
    found = []
    if sides == 1 and trial.alpha > 0.025:
        found.append("wide_one_sided")
    if outputs["events"] < 20:
        found.append("few_events")
    if not trial.effect.proportional:
        found.append("not_proportional")
    if outputs.get("power", 1) < 0.8:
        found.append("low_power")
    return tuple(found)
