"""What a question takes for granted, held against the sentences that were found and verified.

「SAE要在48小时内上报，对吧？」 asserts a quantity. It is searched without it (``neutral``), so that
what is found does not depend on what was asserted, and the answer begins with whether the sources
say the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.messages import message
from assistant.model import Answer, Citation, Statement
from assistant.question import read_question
from assistant.verification import numbers_stand, quantities
from ingest.numerals import NUMERAL
from retrieval.normalise import fold, simplified

_FILE = Path(__file__).with_name("premises.toml")
_QUANTITY = re.compile(
    rf"(?<![\w.])?(?P<n>\d+(?:,\d{{3}})*(?:\.\d+)?|[{NUMERAL}]+|one|two|three|five|six|seven|ten|"
    r"twelve|fifteen|thirty|sixty|ninety)[\s-]*(?P<unit>个?(?:工作日|自然日|小时|分钟|月(?![一-龥]?份))|"
    r"[%％]|日|天|周|年|例|名|人|位|家|"
    r"(?:working |business |calendar )?(?:days?|hours?|weeks?|months?|years?)\b|percent\b|"
    r"(?:patients|subjects|participants|members)\b)",
    re.I,
)
_KINDS = {
    "duration": re.compile(
        r"工作日|自然日|小时|分钟|月|日|天|周|年|day|hour|week|month|year", re.I
    ),
    "share": re.compile(r"[%％]|percent", re.I),
    "count": re.compile(r"例|名|人|位|家|patients|subjects|participants|members", re.I),
}
_HOURS = {
    "分钟": Decimal(1) / 60,
    "小时": Decimal(1),
    "日": Decimal(24),
    "天": Decimal(24),
    "周": Decimal(168),
}
_MONTHS = {"月": Decimal(1), "年": Decimal(12)}
_ENGLISH = {
    "hour": "小时",
    "day": "日",
    "week": "周",
    "month": "月",
    "year": "年",
    "working day": "工作日",
}
_CLOSE = 40  # characters around a number that tell what it is
_SHORT_DOUBT = 24  # a longer doubt asks something of its own
_DATE = "日期"  # what the verifier calls a year or day of the calendar
_NOW = ("0", "小时")
# The opposed wording in English begins like that of another value.
_WORDED = ("premise_agrees", "premise_opposed", "premise_differs", "premise_several")
Cover = Callable[[str], float]
"""How much of the question's words a text covers, between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Value:
    """A quantity as written and in the form in which it is compared."""

    written: str
    kind: str
    amount: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Premise:
    """What a question takes for granted, and the question without it.

    Attributes:
        neutral: The question to search for: the quantity asked for instead of asserted.
        value: The quantity asserted, or ``None``.
        modality: Name of the duty or permission asserted, or ``None``.
        act: What is said to be allowed or not required.
        presumed: Taken for granted rather than asked (「为什么…」): agreeing needs no words.
    """

    neutral: str
    value: Value | None = None
    modality: str | None = None
    act: str = ""
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether the sources say what the question says, in which words, and where."""

    verdict: Literal["agrees", "differs", "opposed"]
    written: tuple[str, ...]
    citations: tuple[int, ...]
    kind: str = "duration"


def read_premise(question: str) -> Premise | None:
    """What a question asserts, or ``None`` for one that only asks.

    Example:
        >>> premise = read_premise("GCP要求SAE 48小时上报，对吧？")
        >>> premise.value.written, premise.neutral
        ('48小时', 'GCP要求SAE 多长时间上报？')
    """
    text = simplified(question.strip())
    asks = _any("asserts", "confirm", text)
    presumed = _any("asserts", "presumed", text)
    found = _asserted(text, plainly=not (asks or presumed))
    if found is not None:
        value, start, end = found
        open_question = text[:start] + _asked(value, text[start:end]) + text[end:]
        return Premise(_neutral(open_question), value, presumed=presumed and not asks)
    if not asks:
        return None
    for rule in _rules()["modality"]:
        match = re.search(rule["said"], text)
        if match:
            return Premise(question, None, rule["name"], match.group(1))
    return None


def check_premise(premise: Premise, answer: Answer, cover: Cover) -> Finding | None:
    """Hold a premise against the verified statements of an answer.

    Args:
        premise: What the question asserts.
        answer: The answer to the neutral question.
        cover: How much of the neutral question a text covers.

    Returns:
        ``None`` when the sources neither confirm nor contradict it clearly.
    """
    if answer.status != "answered":
        return None
    # Details are further off the question; they would set other cases' limits against it.
    leading = {n for s in answer.statements if not s.detail for n in s.citations}
    quotes = [c for c in answer.citations if c.id in leading and not c.notice]
    if premise.value is not None:
        quotes = [_on_subject(citation, premise.neutral) for citation in quotes]
        finding = _hold_value(premise.value, quotes, cover)
        return finding if finding is None or _may_hold(premise, finding) else None
    return _hold_modality(premise, quotes, cover)


def state_premise(premise: Premise, answer: Answer, cover: Cover) -> Answer:
    """The answer, beginning with whether its sources say what the question says.

    The statement repeats numbers of the quotes only, never the wrong one of the question.
    """
    finding = check_premise(premise, answer, cover)
    if finding is None or (finding.verdict == "agrees" and premise.presumed):
        return answer
    text = _worded(finding, answer.language)
    quotes = [c.quote for c in answer.citations if c.id in finding.citations]
    if not numbers_stand(text, *quotes):
        return answer
    statement = Statement(text, finding.citations, "verified")
    return replace(answer, statements=(statement, *answer.statements))


def told_of_sources(statement: str) -> str:
    """What a statement on a premise says of the sources; any other statement as it stands.

    The words around it are ours and about the question, which no source deals with.

    >>> told_of_sources("与来源不符：来源写的是24小时，不是问题所说的。")
    '24小时'
    """
    return next((m[1] for frame in _frames() if (m := frame.fullmatch(statement))), statement)


@cache
def _frames() -> tuple[re.Pattern[str], ...]:
    blank = "\0"
    worded = (message(language, key, found=blank) for language in ("zh", "en") for key in _WORDED)
    return tuple(re.compile(re.escape(text).replace(re.escape(blank), "(.+)")) for text in worded)


def insisted(text: str, earlier: str) -> str | None:
    """The question that a user who insists asks again, or ``None`` for another question.

    「不对，我记得是48小时」 after 「SAE要在24小时内上报，对吧？」 asks the earlier question with
    the number insisted on. It is answered anew from the sources: insisting changes nothing.

    Args:
        text: What the user says now.
        earlier: The question answered before, as it was understood.

    Example:
        >>> insisted("不对，我记得是48小时", "SAE要多久上报？")
        'SAE要多久上报？是48小时，对吧？'
    """
    now = simplified(text.strip())
    if not any(re.search(p, now, re.I) for p in _rules()["insists"]["patterns"]):
        return None
    before = read_premise(earlier)
    claimed = next(_values(now), None)
    if claimed is None:
        return earlier if len(now) <= _SHORT_DOUBT else None
    value, start, end = claimed
    if before is not None and before.value is not None and before.value.kind == value.kind:
        old = next(v for v in _values(simplified(earlier)) if v[0] == before.value)
        return simplified(earlier)[: old[1]] + now[start:end] + simplified(earlier)[old[2] :]
    chinese = bool(re.search("[一-龥]", earlier))
    return (
        f"{earlier}是{value.written}，对吧？" if chinese else f"{earlier} {value.written}, right?"
    )


def _asserted(text: str, *, plainly: bool) -> tuple[Value, int, int] | None:
    """The one quantity a question asserts; of several the one that is put as a limit."""
    values = list(_values(text))
    limits = [v for v in values if _as_limit(text, v[1], v[2])]
    if plainly:
        return limits[0] if len(limits) == 1 and _any("asserts", "limit", text) else None
    chosen = limits or values
    return chosen[0] if len(chosen) == 1 else None


def _as_limit(text: str, start: int, end: int) -> bool:
    asserts = _rules()["asserts"]
    left, right = _around(text, start, end)
    before = re.search(asserts["limit_before"], left, re.I)
    return bool(before or re.search(asserts["limit_after"], right))


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands close before and after a place."""
    return text[max(0, start - _CLOSE) : start], text[end : end + _CLOSE]


