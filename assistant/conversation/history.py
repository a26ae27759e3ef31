"""Earlier turns of a conversation: how many are looked at, and what they held in short."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.conversation.settings import ConversationSettings
from assistant.messages import message
from assistant.model import Answer

_STATEMENT = 160  # characters of the first statement in a summary


def bounded(
    history: Sequence[Answer], settings: ConversationSettings | None = None
) -> tuple[Answer, ...]:
    """The latest turns that fit ``history_turns`` and ``history_chars``, oldest first.

    The last turn is always kept, however long it is.
    """
    settings = settings or ConversationSettings()
    kept: list[Answer] = []
    length = 0
    for answer in reversed(history[-settings.history_turns :]):
        length += _length(answer)
        if kept and length > settings.history_chars:
            break
        kept.append(answer)
    return tuple(reversed(kept))


def _length(answer: Answer) -> int:
    shown = sum(len(statement.text) for statement in answer.statements)
    return len(answer.understood or answer.question) + shown


def history_summary(history: Sequence[Answer], settings: ConversationSettings | None = None) -> str:
    """The conversation in a few lines, without a language model: the same turns, the same text.

    A line a turn: what was asked (as it was understood), what came of it, the beginning of the
    first statement, and the ids of the documents cited. Turns that do not fit are counted.
    """
    if not history:
        return ""
    language = history[-1].language
    kept = bounded(history, settings)
    lines = []
    if len(kept) < len(history):
        left_out = len(history) - len(kept)
        lines.append(message(language, "summary_earlier", count=left_out))
    first = len(history) - len(kept) + 1
    lines += [_line(number, answer) for number, answer in enumerate(kept, start=first)]
    return "\n".join(lines)


def _line(number: int, answer: Answer) -> str:
    said = answer.statements[0].text if answer.statements else answer.missing or ""
    said = said if len(said) <= _STATEMENT else f"{said[:_STATEMENT]}…"
    cited = dict.fromkeys(citation.document_id for citation in answer.citations)
    documents = f" [{', '.join(cited)}]" if cited else ""
    return f"{number}. {answer.understood or answer.question} → {answer.status}: {said}{documents}"
