"""A question read in its conversation: what is searched, what is refused, in which language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.conversation.followup import resolve
from assistant.conversation.recomputing import is_change, value_told
from assistant.conversation.turn import FollowUp
from assistant.conversation.wording import plain
from assistant.messages import message
from assistant.model import Answer
from assistant.premises import insisted
from assistant.question import Question, read_question
from assistant.verification import numbers_stand, quantities
from retrieval.lexicon import Lexicon
from retrieval.normalise import compare_form

_ENGLISH_WORD = re.compile(r"\b[a-z]{2,}\b")


def read_in_conversation(
    question: str, history: Sequence[Answer], lexicon: Lexicon | None = None
) -> tuple[Question, FollowUp | None]:
    """Read a question, completed from the conversation when it is a follow-up.

    A request that is refused as it was typed stays refused, and so does one that must be refused
    once it is completed (「那3例呢」 after a request to make up data). 「ICC改成0.03」 behind a
    computation gives another value for an input and alters no data; what is refused with
    the verb aside too (「把有效率数据改成90%，让P值小于0.05」) stays refused.
    """
    asked = read_question(question)
    follow_up = resolve(question, history, lexicon)
    if follow_up is None:
        return asked, None
    completed = read_question(_with_claim(question, follow_up))
    refused = _refused(asked)
    if refused and is_change(follow_up.question) and _computes(completed):
        refused = _refused(read_question(value_told(plain(question))))
    return (
        replace(
            completed,
            boundary=asked.boundary if refused else completed.boundary,
            language=follow_up.language or _language(asked, completed),
        ),
        follow_up,
    )


def _refused(question: Question) -> bool:
    return question.boundary is not None and question.boundary.status == "refused"


def _computes(completed: Question) -> bool:
    return completed.boundary is None or completed.boundary.name == "compute"


def _with_claim(question: str, follow_up: FollowUp) -> str:
    """The completed question, with what a doubter claims: it is held against the sources."""
    if not follow_up.claim:
        return follow_up.question
    return insisted(question, follow_up.question) or follow_up.question


def _language(asked: Question, completed: Question) -> str:
    """That of the follow-up, unless it is only a name: 「KEYNOTE-042?」"""
    telling = asked.language == "zh" or _ENGLISH_WORD.search(asked.text)
    return asked.language if telling else completed.language


def shown_before(follow_up: FollowUp | None, history: Sequence[Answer]) -> frozenset[str]:
    """Quotes that were shown already, when more of the same is asked for."""
    if follow_up is None or follow_up.kind != "more":
        return frozenset()
    return frozenset(
        compare_form(citation.quote) for answer in history for citation in answer.citations
    )


def in_conversation(answer: Answer, question: str, follow_up: FollowUp | None) -> Answer:
    """An answer to a completed question as the answer to what was typed."""
    if follow_up is None:
        return answer
    answer = replace(answer, question=question.strip(), understood=follow_up.question)
    if follow_up.kind == "more" and answer.status == "insufficient_evidence":
        return replace(answer, missing=message(answer.language, "no_more"))
    told = insisted(question, follow_up.question) is not None  # the answer begins with it
    if follow_up.claim and answer.status == "answered" and quantities(follow_up.claim) and not told:
        quotes = [citation.quote for citation in answer.citations]
        key = "claim_stands" if numbers_stand(follow_up.claim, *quotes) else "claim_not_found"
        notice = message(answer.language, key, claim=follow_up.claim)
        return replace(answer, notices=(*answer.notices, notice))
    return answer