def _values(text: str) -> Iterator[tuple[Value, int, int]]:
    """Quantities of the kinds that are compared, with their places."""
    for match in _QUANTITY.finditer(text):
        if _is_no_value(text, match):
            continue
        written = match.group(0)
        amount = next(iter(quantities(written)), None)
        if amount is None or amount[1] == _DATE:
            continue
        kind = next(kind for kind, units in _KINDS.items() if units.search(match.group("unit")))
        yield Value(written, kind, _comparable(amount)), match.start(), match.end()


def _is_no_value(text: str, match: re.Match[str]) -> bool:
    rules = _rules()["no_value"]
    before, after = _around(text, match.start(), match.end())
    return any(re.search(p, before, re.I) for p in rules["before"]) or any(
        re.search(p, after, re.I) for p in rules["after"]
    )


def _comparable(amount: tuple[str, str]) -> tuple[str, str]:
    """24小时, 1日 and 1 day are the same; 60日 and 60个工作日 are not."""
    number, unit = amount
    unit = _ENGLISH.get(unit, unit)
    for table, base in ((_HOURS, "小时"), (_MONTHS, "月")):
        if unit in table:
            return f"{(Decimal(number) * table[unit]).normalize():f}", base
    return number, "例" if unit in {"人", ""} else unit


