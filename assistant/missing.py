"""What was not answered, where it was looked for, and what would settle it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import passages_of
from assistant.finding import Reading
from assistant.messages import message
from assistant.question import MOST_PARTS, Part
from assistant.units import Unit
from retrieval import Hit

_FOUND = 0.8
_READ = 5
_NAMED = 6


def words_not_found(language: str, units: Sequence[Unit], hits: Sequence[Hit]) -> str:
    """Which words of the question no found passage covers."""
    prepared = [passages_of(hit) for hit in hits[:_READ]]
    open_words = [
        unit.text
        for unit in units
        if not any(unit.match(p) >= _FOUND or unit.match(h) >= _FOUND for p, h in prepared)
    ]
    words = open_words or [unit.text for unit in units]
    separator = "、" if language == "zh" else ", "
    return message(language, "not_found", terms=separator.join(words[:_NAMED]))


def explain(
    reading: Reading,
    open_parts: Sequence[tuple[Part, str]],
    hits: Sequence[Hit],
    *,
    answered: bool,
) -> str | None:
    """The sentence under an answer that is not whole; ``None`` when nothing is missing.

    Args:
        reading: The question and where it was searched.
        open_parts: Parts without an answer, each with the reason.
        hits: Passages found.
        answered: Whether another part was answered.
    """
    language = reading.question.language
    unread = reading.question.more_parts
    if answered and not open_parts and not unread:
        return None
    if answered:
        said = [message(language, "abstain_part", part=part.text) for part, _ in open_parts]
        said += [message(language, "too_many_parts", count=MOST_PARTS)] if unread else []
    else:
        said = [message(language, "abstain")]
    said += dict.fromkeys(missing for _, missing in open_parts)
    count = sum(
        reading.filters.allow(d, reading.view.currency[d.id].status(reading.as_of))
        for d in reading.view.documents
    )
    said.append(message(language, "searched", documents=count, as_of=reading.as_of))
    titles = list(dict.fromkeys(hit.document.title for hit in hits))[:3]
    if titles and not answered:
        separator = "；" if language == "zh" else "; "
        said.append(message(language, "nearest", titles=separator.join(titles)))
    said.append(message(language, "settle"))
    return ("" if language == "zh" else " ").join(said)
