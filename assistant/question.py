"""Read a question: its language and parts, what kind of answer each part wants, what it names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from assistant.boundaries import Boundary, find_boundary
from assistant.parts import split_parts
from ingest.metadata import detect_language
from retrieval.normalise import fold

MOST_PARTS = 6  # each costs a search
_SAME_AGAIN = re.compile(r"呢$|^(?:and|what about|how about)\b")
_OTHER_SCRIPT = re.compile("[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f]")
_FEW_LETTERS = 4
_FACTS = frozenset({"duration", "frequency", "consequence", "actor", "where"})
_RULES = Path(__file__).with_name("questions.toml")
_TITLE = re.compile(r"《([^《》]{2,60})》")
_ARTICLE = re.compile(r"第(\d+)条|\barticle (\d+)\b")
_DOCUMENT_NUMBER = re.compile(r"(\d{4})年?第(\d+)号|\bno\.? ?(\d+)(?: of|,) ?(\d{4})\b")
_VERSION_YEAR = re.compile(
    r"((?:19|20)\d\d)\s*年?(?:\d{1,2}月)?的?\s*(?:新?版|修订|修正|新修|颁布|发布|公布|出台|新规|新法|新的|第?\d*号?令|法|条例|办法|规范|指南|指导原则|声明|共识|标准|清单|模板)"
)
_VERSION_YEAR_EN = re.compile(
    r"\b((?:19|20)\d\d)\s+(?:version|edition|revision|amendment|guideline|guidance|law|regulation|act|rule|statement|checklist|criteria)|"
    r"\b(?:version|edition|revision|amendment|guidance|guideline)\s+(?:of|from|in)\s+((?:19|20)\d\d)\b"
)


@dataclass(frozen=True, slots=True)
class Want:
    """A kind of answer: ``asks`` tells that a question wants it, ``answers`` a sentence of it.

    Of the ``required`` kinds a sentence must be of one, of the ``strict`` kinds of each.
    """

    name: str
    answers: tuple[re.Pattern[str], ...]
    required: bool
    strict: bool
    asks: tuple[re.Pattern[str], ...] = ()

    def asked_in(self, text: str) -> bool:
        """Whether a folded text asks for this kind."""
        return any(pattern.search(text) for pattern in self.asks)

    def met_by(self, folded: str) -> bool:
        """Whether a folded sentence is of this kind."""
        return any(pattern.search(folded) for pattern in self.answers)


@dataclass(frozen=True, slots=True)
class Contrast:
    """What was asked about, and what is something else."""

    asked: re.Pattern[str]
    other: re.Pattern[str]

    def excludes(self, folded: str) -> bool:
        """Whether a folded sentence speaks only of something else."""
        return self.asked.search(folded) is None and self.other.search(folded) is not None


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions in a question, the kinds of answer it wants, and what it excludes."""

    text: str
    wants: tuple[Want, ...]
    contrasts: tuple[Contrast, ...] = ()
    measure: re.Pattern[str] | None = None

    def measured_by(self, folded: str) -> bool:
        """Whether a folded sentence has a number of what is to be counted (pages, patients)."""
        return self.measure is None or self.measure.search(folded) is not None


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood of a question.

    Attributes:
        text: As asked.
        folded: Its search form.
        language: ``zh`` or ``en``.
        parts: At least one.
        boundary: Set when the question is refused or needs clarification.
        titles: Titles in 《》.
        articles: Article numbers named (第十九条 → 19).
        numbers: Document numbers named (2022年第28号 → (2022, 28)).
        version_years: Years that name a version (2027年新版 → 2027).
        wants_older: Asks for an older version on purpose.
        wants_results: Asks what a trial found, not what was planned.
        more_parts: Parts beyond :data:`MOST_PARTS`, which are named but not answered.
    """

    text: str
    folded: str
    language: str
    parts: tuple[Part, ...]
    boundary: Boundary | None
    titles: tuple[str, ...]
    articles: tuple[int, ...]
    numbers: tuple[tuple[int, int], ...]
    version_years: tuple[str, ...]
    wants_older: bool
    wants_results: bool
    more_parts: tuple[str, ...] = ()


@cache
def _rules() -> dict[str, Any]:
    with _RULES.open("rb") as file:
        return tomllib.load(file)


@cache
def _wants() -> tuple[Want, ...]:
    return tuple(
        Want(
            name=row["name"],
            answers=_compile(row["answer"]),
            required=row["required"],
            strict=row.get("strict", False),
            asks=_compile(row["ask"]),
        )
        for row in _rules()["wants"]
    )


@cache
def _older() -> tuple[re.Pattern[str], ...]:
    return _compile(_rules()["version"]["older"])


@cache
def _results() -> tuple[re.Pattern[str], ...]:
    return _compile(_rules()["results"]["ask"])


def _compile(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


def read_question(text: str) -> Question:
    """Understand a question.

    Example:
        >>> question = read_question("药物临床试验申请受理后多少个工作日内决定？逾期怎么办？")
        >>> [[want.name for want in part.wants] for part in question.parts]
        [['duration'], ['consequence']]
    """
    folded = fold(text)
    pieces = split_parts(text)
    return Question(
        text=text.strip(),
        folded=folded,
        language=question_language(text),
        parts=_parts(pieces[:MOST_PARTS], text),
        more_parts=tuple(pieces[MOST_PARTS:]),
        boundary=find_boundary(text),
        titles=tuple(dict.fromkeys(_TITLE.findall(text))),
        articles=tuple(int(zh or en) for zh, en in _ARTICLE.findall(folded)),
        numbers=tuple(
            (int(y or year), int(n or number))
            for y, n, number, year in _DOCUMENT_NUMBER.findall(folded)
        ),
        version_years=_version_years(folded),
        wants_older=any(pattern.search(folded) for pattern in _older()),
        wants_results=any(pattern.search(folded) for pattern in _results()),
    )


def question_language(text: str) -> str:
    """``zh`` when a question holds any Chinese sentence; English terms inside do not change it."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    if chinese >= 4:
        return "zh"
    return detect_language(text) or "zh"


