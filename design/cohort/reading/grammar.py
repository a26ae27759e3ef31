"""An item cut into clauses, each made a rule or listed.

A comma or *and* ends a clause; within one, *or* and the enumeration comma join alternatives. No
clause ends inside brackets. What the rest of the item makes doubtful is listed too
(:mod:`design.cohort.reading.scope`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
from design.cohort.reading.scope import Piece, doubts
from design.cohort.texts import said

_OF_SOME = re.compile(
    r"(?:for|in) (?:the )?(?:(?:fe)?males?|(?:wo)?men|patients|subjects|participants|those)\b"
    r"|对于|针对",
    re.I,
)


def read_item(reader: Reader, text: str, excluded: bool) -> Read:
    """Read one item of inclusion or exclusion criteria."""
    found = Read()
    # 「Subjects with T2DM only:」 heads criteria, 「For patients with T2DM, …」 is of some persons.
    if text.endswith(":") or _OF_SOME.match(text):
        found.unparsed.append(Unparsed(text, said("unparsed", "heading"), excluded))
        return found
    pieces = list(_pieces(reader, text, excluded))
    doubtful = doubts(text, pieces, excluded)
    if any(_depths(text)[1]):
        fragment = said("unparsed", "fragment")
        doubtful |= {number: fragment for number, piece in enumerate(pieces) if piece.found.rules}
    for number, piece in enumerate(pieces):
        words = piece.words(text)
        if number in doubtful or piece.reason is not None:
            reason = doubtful.get(number) or piece.reason
            assert reason is not None
            if words:
                found.unparsed.append(Unparsed(words, reason, excluded))
            continue
        # The words of a piece name its rule when it is the only one and holds all of them.
        rules, listed = piece.found.rules, piece.found.unparsed
        name = {"name": words} if len(rules) == 1 and not listed else {}
        made = [{**name, "text": text, **rule} for rule in rules]
        found.rules += [rule for rule in made if rule not in found.rules]
        found.unparsed += listed
        found.questions += piece.found.questions
    return found


def _pieces(reader: Reader, text: str, excluded: bool) -> Iterator[Piece]:
    """The clauses of an item as they were read; an exclusion's alternatives one by one."""
    tokens = reader.tokens(text)
    clauses = list(_clauses(tokens, text, excluded))
    trailing = _trailing(tokens, text) if excluded and len(clauses) > 1 else None
    for clause, (low, high) in clauses:
        piece = _read(reader, text, clause, (low, high), excluded)
        if piece.reason is None:
            if trailing is not None and piece.high < trailing.start and _unwindowed(piece):
                piece.reason = said("unparsed", "window_reach")
            yield piece
            continue
        apart = _apart(reader, text, clause, (low, high)) if excluded else []
        yield from apart or [piece]


def _read(
    reader: Reader, text: str, tokens: list[Token], stretch: tuple[int, int], excluded: bool
) -> Piece:
    piece = Piece(*stretch, tokens)
    try:
        piece.found.rules = Clause(reader, text, tokens, stretch, excluded, piece.found).rules()
    except NotRead as error:
        piece.found, piece.reason = Read(), error.reason
    return piece


def _apart(reader: Reader, text: str, clause: list[Token], stretch: tuple[int, int]) -> list[Piece]:
    """The alternatives of an exclusion one by one, since any of them excludes.

    None when none is read. A window before or after all of them holds for each, and is asked about.
    """
    outside = _depths(text)[0]
    cuts = [t for t in clause if t.kind in {"or", "list"} and not outside[t.start]]
    if not cuts or any(token.kind in {"not", "washout"} for token in clause):
        return []
    windows = [token for token in clause if token.kind == "window"]
    edges = [stretch[0], *(edge for cut in cuts for edge in (cut.start, cut.end)), stretch[1]]
    ends = {0, len(cuts)}
    shared = [
        window
        for place, (low, high) in enumerate(zip(edges[::2], edges[1::2], strict=True))
        for window in windows
        if low <= window.start < high and place in ends
    ]
    pieces = []
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        inside = [token for token in clause if low <= token.start and token.end <= high]
        own = any(token.kind == "window" for token in inside)
        current = any(token.kind == "current" for token in inside)
        given = shared[:1] if not own and not current else []
        # 「正在接受溶栓或抗凝治疗」: both are current.
        earlier = [t for t in clause if t.kind in {"current", "or_past"} and t.start < low]
        now = earlier if not own else []
        piece = _read(reader, text, [*given, *now, *inside], (low, high), True)
        piece.listed = True
        if given and piece.reason is None:
            words = text[slice(*stretch)].strip(" ,")
            piece.found.questions.append(said("questions", "window_shared", text=words))
        if text[low:high].strip(" ,;、."):
            pieces.append(piece)
    return pieces if any(piece.reason is None for piece in pieces) else []


def _trailing(tokens: list[Token], text: str) -> Token | None:
    """A time window that ends an item of several parts, and so may hold for all of them."""
    windows = [token for token in tokens if token.kind == "window"]
    if not windows or text[windows[-1].end :].strip(" ,.)"):
        return None
    return windows[-1]


def _unwindowed(piece: Piece) -> bool:
    own = any(token.kind == "window" for token in piece.tokens)
    return not own and bool(piece.kinds) and piece.kinds <= CODED


def _clauses(
    tokens: list[Token], text: str, excluded: bool
) -> Iterable[tuple[list[Token], tuple[int, int]]]:
    """Tokens between commas and *and*s, with the stretch of text they stand in."""
    listing = _is_list(tokens, excluded)
    depth = _depths(text)[0]
    cuts: list[tuple[int, int]] = []
    for place, token in enumerate(tokens):
        if depth[token.start]:
            continue
        follows = tokens[place + 1] if place + 1 < len(tokens) else None
        bare = follows is not None and not text[token.end : follows.start].strip()
        follows_or = bare and follows is not None and follows.kind == "or"
        if token.kind == "comma" and (listing or follows_or):
            token.kind = "list"
        if listing and token.kind in {"and", "with"}:
            token.kind = "list"
        shared = any(t.shared and t.end <= token.start for t in tokens[max(place - 1, 0) : place])
        if token.kind == "comma" or (token.kind == "and" and not excluded and not shared):
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


def _is_list(tokens: list[Token], excluded: bool) -> bool:
    """A, B or C: commas between names of one kind, with *or* at the end.

    An exclusion may end with *and* as well: any of those named excludes.
    """
    kinds = {token.kind for token in tokens if token.kind in ATOMS}
    joins = [token.kind for token in tokens if token.kind in JOINS]
    if len(kinds) != 1 or not kinds <= CODED or not joins:
        return False
    if joins[-1] == "or":
        return "and" not in joins
    listed = "comma" in joins or "list" in joins
    return excluded and listed and joins[-1] in {"and", "with"} and "or" not in joins


def _depths(text: str) -> tuple[list[int], list[int]]:
    """How deep in brackets each character stands, and the places of brackets without a partner."""
    depth = [0] * (len(text) + 1)
    opened: list[int] = []
    lone: list[int] = []
    for place, char in enumerate(text):
        if char in "([":
            opened.append(place)
        elif char in ")]":
            if opened:
                start = opened.pop()
                for inside in range(start, place + 1):
                    depth[inside] += 1
            else:
                lone.append(place + 1)
    return depth, lone + [place + 1 for place in opened]
