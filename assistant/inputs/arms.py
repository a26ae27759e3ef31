"""Which value belongs to which arm: 「对照组60%，试验组75%」, ``40% on placebo``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.inputs.reader import Reader, patterns

_BREAK = re.compile(r"[,;。?!]")
_FARTHEST = 26


@dataclass(frozen=True, slots=True)
class Bound:
    """The matches of the values of the two arms, where they are told."""

    treatment: re.Match[str] | None = None
    control: re.Match[str] | None = None

    @property
    def both(self) -> bool:
        """Whether both arms have a value."""
        return self.treatment is not None and self.control is not None


def bind(read: Reader, values: Sequence[re.Match[str]]) -> Bound:
    """Give each of the named arms its value.

    A value stands behind its arm in the same clause, or before it (``60% on treatment``); of two
    arms named together the values follow in the same order (「试验组和对照组分别为80%和65%」).
    """
    arms = _mentions(read)
    together = _together(read.text, arms, values)
    if together is not None:
        return together
    found: dict[str, re.Match[str]] = {}
    for value in values:
        arm = _behind(read.text, arms, value) or _before(read.text, arms, values, value)
        if arm is not None:
            found.setdefault(arm, value)
    return Bound(found.get("treatment"), found.get("control"))


def _mentions(read: Reader) -> list[tuple[int, int, str]]:
    """Places of the arms in the text; of overlapping names the longer."""
    spans = [
        (*match.span(), arm)
        for arm in ("treatment", "control")
        for pattern in patterns("arms", arm)
        for match in pattern.finditer(read.text)
    ]
    kept: list[tuple[int, int, str]] = []
    for start, end, arm in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, arm))
    return kept


def _together(
    text: str, arms: Sequence[tuple[int, int, str]], values: Sequence[re.Match[str]]
) -> Bound | None:
    for (_, end, one), (start, last, other) in pairwise(arms):
        if one == other or not patterns("arms", "joined")[0].fullmatch(text[end:start]):
            continue
        behind = [v for v in values if v.start() >= last][:2]
        if len(behind) < 2 or behind[0].start() - last > _FARTHEST:
            continue
        if not patterns("arms", "joined_values")[0].fullmatch(
            text[behind[0].end() : behind[1].start()]
        ):
            continue
        named = dict(zip((one, other), behind, strict=True))
        return Bound(named["treatment"], named["control"])
    return None


def _before(
    text: str,
    arms: Sequence[tuple[int, int, str]],
    values: Sequence[re.Match[str]],
    value: re.Match[str],
) -> str | None:
    """The arm that stands before a value in its clause, with no other value between."""
    near = [arm for arm in arms if arm[1] <= value.start()]
    if not near:
        return None
    _, end, name = near[-1]
    gap = text[end : value.start()]
    between = any(end <= other.start() < value.start() for other in values)
    if between or len(gap) > _FARTHEST or _BREAK.search(gap):
        return None
    return None if patterns("arms", "not_before")[0].search(gap) else name


def _behind(text: str, arms: Sequence[tuple[int, int, str]], value: re.Match[str]) -> str | None:
    """The arm that follows a value: ``60% on treatment``, 「60%(对照)」."""
    near = next((arm for arm in arms if arm[0] >= value.end()), None)
    if near is None:
        return None
    gap = text[value.end() : near[0]]
    bracketed = gap.strip() == "(" and text[near[1] : near[1] + 1] == ")"
    return near[2] if bracketed or patterns("arms", "leads")[0].fullmatch(gap) else None
