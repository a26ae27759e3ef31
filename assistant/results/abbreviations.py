"""Abbreviations a paper defines: "body mass index (BMI)", "BMI, body mass index", 体质指数（BMI）.

The definition is checked as Schwartz & Hearst 2003 ("A simple algorithm for identifying
abbreviation definitions in biomedical text") do: the short form's letters must stand in the long
form in order, the first at the start of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.results.words import Words, words_of
from ingest.text import CJK
from retrieval.normalise import fold

_SHORT = r"[A-Za-z][A-Za-z0-9/+-]{1,9}"
_IN_BRACKETS = re.compile(
    rf"[(（](?:hereafter |简称)?[\"“']?({_SHORT})[\"”']?(?:[;,，；][^()（）]*)?[)）]"
)
_LISTED = re.compile(rf"(?:^|[;,.:；，]\s*)({_SHORT})\s*[=:,，：]\s*([a-z][^;,.:=；]{{3,80}})")
_CHINESE_NAME = re.compile(rf"[{CJK}]{{2,12}}$")
_LONGEST = 8  # words


def abbreviations(sentences: Iterable[str]) -> dict[Words, Words]:
    """Short forms with the words they stand for, both as :func:`words_of` gives them.

    Example:
        >>> abbreviations(["Body mass index (BMI) fell."])
        {('bmi',): ('bodi', 'mass', 'index')}
    """
    found: dict[Words, Words] = {}
    for sentence in sentences:
        for short, long in _pairs(sentence):
            key, meant = words_of(fold(short)), words_of(fold(long))
            if key and len(meant) > 0 and key != meant:
                found.setdefault(key, meant)
    return found


def _pairs(sentence: str) -> Iterable[tuple[str, str]]:
    for match in _IN_BRACKETS.finditer(sentence):
        short, before = match.group(1), sentence[: match.start()].rstrip()
        chinese = _CHINESE_NAME.search(before)
        if chinese:
            # Where a Chinese name begins cannot be told by letters; the end of it names the thing.
            yield short, chinese.group()[-6:]
            continue
        long = _long_form(short, before.split()[-_LONGEST:])
        if long:
            yield short, long
    for match in _LISTED.finditer(sentence):
        words = match.group(2).split()[:_LONGEST]
        for size in range(len(words), 0, -1):
            long = _long_form(match.group(1), words[:size])
            if long and long.startswith(words[0]):
                yield match.group(1), long
                break


def _long_form(short: str, words: list[str]) -> str | None:
    """The shortest end of the words that holds the short form's letters in order."""
    if not any(letter.isupper() for letter in short) or len(short) > 10:
        return None
    text = " ".join(words)
    letters = [letter.lower() for letter in short if letter.isalnum()]
    lowered = text.lower()
    place = len(lowered)
    for number in range(len(letters) - 1, -1, -1):
        place = lowered.rfind(letters[number], 0, place)
        while number == 0 and place > 0 and lowered[place - 1].isalnum():
            place = lowered.rfind(letters[0], 0, place)
        if place < 0:
            return None
    long = text[place:].strip(" ,;:-")
    return long if len(long) > len(short) and short.lower() not in long.lower().split() else None
