"""Judge a statement about one or two trials by their records.

A statement is cut at *but*, *whereas* and the like. Each clause is put to the rules for its section;
one false clause makes the statement contradicted, all true make it supported. Where no rule can
tell, the judgement is undecided, with a leaning by the statement's words and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.claims import criteria, events, interventions, outcomes
from assistant.claims.records import Section, read_section
from assistant.verification.clauses import content_tokens
from assistant.verification.numbers import numbers_stand
from assistant.verification.numerals import plain_numbers

Decision = Literal["supported", "contradicted", "undecided"]
_BREAK = re.compile(r",?\s*\b(?:but|whereas|while|however|instead)\b\s*|;\s*|,\s*(?=and\b|in fact\b|which\b|affecting\b|there is\b)"
    r"|\s+and\s+(?=none\b|[\w -]{3,40}?\s+(?:was|is|were) the (?:most|least)\b)")
_RULES: Mapping[str, Callable[[str, Mapping[str, Section], str], bool | None]] = {
    "intervention": interventions.check,
    "events": events.check,
    "results": outcomes.check,
    "eligibility": criteria.check,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules make of a statement.

    Attributes:
        decision: ``undecided`` where no rule could tell.
        clauses: Each clause with what its rule said.
        leaning: Between 0 and 1: how much of the statement's words and numbers the records hold;
            what to go by when a decision is forced.
    """

    decision: Decision
    clauses: tuple[tuple[str, bool | None], ...]
    leaning: float


def judge(statement: str, records: Mapping[str, Sequence[str]]) -> Judgement:
    """Hold a statement against records.

    Args:
        statement: In English, as the records; trials are called ``primary`` and ``secondary``.
        records: Lines of the section, by the trial's name in the statement.

    >>> lines = ["Adverse Events 1:", "  Total: 3/12 (25.00%)", "  Sepsis 2/12 (16.67%)"]
    >>> judge("Sepsis was the most common adverse event in the primary trial", {"primary": lines}).decision
    'supported'
    """
    sections = {name: read_section(lines) for name, lines in records.items()}
    kinds = {section.kind for section in sections.values()}
    rule = _RULES.get(next(iter(kinds))) if len(kinds) == 1 else None
    parts = [part.strip() for part in _BREAK.split(statement) if part and part.strip()]
    found = tuple(
        (part, rule(part, sections, earlier) if rule else None)
        for earlier, part in zip(["", *parts], parts, strict=False)
    )
    verdicts = [verdict for _, verdict in found]
    decision: Decision = "undecided"
    if False in verdicts:
        decision = "contradicted"
    elif verdicts and all(verdicts):
        decision = "supported"
    return Judgement(decision, found, _leaning(statement, records))


def _leaning(statement: str, records: Mapping[str, Sequence[str]]) -> float:
    """Share of the statement's words in the records; halved when a number is not there."""
    text = "\n".join(line for lines in records.values() for line in lines)
    words = content_tokens(plain_numbers(re.sub(r"\b(?:primary|secondary|cohorts?|trials?)\b", " ", statement.lower())))
    covered = len(words & content_tokens(plain_numbers(text))) / len(words) if words else 0.0
    return covered if numbers_stand(statement, text) else covered / 2
