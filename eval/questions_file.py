"""The layout of questions files: one JSON object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.errors import BadInput
from retrieval.normalise import fold

Expect = Literal["answer", "abstain", "ask_back", "refuse"]
STATUS_OF: dict[str, str] = {
    "answer": "answered",
    "abstain": "insufficient_evidence",
    "ask_back": "needs_clarification",
    "refuse": "refused",
}


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question with what a right answer holds.

    ``key_points`` are lists of accepted forms: a point is met when any of its forms occurs in the
    answer; a form that begins with ``re:`` is a regular expression.
    """

    id: str
    lang: str
    category: str
    question: str
    expect: Expect
    key_points: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]
    forbidden: tuple[str, ...]
    as_of: str | None
    split: str | None = None


def read_questions(path: Path) -> list[EvalQuestion]:
    """Read a questions file.

    Raises:
        BadInput: The file cannot be read, or a line is not JSON or lacks a field; the message
            names the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8; save it again as UTF-8") from None
    questions = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{path}, line {number}: {_reason(error)}") from None
    return questions


def _reason(error: Exception) -> str:
    """What is wrong with a line, in words."""
    if isinstance(error, KeyError):
        return f"lacks the field {error}"
    if isinstance(error, json.JSONDecodeError):
        return f"not a line of JSON ({error})"
    if isinstance(error, TypeError):
        return f"a field has the wrong type ({error})"
    return str(error)


def _question(data: dict[str, Any]) -> EvalQuestion:
    if data["expect"] not in STATUS_OF:
        raise ValueError(f"expect must be one of {', '.join(STATUS_OF)}")
    return EvalQuestion(
        id=str(data["id"]),
        lang=data["lang"],
        category=data.get("category", ""),
        question=data["question"],
        expect=data["expect"],
        key_points=tuple(tuple(forms) for forms in data["key_points"]),
        sources=tuple(data.get("sources", ())),
        forbidden=tuple(data.get("forbidden", ())),
        as_of=data.get("as_of"),
        split=data.get("split"),
    )


def point_met(forms: Iterable[str], answer: str) -> bool:
    """Whether any accepted form occurs in an answer, after normalisation."""
    plain = _plain(answer)
    for form in forms:
        if form.startswith("re:"):
            if re.search(form[3:], answer, re.I) or re.search(form[3:], plain, re.I):
                return True
        elif _plain(form) in plain:
            return True
    return False


def _plain(text: str) -> str:
    """Folded, without white space, with one word for days and one for hours."""
    plain = re.sub(r"\s+", "", fold(text))
    return plain.replace("自然日", "日").replace("天", "日").replace("个工作日", "工作日")
