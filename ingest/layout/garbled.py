"""Tell whether the text layer of a page says something else than the page shows.

A PDF draws glyphs; what characters they stand for is told by a table that may be missing, cut
down or wrong (a Chinese font without it, bytes of one encoding read as another). The page looks
right and its text is nonsense. Nonsense is told from text by its pairs of neighbouring
characters: of those of Chinese prose a tenth to a half are among the 3,000 commonest pairs of our
own notes (``bigrams.json``), tables and traditional characters included; of arbitrary characters
next to none are. Letters of European languages are told in the same way by their commonest pairs.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib import resources
from itertools import pairwise

_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_LATIN = re.compile(r"[a-z]{2,}")
_LETTER_HIGH = re.compile(r"[\u00c0-\u00ff\uff66-\uff9f]")  # bytes of GBK or Big5 read as letters
_MEANINGLESS = {"Cn", "Co", "Cs", "Cc"}

_HAN_LEAST, _HAN_PAIRS = 0.04, 50  # share of common pairs, and how many pairs tell it
_LATIN_LEAST, _LATIN_PAIRS = 0.38, 150
_MOST_HIGH = 0.3  # share of accented letters; French has a twelfth
_MOST_MEANINGLESS = 0.15
_FEW = 25  # characters; less tells nothing


def garbled(text: str, unmapped: int = 0) -> str | None:
    """Why the text of a page cannot be what it shows, in words, or None if it can.

    Args:
        text: All text of the page.
        unmapped: Characters the file gives no meaning for, which ``text`` leaves out.
    """
    characters = [c for c in text if not c.isspace()]
    total = len(characters) + unmapped
    if total < _FEW:
        return None
    meaningless = unmapped + sum(
        c == "\ufffd" or unicodedata.category(c) in _MEANINGLESS for c in characters
    )
    if meaningless > _MOST_MEANINGLESS * total:
        return "characters without a meaning"
    letters = [c for c in characters if c.isalpha()]
    high = sum(_LETTER_HIGH.match(c) is not None for c in letters)
    if len(letters) >= _FEW and high > _MOST_HIGH * len(letters):
        return "letters that no language uses so often"
    common = _common()
    shares = (
        (_HAN.findall(text), common["chinese"], _HAN_LEAST, _HAN_PAIRS),
        (_LATIN.findall(text.lower()), common["latin"], _LATIN_LEAST, _LATIN_PAIRS),
    )
    for runs, known, least, enough in shares:
        pairs = [a + b for run in runs for a, b in pairwise(run)]
        # A few foreign words on a page of another script do not condemn it.
        if len(pairs) < enough or 2 * len(pairs) < len(letters) - len(runs):
            continue
        if sum(pair in known for pair in pairs) < least * len(pairs):
            return "characters in an order that no text has"
    return None


def agree(layer: str, recognised: str) -> bool:
    """Whether two readings of one page are mostly the same text.

    A page of formulas, codes or another language may look garbled and be right all the same; then
    recognition finds the same pairs of characters.
    """
    one, other = ({a + b for a, b in pairwise("".join(t.split()))} for t in (layer, recognised))
    if not one or not other:
        return False
    return len(one & other) >= 0.5 * min(len(one), len(other))


@cache
def _common() -> dict[str, frozenset[str]]:
    file = resources.files("ingest.layout") / "bigrams.json"
    table = json.loads(file.read_text("utf-8"))
    return {
        script: frozenset(line[n : n + 2] for line in lines for n in range(0, len(line), 2))
        for script, lines in table.items()
    }
