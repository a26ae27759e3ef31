"""Risks by rule, each with the number it rests on. Thresholds stand in ``risks.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.feasibility.effects import by_margin, power, power_of, smaller_effect
from assistant.feasibility.model import Line, Section
from assistant.feasibility.schedule import benchmark
from assistant.feasibility.sections.competing import competing_call
from assistant.feasibility.sections.sites import sites_call
from assistant.feasibility.work import Work, chance, line, said
from design import Text

_FILE = Path(__file__).parents[1] / "risks.toml"
_KEY = "risks"
_OUTDATED = {"superseded", "draft", "not_yet_effective"}
Level = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk with the line that tells it."""

    key: str
    level: Level
    line: Line


def risks(work: Work) -> Section:
    """All risks found, the gravest first."""
    found = sorted(_all(work), key=lambda risk: -_limits()["weight"][risk.level])
    work.risks = found
    lines = tuple(each.line for each in found) or (line(_KEY, "none"),)
    numbers = {
        "risks": [{"key": r.key, "level": r.level, "text": r.line.text.to_json()} for r in found]
    }
    scope = line(_KEY, "scope", basis="assumed", kind="note")
    return Section(_KEY, said("title", _KEY), (*lines, scope), numbers=numbers)


def _all(work: Work) -> Iterator[Risk]:
    yield from _power(work)
    yield from _agreement(work)
    yield from _cohort(work)
    yield from _enrolment(work)
    yield from _competition(work)
    yield from _time(work)
    yield from _sources(work)


def _risk(key: str, level: Level, **values: Any) -> Risk:
    basis = values.pop("basis", "computed")
    call, citations = values.pop("call", None), values.pop("citations", ())
    text = said(_KEY, key, **values)
    marked = said(_KEY, "marked", level=said("level", level), text=text)
    return Risk(key, level, Line(marked, basis, citations, call, level == "high"))


def _power(work: Work) -> Iterator[Risk]:
    """Whether the design stands a smaller effect."""
    if work.sample is None:
        return
    limits, result = _limits(), work.sample.result
    changed = smaller_effect(result.method, result.inputs, limits["effect_share"])
    if changed is None:
        return
    name, inputs = changed
    kept = power_of(result, inputs)
    value = power(kept) if kept else None
    if kept is not None and value is not None and value < limits["power_least"]:
        planned = result.inputs.get("power")
        yield _risk(
            "power_margin" if by_margin(result.inputs) else "power",
            "high" if value < 0.6 else "medium", call=kept.call, power=value, name=name,
            value=inputs[name], assumed=result.inputs[name],
            planned=said(_KEY, "planned_power", power=planned) if planned else Text("", ""),
        )  # fmt: skip


def _agreement(work: Work) -> Iterator[Risk]:
    """Whether the parts of the synopsis say the same of the same thing."""
    sample = work.sample
    if sample is None:
        return
    for name, result, needed in work.further:
        if needed > sample.enrolled:
            yield _risk(
                "more_needed", "medium", call=result.call, name=name, needed=needed,
                target=sample.enrolled,
            )  # fmt: skip
    enrolment, timeline = work.synopsis.enrolment, work.synopsis.timeline
    times = (
        ("accrual_differs", "accrual_duration", enrolment.months if enrolment else None),
        ("follow_up_differs", "min_followup", timeline.follow_up_months if timeline else None),
    )
    for key, name, planned in times:
        assumed = sample.result.inputs.get(name)
        if isinstance(assumed, (int, float)) and planned is not None and assumed != planned:
            yield _risk(key, "medium", call=sample.result.call, assumed=assumed, planned=planned)


def _cohort(work: Work) -> Iterator[Risk]:
    found, limits = work.funnel, _limits()
    if work.unconfirmed:
        yield _risk("unconfirmed", "high", basis="assumed")
    if found is None:
        return
    call = f"{work.report_call} --json"
    # That a trial needs patients with the condition is no risk.
    others = [step for step in found.steps if step.number != work.condition_criterion and step.gain]
    step = max(others, key=lambda each: each.gain or 0, default=None)
    if step is not None and step.gain and step.without:
        share = step.gain / step.without
        if share >= limits["criterion_share"]:
            yield _risk(
                "criterion", "medium", call=call, number=step.number, name=step.name,
                gain=step.gain, share=share,
            )  # fmt: skip
    before = found.base
    for each in found.steps:
        if each.unknown and before and each.unknown / before >= limits["unknown_share"]:
            yield _risk(
                "missing", "medium", call=call, number=each.number, name=each.name,
                share=each.unknown / before,
            )  # fmt: skip
        before = each.remaining
    target = work.sample.enrolled if work.sample else None
    if found.remaining is None:
        yield _risk("hidden", "high", call=call, threshold=found.options.threshold)
    elif target and found.remaining < limits["few_eligible"] * target:
        level: Level = "high" if found.remaining < target else "medium"
        yield _risk("few", level, call=call, remaining=found.remaining, target=target)


