"""Complete a follow-up from the conversation, without a language model.

「那器械呢？」 after a question on drugs is that question with 器械 for 药物. What is recognised
stands in ``followup.toml``; a question that fits nothing there is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.conversation import completion, reactions
from assistant.conversation.history import bounded
from assistant.conversation.settings import ConversationSettings
from assistant.conversation.turn import FollowUp, Turn
from assistant.conversation.wording import is_tied, plain, without_end, without_lead
from assistant.model import Answer
from retrieval.lexicon import Lexicon


def resolve(
    question: str,
    history: Sequence[Answer],
    lexicon: Lexicon | None = None,
    settings: ConversationSettings | None = None,
) -> FollowUp | None:
    """Complete a follow-up, or ``None`` when the question stands for itself.

    Args:
        question: As asked.
        history: Earlier answers of the conversation, oldest first.
        lexicon: Tells which words are terms and of what kind; less is understood without it.
        settings: How far back is looked.
    """
    turns = [turn for turn in bounded(history, settings) if re.search(r"\w", turn.question)]
    text = plain(question)
    if not turns or not re.search(r"\w", text):
        return None
    last = turns[-1]
    base = plain(last.understood or last.question)
    if without_end(text) in {without_end(base), without_end(plain(last.question))}:
        return None  # asked once more
    turn = Turn(
        text=text,
        core=without_end(without_lead(text)),
        tied=is_tied(text),
        base=base,
        earlier=tuple(plain(one.understood or one.question) for one in turns),
        root=_root(base, [plain(earlier.question) for earlier in turns]),
        last=last,
        lexicon=lexicon,
    )
    for rule in _RULES:
        found = rule(turn)
        if found is not None:
            return found
    return None


def _root(base: str, asked: Sequence[str]) -> str:
    """An understood question without the follow-up that was joined at its end."""
    whole = without_end(base)
    for question in asked:
        rest = without_end(without_lead(question))
        if base != question and whole.endswith(rest) and len(whole) - len(rest) >= 4:
            return whole[: -len(rest)].rstrip(" ,:")
    return base


_RULES: tuple[Callable[[Turn], FollowUp | None], ...] = (
    reactions.language,
    reactions.inputs,
    reactions.other_value,
    reactions.basis,
    reactions.more,
    reactions.doubt,
    completion.named,
    completion.with_referent,
    completion.fragment,
    completion.tied,
    completion.without_subject,
)
