"""Trials that compete for the same patients, from the registry records of the index."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.feasibility.records import TrialRecord, read_record
from design import BadDesign, Text
from design.wording import Wording
from retrieval import View
from retrieval.lexicon import Lexicon
from retrieval.normalise import fold

_FILE = Path(__file__).with_name("competing.toml")
_PHASES = ("1", "2", "3", "4")
Line = Literal["first", "second_or_later", "adjuvant", "neoadjuvant", "maintenance"]


@dataclass(frozen=True, slots=True)
class Sought:
    """What competes.

    Attributes:
        condition: The disease, Chinese or English; synonyms of the lexicon count.
        region: A country or place the trial must be in; anywhere when ``None``. Records that name
            no place are kept and marked.
        line: Line of treatment; any when ``None``. Records that say nothing of it are kept.
        phases: Such as ``("2", "3")``; any when empty.
        start: ISO date from which patients are wanted.
        end: ISO date until which.
    """

    condition: str
    region: str | None = None
    line: Line | None = None
    phases: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class CompetingTrial:
    """A registered trial of the condition.

    ``competes``: it takes patients (or will) while they are wanted; ``None`` when its status is
    not known. ``not_said`` names what the record leaves open. ``blocks`` gives the block of each
    field in the document, for the source view.
    """

    number: str
    title: str
    document_id: str
    source: str | None
    status: str | None
    status_class: str
    phase: str | None
    size: int | None
    sponsor: str | None
    countries: str | None
    start: str | None
    end: str | None
    lines: tuple[str, ...]
    updated: str | None
    competes: bool | None
    not_said: tuple[str, ...]
    blocks: dict[str, int]


@dataclass(frozen=True, slots=True)
class Competing:
    """All that match, those that compete first; ``snapshot`` and dates say how current it is."""

    sought: Sought
    names: tuple[str, ...]
    trials: tuple[CompetingTrial, ...]
    records: int
    snapshot: str
    latest_update: str | None
    added: str | None

    @property
    def competing(self) -> tuple[CompetingTrial, ...]:
        """Those that take patients while they are wanted."""
        return tuple(trial for trial in self.trials if trial.competes)

    @property
    def sentences(self) -> tuple[Text, ...]:
        """What was found, and as of when."""
        sized = [trial.size for trial in self.competing if trial.size is not None]
        values = {
            "condition": self.sought.condition,
            "matched": len(self.trials),
            "competing": len(self.competing),
            "planned": sum(sized),
            "sized": len(sized),
            "unknown": sum(trial.competes is None for trial in self.trials),
            "records": self.records,
            "latest": self.latest_update or "?",
            "added": self.added or "?",
        }
        first = "found" if self.trials else "none"
        keys = [first, *(["snapshot"] if self.records else [])]
        return tuple(Wording(_FILE).text("texts", key, values=values) for key in keys)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "sought": asdict(self.sought),
            "names": list(self.names),
            "sentences": [text.to_json() for text in self.sentences],
            "records": self.records,
            "matched": len(self.trials),
            "competing": len(self.competing),
            "by_status": dict(Counter(trial.status_class for trial in self.trials)),
            "snapshot": self.snapshot,
            "latest_update": self.latest_update,
            "added": self.added,
            "trials": [asdict(trial) for trial in self.trials],
        }


def checked_sought(sought: Sought) -> Sought:
    """What is sought, with dates in ISO form and known phases.

    Raises:
        BadDesign: A date or phase does not fit, or the time ends before it begins.
    """
    if not sought.condition.strip():
        raise BadDesign("condition is empty", "condition")
    for phase in sought.phases:
        if phase not in _PHASES:
            raise BadDesign(f"phase {phase!r} is none of {', '.join(_PHASES)}", "phase")
    days = {}
    for name, value in (("from", sought.start), ("to", sought.end)):
        try:
            days[name] = None if value is None else date.fromisoformat(value).isoformat()
        except ValueError:
            raise BadDesign(f"{name} {value!r} is not a date like 2026-01-31", name) from None
    if days["from"] and days["to"] and days["to"] < days["from"]:
        raise BadDesign(f"the time ends on {days['to']}, before {days['from']}", "to")
    return replace(sought, start=days["from"], end=days["to"])


def competing_trials(view: View, lexicon: Lexicon, sought: Sought) -> Competing:
    """Find the registered trials of a condition and tell which compete.

    The condition is looked for in the titles, conditions and keywords of the records.
    """
    # A note about registries is of the same kind, but has no registry number.
    registered = [
        d for d in view.documents if d.metadata.kind == "registry" and d.metadata.document_number
    ]
    names = condition_names(sought.condition, lexicon)
    pattern = _any_of(names)
    matched = [read_record(view, d) for d in registered if pattern.search(fold(d.metadata.names))]
    trials = [trial for record in matched for trial in _judged(record, sought)]
    trials.sort(key=lambda t: (t.competes is not True, t.competes is None, t.number))
    updates = [d.metadata.version_date for d in registered if d.metadata.version_date]
    return Competing(
        sought,
        names,
        tuple(trials),
        len(registered),
        view.snapshot.id,
        max(updates, default=None),
        max((d.added[:10] for d in registered), default=None),
    )


def condition_names(condition: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The condition and its names in the lexicon, folded; the condition itself comes first."""
    folded = fold(condition).strip()
    names = [folded]
    for concept in lexicon.find(condition):
        known = [fold(name) for name in concept.names]
        if folded in known:  # a concept that is only part of what was asked is something else
            names += known
    return tuple(dict.fromkeys(name for name in names if name))


