"""Questions in the form in which follow-ups are compared and put together."""

from __future__ import annotations

import re
import unicodedata

from assistant.conversation.rules import pattern
from assistant.question import question_language
from retrieval.normalise import fold

_LATIN = re.compile(r"[A-Za-z]+")
_END = re.compile(r"[?!。.\s]+$")
_HALF = str.maketrans({"?": "？", ",": "，", ";": "；", "!": "！"})
_HALF_BY_CHINESE = re.compile(
    r"(?<=[\u4e00-\u9fff》）%])[?,;!]|[?,;!](?=\s*[\u4e00-\u9fff《（])|[?]$"
)


def plain(text: str) -> str:
    """Half width, simplified, Arabic numerals, in the letters' own case.

    >>> plain("ＤＡＰＡ－ＨＦ第三次訪視？")
    'DAPA-HF第3次访视?'
    """
    own = _LATIN.findall(unicodedata.normalize("NFKC", text))
    folded = fold(text)
    if len(_LATIN.findall(folded)) != len(own):
        return folded.strip()
    letters = iter(own)
    return _LATIN.sub(lambda _: next(letters), folded).strip()


def finished(text: str) -> str:
    """A completed question as it is shown: full-width marks among Chinese."""
    text = re.sub(r"\s+", " ", text).strip()
    if question_language(text) != "zh":
        return text
    return _HALF_BY_CHINESE.sub(lambda found: found.group().translate(_HALF), text)


def without_end(text: str) -> str:
    """A question without the marks that end it."""
    return _END.sub("", text)


def without_lead(text: str) -> str:
    """A question without what a speaker opens with (那, 请问, and, ok …)."""
    shorter = pattern("lead", "any").sub("", text).strip()
    return shorter or text


def is_tied(text: str) -> bool:
    """Whether a question opens with a word that ties it to what went before."""
    return pattern("lead", "tie").match(text) is not None


def chinese(text: str) -> bool:
    """Whether any character is Chinese."""
    return re.search(r"[\u4e00-\u9fff]", text) is not None
