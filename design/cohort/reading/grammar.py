"""An item cut into clauses, each made a rule or listed.

A comma or *and* ends a clause; within one, *or* and the enumeration comma join alternatives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from design.cohort.reading.atoms import Reader, Token
from design.cohort.reading.clause import (
    ATOMS,
    CODED,
    JOINS,
    Clause,
    NotRead,
    Read,
    Unparsed,
    leftover,
)
from design.cohort.texts import said

_OF_SOME = re.compile(
    r"(?:for|in) (?:the )?(?:patients|subjects|participants|those)\b|对于|针对", re.I
)


def read_item(reader: Reader, text: str, excluded: bool) -> Read:
    """Read one item of inclusion or exclusion criteria."""
    found = Read()
    # 「Subjects with T2DM only:」 heads criteria, 「For patients with T2DM, …」 is of some persons.
    if text.endswith(":") or _OF_SOME.match(text):
        found.unparsed.append(Unparsed(text, said("unparsed", "heading"), excluded))
        return found
    tokens = reader.tokens(text)
    for clause, stretch in _clauses(tokens, text, excluded):
        words = text[slice(*stretch)].strip(" ,;、")
        listed = len(found.unparsed)
        try:
            rules = Clause(reader, text, clause, stretch, excluded, found).rules()
        except NotRead as error:
            if not (excluded and _read_apart(reader, text, clause, stretch, found)):
                found.unparsed.append(Unparsed(words, error.reason, excluded))
            continue
        # The words of a clause name its rule when it is the only one and holds all of them.
        name = {"name": words} if len(rules) == 1 and len(found.unparsed) == listed else {}
        found.rules += [{**name, "text": text, **rule} for rule in rules]
    return found


def _read_apart(
    reader: Reader, text: str, clause: list[Token], stretch: tuple[int, int], found: Read
) -> bool:
    """Read the alternatives of an exclusion one by one, since any of them excludes.

    Says whether one was read; the others are then listed alone.
    """
    cuts = [token for token in clause if token.kind in {"or", "list"}]
    if not cuts or any(token.kind in {"not", "washout"} for token in clause):
        return False
    windows = [token for token in clause if token.kind == "window"]
    edges = [stretch[0], *(edge for cut in cuts for edge in (cut.start, cut.end)), stretch[1]]
    apart = Read()
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        words = text[low:high].strip(" ,;、")
        inside = [token for token in clause if low <= token.start and token.end <= high]
        shared = windows if not any(token.kind == "window" for token in inside) else []
        try:
            rules = Clause(reader, text, [*shared, *inside], (low, high), True, apart).rules()
        except NotRead as error:
            if words:
                apart.unparsed.append(Unparsed(words, error.reason, True))
            continue
        apart.rules += [{"name": words, "text": text, **rule} for rule in rules]
    if not apart.rules:
        return False
    found.rules += apart.rules
    found.unparsed += apart.unparsed
    found.questions += apart.questions
    return True


def _clauses(
    tokens: list[Token], text: str, excluded: bool
) -> Iterable[tuple[list[Token], tuple[int, int]]]:
    """Tokens between commas and *and*s, with the stretch of text they stand in."""
    listing = _is_list(tokens)
    cuts: list[tuple[int, int]] = []
    for place, token in enumerate(tokens):
        follows_or = (
            place + 1 < len(tokens)
            and tokens[place + 1].kind == "or"
            and not (text[token.end : tokens[place + 1].start].strip())
        )
        if token.kind == "comma" and (listing or follows_or):
            token.kind = "list"
        if token.kind == "comma" or (token.kind == "and" and not excluded):
            cuts.append((token.start, token.end))
    edges = [0, *(edge for cut in cuts for edge in cut), len(text)]
    stretches = list(zip(edges[::2], edges[1::2], strict=True))
    waiting: list[Token] = []
    begun: int | None = None
    for low, high in stretches:
        inside = [token for token in tokens if low <= token.start and token.end <= high]
        bare = not any(token.kind in ATOMS for token in inside)
        windows = [token for token in inside if token.kind in {"window", "not"}]
        if bare and windows and not leftover(text, inside, low, high) and high < len(text):
            # 筛选前4周内, 未使用胰岛素: the window holds for what follows.
            waiting, begun = [*waiting, *windows], low if begun is None else begun
            continue
        if text[low:high].strip(" ,;、。."):
            yield [*waiting, *inside], (low if begun is None else begun, high)
        waiting, begun = [], None


def _is_list(tokens: list[Token]) -> bool:
    """A, B or C: commas between names of one kind, with *or* at the end."""
    kinds = {token.kind for token in tokens if token.kind in ATOMS}
    joins = [token.kind for token in tokens if token.kind in JOINS]
    return len(kinds) == 1 and kinds <= CODED and joins[-1:] == ["or"] and "and" not in joins
