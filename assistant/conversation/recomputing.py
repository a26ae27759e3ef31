"""Follow-ups of a computation: what was asked back for, or another value: 「再考虑10%脱落呢？」"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.computing.answers import requested
from assistant.conversation.rules import patterns, table
from assistant.conversation.wording import chinese, finished, without_end
from assistant.inputs import parse_inputs
from assistant.inputs.changes import changed_inputs
from assistant.inputs.parse import CHANGED
from assistant.inputs.requests import spelled_out
from assistant.question import read_question
from assistant.surface import surface

_BARE = re.compile(r"[-±]?\d+(?:\.\d+)?\s*%?")
_DESIGN = re.compile(r"[2-4][x×*][2-4](?:[x×*][2-4])?")


def named_value(reply: str, missing: Sequence[str]) -> str:
    """A bare number with the name of the one input that was asked for: 「90%」."""
    names = table()["asked_names"]
    if len(missing) != 1 or missing[0] not in names or not _BARE.fullmatch(reply.strip()):
        return reply
    return f"{names[missing[0]]}{reply.strip()}"


def stands_alone(text: str, boundary: str) -> bool:
    """Whether a text is a request of its own, of the same kind, and no reply to the last one."""
    own = read_question(text).boundary
    if own is None or own.name != boundary:
        return False
    read = surface(text)
    return boundary != "compute" or spelled_out(read, parse_inputs(read))


def is_change(question: str) -> bool:
    """Whether a completed question is one that was computed, with another value behind it."""
    return CHANGED.search(surface(question)) is not None


def is_design(name: str) -> bool:
    """Whether a name is that of a design by its periods and sequences: 2x2x4."""
    return _DESIGN.fullmatch(name) is not None


def recomputed(base: str, text: str, core: str) -> str | None:
    """The computed question with the changed inputs behind it; ``None`` for anything else.

    Args:
        base: The question that was computed, as it was understood.
        text: The new question in plain form.
        core: The same without lead and end.
    """
    if any(one.search(text) for one in patterns("recompute", "never")):
        return None
    if not changed_inputs(base, text) or _long(text) or not _leans(text):
        return None
    if requested(read_question(base)) is None or requested(read_question(text)) is not None:
        return None
    form: str = table()["join"]["zh_recompute" if chinese(base) else "en_recompute"]
    return finished(form.format(question=without_end(base), change=value_told(core)))


def value_told(change: str) -> str:
    """A change without its verb before a number: 「p1改成25%」 reads as an order to alter data."""
    return patterns("recompute", "verb")[0].sub("=", change)


def _long(text: str) -> bool:
    rules = table()["recompute"]
    if chinese(text):
        return len(text) > int(rules["longest"])
    return len(text.split()) > int(rules["longest_en"])


def _leans(text: str) -> bool:
    """Whether a text shows that it changes something said before, or holds nothing but values."""
    return any(one.search(text) is not None for one in patterns("recompute", "leans"))
