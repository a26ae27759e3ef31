"""Claims about adverse events: which was the most common, how many, more here than there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from assistant.claims.amounts import count_holds, share_holds
from assistant.claims.records import Cohort, Section, plain
from assistant.claims.scopes import Scope, each_named, scope_of

_MOST = re.compile(r"\b(most|least)\s+(?:common|frequent)\b")
_MORE = re.compile(r"\b(more|higher|greater|less|fewer|lower)\b(?!\s+than\s+\d)")
_EMPTY = re.compile(r"\b(?:empty|(?:do(?:es)?|did) not (?:report|record)(?: any)? adverse events?)\b")
_KINDS = re.compile(r"\b(?:types? of|different)\b[^.]*\b(?:adverse events?|aes?)\b")
_UNAFFECTED = re.compile(r"\bnot affect any\b|\baffect(?:ed|ing)? (?:no|none)\b|\b0 cases\b")
_SAME = re.compile(r"\b(?:same|identical) (?:types? of )?(?:adverse events?|aes?)\b")
_OVERALL = re.compile(r"\b(?:adverse events?|aes?)\b")
_OF_EVENTS = re.compile(
    r"\b(?:suffer(?:ed|ing)?(?: from)?|cases? of|experienced|had|developed)\s+(?!adverse|aes?\b)([a-z][a-z ,'-]*?)"
    r"(?=\s+(?:in|during|when|than|while|occurred|among|at)\b|[.;]|$)"
)
_REPORTED = re.compile(r"\b(?:describes?|reports? the number|reports? the incidence|lists?)\b")
_DENIED = re.compile(r"\b(?:no|not|none|neither|never|without)\b")


def check(clause: str, sections: Mapping[str, Section], earlier: str = "") -> bool | None:
    """Whether a clause is true of the records, ``None`` when the rules cannot tell.

    Args:
        clause: Part of a statement.
        sections: The records, by the trial's name.
        earlier: The clause before it: ``and none in the primary trial`` speaks of its events.
    """
    text = clause.lower()
    everything = [cohort for section in sections.values() for cohort in section.cohorts]
    if earlier and not named_events(text, everything) and not _OVERALL.search(text):
        text = f"{text} ({', '.join(named_events(earlier.lower(), everything))})"
    for rule in (_no_section, _superlative, _kinds, _comparison, _amount):
        verdict = rule(text, sections)
        if verdict is not None:
            return verdict
    return None


def named_events(text: str, cohorts: Sequence[Cohort]) -> list[str]:
    """Events of the cohorts that a text names, the longest names first taken."""
    found, rest = [], f" {plain(text)} "
    names = {name for cohort in cohorts for name in cohort.counts}
    for name in sorted(names, key=len, reverse=True):
        if f" {name} " in rest:
            found.append(name)
            rest = rest.replace(f" {name} ", "  ")
    return found


def asked_events(text: str, cohorts: Sequence[Cohort]) -> list[str]:
    """Events that a text names, whether the cohorts have them or not."""
    found = named_events(text, cohorts)
    for match in _OF_EVENTS.finditer(text):
        for item in re.split(r",|\band\b|\bor\b", match.group(1)):
            name = plain(item)
            if name and len(name.split()) <= 3 and not named_events(name, cohorts):
                found.append(name)
    return found


def _no_section(text: str, sections: Mapping[str, Section]) -> bool | None:
    if not _EMPTY.search(text):
        return None
    cohorts = scope_of(text, sections).cohorts(sections)
    return all(not any(n for n, _ in cohort.counts.values()) for cohort in cohorts)


def _superlative(text: str, sections: Mapping[str, Section]) -> bool | None:
    match = _MOST.search(text)
    if not match:
        return None
    scopes = each_named(text, sections)
    everything = [cohort for scope in scopes for cohort in scope.cohorts(sections)]
    names = named_events(text, everything)
    if not names:
        return False if everything and any(c.counts for c in everything) else None
    for scope in scopes:
        counts = _summed(scope.cohorts(sections))
        if not counts:
            return None
        best = (max if match.group(1) == "most" else min)(counts.values())
        if not best and match.group(1) == "most":
            return False
        if not any(counts.get(name) == best for name in names):
            return False
    return True


def _kinds(text: str, sections: Mapping[str, Section]) -> bool | None:
    if _SAME.search(text):
        listed = [frozenset(_summed(each.cohorts(sections))) for each in each_named(text, sections)]
        return len(set(listed)) == 1 if len(listed) > 1 else None
    if not _KINDS.search(text):
        return None
    counts = _summed(scope_of(text, sections).cohorts(sections))
    if _UNAFFECTED.search(text):
        return count_holds(text, sum(count == 0 for count in counts.values()))
    return count_holds(text, len(counts))


def _comparison(text: str, sections: Mapping[str, Section]) -> bool | None:
    match = _MORE.search(text)
    if not match or " than " not in text:
        return None
    left, right = text.split(" than ", 1)
    here = scope_of(left, sections)
    there = scope_of(right, sections, default=here)
    if there == here:
        return None
    upward = match.group(1) in {"more", "higher", "greater"}
    names = asked_events(left, [*here.cohorts(sections), *there.cohorts(sections)])
    if not names:
        if not _OVERALL.search(left):
            return None
        a, b = _total(here, sections), _total(there, sections)
        return None if a is None or b is None else (a > b if upward else a < b)
    one, other = _summed(here.cohorts(sections)), _summed(there.cohorts(sections))
    return all(
        one.get(name, 0) > other.get(name, 0) if upward else one.get(name, 0) < other.get(name, 0)
        for name in names
    )


def _amount(text: str, sections: Mapping[str, Section]) -> bool | None:
    whole = scope_of(text, sections)
    names = asked_events(text, whole.cohorts(sections))
    if not names:
        return _total_amount(text, sections)
    listed = _summed(whole.cohorts(sections))
    if _REPORTED.search(text) and not _DENIED.search(text):
        return all(name in listed for name in names)
    verdicts = []
    for scope in each_named(text, sections):
        cohorts = scope.cohorts(sections)
        for name in names:
            affected = sum(c.counts.get(name, (0, 0))[0] for c in cohorts)
            at_risk = sum(c.counts.get(name, (0, _at_risk(c)))[1] for c in cohorts)
            verdicts.append(_amount_of(text, affected, at_risk))
    known = [verdict for verdict in verdicts if verdict is not None]
    return all(known) if known else None


def _amount_of(text: str, affected: int, at_risk: int) -> bool | None:
    unaffected = bool(_DENIED.search(text)) and re.search(r"\bmost|majority\b", text) is not None
    if at_risk:
        found = Fraction(at_risk - affected if unaffected else affected, at_risk)
        verdict = share_holds(text, found)
        if verdict is not None:
            return verdict
    return count_holds(text, affected)


def _total_amount(text: str, sections: Mapping[str, Section]) -> bool | None:
    if not _OVERALL.search(text):
        return None
    for scope in each_named(text, sections):
        totals = [c.total for c in scope.cohorts(sections) if c.total]
        affected, at_risk = sum(n for n, _ in totals), sum(m for _, m in totals)
        if at_risk:
            verdict = share_holds(text, Fraction(affected, at_risk))
            if verdict is None:
                verdict = count_holds(text, affected)
            if verdict is not None:
                return verdict
    return None


def _total(scope: Scope, sections: Mapping[str, Section]) -> int | None:
    totals = [cohort.total for cohort in scope.cohorts(sections) if cohort.total]
    return sum(affected for affected, _ in totals) if totals else None


def _at_risk(cohort: Cohort) -> int:
    return max((m for _, m in cohort.counts.values()), default=0)


def _summed(cohorts: Sequence[Cohort]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for cohort in cohorts:
        for name, (affected, _) in cohort.counts.items():
            summed[name] = summed.get(name, 0) + affected
    return summed
