"""A follow-up that changes an input of what was computed: 「再考虑10%脱落呢？」"""

from __future__ import annotations

from assistant.computing.answers import requested
from assistant.conversation.rules import patterns, table
from assistant.conversation.wording import chinese, finished, without_end
from assistant.inputs.changes import changed_inputs
from assistant.question import read_question


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
    return finished(form.format(question=without_end(base), change=core))


def _long(text: str) -> bool:
    rules = table()["recompute"]
    if chinese(text):
        return len(text) > int(rules["longest"])
    return len(text.split()) > int(rules["longest_en"])


def _leans(text: str) -> bool:
    """Whether a text shows that it changes something said before, or holds nothing but values."""
    return any(one.search(text) is not None for one in patterns("recompute", "leans"))