def in_other_language(text: str) -> bool:
    """Whether a question is written in a script of neither language: kana, hangul, Cyrillic …

    >>> in_other_language("治験の届出はいつですか"), in_other_language("β受体阻滞剂怎么定义")
    (True, False)
    """
    letters = [c for c in text if c.isalpha()]
    other = sum(_OTHER_SCRIPT.match(c) is not None for c in letters)
    return other >= _FEW_LETTERS and other > len(letters) / 5


def _parts(pieces: Sequence[str], text: str) -> tuple[Part, ...]:
    """The parts; 「甲类呢？」 asks what was asked before, of something else."""
    parts: list[Part] = []
    for piece in pieces:
        part = _part(piece, text)
        if parts and not part.wants and _SAME_AGAIN.search(fold(piece)):
            part = replace(part, wants=parts[-1].wants)
        parts.append(part)
    return tuple(parts)


def _part(piece: str, text: str) -> Part:
    # The patterns look for a question mark at the end, which splitting took away.
    folded = fold(piece) + ("?" if "?" in fold(text) else "")
    wants = tuple(want for want in _wants() if want.asked_in(folded))
    return Part(piece, wants, _contrasts(fold(text)), _measure(fold(piece)))


def _measure(folded: str) -> re.Pattern[str] | None:
    """A number with one of the measure words that answer the one asked with."""
    rules = _rules()["measures"]
    words = sorted({word for group in rules["groups"] for word in group}, key=len, reverse=True)
    match = re.search(rules["asks"] % "|".join(words), folded)
    if match is None:
        return None
    same = {
        other
        for group in rules["groups"]
        if any(re.fullmatch(word, match[1]) for word in group)
        for other in group
    }
    either = "|".join(sorted(same))
    return re.compile(rules["numbers"] % either)


def kinds_of(folded: str) -> frozenset[str]:
    """The kinds of facts that a folded sentence tells (a duration, an actor, a consequence …)."""
    return frozenset(want.name for want in _wants() if want.name in _FACTS and want.met_by(folded))


def contrast_groups() -> tuple[tuple[str, ...], ...]:
    """Patterns of things that exclude each other, group by group (``questions.toml``)."""
    return tuple(tuple(group) for group in _rules()["contrasts"]["groups"])


def _contrasts(folded: str) -> tuple[Contrast, ...]:
    """Contrasts in which the question names exactly one side."""
    found = []
    for group in _rules()["contrasts"]["groups"]:
        named = [pattern for pattern in group if re.search(pattern, folded)]
        if len(named) == 1:
            others = "|".join(f"(?:{p})" for p in group if p != named[0])
            found.append(Contrast(re.compile(named[0]), re.compile(others)))
    return tuple(found)


def _version_years(folded: str) -> tuple[str, ...]:
    years = _VERSION_YEAR.findall(folded)
    years += [a or b for a, b in _VERSION_YEAR_EN.findall(folded)]
    return tuple(dict.fromkeys(years))
