"""Read a question: its language and parts, what kind of answer each part wants, what it names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest.metadata import detect_language
from retrieval.normalise import fold

_IDENTIFIER = re.compile(
    r"NCT\d{8}|(?!BOIN|CRM|SIMON|ANOVA)\b[A-Z]{4,}(?:[-\d]\w*)*|[A-Z]{2,}-[A-Z0-9]\w*"
)
MOST_PARTS = 6  # each costs a search
_RULES = Path(__file__).with_name("questions.toml")
# In an English sentence a semicolon also separates the items of a list (zinc; vitamin A).
_PART_END = re.compile(
    r"[?？；。\n]+|(?<=[^\d])[,，](?=(?:如果|那么|另外|同时|还有|以及).{2,})"
    r"|;+(?=[^;?]*[\u4e00-\u9fff]|\s*$|\s*(?:and |or |then |if so,? |also,? )*"
    r"(?i:wh\w+|how|is|are|was|were|do|does|did|can|could|should|must|may|will|would|has|have)\b)"
)
_TITLE = re.compile(r"《([^《》]{2,60})》")
_ARTICLE = re.compile(r"第(\d+)条")
_VERSION_YEAR = re.compile(
    r"((?:19|20)\d\d)\s*年?(?:\d{1,2}月)?的?\s*(?:新?版|修订|修正|新修|颁布|发布|公布|出台|新规|新法|新的|第?\d*号?令|法|条例|办法|规范|指南|指导原则|声明|共识|标准|清单|模板)"
)
_VERSION_YEAR_EN = re.compile(
    r"\b((?:19|20)\d\d)\s+(?:version|edition|revision|amendment|guideline|guidance|law|regulation|act|rule|statement|checklist|criteria)|"
    r"\b(?:version|edition|revision|amendment|guidance|guideline)\s+(?:of|from|in)\s+((?:19|20)\d\d)\b"
)


@dataclass(frozen=True, slots=True)
class Want:
    """A kind of answer a question asks for; ``answers`` recognises a sentence of that kind.

    Of the ``required`` kinds a sentence must be of one, of the ``strict`` kinds of each.
    """

    name: str
    answers: tuple[re.Pattern[str], ...]
    required: bool
    strict: bool
    asks: tuple[re.Pattern[str], ...] = ()

    def met_by(self, folded: str) -> bool:
        """Whether a folded sentence is of this kind."""
        return any(pattern.search(folded) for pattern in self.answers)


@dataclass(frozen=True, slots=True)
class Boundary:
    """A question that is not answered from the corpus, and how to reply."""

    name: str
    status: str
    reply: str


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
    version_years: tuple[str, ...]
    wants_older: bool
    wants_results: bool
    more_parts: tuple[str, ...] = ()


@cache
def _rules() -> dict[str, Any]:
    with _RULES.open("rb") as file:
        return tomllib.load(file)


@cache
def _wants() -> tuple[tuple[Want, tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (
            Want(w["name"], _compile(w["answer"]), w["required"], w.get("strict", False), asks),
            asks,
        )
        for w in _rules()["wants"]
        for asks in (_compile(w["ask"]),)
    )


@cache
def _boundaries() -> tuple[
    tuple[Boundary, tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]], ...
]:
    return tuple(
        (
            Boundary(b["name"], b["status"], b["reply"]),
            _compile(b["ask"]),
            _compile(b.get("unless", [])),
        )
        for b in _rules()["boundary"]
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
    pieces = [piece.strip() for piece in _PART_END.split(text) if piece and len(piece.strip()) > 1]
    return Question(
        text=text.strip(),
        folded=folded,
        language=question_language(text),
        parts=tuple(_part(piece, text) for piece in pieces[:MOST_PARTS] or [text.strip()]),
        more_parts=tuple(pieces[MOST_PARTS:]),
        boundary=_boundary(text, folded),
        titles=tuple(dict.fromkeys(_TITLE.findall(text))),
        articles=tuple(int(n) for n in _ARTICLE.findall(folded)),
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


def _part(piece: str, text: str) -> Part:
    # The patterns look for a question mark at the end, which splitting took away.
    folded = fold(piece) + ("?" if "?" in fold(text) else "")
    wants = tuple(want for want, asks in _wants() if any(ask.search(folded) for ask in asks))
    return Part(piece, wants, _contrasts(fold(text)))


def _contrasts(folded: str) -> tuple[Contrast, ...]:
    """Contrasts in which the question names exactly one side."""
    found = []
    for group in _rules()["contrasts"]["groups"]:
        named = [pattern for pattern in group if re.search(pattern, folded)]
        if len(named) == 1:
            others = "|".join(f"(?:{p})" for p in group if p != named[0])
            found.append(Contrast(re.compile(named[0]), re.compile(others)))
    return tuple(found)


def _boundary(text: str, folded: str) -> Boundary | None:
    for boundary, asks, unless in _boundaries():
        if boundary.name == "compute" and _IDENTIFIER.search(text):
            continue  # the sample size of a given trial is looked up, not computed
        if any(ask.search(folded) for ask in asks) and not any(u.search(folded) for u in unless):
            return boundary
    return None


def reads_as_instruction(folded: str) -> bool:
    """Whether a folded sentence gives the assistant orders; in a document that is only data."""
    injection = next(asks for boundary, asks, _ in _boundaries() if boundary.name == "injection")
    return any(pattern.search(folded) for pattern in injection)


def _version_years(folded: str) -> tuple[str, ...]:
    years = _VERSION_YEAR.findall(folded)
    years += [a or b for a, b in _VERSION_YEAR_EN.findall(folded)]
    return tuple(dict.fromkeys(years))


def missing_inputs(question: Question) -> tuple[str, ...]:
    """Keys of the inputs a request to compute does not give (``questions.toml``, ``inputs``)."""
    return tuple(
        key
        for key, rule in _rules()["inputs"].items()
        if _needed(rule, question.folded)
        and not any(re.search(pattern, question.folded) for pattern in rule["given"])
    )


def _needed(rule: dict[str, Any], folded: str) -> bool:
    conditions = rule.get("when")
    return not conditions or any(re.search(pattern, folded) for pattern in conditions)
