"""From what a user gives (medians, shares, rates) to hazards, accrual and arms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from design.errors import BadDesign
from design.survival.events import Accrual, Arm
from design.survival.hazards import Hazard, hazard_of_median, hazard_of_survival

Stratum = tuple[Arm, Arm]
_TOLERANCE = 1e-6
_SHORTEST, _LONGEST = 1e-3, 1e4  # of accrual, in units of time


@dataclass(frozen=True, slots=True)
class Timing:
    """When accrual and study end; ``None`` is what is sought."""

    accrual: float | None
    followup: float | None


def control_hazard(
    median: float | None,
    hazard: float | Sequence[float] | None,
    times: Sequence[float] | None,
    survival: float | None,
    survival_time: float | None,
) -> Hazard:
    """The hazard of the control group from exactly one way of saying it.

    Raises:
        BadDesign: None or several are given, or times and hazards do not match.
    """
    given = [
        name
        for name, value in {
            "median_control": median,
            "hazard_control": hazard,
            "survival_control": survival,
        }.items()
        if value is not None
    ]
    if len(given) != 1:
        told = " and ".join(given) or "none"
        raise BadDesign(
            "give the control group by one of median_control, hazard_control, or survival_control "
            f"with survival_time; given: {told}",
            "median_control",
        )
    if times and not isinstance(hazard, Sequence):
        raise BadDesign("hazard_times needs a list of hazards in hazard_control", "hazard_times")
    if median is not None:
        return Hazard.constant(hazard_of_median(median))
    if survival is not None:
        if survival_time is None:
            raise BadDesign("survival_control needs survival_time", "survival_time")
        return Hazard.constant(hazard_of_survival(survival, survival_time))
    assert hazard is not None
    return pieces(hazard, times, "hazard_control", "hazard_times")


def pieces(
    values: float | Sequence[float], times: Sequence[float] | None, name: str, times_name: str
) -> Hazard:
    """One value, or a list of them with the times between.

    Raises:
        BadDesign: There is not one value more than there are times, or the times do not rise.
    """
    listed = list(values) if isinstance(values, Sequence) else [values]
    ends = list(times or ())
    if len(listed) != len(ends) + 1:
        raise BadDesign(
            f"{name} has {len(listed)} values, so {times_name} needs {len(listed) - 1} times; "
            f"it has {len(ends)}",
            times_name,
        )
    if any(later <= earlier for earlier, later in pairwise(ends)):
        raise BadDesign(f"{times_name} must rise", times_name)
    return Hazard.pieces(listed, ends)


def loss_hazard(hazard: float | None, share: float, share_time: float) -> Hazard:
    """Hazard of drop-out, given as such or as a share lost by a time (12: 12 months).

    Raises:
        BadDesign: Both are given.
    """
    if hazard is not None and share:
        raise BadDesign("give dropout_hazard or dropout, not both", "dropout")
    if hazard is not None:
        return Hazard.constant(hazard)
    return Hazard.constant(hazard_of_survival(1 - share, share_time) if share else 0.0)


def timing(accrual: float | None, followup: float | None, study: float | None) -> Timing:
    """Accrual and minimum follow-up, of which a study duration gives the one that lacks.

    Raises:
        BadDesign: The three do not add up.
    """
    if study is not None:
        if accrual is not None and followup is not None:
            if abs(accrual + followup - study) > _TOLERANCE * study:
                raise BadDesign(
                    f"accrual_duration {accrual:g} and min_followup {followup:g} do not add up to "
                    f"study_duration {study:g}; leave one of the three out",
                    "study_duration",
                )
        elif accrual is None and followup is None:
            raise BadDesign(
                "study_duration needs accrual_duration or min_followup beside it", "study_duration"
            )
        elif accrual is None:
            assert followup is not None
            accrual = _positive(study - followup, "min_followup")
        else:
            followup = _positive(study - accrual, "accrual_duration", zero=True)
    return Timing(accrual, followup)


def duration_of(
    n: float | None, rates: float | Sequence[float] | None, duration: float | None
) -> float | None:
    """How long accrual lasts when patients and one rate say so.

    Raises:
        BadDesign: A duration is given too, and they do not agree.
    """
    if n is None or rates is None or isinstance(rates, Sequence):
        return duration
    found = n / rates
    if duration is not None and abs(found - duration) > _TOLERANCE * duration:
        raise BadDesign(
            f"{n:g} patients at a rate of {rates:g} take {found:g}, not an accrual of "
            f"{duration:g}; leave one of the three out",
            "accrual_duration",
        )
    if not _SHORTEST <= found <= _LONGEST:
        raise BadDesign(f"{n:g} patients at a rate of {rates:g} take {found:.3g}", "accrual_rate")
    return found


def accrual_pattern(
    rates: float | Sequence[float] | None,
    periods: Sequence[float] | None,
    duration: float | None,
    decay: float,
) -> Accrual:
    """How patients come in; the last period ends with accrual, whatever length it was given.

    Raises:
        BadDesign: Rates and periods do not match, or nothing says how long accrual lasts.
    """
    listed = list(rates) if isinstance(rates, Sequence) else [1.0 if rates is None else rates]
    lengths = list(periods or ())
    if not lengths and len(listed) == 1:
        lengths = [duration or 1.0]
    if len(lengths) == len(listed) - 1:
        known = sum(lengths)
        lengths.append(max(duration - known, 1.0) if duration is not None else 1.0)
    if len(lengths) != len(listed):
        raise BadDesign(
            f"accrual_rate has {len(listed)} values, accrual_periods {len(lengths)}: give as many "
            "of both (or one period less, the last running to the end)",
            "accrual_periods",
        )
    found = Accrual(tuple(listed), tuple(lengths), decay)
    return found if duration is None else found.until(duration)


def strata(
    control: Hazard,
    ratio_of_hazards: Hazard,
    allocation: float,
    losses: tuple[Hazard, Hazard],
    *,
    shares: Sequence[float] | None = None,
    factors: Sequence[float] | None = None,
    limit: float | None = None,
) -> list[Stratum]:
    """Treatment and control arm of each stratum; one stratum when no shares are given.

    Args:
        control: Hazard of the control group (of the stratum of factor 1).
        ratio_of_hazards: Hazard ratio, over time.
        allocation: Treatment : control.
        losses: Hazards of drop-out of treatment and control.
        shares: Shares of the strata.
        factors: What the control hazard is multiplied with in each.
        limit: Longest follow-up of a patient.

    Raises:
        BadDesign: Shares and factors do not match, or the shares do not add up to 1.
    """
    if (shares is None) != (factors is None) or len(shares or ()) != len(factors or ()):
        raise BadDesign("stratum_shares and stratum_factors must be as many", "stratum_factors")
    if shares is not None and abs(sum(shares) - 1) > _TOLERANCE:
        raise BadDesign(f"stratum_shares add up to {sum(shares):g}, not 1", "stratum_shares")
    of_treatment = allocation / (1 + allocation)
    longest = math.inf if limit is None else limit
    found = []
    for share, factor in zip(shares or [1.0], factors or [1.0], strict=True):
        hazard = control.times(factor)
        treated = hazard.times_pieces(ratio_of_hazards)
        found.append(
            (
                Arm(share * of_treatment, treated, losses[0], longest),
                Arm(share * (1 - of_treatment), hazard, losses[1], longest),
            )
        )
    return found


def all_arms(groups: Sequence[Stratum]) -> list[Arm]:
    """The arms of all strata."""
    return [arm for pair in groups for arm in pair]


def _positive(value: float, field: str, zero: bool = False) -> float:
    if value < 0 or (value == 0 and not zero):
        raise BadDesign(f"study_duration leaves no time beside {field}", "study_duration")
    return value
