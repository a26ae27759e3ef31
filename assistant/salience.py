"""How much a word of a question says about its subject (``word_weights.toml``)."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

import jieba

from ingest.text import CJK

_FILE = Path(__file__).with_name("word_weights.toml")
_HAS_CJK = re.compile(f"[{CJK}]")


@cache
def _weights() -> dict[str, dict[str, float]]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def _dictionary() -> bytes:
    """jieba's dictionary as it lies on disk: ``word frequency tag`` on each line."""
    with jieba.get_dict_file() as file:
        content: bytes = file.read()
    return b"\n" + content


@lru_cache(maxsize=4096)
def part_of_speech(word: str) -> str | None:
    """jieba's tag of a word, ``None`` when the dictionary does not list it.

    The file is searched instead of parsed: a question has a dozen words, the dictionary 350,000.
    """
    content = _dictionary()
    start = content.find(b"\n" + word.encode() + b" ")
    if start < 0:
        return None
    line = content[start + 1 : content.index(b"\n", start + 1)]
    return line.split()[-1].decode()


def salience(word: str, *, in_lexicon: bool, is_code: bool, unknown: bool = False) -> float:
    """Weight of a folded word, 0 to about 1.

    ``unknown`` says that the index holds the word nowhere. A noun nobody wrote about is what the
    question is about and cannot be answered; a verb nobody wrote is only a way of speaking.
    """
    other = _weights()["other"]
    if is_code:
        return other["code"]
    if in_lexicon:
        return other["lexicon"]
    if re.fullmatch(r"[\d.,%-]+", word):
        return other["number"]
    if not _HAS_CJK.search(word):
        return other["latin"]
    tag = part_of_speech(word) or ""
    weight = _by_tag(tag)
    return weight * other["unknown"] if unknown and not tag.startswith(("n", "j")) else weight


def _by_tag(tag: str) -> float:
    by_tag = _weights()["pos"]
    for length in range(len(tag), 0, -1):
        if tag[:length] in by_tag:
            return by_tag[tag[:length]]
    return _weights()["other"]["unlisted"]
