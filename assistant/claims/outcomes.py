"""Claims about results: what was measured, which cohort had more, by how much."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from assistant.claims.amounts import amounts_in, count_holds, share_holds
from assistant.claims.records import Cohort, Section
from assistant.claims.scopes import each_named, scope_of
from assistant.verification.clauses import content_tokens
from assistant.verification.numbers import numbers_stand
from assistant.verification.numerals import plain_numbers

_SAME = re.compile(r"\b(?:same|identical)\b[^.]*\b(?:outcome|measure|results?)")
_OTHER = re.compile(r"\b(?:non-?comparable|not comparable|different (?:outcome|measure|units))")
_DIFFERENCE = re.compile(r"\bdifference\b")
_MORE = re.compile(
    r"\b(more|higher|greater|longer|larger|better|superior|less|fewer|lower|shorter|smaller|worse)\b"
)
_UP = {"more", "higher", "greater", "longer", "larger", "better", "superior"}
_COUNTED = re.compile(r"participants|patients|subjects|women|individuals|people")
_SHARE = re.compile(r"percent|%|proportion")
_MEASURES = re.compile(
    r"\b(?:measures?|reports?|studie[sd]|evaluates?|uses?|outcome measure(?:ment)?s? (?:of|for|in) [^.]*? (?:is|was))\b(.*)"
)
_NO_CONTENT = re.compile(
    r"\b(?:primary|secondary|trials?|cohorts?|patients?|participants?|results?|sections?|study|number|percentage)\b"
)
_SPEAKS_OF = 0.4
_FEWEST_WORDS, _WELL, _BADLY = 3, 0.7, 0.34
_ALIKE = 0.6  # share of words in common from which two outcomes are one


def check(clause: str, sections: Mapping[str, Section], _earlier: str = "") -> bool | None:
    """Whether a clause is true of the records, ``None`` when the rules cannot tell."""
    text = clause.lower()
    for rule in (_comparable, _difference, _comparison, _share, _measured):
        verdict = rule(text, sections)
        if verdict is not None:
            return verdict
    return None


def _comparable(text: str, sections: Mapping[str, Section]) -> bool | None:
    same, other = bool(_SAME.search(text)), bool(_OTHER.search(text))
    if len(sections) < 2 or not (same or other):
        return None
    one, two = (content_tokens(plain_numbers(_title(section))) for section in sections.values())
    if not one or not two:
        return None
    alike = len(one & two) >= _ALIKE * min(len(one), len(two))
    return alike if same else not alike


def _difference(text: str, sections: Mapping[str, Section]) -> bool | None:
    amounts = amounts_in(text)
    if not _DIFFERENCE.search(text) or not amounts:
        return None
    firsts = _first_values(scope_of(text, sections).cohorts(sections))
    if len(firsts) != 2:
        return None
    return abs(abs(firsts[0] - firsts[1]) - Decimal(amounts[0].value)) < Decimal("0.05")


def _comparison(text: str, sections: Mapping[str, Section]) -> bool | None:
    match = _MORE.search(text)
    if not match or " than " not in text:
        return None
    left, right = text.split(" than ", 1)
    cohorts = scope_of(text, sections).cohorts(sections)
    one = _meant(left, cohorts, sections)
    two = _meant(right, [c for c in cohorts if c is not one], sections)
    if one is None or two is None or not one.values or not two.values:
        return None
    a, b = one.values[0].number, two.values[0].number
    return a > b if match.group(1) in _UP else a < b


def _share(text: str, sections: Mapping[str, Section]) -> bool | None:
    defined = "\n".join(line for section in sections.values() for line in section.outcome)
    if any(q.unit == "%" and numbers_stand(q.written, defined) for q in amounts_in(text)):
        return None  # >=30% decrease may define a response instead of counting it
    verdicts = []
    for scope in each_named(text, sections):
        cohorts = scope.cohorts(sections)
        if not _about(text, [sections[trial] for trial in scope.trials], cohorts):
            return None
        titled = [c for c in cohorts if _overlap(text, c.title) >= 1] or cohorts
        for cohort in titled:
            for found in _shares(cohort):
                verdict = share_holds(text, found)
                if verdict is not None:
                    if re.search(r"\b(?:neither|none|no)\b", text):
                        verdict = not verdict
                    verdicts.append(verdict)
                    break
            else:
                counts = [v for v in cohort.values if _COUNTED.search(v.unit)]
                if counts and len(cohort.values) == len(counts):
                    verdict = count_holds(text, int(counts[0].number))
                    if verdict is not None:
                        verdicts.append(verdict)
    return all(verdicts) if verdicts else None


def _about(text: str, sections: Sequence[Section], cohorts: Sequence[Cohort]) -> bool:
    """Whether a clause speaks of what was measured, and not of something else."""
    words = content_tokens(plain_numbers(_NO_CONTENT.sub(" ", text)))
    held = [line for section in sections for line in section.outcome]
    held += [f"{value.label} {value.unit}" for cohort in cohorts for value in cohort.values]
    held += [cohort.title for cohort in cohorts]
    shared = words & content_tokens(plain_numbers(" ".join(held)))
    return len(shared) >= _SPEAKS_OF * len(words)


def _measured(text: str, sections: Mapping[str, Section]) -> bool | None:
    """``the primary trial measures …``: whether what was measured is worded so."""
    match = _MEASURES.search(text)
    if not match:
        return None
    words = content_tokens(plain_numbers(_NO_CONTENT.sub(" ", match.group(1))))
    if len(words) < _FEWEST_WORDS:
        return None
    verdicts = []
    for trial in scope_of(text, sections).trials:
        section = sections[trial]
        held = content_tokens(plain_numbers(" ".join(section.outcome)))
        covered = len(words & held) / len(words)
        verdicts.append(True if covered >= _WELL else False if covered <= _BADLY else None)
    if False in verdicts:
        return False
    return True if verdicts and None not in verdicts else None


def _shares(cohort: Cohort) -> list[Fraction]:
    """Values that are shares of the cohort: percentages, proportions, counts among analysed."""
    found = []
    for value in cohort.values:
        if value.unit == "%" or re.search(r"percent|%", value.unit):
            found.append(Fraction(value.number) / 100)
        elif "proportion" in value.unit:
            found.append(Fraction(value.number))
        elif _COUNTED.search(value.unit) and cohort.analysed:
            found.append(Fraction(value.number) / cohort.analysed)
    return found


def _meant(phrase: str, cohorts: list[Cohort], sections: Mapping[str, Section]) -> Cohort | None:
    """The cohort a phrase names by its number or by the words of its title."""
    numbers = scope_of(phrase, sections).numbers
    named = [cohort for cohort in cohorts if cohort.number in numbers]
    if len(named) == 1:
        return named[0]
    ranked = sorted(cohorts, key=lambda cohort: -_overlap(phrase, cohort.title))
    if not ranked or not _overlap(phrase, ranked[0].title):
        return None
    if len(ranked) > 1 and _overlap(phrase, ranked[1].title) == _overlap(phrase, ranked[0].title):
        return None
    return ranked[0]


def _overlap(phrase: str, title: str) -> int:
    return len(content_tokens(plain_numbers(phrase)) & content_tokens(plain_numbers(title)))


def _title(section: Section) -> str:
    return section.outcome[0] if section.outcome else ""


def _first_values(cohorts: list[Cohort]) -> list[Decimal]:
    return [cohort.values[0].number for cohort in cohorts if cohort.values]
