"""Claims about interventions: by which route, the same for all cohorts or not."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.claims.records import Cohort, Section
from assistant.claims.scopes import each_named, scope_of
from assistant.verification.clauses import content_tokens
from assistant.verification.entities import groups_named
from assistant.verification.numerals import plain_numbers

_SAME = re.compile(r"\b(?:same|identical)\b")
_NOT = re.compile(r"\b(?:not|no|none|neither|never|without)\b")
_ANY = re.compile(r"\bany\b|\bneither\b|\bno\b|\bnone\b")
_RECEIVE = re.compile(r"\b(?:receives?|received|administered|given|takes?|undergo\w*)\b")
_ALIKE = 0.9


def check(clause: str, sections: Mapping[str, Section], _earlier: str = "") -> bool | None:
    """Whether a clause is true of the records, ``None`` when the rules cannot tell."""
    text = clause.lower()
    for rule in (_same, _route):
        verdict = rule(text, sections)
        if verdict is not None:
            return verdict
    return None


def _same(text: str, sections: Mapping[str, Section]) -> bool | None:
    if not _SAME.search(text):
        return None
    cohorts = scope_of(text, sections).cohorts(sections)
    if len(cohorts) < 2:
        return None
    worded = [_words(cohort) for cohort in cohorts]
    common, whole = frozenset.intersection(*worded), frozenset().union(*worded)
    alike = bool(whole) and len(common) >= _ALIKE * len(whole)
    return alike != bool(_NOT.search(text))


def _route(text: str, sections: Mapping[str, Section]) -> bool | None:
    """Whether a way of giving a drug is written anywhere for the cohorts meant."""
    routes = _routes(text)
    if not routes or not _RECEIVE.search(text):
        return None
    denied = bool(_NOT.search(text))
    if denied and not _ANY.search(text) and not scope_of(text, sections).numbers:
        return None
    for scope in each_named(text, sections):
        given = _routes(" ".join(_text(cohort) for cohort in scope.cohorts(sections)))
        if denied and routes & given:
            return False
        if not denied and not routes <= given:
            return False
    return True if denied else None


def _routes(text: str) -> frozenset[str]:
    return frozenset(group for name, group in groups_named(text) if name == "route")


def _words(cohort: Cohort) -> frozenset[str]:
    return content_tokens(plain_numbers(_text(cohort)))


def _text(cohort: Cohort) -> str:
    return " ".join(cohort.lines)