def _any_of(names: Sequence[str]) -> re.Pattern[str]:
    """Latin names stand alone, so that RA is not found in 'trial'; Chinese ones anywhere."""
    found = [
        rf"(?<![a-z0-9]){re.escape(name)}(?:s|es)?(?![a-z0-9])"
        if name.isascii()
        else re.escape(name)
        for name in names
    ]
    return re.compile("|".join(found) or r"(?!)")


def _judged(record: TrialRecord, sought: Sought) -> Iterator[CompetingTrial]:
    """The trial, unless the record says that it is something else."""
    fields, not_said = record.fields, []
    said = {name: field.text for name, field in fields.items()}
    phase = said.get("phase")
    if sought.phases:
        if phase is None:
            not_said.append("phase")
        elif not set(re.findall(r"\d", _arabic(phase))) & set(sought.phases):
            return
    if sought.region is not None:
        where = _in_region(record, sought.region)
        if where is False:
            return
        not_said += ["region"] if where is None else []
    lines = tuple(
        name for name, words in _rules()["line"].items() if re.search(words, fold(record.text))
    )
    if sought.line is not None:
        if lines and sought.line not in lines:
            return
        not_said += [] if lines else ["line"]
    start, end = (
        record.date("start"),
        record.date("primary_completion") or record.date("completion"),
    )
    status_class = _status_class(said.get("status"))
    not_said += [name for name, value in (("start", start), ("end", end)) if value is None]
    metadata = record.document.metadata
    yield CompetingTrial(
        number=record.number,
        title=record.document.title,
        document_id=record.document.id,
        source=metadata.source,
        status=said.get("status"),
        status_class=status_class,
        phase=phase,
        size=record.size,
        sponsor=said.get("sponsor"),
        countries=said.get("countries"),
        start=start,
        end=end,
        lines=lines,
        updated=metadata.version_date,
        competes=_competes(status_class, start, end, sought),
        not_said=tuple(not_said),
        blocks={name: field.block for name, field in fields.items()},
    )


def _competes(status_class: str, start: str | None, end: str | None, sought: Sought) -> bool | None:
    if status_class == "unknown":
        return None
    if status_class not in _rules()["competing"]["classes"]:
        return False
    # A date known to the month or year is compared as far as it is known. What has no end goes on.
    late = sought.end is not None and start is not None and start > sought.end[: len(start)]
    over = sought.start is not None and end is not None and end < sought.start[: len(end)]
    return not late and not over


def _status_class(status: str | None) -> str:
    if status is None:
        return "unknown"
    folded = fold(status).replace("_", " ")
    if re.search(r"^not recruiting", folded):
        return "closed"
    return next(
        (name for name, words in _rules()["status"].items() if re.search(words, folded)), "unknown"
    )


def _in_region(record: TrialRecord, region: str) -> bool | None:
    """Whether the record names the region; ``None`` when it names no place at all."""
    names = _rules()["region"].get(region, [region])
    pattern = _any_of([fold(name) for name in names])
    countries = record.fields.get("countries")
    if countries is not None and pattern.search(fold(countries.text)):
        return True
    sites = re.search(r"^研究单位 Sites?$.*", record.text, re.S | re.M)
    if sites and pattern.search(fold(sites[0])):
        return True
    return False if countries is not None else None


def _arabic(phase: str) -> str:
    """Phases with Arabic numerals: Ⅱ期, Phase II/III."""
    folded = fold(phase)
    for roman, digit in (("iv", "4"), ("iii", "3"), ("ii", "2"), ("i", "1")):
        folded = re.sub(rf"(?<![a-z]){roman}(?![a-z])", digit, folded)
    return folded


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
