"""How many of a cohort meet the criteria, and what each criterion costs."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from assistant.feasibility.model import Figure, Line, Part, Section, Table
from assistant.feasibility.synopsis import Cohort
from assistant.feasibility.work import Work, absent, both, cell, line, said
from design import BadDesign, Text

if TYPE_CHECKING:
    from design.cohort import Criteria, Funnel, Source

_KEY = "cohort"
_TEXTS = {".txt", ".md"}


def cohort(work: Work) -> Section:
    """The funnel, with its chart and what must be said of it."""
    from design.cohort import funnel, open_source

    wanted = work.synopsis.cohort
    if wanted is None:
        return absent(_KEY, said("absent", "not_in_synopsis", field="cohort"))
    parts: list[Part] = []
    with open_source(work.cohort_path(wanted.source)) as source:
        criteria = _criteria(work, wanted, source, parts)
        found = funnel(source, criteria, wanted.options)
    work.funnel = found
    call = _call(work, wanted)
    parts.append(Line(found.sentence, "computed", call=call))
    parts += [Line(note, "computed", warns=True) for note in found.notes]
    parts.append(Figure(said(_KEY, "chart"), found.svg, "computed", call))
    parts.append(_table(found, call))
    number = wanted.condition_criterion or _diagnosis(criteria)
    work.condition_criterion = number
    share = _share(found, number)
    if share is not None and number is not None:
        work.share = share
        named = found.steps[number - 1].name
        parts.append(line(_KEY, "share", call=call, share=share, number=number, name=named))
    else:
        parts.append(line(_KEY, "no_share", basis="absent", kind="note"))
    parts += [Line(text, "computed", warns=True) for text in found.warnings]
    parts += [Line(text, "computed", kind="note") for text in found.conventions]
    parts.append(Line(found.index, "computed", kind="note"))
    numbers = found.to_json() | {"eligible_share": share}
    return Section(_KEY, said("title", _KEY), tuple(parts), numbers=numbers)


def _criteria(work: Work, wanted: Cohort, source: Source, parts: list[Part]) -> Criteria:
    """The rules to count with; those read from text are said to be unconfirmed."""
    from design.cohort import load_criteria, parse_criteria
    from design.cohort.files import read_text

    if wanted.criteria is not None:
        return wanted.criteria
    text = wanted.criteria_text
    if wanted.criteria_file is not None:
        path = work.criteria_path(str(wanted.criteria_file))
        if path.suffix.lower() not in _TEXTS:
            return load_criteria(path)
        text = read_text(path)
    parsed = parse_criteria(text or "", source.vocabulary)
    work.unconfirmed = True
    if parsed.criteria is None:
        raise BadDesign("no rule could be read from the text of the criteria", "cohort.criteria")
    parts.append(line(_KEY, "read", count=len(parsed.meanings), warns=True, basis="assumed"))
    parts += [
        line(_KEY, "unread", basis="absent", warns=True, text=each.text, why=each.reason)
        for each in parsed.unparsed
    ]
    parts += [Line(text, "assumed", warns=True) for text in parsed.questions]
    return parsed.criteria


def _call(work: Work, wanted: Cohort) -> str:
    """The command of the funnel when the criteria stand in a file, else that of the report."""
    if wanted.criteria_file is None:
        return f"{work.report_call} --json"
    parts = ["xinglin feasibility funnel", shlex.quote(str(wanted.criteria_file))]
    if wanted.source != "synthetic":
        parts.append(f"--source {shlex.quote(wanted.source)}")
    options = wanted.options
    parts += [f"--missing {options.missing}", f"--threshold {options.threshold}"]
    parts += [f"--off {number}" for number in options.off]
    return " ".join(parts) + (" --yes" if work.unconfirmed else "")


def _table(found: Funnel, call: str) -> Table:
    def shown(count: int | None, applied: bool = True) -> Text:
        if count is None:
            return said(_KEY, "hidden" if applied else "none")
        return both(f"{count:,}")

    head = tuple(
        said("head", key)
        for key in ("criterion", "remaining", "lost", "unknown", "alone", "without")
    )
    rows = [
        (
            cell(Text(f"{step.number}. {step.name.zh}", f"{step.number}. {step.name.en}")),
            cell(shown(step.remaining)),
            cell(shown(step.lost, step.status == "applied")),
            cell(shown(step.alone["unknown"], step.status != "not_evaluable")),
            cell(shown(step.alone["cost"], step.status != "not_evaluable")),
            cell(shown(step.gain, step.status == "applied")),
        )
        for step in found.steps
    ]
    return Table(said(_KEY, "steps"), head, tuple(rows), "computed", call)


def _diagnosis(criteria: Criteria) -> int | None:
    """The first inclusion that is a diagnosis."""
    for number, rule in enumerate(criteria.inclusion, start=1):
        if rule.kind == "diagnosis":
            return number
    return None


def _share(found: Funnel, number: int | None) -> float | None:
    """Of those with the condition, the share that remains; ``None`` when a count is hidden."""
    if number is None or not 1 <= number <= len(found.steps):
        return None
    base = found.steps[number - 1].alone["met"]
    if not base or not found.remaining or found.remaining > base:
        return None
    return found.remaining / base
