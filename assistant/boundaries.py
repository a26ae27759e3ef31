"""What is not answered from the corpus: requests to refuse, and requests that lack something.

A boundary is recognised by features that stand together (who × act × object), written down with
their reasons in ``boundaries.toml``; a wording that these miss, by its resemblance to requests that
are refused (:mod:`assistant.resemblance`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.contradictions import Contradiction, contradictions
from assistant.inputs import ParsedInputs, parse_inputs
from assistant.inputs.parse import CHANGED
from assistant.inputs.requests import IDENTIFIER, names_trial, spelled_out
from assistant.needs import missing_inputs
from assistant.resemblance import REFUSED, UNCLEAR, Resemblance, resemblance
from assistant.signs import Rule, boundary_rule, boundary_rules, rules, signs
from assistant.surface import decoded, sentences, surface
from ingest.privacy.instructions import instructions_in

_MOST_PIECES = 6  # sentences looked at one by one, from the end


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


def find_boundary(text: str) -> Boundary | None:
    """The boundary a question meets, or ``None`` for one that the corpus shall answer.

    Example:
        >>> find_boundary("帮我编20例受试者的血压数据").name
        'fabrication'
        >>> find_boundary("编造数据怎么处罚")
    """
    read = surface(text)
    whole = CHANGED.sub(",", read)  # the words that join a follow-up are no order to alter data
    like = resemblance(whole)
    found = _refused(whole)
    if found is not None and not _only_asks(like, whole):
        return _refusal(found, whole)
    for said in map(surface, decoded(text)):
        hidden = _refused(said)
        if hidden is not None:
            return _refusal(hidden, read)
    if _commands(text):
        return _refusal(boundary_rule("injection"), read)
    if found is None and _resembles_refused(like, whole):
        return _refusal(boundary_rule(like.most(REFUSED)), read)
    unclear, lacking = _unclear(text, read)
    return lacking if unclear else _resembling_unclear(text, read, like)


def _only_asks(like: Resemblance, read: str) -> bool:
    """Whether a question merely holds the words of a request to refuse."""
    limits = rules()["resemblance"]
    only = _shows(read, limits["questions"]) and not _shows(read, limits["asks"])
    return only and like.refused < limits["surely_none"]


def _resembles_refused(like: Resemblance, read: str) -> bool:
    """A wording that no sign lists, but that resembles requests to refuse."""
    limits = rules()["resemblance"]
    if like.refused >= limits["least"] and _may_be(like, read):
        return True
    pieces = sentences(read)[-_MOST_PIECES:]
    likes = ((resemblance(piece), piece) for piece in pieces if len(pieces) > 1)
    return any(
        alone.refused >= limits["least_sentence"] and _may_be(alone, piece)
        for alone, piece in likes
    )


def _may_be(like: Resemblance, read: str) -> bool:
    """Whether a text is about anything that is refused, and not only about its rule."""
    limits = rules()["resemblance"]
    if _shows(read, limits["unless"]) and not _shows(read, limits["asks"]):
        return False
    if _shows(read, limits["unless_class"].get(like.most(REFUSED), ())):
        return False
    if like.refused >= limits["certain"] and len(read) >= limits["shortest"]:
        return True
    only_asks = _shows(read, limits["questions"]) and not _shows(read, limits["asks"])
    return not only_asks and _shows(read, limits["objects"])


def _shows(read: str, names: Sequence[str]) -> bool:
    return any(signs()[name].search(read) for name in names)


def _resembling_unclear(text: str, read: str, like: Resemblance) -> Boundary | None:
    """What resembles requests that lack something, asked back by what it is about."""
    limits = rules()["resemblance"]
    if max(like.likely[name] for name in UNCLEAR) < limits["least_unclear"]:
        return None
    if _shows(read, limits["unless_unclear"]) or IDENTIFIER.search(text):
        return None
    if like.most(UNCLEAR) == "compute":
        wanted = _shows(read, limits["asks_to_compute"])
        return _computation(boundary_rule("compute"), parse_inputs(read)) if wanted else None
    about = next(name for name, words in limits["about"].items() if re.search(words, read))
    return _lacking(boundary_rule(about), read)


def _refused(read: str) -> Rule | None:
    pieces = sentences(read)
    refusals = (rule for rule in boundary_rules() if rule.status == "refused")
    return next((rule for rule in refusals if rule.fits(read, pieces)), None)


def _refusal(rule: Rule, read: str) -> Boundary:
    harmless = tuple(piece for piece in sentences(read) if _is_question(piece))
    return Boundary(rule.name, rule.status, rule.reply, harmless=harmless)


def _is_question(piece: str) -> bool:
    """Whether a sentence asks something that may be answered on its own."""
    return bool(signs()["question"].search(piece)) and _refused(piece) is None


def _unclear(text: str, read: str) -> tuple[bool, Boundary | None]:
    """Whether a sign of something unclear was met, and what the question lacks."""
    pieces = sentences(read)
    for rule in boundary_rules():
        if rule.status != "needs_clarification":
            continue
        if rule.name == "compute":
            given = parse_inputs(read)
            rich = spelled_out(read, given)
            if rich and not names_trial(text):
                return True, _computation(rule, given)
            if rich or rule.fits(read, pieces):
                return True, None if IDENTIFIER.search(text) else _computation(rule, given)
            continue
        if not rule.fits(read, pieces):
            continue
        lacking = _lacking(rule, read)
        if lacking is not None:
            return True, lacking
    return False, None


def _lacking(rule: Rule, read: str) -> Boundary | None:
    missing = tuple(key for key in rule.needs if not _given(key, read))
    # One thing given may be the thing asked about; then the corpus is asked.
    if missing != rule.needs:
        return None
    return Boundary(rule.name, rule.status, rule.reply, missing=missing)


def _computation(rule: Rule, inputs: ParsedInputs) -> Boundary | None:
    wrong = contradictions(inputs)
    missing = missing_inputs(inputs)
    if wrong:
        return Boundary(
            "contradiction", "refused", "contradiction", missing, inputs, contradictions=wrong
        )
    if not missing and inputs.tabulated and inputs.toxic is None:
        return None  # tables of the corpus hold these
    reply = "randomisation" if inputs.quantity == "randomisation" else rule.reply
    return Boundary(rule.name, rule.status, reply, missing, inputs)


def _given(key: str, read: str) -> bool:
    patterns = rules()["given"].get(key, ())
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


@cache
def _orders() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.ASCII) for pattern in rules()["orders"]["patterns"])
