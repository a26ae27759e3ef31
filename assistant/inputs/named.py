"""What is told by a name of its own: error rates, allocation, limits, analyses, parameters."""

from __future__ import annotations

import re
from typing import Any, Literal

from assistant.inputs.reader import Reader, as_limit, as_number, as_share, captured, in_months

_LARGEST_ALPHA = 0.5  # 「α，80%」 is no alpha
_TESTED = frozenset({"noninferiority", "superiority"})
_LARGEST_SHARE = 0.2  # of 「单侧…」 and 「…单侧」 without the name of alpha


def error_rates(read: Reader) -> dict[str, Any]:
    """Power, alpha, sides, level of confidence, drop-out, allocation."""
    power = read.share("values", "power")
    beta = read.share("values", "beta")
    if power is None and beta is not None:
        power = round(1 - beta, 10)
    found: dict[str, Any] = {"power": power, "dropout": read.share("values", "dropout")}
    found["sides"] = _sides(read)
    half = read.share("values", "alpha_half", most=0.5)
    if half is not None:
        found |= {"alpha": round(2 * half, 10), "sides": 2}
    else:
        found["alpha"] = read.share("values", "alpha", most=_LARGEST_ALPHA)
        if found["alpha"] is None:
            found["alpha"] = read.share("values", "alpha_by_side", most=_LARGEST_SHARE)
        if found["alpha"] is None:
            found["alpha"] = read.share("values", "alpha_any")
    found["level"] = read.share("values", "level", least=0.5)
    if found["alpha"] is None and found["level"] is not None and read.kind("aim") in _TESTED:
        # A trial that concludes from a confidence interval; without a side it has both.
        found["alpha"] = round(1 - found["level"], 10)
        found["sides"] = found["sides"] or 2
    found["ratio"] = _ratio(read)
    return found


def _sides(read: Reader) -> Literal[1, 2] | None:
    two, one = read.said("words", "two_sided"), read.said("words", "one_sided")
    if two == one:
        return _sides_changed_to(read) if two else None
    return 2 if two else 1


def _sides_changed_to(read: Reader) -> Literal[1, 2] | None:
    """Of both sides named, the one that takes the place of the other."""
    match = next(read.free("words", "sides_changed"), None)
    if match is None:
        return None
    named = captured(match)
    two = named[-1].startswith(("双", "two", "2"))
    return 2 if two == (len(named) == 2) else 1  # one alone is the side given up


def _ratio(read: Reader) -> tuple[int, int] | None:
    match = read.first("ratio", "ratio")
    if match is None:
        return (1, 1) if read.said("words", "equal_allocation") else None
    first, second = map(int, captured(match))
    return (second, first) if read.said("ratio", "control_first") else (first, second)


def named_numbers(read: Reader, context: dict[str, Any]) -> dict[str, Any]:
    """What is told by a name of its own."""
    found: dict[str, Any] = {}
    for key in ("cv", "prevalence"):
        found[key] = read.share("values", key)
    found["target_toxicity"] = read.share("values", "target_toxicity")
    if found["target_toxicity"] is None and (
        context["design"] == "boin" or context["quantity"] == "escalation"
    ):
        found["target_toxicity"] = read.share("values", "target_alone")
    gmr = read.first("numbers", "gmr")
    found["gmr"] = as_limit(captured(gmr)[0]) if gmr else None
    found |= _reliability(read, context["design"])
    found |= _means_with_sd(read)
    keys = ("sd", "cluster_size", "dispersion", "correlation", "events", "z", "shape")
    for key in keys:
        if key not in found:
            found[key] = read.number("numbers", key)
    if context["quantity"] in {"enrolment"}:
        found["events"] = None
    variance = read.number("numbers", "variance")
    if found["sd"] is None and variance is not None:
        found["sd"] = variance**0.5 if variance > 0 else variance
    found["relative_risk"] = read.number("numbers", "relative_risk")
    found["odds_ratio"] = read.number("numbers", "odds_ratio")
    if context["design"] == "cluster":
        found["raters"] = None
        if found["cluster_size"] is None:
            found["cluster_size"] = read.number("numbers", "cluster_any")
    if context["quantity"] != "enrolment":
        found["survival_time"] = _survival_time(read)
        for key in ("follow_up", "accrual"):
            found[key] = read.months("times", key)
    if context["aim"] == "bioequivalence":
        found["be_design"] = read.kind("be_design")
    if context["design"] == "simon":
        found["criterion"] = next(
            (key for key in ("minimax", "optimal") if read.said("words", key)), None
        )
    return found


