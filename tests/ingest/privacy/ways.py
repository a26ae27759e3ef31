"""Every way a pattern can match, as far as its words go: to prove what must stand in a match.

A way is a string; ``GAP`` in it stands for anything at all, also for nothing, ``DIGIT`` for one
digit. The pattern is read as :mod:`re` itself reads it, so nothing is left to a sample.
"""

from __future__ import annotations

import re
from functools import reduce
from itertools import product
from re import _constants as codes
from re import _parser as parser
from typing import Any

GAP = "\0"
DIGIT = "\1"
_ANYTHING = {GAP}
_ZERO_WIDTH = {codes.AT, codes.ASSERT, codes.ASSERT_NOT}
_FEW = 8


def ways(pattern: str) -> set[str]:
    """Return the ways of ``pattern``, blanks as one blank each."""
    return {re.sub(" +", " ", way) for way in _sequence(parser.parse(pattern))}


def ahead(pattern: str) -> list[set[str]]:
    """Return the ways of each look-ahead that every match of ``pattern`` satisfies."""
    return [
        {re.sub(" +", " ", way) for way in _sequence(argument[1])}
        for code, argument in parser.parse(pattern)
        if code is codes.ASSERT and argument[0] == 1
    ]


def _sequence(nodes: Any) -> set[str]:
    return reduce(_then, (_node(code, argument) for code, argument in nodes), {""})


def _then(before: set[str], after: set[str]) -> set[str]:
    return {one + other for one, other in product(before, after)}


def _node(code: Any, argument: Any) -> set[str]:
    if code is codes.LITERAL:
        return {" " if chr(argument).isspace() else chr(argument)}
    if code is codes.IN:
        return _class(argument)
    if code is codes.BRANCH:
        return set().union(*map(_sequence, argument[1]))
    if code is codes.SUBPATTERN:
        return _sequence(argument[3])
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
        return _repeat(*argument)
    return {""} if code in _ZERO_WIDTH else _ANYTHING


def _class(members: Any) -> set[str]:
    if members == [(codes.CATEGORY, codes.CATEGORY_DIGIT)]:
        return {DIGIT}
    if members == [(codes.CATEGORY, codes.CATEGORY_SPACE)]:
        return {" "}
    if len(members) <= _FEW and all(code is codes.LITERAL for code, _ in members):
        return {chr(literal) for _, literal in members}
    ranges = [argument for code, argument in members if code is codes.RANGE]
    if len(ranges) == len(members) and all(
        ord("0") <= low <= high <= ord("9") for low, high in ranges
    ):
        return {DIGIT}
    return _ANYTHING


def _repeat(least: int, most: int, nodes: Any) -> set[str]:
    once = _sequence(nodes)
    if once == {" "}:  # any number of blanks is one
        return {" "} if least else {"", " "}
    written = reduce(_then, [once] * least, {""})
    if most == least:
        return written
    if (least, most) == (0, 1):
        return {"", *once}
    # The last repetitions stand together, whatever stands before them.
    return {GAP + way for way in written} if least else {"", GAP}
