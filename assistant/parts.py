"""Split a question into its parts: what is asked, apart from what is told around it.

The words that ask are in ``questions.toml`` (``[parts]``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_RULES = Path(__file__).with_name("questions.toml")
# The point of "No. 28", "vs. placebo" or "e.g. in a pilot" ends no sentence; in an English sentence
# a semicolon also separates the items of a list (zinc; vitamin A).
_END = re.compile(
    r"([?？；。!！\n]+|(?<=[a-z])(?<!\b(?:vs|cf|al))(?<!\b(?:e\.g|i\.e))\.(?!\s+\d)\s|"
    r";+(?=[^;?]*[\u4e00-\u9fff]|\s*$|\s*(?:and |or |then |if so,? |also,? )*"
    r"(?i:wh\w+|how|is|are|was|were|do|does|did|can|could|should|must|may|will|would|has|have)\b))"
)
_CLAUSE = re.compile(r"(?<=\D)[,，]|[,，](?=\D)")
_JOINED = re.compile(r"\s*(?:如果|那么|另外|同时|还有|以及|and\b|also\b)", re.IGNORECASE)
_LEAST = 2


def split_parts(text: str) -> list[str]:
    """The questions in a question, at least one.

    A sentence that asks nothing tells what the others are about; it is no part of its own. A
    clause is a part when it and the clause before it both ask.

    >>> split_parts("我们IND昨天刚受理。多久给结论？逾期怎么办？")
    ['多久给结论', '逾期怎么办']
    >>> split_parts("主要终点是什么，样本量多少？")
    ['主要终点是什么', '样本量多少']
    """
    pieces = list(_sentences(text))
    asking = [piece for piece, asking in pieces if asking]
    chosen = asking or [piece for piece, _ in pieces]
    return [part for piece in chosen for part in _clauses(piece)] or [text.strip()]


def _sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Sentences, each with whether it asks something."""
    tokens = [*_END.split(text), ""]
    for piece, end in zip(tokens[::2], tokens[1::2], strict=False):
        if len(piece.strip()) >= _LEAST:
            yield piece.strip(), "?" in end or "？" in end or asks(piece)


def _clauses(piece: str) -> Iterator[str]:
    """Clauses, each with what follows it up to the next that asks; none of commas alone."""
    kept = ""
    place = 0
    for match in [*_CLAUSE.finditer(piece), None]:
        end = match.start() if match else len(piece)
        clause = piece[place:end]
        # "…，如果…怎么办" is a question of its own even when the clause before asks nothing.
        joined = _JOINED.match(clause) is not None and len(kept) > _LEAST
        if kept and asks(kept) and (asks(clause) or joined) and len(clause.strip()) >= _LEAST:
            yield kept.strip(" ,，")
            kept = clause
        else:
            kept = f"{kept}{piece[place - 1] if kept else ''}{clause}"
        place = end + 1
    if len(kept.strip(" ,，")) >= _LEAST:
        yield kept.strip(" ,，")


def asks(text: str) -> bool:
    """Whether a text holds a word that asks."""
    lowered = text.lower()
    return any(pattern.search(lowered) for pattern in _asking())


@cache
def _asking() -> tuple[re.Pattern[str], ...]:
    with _RULES.open("rb") as file:
        return tuple(re.compile(pattern) for pattern in tomllib.load(file)["parts"]["asks"])