def _enrolment(work: Work) -> Iterator[Risk]:
    found, limits = work.forecast, _limits()
    if found is not None and found.probability is not None:
        least = max(limits["probability_least"], found.assurance)
        if found.probability < least:
            level: Level = "high" if found.probability < 0.5 else "medium"
            yield _risk(
                "late", level, call=f"{work.report_call} --json",
                probability=chance(found.probability),
                least=least, months=found.planned, target=found.target,
            )  # fmt: skip
    ranking = work.ranking
    if ranking is not None and ranking.wanted.target and ranking.chosen is None:
        yield _risk(
            "too_few_sites", "high", call=sites_call(ranking.wanted), sites=len(ranking.sites),
            probability=ranking.probability, assurance=ranking.wanted.assurance,
        )  # fmt: skip
    elif ranking is not None:
        chosen = ranking.sites[: ranking.chosen or len(ranking.sites)]
        loaded = [each for each in chosen if each.experience.trials_ongoing]
        if chosen and len(loaded) / len(chosen) > 0.5:
            yield _risk(
                "busy_sites", "low", call=sites_call(ranking.wanted), busy=len(loaded),
                sites=len(chosen),
            )  # fmt: skip


def _competition(work: Work) -> Iterator[Risk]:
    found, limits = work.competing, _limits()
    if found is None:
        return
    trials = found.competing
    planned = sum(trial.size or 0 for trial in trials)
    target = work.sample.enrolled if work.sample else None
    heavy = target and planned >= limits["competing_load"] * target
    if heavy or len(trials) >= limits["competing_trials"]:
        yield _risk(
            "competing", "high" if heavy else "medium", call=competing_call(found.sought),
            trials=len(trials), planned=planned, target=target or "?",
        )  # fmt: skip


def _time(work: Work) -> Iterator[Risk]:
    plan = work.schedule
    if plan is None:
        return
    if plan.start < date.today():
        yield _risk("past", "high", basis="assumed", start=plan.start)
    guessed = [step for step in plan.steps if step.duration.ground == "assumed"]
    path = set(plan.critical())
    on_path = [step.name for step in guessed if step.key in path]
    if on_path:
        names = Text("、".join(n.zh for n in on_path), ", ".join(n.en for n in on_path))
        yield _risk("assumed_path", "low", basis="assumed", names=names)
    first, last = plan.end("first_patient"), plan.end("last_visit")
    taken = benchmark(work.synopsis, work.citer, "duration") if work.citer else None
    if taken is not None and first is not None and last is not None:
        months = (last - first).days / 30.4375
        if months < _limits()["duration_factor"] * taken.number("q1"):
            yield _risk(
                "short", "medium", basis="computed", citations=(taken.citation.id,),
                months=months, q1=taken.number("q1"), call=f"{work.report_call} --json",
            )  # fmt: skip
    lost = benchmark(work.synopsis, work.citer, "dropout") if work.citer else None
    if lost is not None and work.sample is not None:
        assumed = work.sample.result.inputs.get("dropout")
        if isinstance(assumed, (int, float)) and 100 * assumed < lost.number("median"):
            yield _risk(
                "dropout", "low" if assumed >= _limits()["synopsis_dropout"] else "medium",
                citations=(lost.citation.id,), assumed=assumed, median=lost.number("median"),
                call=work.sample.result.call,
            )  # fmt: skip


def _sources(work: Work) -> Iterator[Risk]:
    """Sources that are not, or no longer, in force."""
    if work.citer is None:
        return
    for citation in work.citer.composer.citations:
        if citation.status in _OUTDATED or citation.notice:
            yield _risk(
                "source", "medium", basis="cited", citations=(citation.id,), title=citation.title,
                notice=citation.notice or citation.status,
            )  # fmt: skip


@cache
def _limits() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
