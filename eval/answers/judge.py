"""A language model as a second opinion on key points and on support; it never decides the gate.

The deterministic scoring finds accepted forms and checks what can be checked by rule; a judge
reads. How far the two agree says how far either can be believed, so the report gives the agreement
(per cent, and Cohen's kappa, Cohen 1960) and lists every disagreement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError

from eval.answers.score import Scored, answer_text
from ingest.errors import BadInput

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_PROMPT = Path(__file__).with_name("judge.md")
_ATTEMPTS = 2
_TIMEOUT_S = 120
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


class Opinion(BaseModel):
    """What a judge replies: one verdict for each key point and for each statement, in order."""

    model_config = ConfigDict(extra="ignore")

    points_met: list[StrictBool]
    statements_supported: list[StrictBool]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """One thing that both have judged."""

    what: str
    ours: bool
    judge: bool
    told: dict[str, Any]


def make_judge(model: str, base_url: str | None, api_key: str | None) -> BaseChatModel:
    """A judge at an OpenAI-compatible endpoint, at temperature 0.

    Raises:
        BadInput: ``langchain-openai`` is not installed.
    """
    try:
        from langchain_openai import ChatOpenAI
    except ImportError:
        raise BadInput(
            "--judge needs langchain-openai; install it with: pip install langchain-openai"
        ) from None
    from pydantic import SecretStr

    return ChatOpenAI(
        model=model,
        base_url=base_url,
        # Endpoints of one's own often want none, but the client insists on having one.
        api_key=SecretStr(api_key or "none"),
        temperature=0,
        timeout=_TIMEOUT_S,
        max_retries=1,
    )


def judge_all(
    model: BaseChatModel,
    results: Sequence[Scored],
    name: str,
    on_judged: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Have every answer judged and compare the verdicts with ours.

    Returns:
        ``model``; ``questions`` judged; ``failed``, ids with the reason why there is no opinion;
        for ``points`` and ``statements`` the number judged, what each says (``ours``, ``judge``),
        ``agreement`` and ``kappa``; and the ``disagreements``.
    """
    asked = [one for one in results if one.points or _cited(one)]
    failed: dict[str, str] = {}
    verdicts: list[_Verdict] = []
    for done, one in enumerate(asked, start=1):
        try:
            verdicts += _verdicts(one, _opinion(model, one))
        except _NoOpinion as reason:
            failed[one.question.id] = str(reason)
        on_judged(done, len(asked))
    return {
        "model": name,
        "questions": len(asked),
        "failed": failed,
        "points": agreement([(v.ours, v.judge) for v in verdicts if v.what == "point"]),
        "statements": agreement([(v.ours, v.judge) for v in verdicts if v.what == "statement"]),
        "disagreements": [
            {"what": v.what, **v.told, "ours": v.ours, "judge": v.judge}
            for v in verdicts
            if v.ours != v.judge
        ],
    }


class _NoOpinion(Exception):
    """The judge gave nothing that can be used."""


def _cited(one: Scored) -> list[int]:
    """Places of the statements that cite something."""
    return [place for place, s in enumerate(one.answer.statements) if s.citations]


def _opinion(model: BaseChatModel, one: Scored) -> Opinion:
    from langchain_core.messages import HumanMessage, SystemMessage

    messages = [
        SystemMessage(_PROMPT.read_text(encoding="utf-8")),
        HumanMessage(json.dumps(_material(one), ensure_ascii=False)),
    ]
    reason = "no reply"
    for _ in range(_ATTEMPTS):
        try:
            reply = model.invoke(messages).text
        except Exception as error:  # whatever a client of an endpoint raises
            raise _NoOpinion(f"{type(error).__name__}: {str(error)[:200]}") from None
        found = _OBJECT.search(str(reply))
        try:
            opinion = Opinion.model_validate_json(found.group() if found else "")
        except ValidationError:
            reason = f"the reply is not the JSON asked for: {str(reply)[:200]!r}"
            continue
        if (len(opinion.points_met), len(opinion.statements_supported)) == (
            len(one.points),
            len(_cited(one)),
        ):
            return opinion
        reason = "the reply has not one verdict for each key point and statement"
    raise _NoOpinion(reason)


def _material(one: Scored) -> dict[str, Any]:
    statements = [one.answer.statements[place] for place in _cited(one)]
    return {
        "question": one.question.question,
        "key_points": [list(forms) for forms in one.question.key_points],
        "answer": answer_text(one.answer),
        "statements": [
            {
                "text": statement.text,
                "quotes": [
                    {"text": citation.quote, "read_under": list(citation.context)}
                    for number in statement.citations
                    if (citation := one.citations.get(number)) is not None
                ],
            }
            for statement in statements
        ],
    }


def _verdicts(one: Scored, opinion: Opinion) -> Iterator[_Verdict]:
    for forms, ours, judged in zip(
        one.question.key_points, one.points, opinion.points_met, strict=True
    ):
        told = {"id": one.question.id, "forms": list(forms)}
        yield _Verdict("point", ours is not None, judged, told)
    for place, judged in zip(_cited(one), opinion.statements_supported, strict=True):
        statement = one.answer.statements[place]
        told = {"id": one.question.id, "statement": statement.text}
        yield _Verdict("statement", one.statements[place].supported, judged, told)


def agreement(pairs: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    """Agreement of two judges on the same things.

    Returns:
        ``judged``; the share each says yes to (``ours``, ``judge``); ``agreement``, the share both
        say the same of; ``kappa``, ``None`` when chance alone would agree on everything.
    """
    if not pairs:
        return {"judged": 0, "ours": None, "judge": None, "agreement": None, "kappa": None}
    ours = sum(a for a, _ in pairs) / len(pairs)
    judge = sum(b for _, b in pairs) / len(pairs)
    same = sum(a == b for a, b in pairs) / len(pairs)
    chance = ours * judge + (1 - ours) * (1 - judge)
    kappa = None if chance == 1 else (same - chance) / (1 - chance)
    return {
        "judged": len(pairs),
        "ours": round(ours, 4),
        "judge": round(judge, 4),
        "agreement": round(same, 4),
        "kappa": None if kappa is None else round(kappa, 4),
    }
