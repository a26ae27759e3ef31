"""Cheap tests before costly patterns: words without which a pattern cannot match.

Most blocks hold nothing that a detector looks for, and a look for a few words costs far less than
a search for a pattern. The words stand beside their patterns in ``patterns.toml`` and
``instructions.toml``; ``tests/ingest/privacy/test_triggers.py`` proves that none hides a match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Letters that a pattern matches in any case as ``i`` and ``s``, and ``str.lower`` leaves apart.
_OTHER_CASES = str.maketrans("\u0130\u0131\u017f", "iis")
_HAS_OTHER_CASES = re.compile("[\u0130\u0131\u017f]")
FEWEST_DIGITS = 4
_NUMBER_RUN = re.compile(r"\d" * FEWEST_DIGITS)  # so written, a search skips to digits
_TELEPHONE_RUN = re.compile(r"\d\d\d[ -]?\d\d\d")


def plain(text: str) -> str:
    """Return folded ``text`` as triggers are written: in lower case, one blank for any blanks.

    Blanks stand at both ends too, so that a trigger may begin or end with one.
    """
    if not text.isascii() and _HAS_OTHER_CASES.search(text):
        text = text.translate(_OTHER_CASES)
    return f" {' '.join(text.lower().split())} "


class Words:
    """Words of which one must stand in a text for a pattern to match."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(dict.fromkeys(words))
        self._latin = tuple(word for word in self.words if word.isascii())
        # A pattern passes over a character that begins no word in no time, and few characters of
        # a text begin one of the Chinese words; of the Latin ones most do.
        others = [re.escape(word) for word in self.words if not word.isascii()]
        self._others = re.compile("|".join(others)) if others else None

    def stand_in(self, text: str) -> bool:
        """Tell whether one of the words stands in :func:`plain` text."""
        if self._others is not None and not text.isascii() and self._others.search(text):
            return True
        # A generator in any() would cost more than most of the searches.
        for word in self._latin:  # noqa: SIM110
            if word in text:
                return True
        return False


def may_hold_number(text: str) -> bool:
    """Tell whether as many digits follow each other as in every number but a telephone's."""
    return _NUMBER_RUN.search(text) is not None


def may_hold_telephone(text: str) -> bool:
    """Tell whether six digits stand together, or a plus sign as before a country's number."""
    return "+" in text or _TELEPHONE_RUN.search(text) is not None
