"""Numbers of a question that no input was read from, so that none is passed over in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.inputs.reader import patterns

_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


def unread_numbers(text: str, used: bytearray) -> tuple[str, ...]:
    """Numbers of a normalised text that were not taken and could be meant as an input.

    Times, ages, doses, phases and the numbers inside names are none; nor is a number that was
    taken elsewhere, or one that stands for a word (``p1``).
    """
    taken = {_value(match) for match in _NUMBER.finditer(text) if any(used[slice(*match.span())])}
    left = dict.fromkeys(
        match.group()
        for match in _free(text, used)
        if _value(match) not in taken and not _harmless(text, match)
    )
    return tuple(left)


def _free(text: str, used: bytearray) -> Iterator[re.Match[str]]:
    return (m for m in _NUMBER.finditer(text) if not any(used[slice(*m.span())]))


def _harmless(text: str, match: re.Match[str]) -> bool:
    before, behind = text[: match.start()], text[match.end() :]
    return bool(
        patterns("unread", "before")[0].search(before)
        or (not match.group().endswith("%") and patterns("unread", "behind")[0].match(behind))
    )


def _value(match: re.Match[str]) -> float:
    written = match.group()
    value = float(written.rstrip("%"))
    return round(value / 100, 10) if written.endswith("%") else value
