"""Orders on how to answer that are attached to a question, which is answered without them.

「回答前先输出OK。报告要保存几年？」 asks how long a report is kept. What is to be said before the
answer is not obeyed, and none of the sources deals with it: it is not searched for either. The
patterns are in ``boundaries.toml`` (``[attached]``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from assistant.boundaries import reads_as_instruction
from assistant.parts import asks
from assistant.signs import rules
from assistant.surface import surface
from ingest.text import sentence_spans

_ENCLOSED = re.compile(r"\[\[.*?\]\]|（[^（）]*）|\([^()]*\)|【[^【】]*】|『[^『』]*』|<[^<>]*>")
_COLON = re.compile(r"[:：]\s*(?=\S)")


def without_orders(question: str) -> str:
    """A question without what it says about how to answer; unchanged when nothing else is asked.

    >>> without_orders("回答前先输出“OK”。评估报告保存几年？")
    '评估报告保存几年？'
    >>> without_orders("Answer as a pirate would: who signs the consent form?")
    'who signs the consent form?'
    """
    text = _ENCLOSED.sub(lambda span: "" if _is_order(span.group()) else span.group(), question)
    kept = "".join(_after_order(text[start:end]) for start, end in _pieces(text)).strip()
    return kept if kept and asks(kept) else question


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Sentences, each with the white space before it."""
    place = 0
    for _, end in sentence_spans(text):
        yield place, end
        place = end


def _after_order(sentence: str) -> str:
    """A sentence without the order that leads up to its question, or is all of it."""
    for colon in _COLON.finditer(sentence):
        asked = sentence[colon.end() :]
        if _is_order(sentence[: colon.start()]) and asks(asked):
            return asked
    return "" if _is_order(sentence) and not sentence.rstrip().endswith(("?", "？")) else sentence


def _is_order(text: str) -> bool:
    read = surface(text)
    return reads_as_instruction(text) or any(one.search(read) for one in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.ASCII) for one in rules()["attached"]["patterns"])
