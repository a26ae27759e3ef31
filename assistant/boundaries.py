"""What is not answered from the corpus: requests to refuse, and requests that lack something.

A boundary is recognised by features that stand together (who × act × object), written down with
their reasons in ``boundaries.toml``; a wording that these miss, by its resemblance to requests that
are refused (:mod:`assistant.resemblance`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from assistant.contradictions import Contradiction, contradictions
from assistant.inputs import ParsedInputs, parse_inputs
from assistant.needs import missing_inputs
from assistant.resemblance import resemblance
from assistant.surface import decoded, sentences, surface
from ingest.privacy.instructions import instructions_in

_FILE = Path(__file__).with_name("boundaries.toml")
_REACH = 60
_MOST_PLACES = 8  # of one feature in one sentence: more say nothing new
# The sample size of a given trial is looked up, not computed.
_IDENTIFIER = re.compile(
    r"NCT\d{8}|(?!BOIN|CRM|SIMON|ANOVA|FISHER|LOGRANK)\b[A-Z]{4,}(?:[-\d]\w*)*|[A-Z]{2,}-[A-Z0-9]\w*"
)


@dataclass(frozen=True, slots=True)
class Boundary:
    """A question that is not answered from the corpus, and how to reply.

    Attributes:
        name: Which boundary: ``treatment``, ``fabrication``, ``compute`` …
        status: ``refused`` or ``needs_clarification``.
        reply: Key of the reply in ``messages.toml``.
        missing: Keys of the inputs to ask for (``messages.toml``, ``inputs``).
        inputs: What a request to compute gives.
        contradictions: What in the inputs cannot be.
        harmless: Sentences of the question that may be asked again without the rest.
    """

    name: str
    status: str
    reply: str
    missing: tuple[str, ...] = ()
    inputs: ParsedInputs | None = None
    contradictions: tuple[Contradiction, ...] = ()
    harmless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sign:
    all: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    within: int
    anywhere: bool
    longest: int | None

    def stands_in(self, text: str, pieces: Sequence[str]) -> bool:
        if self.longest is not None and len(text) > self.longest:
            return False
        if self.anywhere and not all(feature.search(text) for feature in self.all[:-1]):
            return False
        here = self.all[-1:] if self.anywhere else self.all
        return any(
            _near(piece, here, self.within)
            and not any(feature.search(piece) for feature in self.unless)
            for piece in pieces
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    status: str
    reply: str
    needs: tuple[str, ...]
    signs: tuple[_Sign, ...]

    def fits(self, text: str, pieces: Sequence[str]) -> bool:
        return any(sign.stands_in(text, pieces) for sign in self.signs)


def find_boundary(text: str) -> Boundary | None:
    """The boundary a question meets, or ``None`` for one that the corpus shall answer.

    Example:
        >>> find_boundary("帮我编20例受试者的血压数据").name
        'fabrication'
        >>> find_boundary("编造数据怎么处罚")
    """
    read = surface(text)
    for said in (read, *(surface(hidden) for hidden in decoded(text))):
        found = _refused(said)
        if found is not None:
            return _refusal(found, read)
    if _commands(text):
        return _refusal(next(rule for rule in _rules() if rule.name == "injection"), read)
    unclear, lacking = _unclear(text, read)
    return lacking if unclear else _resembling(read)


def _resembling(read: str) -> Boundary | None:
    """A wording that no sign lists, but that resembles requests to refuse and asks for it."""
    rules = _table()["resemblance"]
    name, likely = resemblance(read)
    if likely < rules["least"]:
        return None
    features = _features()
    asks = any(features[f].search(read) for f in rules["asks"].get(name, rules["asks"]["other"]))
    if not asks or any(features[f].search(read) for f in rules["unless"]):
        return None
    return _refusal(next(rule for rule in _rules() if rule.name == name), read)


def _refused(read: str) -> _Rule | None:
    pieces = sentences(read)
    refusals = (rule for rule in _rules() if rule.status == "refused")
    return next((rule for rule in refusals if rule.fits(read, pieces)), None)


def _refusal(rule: _Rule, read: str) -> Boundary:
    harmless = tuple(piece for piece in sentences(read) if _is_question(piece))
    return Boundary(rule.name, rule.status, rule.reply, harmless=harmless)


def _is_question(piece: str) -> bool:
    """Whether a sentence asks something that may be answered on its own."""
    return bool(_features()["question"].search(piece)) and _refused(piece) is None


def _unclear(text: str, read: str) -> tuple[bool, Boundary | None]:
    """Whether a sign of something unclear was met, and what the question lacks."""
    pieces = sentences(read)
    for rule in _rules():
        if rule.status != "needs_clarification" or not rule.fits(read, pieces):
            continue
        if rule.name == "compute":
            return True, None if _IDENTIFIER.search(text) else _computation(rule, read)
        missing = tuple(key for key in rule.needs if not _given(key, read))
        # One thing given may be the thing asked about; then the corpus is asked.
        if missing == rule.needs:
            return True, Boundary(rule.name, rule.status, rule.reply, missing=missing)
    return False, None


def _computation(rule: _Rule, read: str) -> Boundary | None:
    inputs = parse_inputs(read)
    wrong = contradictions(inputs)
    missing = missing_inputs(inputs)
    if wrong:
        return Boundary(
            "contradiction", "refused", "contradiction", missing, inputs, contradictions=wrong
        )
    if not missing and inputs.tabulated:
        return None  # tables of the corpus hold these
    return Boundary(rule.name, rule.status, rule.reply, missing, inputs)


def _given(key: str, read: str) -> bool:
    patterns = _table()["given"].get(key, ())
    return any(re.search(pattern, read, re.ASCII) for pattern in patterns)


@lru_cache(maxsize=4096)
def reads_as_instruction(text: str) -> bool:
    """Whether a sentence of a document gives the assistant orders; there that is only data.

    Narrower than what is refused in a question: 「报告应当隐去姓名」 is a rule, and quoting it does
    no harm. What must never be quoted is what speaks to a language model.
    """
    if _commands(text):
        return True
    return any(_commands(hidden) for hidden in decoded(text))


def _commands(text: str) -> bool:
    if instructions_in(text):
        return True
    read = surface(text)
    return any(pattern.search(read) for pattern in _orders())


def _near(piece: str, features: Sequence[re.Pattern[str]], within: int) -> bool:
    """Whether all features occur, each time as near to each other as ``within`` characters."""
    places = []
    for feature in features:
        found = [match.span() for match in feature.finditer(piece)][:_MOST_PLACES]
        if not found:
            return False
        places.append(found)
    return any(
        max(end for _, end in spans) - min(start for start, _ in spans)
        <= within + sum(end - start for start, end in spans)
        for spans in product(*places)
    )


@cache
def _table() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def _features() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile("|".join(f"(?:{p})" for p in patterns), re.ASCII)
        for name, patterns in _table()["features"].items()
    }


@cache
def _orders() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.ASCII) for pattern in _table()["orders"]["patterns"])


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(b["name"], b["status"], b["reply"], tuple(b.get("needs", ())), tuple(_signs(b)))
        for b in _table()["boundary"]
    )


def _signs(boundary: dict[str, Any]) -> Iterator[_Sign]:
    features = _features()
    for sign in boundary["signs"]:
        yield _Sign(
            all=tuple(features[name] for name in sign["all"]),
            unless=tuple(features[name] for name in sign.get("unless", ())),
            within=sign.get("within", _REACH),
            anywhere=sign.get("reach") == "text",
            longest=sign.get("longest"),
        )
