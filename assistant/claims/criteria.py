"""Claims about eligibility: who may take part, who may not, within which limits."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.claims.records import Section
from assistant.claims.scopes import scope_of
from assistant.verification.clauses import content_tokens
from assistant.verification.numbers import number_findings
from assistant.verification.numerals import plain_numbers
from assistant.verification.quantities import NAME, find_quantities

_OUT = re.compile(
    r"\b(?:exclud\w+|ineligible|not (?:be )?(?:eligible|included|allowed|able to)|cannot|can not|unable to"
    r"|can't|may not)\b"
)
_IN = re.compile(
    r"\b(?:eligible|includ\w+|accepted|can (?:take part|participate|enrol\w*)|able to|must|necessary|required"
    r"|requires?|needs?|have to|need to)\b"
)
_LINE_OUT = re.compile(
    r"^(?:no\b|not\b|without\b|absence|must not)|\bnot (?:eligible|allowed|permitted)|\bineligible|\bexcluded"
)
_LINE_MAY = re.compile(r"\b(?:allowed|permitted|eligible)\b")
_NO_CONTENT = re.compile(
    r"\b(?:primary|secondary|trials?|patients?|participants?|candidates?|women|eligible|ineligible|excluded?|"
    r"included?|participate|enroll?|take part|accepted|order|still|wanting|known|documented)\b"
)
_NEAR = 0.5  # share of a claim's words in a criterion from which it is about it


def check(clause: str, sections: Mapping[str, Section], _earlier: str = "") -> bool | None:
    """Whether a clause is true of the records, ``None`` when the rules cannot tell."""
    text = clause.lower()
    out, admitted = bool(_OUT.search(text)), bool(_IN.search(text))
    if not out and not admitted:
        return None
    words = content_tokens(_NO_CONTENT.sub(" ", plain_numbers(text)))
    if not words:
        return None
    verdicts = []
    for trial in scope_of(text, sections).trials:
        ranked = sorted(
            sections[trial].criteria, key=lambda pair: -_covered(words, pair[1])
        )
        if not ranked or _covered(words, ranked[0][1]) < _NEAR:
            verdicts.append(None)
            continue
        side, line = ranked[0]
        verdicts.append(_agrees(clause, out, side, line))
    if False in verdicts:
        return False
    return True if verdicts and None not in verdicts else None


def _agrees(clause: str, out: bool, side: str, line: str) -> bool | None:
    lowered = line.lower()
    kept_out = side == "exclusion"
    if _LINE_OUT.search(lowered):
        kept_out = not kept_out if not lowered.startswith(("must not",)) else True
    elif side == "exclusion" and _LINE_MAY.search(lowered):
        return None
    if out != kept_out:
        return False
    if not any(True for _ in number_findings(clause, [line])):
        return True
    units = {q.unit for q in find_quantities(line)} - {"", NAME}
    return False if units & {q.unit for q in find_quantities(clause)} else None


def _covered(words: frozenset[str], line: str) -> float:
    return len(words & content_tokens(plain_numbers(line))) / len(words)
