"""The effect a trial shall show: rates, means, survival times and counts of the arms."""

from __future__ import annotations

import re
from typing import Any, Literal

from assistant.inputs.arms import bind
from assistant.inputs.reader import Reader, as_limit, as_number, as_share, captured, in_months

Better = Literal["higher", "lower"] | None


def survival_effect(read: Reader) -> dict[str, Any]:
    """Hazard ratio and median times; of a pair without arms the longer is the treatment's."""
    found: dict[str, Any] = {"hazard_ratio": read.number("numbers", "hazard_ratio")}
    speaks = re.search(r"中位|median|(?<![a-z])m(?:os|pfs)", read.text)
    if speaks:
        found |= _medians(read, speaks.start())
    if found["hazard_ratio"] is None and "control_median" in found and speaks:
        cut = read.share("values", "risk_cut")
        found["hazard_ratio"] = None if cut is None else round(1 - cut, 10)
    return found


def _medians(read: Reader, behind: int) -> dict[str, Any]:
    values = list(read.free("tokens", "time"))
    arms = bind(read, values)
    if arms.treatment and arms.control:
        pair = {"treatment_median": arms.treatment, "control_median": arms.control}
        return {name: _time(read, match) for name, match in pair.items()}
    late = [match for match in values if match.start() >= behind][:2]
    if len(late) == 2 and re.fullmatch(
        r"[^\d;。]{0,12}", read.text[late[0].end() : late[1].start()]
    ):
        # Written in either order; a new treatment is meant to prolong survival.
        times = sorted(_time(read, match) for match in late)
        return {"control_median": times[0], "treatment_median": times[1]}
    alone = arms.control or (late[0] if late and not arms.treatment else None)
    if alone is None:
        early = [m for m in values if m.end() <= behind and behind - m.end() < 12]
        alone = early[-1] if early and not arms.treatment else None
    return {"control_median": _time(read, alone)} if alone else {}


def _time(read: Reader, match: re.Match[str]) -> float:
    return in_months(*captured(read.take(match))[-2:])


def rate_effect(read: Reader, aim: str | None, better: Better) -> dict[str, Any]:
    """The rates of the arms, and their difference when only that is told."""
    change = _change(read, aim, better)
    tokens = sorted(read.free("tokens", "rate"), key=lambda match: match.start())
    arms = bind(read, tokens)
    if arms.treatment and arms.control:
        return _named(read, arms.treatment, arms.control)
    listed = read.first("pairs", "p1_p2")
    if listed:
        first, second = map(as_share, captured(listed))
        return {"treatment_rate": first, "control_rate": second}
    same = read.share("pairs", "same_rate")
    if same is not None:
        return {"treatment_rate": same, "control_rate": same}
    moved = read.first("pairs", "from_to")
    if moved:
        control, treatment = map(as_share, captured(moved))
        return {"treatment_rate": treatment, "control_rate": control, "arms_named": True}
    named = None if arms.treatment or arms.control else read.first("pairs", "arm_rates")
    if named:
        first, second = map(as_share, captured(named))
        return {"treatment_rate": first, "control_rate": second}
    pair = read.first("pairs", "rates")
    if pair and not (arms.treatment or arms.control):
        first, second = map(as_share, captured(pair))
        return {"treatment_rate": first, "control_rate": second}
    found: dict[str, Any] = {}
    for name, match in (("treatment_rate", arms.treatment), ("control_rate", arms.control)):
        if match:
            found[name] = as_share(captured(read.take(match))[0])
    if change and "control_rate" not in found:
        start = read.share("pairs", "from_only")
        found |= {} if start is None else {"control_rate": start}
    left = list(read.free("tokens", "rate"))
    if len(found) == 1 and len(left) == 1 and not change:
        other = "control_rate" if "treatment_rate" in found else "treatment_rate"
        found[other] = as_share(captured(read.take(left[0]))[0])
    return found | change | {"arms_named": bool(found)}


def _named(read: Reader, treatment: re.Match[str], control: re.Match[str]) -> dict[str, Any]:
    return {
        "treatment_rate": as_share(captured(read.take(treatment))[0]),
        "control_rate": as_share(captured(read.take(control))[0]),
        "arms_named": True,
    }


