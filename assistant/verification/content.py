"""Whether a statement is about what its quotes are about, and its numbers about the same things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.verification.clauses import content_tokens, same_script, split
from assistant.verification.entities import group_spans
from assistant.verification.failures import Finding, language_of
from assistant.verification.numbers import same_number
from assistant.verification.numerals import plain_numbers
from assistant.verification.quantities import DATE, NAME, Quantity, find_quantities
from retrieval.lexicon import Lexicon

# Least share of the content words of a statement, and of each of its clauses, that the quotes hold. Pairs of
# Chinese characters meet less often than words do.
_LEAST_SHARED = {"en": 0.6, "zh": 0.3}
_LEAST_OF_CLAUSE = {"en": 0.34, "zh": 0.2}
_FEWEST_WORDS = 4  # content words below which a statement is only held to its numbers and names
_FEWEST_FOR_SHARE = 6  # content words below which the share of a clause is asked of the whole
_CLEARLY_MORE = 1.5
_STOPS = "，。；;!?！？\n,"


def content_findings(
    statement: str, quotes: Sequence[str], context: Sequence[str], lexicon: Lexicon | None
) -> Iterator[Finding]:
    """A statement, or a clause of it, most of whose words no quote holds.

    Only quotes in the statement's language are compared; across languages this is left to the
    entailment model.
    """
    if any(not same_script(statement, quote) for quote in quotes):
        return
    words = content_tokens(plain_numbers(statement))
    offered = content_tokens(plain_numbers("\n".join([*quotes, *context])))
    if lexicon is not None:
        names = {
            name
            for text in quotes
            for concept in lexicon.find(text)
            for name in concept.names
        }
        offered |= content_tokens(plain_numbers("\n".join(names)))
    language = language_of(statement)
    least = (_LEAST_SHARED if len(words) >= _FEWEST_FOR_SHARE else _LEAST_OF_CLAUSE)[language]
    if len(words) >= _FEWEST_WORDS and len(words & offered) < least * len(words):
        yield Finding("content_not_in_quote", statement)
        return
    for clause in split(statement):
        held = len(clause.tokens & offered)
        if len(clause.tokens) >= _FEWEST_WORDS and held < _LEAST_OF_CLAUSE[language] * len(clause.tokens):
            yield Finding("content_not_in_quote", clause.text)


def binding_findings(statement: str, quotes: Sequence[str]) -> Iterator[Finding]:
    """Numbers that the quotes say of one thing and the statement of another."""
    offered = [(quote, quantity) for quote in quotes for quantity in find_quantities(quote)]
    for said in find_quantities(statement):
        if said.unit in {DATE, NAME}:
            continue
        own = [(quote, quantity) for quote, quantity in offered if same_number(said, quantity)]
        others = [
            (quote, quantity)
            for quote, quantity in offered
            if quantity.unit == said.unit and not same_number(said, quantity)
        ]
        if not own or not others:
            continue
        rival = _group_conflict(statement, said, own) or _words_conflict(
            statement, said, own, others
        )
        if rival:
            yield Finding("number_of_another", said.written, rival)


def _group_conflict(statement: str, said: Quantity, own: list[tuple[str, Quantity]]) -> str:
    """The arm or endpoint that the quotes give this number for, when it is another."""
    ours = _labels(statement, said)
    for name, group in ours.items():
        theirs = [_labels(quote, quantity).get(name) for quote, quantity in own]
        if None not in theirs and group not in theirs:
            return str(theirs[0])
    return ""


def _labels(text: str, quantity: Quantity) -> dict[str, str]:
    """For each set of contrasts the group that a number belongs to.

    In 「试验组12例，对照组9例」 the group stands ahead of its number, in "12 in the treatment and 9
    in the control arm" behind it; which of the two holds shows in what comes first.
    """
    spans = group_spans(text)
    first_number = min((q.start for q in find_quantities(text) if q.unit == quantity.unit), default=0)
    found: dict[str, str] = {}
    for name in {name for _, _, name, _ in spans if name in _BINDING}:
        places = [(start, group) for start, _, set_name, group in spans if set_name == name]
        ahead = [group for start, group in places if start < quantity.start]
        behind = [group for start, group in places if start > quantity.start]
        leading = bool(places) and places[0][0] < first_number
        chosen = ahead[-1:] if leading else behind[:1]
        if chosen:
            found[name] = chosen[0]
    return found


_BINDING = {"arm", "endpoint", "outcome", "share", "sex", "age", "product", "statistic", "event_kind"}


def _words_conflict(
    statement: str,
    said: Quantity,
    own: list[tuple[str, Quantity]],
    others: list[tuple[str, Quantity]],
) -> str:
    """Words beside another number of the quotes that are clearly nearer to the statement's."""
    if any(not same_script(statement, quote) for quote, _ in [*own, *others]):
        return ""
    words = _beside(statement, said)
    if not words:
        return ""
    best_own = max(len(words & _beside(quote, quantity)) for quote, quantity in own)
    quote, rival = max(others, key=lambda pair: len(words & _beside(*pair)))
    shared = len(words & _beside(quote, rival))
    # The words shared by both places say nothing of which is meant.
    if shared >= 2 and shared >= _CLEARLY_MORE * max(best_own, 1) and best_own < shared:
        return rival.written
    return ""


def _beside(text: str, quantity: Quantity) -> frozenset[str]:
    """Content words of the clause that a number stands in, up to the number before it."""
    plain = plain_numbers(text)
    start = max((plain.rfind(stop, 0, quantity.start) for stop in _STOPS), default=-1) + 1
    ends = [place for stop in _STOPS if (place := plain.find(stop, quantity.end)) >= 0]
    alike = [q for q in find_quantities(text) if q.unit == quantity.unit]
    before = [q.end for q in alike if q.end <= quantity.start and q.end > start]
    after = [q.start for q in alike if q.start >= quantity.end]
    end = min([*ends, *after, len(plain)])
    return content_tokens(f"{plain[max([start, *before]) : quantity.start]} {plain[quantity.end : end]}")
