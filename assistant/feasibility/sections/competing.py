"""Registered trials that compete for the same patients."""

from __future__ import annotations

import shlex
from datetime import date

from assistant.feasibility.competing import CompetingTrial, Sought, competing_trials
from assistant.feasibility.model import Cell, Line, Part, Section, Table
from assistant.feasibility.work import Work, absent, both, cell, line, said
from design import Text

_KEY = "competing"
_SHOWN = 20


def competing(work: Work) -> Section:
    """The trials that match, those that compete first, and how current the records are."""
    given = work.synopsis.competing
    if work.view is None or work.citer is None:
        return absent(_KEY, said("absent", "no_index", why=work.no_index))
    plan = work.schedule
    begin = plan.activated if plan else None
    finish = plan.end("last_patient") if plan else None
    sought = Sought(
        condition=(given and given.condition) or work.synopsis.condition,
        region=given.region if given else None,
        line=given.line if given else None,
        phases=tuple(given.phases) if given else (),
        start=_iso((given and given.start) or begin),
        end=_iso((given and given.end) or finish),
    )
    found = competing_trials(work.view, work.lexicon, sought)
    if not found.records:
        return absent(_KEY, said("absent", "no_records"), condition=sought.condition)
    work.competing = found
    call = competing_call(sought)
    parts: list[Part] = [Line(text, "computed", call=call) for text in found.sentences]
    parts.append(line(_KEY, "snapshot", snapshot=found.snapshot, added=found.added or "?"))
    window = (sought.start or "…", sought.end or "…")
    parts.append(line(_KEY, "window", start=window[0], end=window[1], kind="note"))
    if found.trials:
        shown = found.trials[:_SHOWN]
        rows = tuple(_row(work, trial) for trial in shown)
        keys = ("number", "trial", "status", "phase", "size", "where", "from_to", "competes")
        head = tuple(said("head", key) for key in keys)
        title = said(_KEY, "table", shown=len(shown), matched=len(found.trials))
        parts.append(Table(title, head, rows, "computed", call))
    return Section(_KEY, said("title", _KEY), tuple(parts), numbers=found.to_json())


def competing_call(sought: Sought) -> str:
    """The command that finds them again."""
    parts = [f"xinglin feasibility competing --condition {shlex.quote(sought.condition)}"]
    parts += [f"--region {shlex.quote(sought.region)}"] if sought.region else []
    parts += [f"--line {sought.line}"] if sought.line else []
    parts += [f"--phase {phase}" for phase in sought.phases]
    parts += [f"--from {sought.start}"] if sought.start else []
    parts += [f"--to {sought.end}"] if sought.end else []
    return " ".join(parts)


def _row(work: Work, trial: CompetingTrial) -> tuple[Cell, ...]:
    """A trial; what its record says is cited from the record."""

    def of(field: str, value: object) -> Cell:
        block = trial.blocks.get(field)
        if value is None or block is None or work.citer is None:
            return cell(value)
        citation = work.citer.block(trial.document_id, block)
        return cell(value, "cited", (citation.id,)) if citation else cell(value)

    key = {True: "yes", False: "no", None: "unknown"}[trial.competes]
    status = trial.status or said(_KEY, "not_said")
    times: Text = both(f"{trial.start or '…'} – {trial.end or '…'}")
    return (
        cell(trial.number),
        cell(trial.title),
        of("status", status),
        cell(trial.phase),
        of("enrolment", trial.size),
        cell(trial.countries),
        cell(times),
        cell(said(_KEY, key)),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
