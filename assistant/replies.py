"""Replies in the assistant's own words, to what is refused or lacks something."""

from __future__ import annotations

import uuid
from dataclasses import replace

from assistant.boundaries import Boundary
from assistant.computing.elsewhere import methods_elsewhere
from assistant.messages import message, phrases
from assistant.model import Answer, Statement
from assistant.needs import defaults_taken
from assistant.question import Question


def boundary_reply(question: Question, as_of: str) -> Answer:
    """The reply to a question that meets a boundary: no source supports it, and none is needed.

    A refusal says what can be done instead; what else the text asked comes back in ``follow_up``.
    A question that lacks something gets a list of exactly what is missing.

    Raises:
        ValueError: The question meets no boundary.
    """
    boundary = question.boundary
    if boundary is None:
        raise ValueError("the question meets no boundary and is answered from the corpus")
    if boundary.contradictions:
        return _refused(question, as_of, _contradicted(boundary, question.language))
    if boundary.status == "refused":
        text = message(question.language, boundary.reply)
        if boundary.harmless:
            text += _gap(question.language) + message(question.language, "ask_apart")
        return _refused(question, as_of, text, boundary.harmless)
    if not boundary.missing:
        said = message(question.language, "compute_not_available")
        return replace(_empty(question, as_of), status="insufficient_evidence", missing=said)
    return _asked_back(question, as_of, boundary)


def own_words(question: Question, as_of: str, text: str) -> Answer:
    """A request for clarification that says one thing."""
    statement = Statement(text, support="unsupported")
    return replace(_empty(question, as_of), statements=(statement,), missing=text)


def _lead(boundary: Boundary, language: str) -> str:
    """What is said before the list of what is missing."""
    named = boundary.inputs.elsewhere if boundary.inputs is not None else None
    if named is None or boundary.reply != "compute":
        return message(language, boundary.reply)
    commands = (f"xinglin design {name.replace('_', '-')}" for name in methods_elsewhere(named))
    listed = ("、" if language == "zh" else ", ").join(commands)
    return message(language, "compute_elsewhere", commands=listed)


def _refused(question: Question, as_of: str, text: str, follow_up: tuple[str, ...] = ()) -> Answer:
    answer = own_words(question, as_of, text)
    return replace(answer, status="refused", follow_up=follow_up)


def _contradicted(boundary: Boundary, language: str) -> str:
    """Names what cannot be, with the numbers of the question and no others."""
    wordings, names = phrases(language, "contradictions"), phrases(language, "values")
    reasons = [
        wordings[found.key].format(**found.values, name=names.get(found.name or "", ""))
        for found in boundary.contradictions
    ]
    end = "。" if language == "zh" else "."
    joined = _separator(language).join(reasons) + end
    return message(language, "contradiction", reasons=joined)


def _asked_back(question: Question, as_of: str, boundary: Boundary) -> Answer:
    language = question.language
    names = phrases(language, "inputs")
    lead = _lead(boundary, language)
    items = [names[key] for key in boundary.missing]
    said = [lead, *items]
    taken = defaults_taken(boundary.inputs) if boundary.inputs else ()
    defaults = ""
    if taken:
        words = phrases(language, "defaults")
        listed = ("、" if language == "zh" else ", ").join(words[key] for key in taken)
        defaults = message(language, "compute_defaults", defaults=listed)
        said.append(defaults)
    end = ("。" if language == "zh" else ". ") if defaults else ""
    return replace(
        _empty(question, as_of),
        statements=tuple(Statement(text, support="unsupported") for text in said),
        missing=f"{lead}{_gap(language)}{_separator(language).join(items)}{end}{defaults}",
    )


def _separator(language: str) -> str:
    return "；" if language == "zh" else "; "


def _gap(language: str) -> str:
    return "" if language == "zh" else " "


def _empty(question: Question, as_of: str) -> Answer:
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=question.text,
        language=question.language,
        as_of=as_of,
        status="needs_clarification",
    )