def _asked(value: Value, written: str) -> str:
    """The words that ask for a quantity."""
    english = re.search(r"[a-z]{3,}", written, re.I)
    if value.kind == "share":
        return "how many percent" if english else "百分之几"
    if english:
        unit = re.sub(r"^[\d.,\s-]+|^\w+[\s-]+(?=\w+\s*$)", "", written).strip()
        return f"how many {unit}"
    if value.kind == "count":
        return f"多少{written[-1]}"
    return "多少个工作日" if "工作日" in written else "多长时间"


def _neutral(text: str) -> str:
    """The question without the words that want it confirmed."""
    rules = _rules()["neutral"]
    for pattern in (*rules["tail"], *rules["head"]):
        text = re.sub(pattern, "", text, flags=re.I)
    end = "？" if re.search("[一-龥]", text) else "?"
    return text.strip(" ,，。？?") + end


def _may_hold(premise: Premise, finding: Finding) -> bool:
    """Numbers of patients depend on the design: only those of a named trial or body are told."""
    return finding.kind != "count" or _any("asserts", "counted_of", premise.neutral)


def _hold_value(value: Value, quotes: Sequence[Citation], cover: Cover) -> Finding | None:
    """The values the best covering quotes give for what was asserted."""
    limits = _rules()["thresholds"]
    told = [
        (cover(_read_with(citation)), citation, one)
        for citation in quotes
        for one in _values_told(citation, value.kind, cover)
    ]
    best = max((covered for covered, _, _ in told), default=0.0)
    if best < limits["contradict"]:
        return None
    near = [(c, one) for covered, c, one in told if covered >= best - limits["near"]]
    written: dict[tuple[str, str], str] = {}
    for _, one in near:
        written.setdefault(one.amount, one.written.strip())
    cited = tuple(dict.fromkeys(citation.id for citation, _ in near))
    if value.amount not in {one.amount for _, _, one in told}:
        few = len(written) <= limits["most_values"]
        values = tuple(written.values())
        return Finding("differs", values, cited, value.kind) if few else None
    others = {amount for amount in written if amount not in {value.amount, _NOW}}
    if value.amount in written and not others and best >= limits["confirm"]:
        agreeing = tuple(dict.fromkeys(c.id for c, one in near if one.amount == value.amount))
        return Finding("agrees", (written[value.amount],), agreeing, value.kind)
    return None


