"""What a note says of itself, 「本条未核对原文，引用前请查阅…」: no answer quotes it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("caveats.toml")


def is_caveat(sentence: str) -> bool:
    """Whether a sentence only tells how far its own document was checked.

    >>> is_caveat("本条未核对论文全文，写入方案前请查阅Kumar 2016年原文。")
    True
    >>> is_caveat("违反本条规定的，责令改正。")
    False
    """
    return any(pattern.search(sentence) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    with _FILE.open("rb") as file:
        return tuple(re.compile(one) for one in tomllib.load(file)["patterns"])