def _means_with_sd(read: Reader) -> dict[str, Any]:
    """「10±4 和 12±4」: means and standard deviations of two arms."""
    match = read.first("pairs", "mean_sd")
    if match is None:
        return {}
    first, sd, second, other = map(as_number, captured(match))
    found: dict[str, Any] = {"mean_difference": round(first - second, 10), "sd": sd}
    return found if sd == other else found | {"sd_control": other}


def _reliability(read: Reader, design: str | None) -> dict[str, Any]:
    """Intraclass correlation: of clusters, or of ratings with a null value."""
    pair = read.first("pairs", "icc")
    if pair:
        low, high = map(as_limit, captured(pair))
        found: dict[str, Any] = {"null_icc": low, "icc": high}
    else:
        match = read.first("values", "icc")
        found = {"icc": as_limit(captured(match)[0]) if match else None}
        if found["icc"] is not None and design != "cluster":
            null = read.first("reliability", "null")
            found["null_icc"] = as_limit(captured(null)[0]) if null else None
    found["raters"] = read.number("numbers", "raters")
    return found


def _survival_time(read: Reader) -> float | None:
    match = read.first("times", "survival_time")
    return in_months(*captured(match)[-2:]) if match else None


def limits(read: Reader, aim: str | None) -> dict[str, Any]:
    """The margin, or the range that a ratio must lie in."""
    limited = aim in {"noninferiority", "equivalence", "bioequivalence"}
    if not limited and not read.said("margins", "superiority_margin"):
        return {}
    if aim == "bioequivalence":
        pair = read.first("pairs", "limits")
        if pair:
            low, high = captured(pair)
            return {"limits": (float(low) / 100, float(high) / 100)}
    for key in ("margin", "delta_is_margin"):
        match = read.first("margins", key)
        if match:
            written = captured(match)[0]
            value = as_limit(written)
            return {"margin": abs(value), "margin_as_written": abs(as_number(written))}
    return {}


def better_direction(read: Reader) -> str | None:
    """Whether more of what is counted is better; unknown when the words speak for both."""
    for key in ("higher", "lower"):
        if read.said("words", f"{key}_is_better"):
            return key
    said = [key for key in ("higher", "lower") if read.said("direction", key)]
    return said[0] if len(said) == 1 else None


def analyses(read: Reader, quantity: str | None) -> dict[str, Any]:
    """Number, timing and boundary of the analyses."""
    total = read.first("looks", "total")
    interim = None if total else read.first("looks", "interim")
    looks = int(captured(total)[0]) if total else None
    if interim:
        looks = int(captured(interim)[0]) + 1
    found: dict[str, Any] = {"looks": looks, "spending": read.kind("spending")}
    found["equal_spacing"] = quantity == "boundaries" and read.said("words", "equal_spacing")
    fraction = read.first("words", "fraction")
    listed = next(iter(captured(fraction)), "") if fraction else ""
    shares = [as_share(f) for f in re.findall(r"0?\.\d+|1(?:\.0)?(?!\d)|\d+%", listed)]
    if shares and quantity == "boundaries" and shares[-1] < 1 and read.said("words", "final_too"):
        shares.append(1.0)
    found["fractions"] = tuple(shares)
    return found