def _values_told(citation: Citation, kind: str, cover: Cover) -> Iterator[Value]:
    """Values of a kind in those clauses of a quote that deal with what was asked.

    「复核专家组不少于5人，伦理委员会委员不得参与」 tells nothing about the number of members.
    """
    limits = _rules()["thresholds"]
    section = citation.locator.get("section") or ""
    for clause in _clauses(citation.quote):
        # What is counted must be said in the clause; a time limit is often told by its heading.
        alone = kind != "duration"
        enough = limits["counted_clause"] if alone else limits["clause"]
        if cover(clause if alone else f"{section} {clause}") < enough:
            continue
        found = [v for v, _, _ in _values(clause) if v.kind == kind]
        # 立即 stands in many a sentence; it is the answer where the clause itself says for what.
        if not found and cover(clause) >= _rules()["thresholds"]["contradict"]:
            found = _at_once(clause, kind)
        yield from found


def _on_subject(citation: Citation, question: str) -> Citation:
    """A citation without what its quote says of somebody or something else.

    「研究者24小时内报告；申办者7日内报告」 tells one limit to who asks about investigators.
    """
    contrasts = [c for part in read_question(question).parts for c in part.contrasts]
    pieces = re.split(r"(?<=[;；。])", citation.quote)
    kept = [p for p in pieces if not any(c.excludes(fold(p)) for c in contrasts)]
    return replace(citation, quote="".join(kept)) if kept else citation


def _clauses(quote: str) -> list[str]:
    """The clauses of a quote; what a bracket explains stays with its clause."""
    return [c for c in re.split(r"[,，;；。](?![^（(]*[)）])", simplified(quote)) if c.strip()]


def _read_with(citation: Citation) -> str:
    """A quote under what says what it is about: its section and its document."""
    return f"{citation.title} {citation.locator.get('section') or ''} {citation.quote}"


def _at_once(quote: str, kind: str) -> list[Value]:
    if kind != "duration":
        return []
    for pattern in _rules()["at_once"]["patterns"]:
        match = re.search(pattern, quote, re.I)
        if match:
            return [Value(match.group(0), "duration", _NOW)]
    return []


def _hold_modality(premise: Premise, quotes: Sequence[Citation], cover: Cover) -> Finding | None:
    """A source that says the opposite of the same act, without an exception in the sentence."""
    rules = _rules()
    rule = next(rule for rule in rules["modality"] if rule["name"] == premise.modality)
    exceptions = "|".join(rules["exceptions"]["patterns"])
    enough = rules["thresholds"]["confirm"]
    for citation in quotes:
        if re.search(exceptions, citation.quote):
            continue
        for clause in _clauses(citation.quote):
            written = _opposed(clause, rule["opposed"], premise.act)
            if written and cover(clause) >= enough:
                return Finding("opposed", (written,), (citation.id,))
    return None


def _opposed(clause: str, patterns: Sequence[str], act: str) -> str | None:
    """The words of a clause from the duty or ban on the act to its end."""
    for pattern in patterns:
        match = re.search(pattern + re.escape(act), clause)
        if match:
            said = re.match(r"[^（(《]*", clause[match.start() :])
            return said.group(0) if said else None
    return None


def _worded(finding: Finding, language: str) -> str:
    separator = "、" if language == "zh" else ", "
    found = separator.join(finding.written)
    several = finding.verdict == "differs" and len(finding.written) > 1
    key = "premise_several" if several else f"premise_{finding.verdict}"
    return message(language, key, found=found)


def _any(table: str, key: str, text: str) -> bool:
    return any(re.search(pattern, text, re.I) for pattern in _rules()[table][key])


@cache
def _rules() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)