def _change(read: Reader, aim: str | None, better: Better) -> dict[str, Any]:
    """A change of a rate: points where it says so, relative where it says so, else unclear."""
    if read.said("pairs", "from_to"):
        return {}
    for key in ("better", "worse"):
        match = next(read.free("changes", key), None)
        if match:
            return _told_change(read, key, match, aim, better)
    unsigned = read.first("changes", "risk_difference")
    if unsigned:
        value = as_limit(captured(unsigned)[0])
        return {"rate_difference": -value if better == "lower" else value} | _unsure(better, aim)
    for key in ("up", "down"):
        match = next((m for m in read.free("changes", key) if "%" in captured(m)[0]), None)
        if match:
            return _told_change(read, key, match, aim, better)
    return {}


def _told_change(
    read: Reader, key: str, match: re.Match[str], aim: str | None, better: Better
) -> dict[str, Any]:
    value = _signed(key, as_share(captured(read.take(match))[0]), better)
    return _meant(read, -value if read.said("changes", "reversed") else value, aim)


def _unsure(better: Better, aim: str | None) -> dict[str, Any]:
    """Without a sign it must be known whether more is better."""
    return {"sign_unknown": better is None and aim not in {"noninferiority", "equivalence"}}


def _signed(key: str, value: float, better: Better) -> float:
    if key in {"up", "down"}:
        return value if key == "up" else -value
    gain = value if better != "lower" else -value
    return gain if key == "better" else -gain


def _meant(read: Reader, value: float, aim: str | None) -> dict[str, Any]:
    points = read.worded("changes", "points")
    if read.worded("changes", "relative") and not points:
        return {"relative_change": value}
    if points or aim in {"noninferiority", "equivalence"}:
        return {"rate_difference": value}
    return {"unclear_change": value}


def settled_rates(values: dict[str, Any]) -> dict[str, Any]:
    """Both rates, where the control's and a difference, ratio or relative change are known."""
    control, treatment = values.get("control_rate"), values.get("treatment_rate")
    if control is None or treatment is not None:
        return {}
    if values.get("relative_change") is not None:
        return {"treatment_rate": round(control * (1 + values["relative_change"]), 10)}
    if values.get("relative_risk") is not None:
        return {"treatment_rate": round(control * values["relative_risk"], 10)}
    if values.get("odds_ratio") is not None:
        odds = values["odds_ratio"] * control
        return {"treatment_rate": round(odds / (1 - control + odds), 10)}
    if values.get("rate_difference") is not None and not values.get("sign_unknown"):
        return {"treatment_rate": round(control + values["rate_difference"], 10)}
    return {}


def count_effect(read: Reader) -> dict[str, Any]:
    """Events per unit of time in the arms."""
    unit = read.first("times", "rate_unit")
    tokens = sorted(read.free("tokens", "count"), key=lambda match: match.start())
    told = captured(unit) if unit else []
    months = in_months("1", told[-1]) if told else 12.0
    found: dict[str, Any] = {"rate_unit": months}
    arms = bind(read, tokens)
    if arms.treatment and arms.control:
        return found | {
            "treatment_rate": as_number(captured(read.take(arms.treatment))[0]),
            "control_rate": as_number(captured(read.take(arms.control))[0]),
            "arms_named": True,
        }
    pair = read.first("pairs", "counts")
    if pair:
        first, second = map(as_number, captured(pair))
        found |= {"treatment_rate": first, "control_rate": second}
    return found


def mean_effect(read: Reader, margin: float | None) -> dict[str, Any]:
    """The difference of the means, treatment less control."""
    alike = margin is not None and read.said("pairs", "no_difference")
    if alike or read.said("pairs", "same_mean"):
        return {"mean_difference": 0.0}
    tokens = sorted(read.free("tokens", "mean"), key=lambda match: match.start())
    arms = bind(read, tokens)
    if arms.treatment and arms.control:
        values = [as_number(captured(read.take(m))[0]) for m in (arms.treatment, arms.control)]
        return {"mean_difference": _difference(*values), "arms_named": True}
    if not arms.both:
        tokens = sorted(read.free("tokens", "mean_time"), key=lambda match: match.start())
        timed = bind(read, tokens)
        if timed.treatment and timed.control:
            values = [
                as_number(captured(read.take(m))[0]) for m in (timed.treatment, timed.control)
            ]
            return {"mean_difference": _difference(*values), "arms_named": True}
    pair = read.first("pairs", "mu") or read.first("pairs", "means")
    if pair:
        return {"mean_difference": _difference(*map(as_number, captured(pair)))}
    for match in read.free("differences", "mean"):
        written = as_number(captured(match)[0])
        if margin == written and match.group(0)[0] in "δd":
            continue  # in a non-inferiority trial δ is the margin
        read.take(match)
        return {"mean_difference": written}
    return {}


def _difference(first: float, second: float) -> float:
    return round(first - second, 10)
