"""From the final protocol to the report: dated steps, each cited or marked as an assumption."""

from __future__ import annotations

from math import ceil
from statistics import median
from typing import Any

from assistant.feasibility.citing import Cited
from assistant.feasibility.conditions import directory_condition
from assistant.feasibility.gantt import draw
from assistant.feasibility.model import Basis, Cell, Figure, Line, Part, Section, Table
from assistant.feasibility.schedule import Schedule, Step, benchmark, order_rules, schedule
from assistant.feasibility.work import Work, absent, cell, line, said
from design import BadDesign, Text
from design.sites import read_directory

_KEY = "timeline"


def timeline(work: Work) -> Section:
    """The steps and dates; sets the schedule that other sections lean on."""
    if work.synopsis.timeline is None:
        return absent(_KEY, said("absent", "not_in_synopsis", field="timeline"))
    known = _from_directory(work)
    plan = schedule(work.synopsis, work.citer, known)
    work.schedule = plan
    call = f"{work.report_call} --json"
    parts: list[Part] = [_told(plan, call)]
    parts.append(Figure(said(_KEY, "chart"), lambda lang: draw(plan, lang), "computed", call))
    parts.append(_table(plan, call))
    path = [step.name for step in plan.steps if step.key in plan.critical()]
    if path:
        steps = Text(" → ".join(p.zh for p in path), " → ".join(p.en for p in path))
        parts.append(line(_KEY, "critical", steps=steps, days=plan.lead_days, call=call))
    if work.citer is not None:
        parts += [quoted(cited) for cited in order_rules(work.synopsis, work.citer)]
        parts += _benchmarks(work, plan)
    else:
        why = work.no_index
        parts.append(line("absent", "no_index", basis="absent", why=why))
    parts.append(line(_KEY, "working_days", basis="assumed", kind="note"))
    numbers = {
        "start": plan.start.isoformat(),
        "lead_days": plan.lead_days,
        "critical": list(plan.critical()),
        "steps": [
            {
                "key": step.key,
                "name": step.name.to_json(),
                "start": step.start.isoformat(),
                "end": step.end.isoformat(),
                "amount": step.duration.amount,
                "unit": step.duration.unit,
                "ground": step.duration.ground,
                "citation": step.duration.cited.citation.id if step.duration.cited else None,
            }
            for step in plan.steps
        ],
    }
    return Section(_KEY, said("title", _KEY), tuple(parts), numbers=numbers)


def quoted(cited: Cited) -> Line:
    """A quote as a line of its own: verbatim, in the language of its source."""
    quote = cited.citation.quote
    return Line(Text(f"「{quote}」", f"“{quote}”"), "cited", (cited.citation.id,))


def _from_directory(work: Work) -> dict[str, float]:
    """Days of contracts at the sites of the condition, when there is a directory."""
    given = work.synopsis.sites
    if given is None:
        return {}
    try:
        directory = read_directory(work.directory_path(given.directory))
        named = given.condition or work.synopsis.condition
        condition = directory_condition(directory, named, lambda: work.lexicon)
    except BadDesign:  # the section on sites says it
        return {}
    work.directory = directory
    entries = [entry for entry in directory.experience if entry.condition == condition]
    return {"contract": ceil(median(directory.sites[e.site_id].contract_days for e in entries))}


def _told(plan: Schedule, call: str) -> Line:
    values: dict[str, Any] = {"start": plan.start, "open": plan.activated}
    if plan.end("report") is None:
        return line(_KEY, "until_open", call=call, **values)
    names = {"first": "first_patient", "last": "last_patient", "end": "report"}
    values |= {name: plan.end(step) for name, step in names.items()}
    return line(_KEY, "told", call=call, **values)


def _table(plan: Schedule, call: str) -> Table:
    head = tuple(said("head", key) for key in ("step", "start", "end", "duration", "basis"))
    return Table(
        said(_KEY, "table"), head, tuple(_row(step) for step in plan.steps), "computed", call
    )


def _row(step: Step) -> tuple[Cell, ...]:
    duration, cited = step.duration, step.duration.cited
    amount = said("unit", duration.unit, amount=duration.amount)
    basis: Basis = "assumed"
    if cited is not None:
        basis = "cited"
    elif duration.ground == "directory":
        basis = "computed"
    numbers = (cited.citation.id,) if cited else ()
    return (
        cell(step.name),
        cell(step.start.isoformat()),
        cell(step.end.isoformat()),
        cell(amount),
        cell(said("ground", duration.ground), basis, numbers),
    )


def _benchmarks(work: Work, plan: Schedule) -> list[Part]:
    """What registered trials of the phase took, beside what is planned."""
    assert work.citer is not None
    parts: list[Part] = []
    taken = benchmark(work.synopsis, work.citer, "duration")
    if taken is not None:
        parts.append(quoted(taken))
        first, last = plan.end("first_patient"), plan.end("last_visit")
        if first is not None and last is not None:
            months = (last - first).days / 30.4375
            parts.append(line(_KEY, "planned", months=months, call=f"{work.report_call} --json"))
    lost = benchmark(work.synopsis, work.citer, "dropout")
    return parts + ([quoted(lost)] if lost is not None else [])
