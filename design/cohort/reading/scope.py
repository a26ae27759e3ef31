"""How far words that were not understood reach: they may change what was read beside them.

One principle: what is left out of a criterion may let more persons remain, never fewer. A part read
out of a criterion is kept only where the rest can do no more than narrow further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from design.cohort.reading.atoms import Token
from design.cohort.reading.clause import ATOMS, CODED, Read, leftover
from design.cohort.reading.lexicon import lexicon
from design.cohort.texts import said
from design.wording import Text

Doubt = Callable[[Iterable[int], str], None]
_BOUNDED = {"measurement", "age"}


@dataclass(slots=True)
class Piece:
    """A part of an item as it was read.

    Attributes:
        low: Where it begins in the item.
        high: Where it ends.
        tokens: What was recognised in it.
        found: Its rules, what was not read of it, and questions.
        reason: Why it gave no rule; ``None`` when it was read.
        listed: It is one of alternatives joined by *or* or an enumeration comma.
    """

    low: int
    high: int
    tokens: list[Token]
    found: Read = field(default_factory=Read)
    reason: Text | None = None
    listed: bool = False

    @property
    def kinds(self) -> set[str]:
        """Kinds of what it asks for."""
        return {token.kind for token in self.tokens if token.kind in ATOMS}

    def words(self, text: str) -> str:
        """Its text, bare."""
        return text[self.low : self.high].strip(" ,;、.")


def doubts(text: str, pieces: list[Piece], excluded: bool) -> dict[int, Text]:
    """Pieces whose rules cannot stand, by their number, with the reason."""
    found: dict[int, Text] = {}

    def doubt(numbers: Iterable[int], reason: str) -> None:
        for number in numbers:
            if pieces[number].found.rules:
                found.setdefault(number, said("unparsed", reason))

    every = range(len(pieces))
    reason = _of_all(text, pieces, excluded)
    if reason:
        doubt(every, reason)
    for number, piece in enumerate(pieces):
        if _says(lexicon().either_way, piece, text):
            doubt([number], "under_condition")
    if excluded:
        _governed(text, pieces, doubt)
    else:
        _alternatives(text, pieces, doubt)
    _negated(pieces, doubt)
    _windowed_before(text, pieces, doubt)
    return found


def _of_all(text: str, pieces: list[Piece], excluded: bool) -> str | None:
    """What makes the whole item doubtful: exceptions, conditions, one of several."""
    words = lexicon()
    tokens = [token for piece in pieces for token in piece.tokens]
    unread = any(piece.reason for piece in pieces)
    if words.exception.search(text):
        return "exception"
    if any(piece.reason and _says(words.excluding, piece, text) for piece in pieces):
        return "exception"
    if words.condition.search(text) or _obliged(text, tokens):
        return "under_condition"
    sexes = {token.value for token in tokens if token.kind == "sex"}
    bounded = any(token.kind in _BOUNDED for token in tokens)
    if bounded and ({"male", "female"} <= sexes or words.for_some.search(text)):
        return "under_condition"
    if not excluded and words.not_eligible.search(text):
        return "under_condition"
    if not excluded and unread and {"male", "female"} <= sexes:
        return "alternatives"
    if not excluded and len(sexes) == 1 and None not in sexes:
        other = dict(words.sexes)["male" if sexes == {"female"} else "female"]
        if other.search(text):
            return "alternatives"
    if not excluded and words.any_of.search(text) and (unread or len(pieces) > 1):
        return "alternatives"
    if words.young.search(text) and any(
        token.kind == "age" and words.adult.fullmatch(text[token.start : token.end])
        for token in tokens
    ):
        return "alternatives"
    return None


def _obliged(text: str, tokens: list[Token]) -> bool:
    """*Males must agree …*: what stands before the *must* says whom it is about."""
    for match in lexicon().must.finditer(text):
        inside = any(token.start <= match.start() < token.end for token in tokens)
        before = any(token.kind in ATOMS and token.end <= match.start() for token in tokens)
        if before and not inside:
            return True
    return False


def _says(pattern: re.Pattern[str], piece: Piece, text: str) -> bool:
    return pattern.search(text[piece.low : piece.high]) is not None


# Inclusions: all parts must hold, unless the unread ones are alternatives to them.


def _alternatives(text: str, pieces: list[Piece], doubt: Doubt) -> None:
    unread = [number for number, piece in enumerate(pieces) if piece.reason]
    for number in unread:
        piece = pieces[number]
        if any(token.kind == "or" for token in piece.tokens):
            doubt(list(range(number + 1, len(pieces))), "alternatives")
            first = next((token for token in piece.tokens), None)
            before = text[piece.low : first.start].strip(" ,") if first else "x"
            if first is not None and first.kind == "or" and not before:
                doubt(list(range(number)), "alternatives")
    for number, piece in enumerate(pieces):
        # 「fever, cough or dyspnea」 with fever not read.
        either = any(token.kind in {"or", "list"} for token in piece.tokens)
        after = number and number - 1 in unread and not pieces[number - 1].kinds
        if after and either and piece.kinds <= CODED:
            doubt([number], "alternatives")
    named = [n for n, piece in enumerate(pieces) if piece.kinds and piece.kinds <= CODED]
    has_or = any(token.kind == "or" for piece in pieces for token in piece.tokens)
    if named and (len(unread) > 1 or (unread and has_or)):
        later = [n for n in unread if n > named[0] and not pieces[n].kinds]
        if later and has_or:
            doubt(named, "alternatives")


def _negated(pieces: list[Piece], doubt: Doubt) -> None:
    """*No stroke, heart failure*: a name after a negated one may be negated with it."""
    negated = False
    for number, piece in enumerate(pieces):
        own = any(token.kind == "not" for token in piece.tokens)
        if negated and not own and piece.kinds and piece.kinds <= CODED:
            doubt([number], "negation_reach")
        elif negated and piece.kinds - CODED:
            negated = False
        negated = negated or own


def _windowed_before(text: str, pieces: list[Piece], doubt: Doubt) -> None:
    """「近3天内用过A，B」: a window that begins an item may hold for the names that follow."""
    first = pieces[0] if pieces else None
    windows = [token for token in _own(first) if token.kind == "window"] if first else []
    atoms = [token for token in _own(first) if token.kind in ATOMS] if first else []
    if first is None or not windows or (atoms and windows[0].start > atoms[0].start):
        return
    for number in range(1, len(pieces)):
        if pieces[number].kinds - CODED or _windowed(pieces[number]):
            return
        if not lexicon().own_head.match(text, pieces[number].low, pieces[number].high):
            doubt([number], "window_reach")


# Exclusions: any part excludes, unless it is narrowed by the unread ones.


def _governed(text: str, pieces: list[Piece], doubt: Doubt) -> None:
    words = lexicon()
    for number, piece in enumerate(pieces):
        if piece.reason is None:
            continue
        rest = _without_windows(text, piece)
        rest = rest[own.end() :] if (own := words.own_head.match(rest)) else rest
        whole = words.head.search(rest)
        drugs = words.head_of_drugs.search(rest)
        degree = words.degree.match(rest.strip()) or _modified(text, piece)
        chained = True
        for later in range(number + 1, len(pieces)):
            chained = chained and (later == number + 1 or pieces[later].listed)
            if words.own_head.match(text, pieces[later].low, pieces[later].high):
                break
            kinds = pieces[later].kinds
            windowed = any(token.kind == "window" for token in _own(pieces[later]))
            if (
                whole
                or (drugs and "drug" in kinds)
                or (later == number + 1 and any(t.again for t in pieces[later].tokens))
                or (degree and kinds <= CODED and not windowed and chained)
            ):
                doubt([later], "governed")
        if any(token.kind == "window" for token in _own(piece)):
            # 「X or Y within 6 months」 with Y not read: the window may be of X as well.
            for earlier in range(number):
                if pieces[earlier].kinds <= CODED and not _windowed(pieces[earlier]):
                    doubt([earlier], "window_reach")
    for number in range(1, len(pieces)):
        pattern = words.tail if number == len(pieces) - 1 else words.relative
        if pieces[number].reason is not None:
            _narrowed(text, pieces, number, pattern, doubt)


def _modified(text: str, piece: Piece) -> bool:
    """「局部皮肤感染、出血」: words before a name may be of the names joined to it."""
    names = [token for token in piece.tokens if token.kind in CODED and token.start >= piece.low]
    return bool(names) and bool(leftover(text, piece.tokens, piece.low, names[0].start))


def _narrowed(
    text: str, pieces: list[Piece], number: int, pattern: re.Pattern[str], doubt: Doubt
) -> None:
    """What stands before words such as *which would …* may be narrowed by them."""
    person, this = lexicon().person, pieces[number]
    rest = text[this.low : this.high]
    marker = pattern.search(rest)
    if marker is None or person.search(rest[: marker.start()]):
        return
    for earlier in range(number - 1, -1, -1):
        piece = pieces[earlier]
        if piece.kinds <= CODED or (this.listed and piece.listed):
            doubt([earlier], "governed")
        if piece.reason is not None and person.search(text[piece.low : piece.high]):
            return


def _without_windows(text: str, piece: Piece) -> str:
    shown = text[piece.low : piece.high]
    for token in _own(piece):
        if token.kind == "window":
            start, end = token.start - piece.low, token.end - piece.low
            shown = shown[:start] + " " * (end - start) + shown[end:]
    return shown


def _own(piece: Piece) -> list[Token]:
    return [token for token in piece.tokens if piece.low <= token.start < piece.high]


def _windowed(piece: Piece) -> bool:
    return any(token.kind == "window" for token in piece.tokens)
