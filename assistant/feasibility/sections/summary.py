"""The first page: patients, eligible persons, months, sites, and the gravest risks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.feasibility.model import Cell, Line, Part, Section, Table
from assistant.feasibility.work import Work, both, cell, chance, line, said
from design import Text

_KEY = "summary"
_RISKS = 5


def summary(work: Work) -> Section:
    """Key figures in one table, and the main risks."""
    head = (said("head", "figure"), said("head", "value"))
    parts: list[Part] = []
    if work.synopsis.objective:
        stated = Text(work.synopsis.objective, work.synopsis.objective)
        parts.append(Line(said(_KEY, "objective", text=stated), "assumed"))
    parts.append(
        Table(
            said(_KEY, "table"), head, tuple(_rows(work)), "computed", f"{work.report_call} --json"
        )
    )
    if work.risks:
        count = len(work.risks)
        parts.append(line(_KEY, "risks", shown=min(count, _RISKS), count=count, kind="note"))
    # The commands stand with the risks themselves.
    parts += [replace(risk.line, call=None) for risk in work.risks[:_RISKS]]
    return Section(_KEY, said("title", _KEY), tuple(parts))


def not_computed(sections: Sequence[Section]) -> Section:
    """What the report does not hold, and what would settle it."""
    lines: list[Part] = []
    for section in sections:
        for told in section.lines:
            if told.basis == "absent":
                text = said("not_computed", "of", section=section.title, text=told.text)
                lines.append(Line(text, "absent"))
    if not lines:
        lines = [Line(said("not_computed", "nothing"), "absent")]
    return Section("not_computed", said("title", "not_computed"), tuple(lines))


def _rows(work: Work) -> Iterator[tuple[Cell, ...]]:
    sample, funnel, plan = work.sample, work.funnel, work.schedule
    found, ranking, trials = work.forecast, work.ranking, work.competing
    none = cell(said("absent", "short"), "absent")

    def row(key: str, value: Text | None) -> tuple[Cell, ...]:
        return cell(said(_KEY, key)), none if value is None else cell(value)

    sized = None
    if sample is not None:
        alike = sample.enrolled == sample.evaluable
        key = "sized_alike" if alike else "sized"
        sized = said(_KEY, key, enrolled=sample.enrolled, evaluable=sample.evaluable)
    yield row("patients", sized)
    eligible = None
    if funnel is not None:
        count = said("cohort", "hidden") if funnel.remaining is None else both(funnel.remaining)
        total = said("cohort", "hidden") if funnel.base is None else both(funnel.base)
        eligible = said(_KEY, "counted", remaining=count, base=total, source=funnel.source)
    yield row("eligible", eligible)
    by = None
    if found is not None and found.probability is not None:
        by = said(
            _KEY, "reached", months=found.planned, target=found.target,
            probability=chance(found.probability),
        )  # fmt: skip
    yield row("enrolment", by)
    chosen = None
    if ranking is not None and ranking.wanted.target:
        key = "enough" if ranking.chosen else "not_enough"
        chosen = said(_KEY, key, chosen=ranking.chosen, considered=len(ranking.sites))
    elif work.synopsis.enrolment and work.synopsis.enrolment.sites:
        chosen = said(_KEY, "given_sites", sites=work.synopsis.enrolment.sites)
    yield row("sites", chosen)
    compete = None
    if trials is not None:
        latest = trials.latest_update or "?"
        compete = said(_KEY, "compete", competing=len(trials.competing), latest=latest)
    yield row("competing", compete)
    times = None
    if plan is not None:
        first = plan.end("first_patient") or plan.activated
        end = plan.end("report")
        key = "runs" if end else "opens"
        times = said(_KEY, key, start=plan.start, first=first, end=end)
    yield row("timeline", times)
