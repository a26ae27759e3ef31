"""What is said about counting in a cohort, read by the reviewed patterns of ``requests.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from assistant.surface import surface
from design import Text
from design.wording import Wording

_FILE = Path(__file__).with_name("requests.toml")
_WORDING = Wording(_FILE)


def wants_count(question: str) -> bool:
    """Whether a question asks how many persons of a cohort of ours remain under criteria.

    Example:
        >>> wants_count("我的入排标准在本院专病队列里还剩多少人"), wants_count("队列研究怎么做")
        (True, False)
    """
    read = surface(question)
    if _first("unless", read):
        return False
    return all(_first(key, read) for key in ("cohort", "number", "eligibility"))


def agrees(text: str) -> bool:
    """Whether rules that were shown are confirmed."""
    return _first("yes", surface(text).strip()) is not None


def dropped(text: str) -> list[int]:
    """Numbers of criteria to leave out."""
    return _numbers("drop", text)


def restored(text: str) -> list[int]:
    """Numbers of criteria to apply again."""
    return _numbers("restore", text)


def keeps_unknown(text: str) -> bool:
    """Whether persons for whom a criterion is not known shall be kept."""
    return _first("keep_unknown", surface(text)) is not None


def added(text: str) -> str | None:
    """A criterion to add, in its words."""
    for pattern in _patterns("add"):
        found = pattern.search(text.strip())
        if found:
            return found[1].strip()
    return None


def criteria_in(question: str) -> str:
    """The question without the words around the criteria."""
    text = question.strip()
    for pattern in _patterns("around"):
        text = pattern.sub("", text).strip()
    return text.rstrip("?？ ")


def told(key: str, **values: object) -> Text:
    """A text of this room."""
    return _WORDING.text("texts", key, values=values)


def _numbers(key: str, text: str) -> list[int]:
    read = surface(text)
    return [int(match[1]) for pattern in _patterns(key) for match in pattern.finditer(read)]


def _first(key: str, read: str) -> re.Match[str] | None:
    return next((found for p in _patterns(key) if (found := p.search(read))), None)


@cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(re.compile(pattern, re.I) for pattern in table[key])
