"""The answer that calculators give: sentence, alternatives, conventions, source."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.computing.calculation import Calculation, said
from assistant.computing.plans import plan
from assistant.inputs import ParsedInputs, parse_inputs
from assistant.inputs.requests import about_method, names_trial
from assistant.messages import message
from assistant.model import Answer, Statement
from assistant.needs import missing_inputs
from assistant.surface import surface

if TYPE_CHECKING:
    from assistant.question import Question
    from design import Result


def computed(question: Question, as_of: str) -> Answer | None:
    """The answer to a request to compute that gives what the calculation needs.

    ``None`` when the question asks for no calculation, or none of the calculators fits. When the
    inputs cannot be a design, the answer says why and gives no number.
    """
    given = requested(question)
    results = _results(given) if given is not None else []
    if isinstance(results, str):
        text = message(question.language, "compute_refused", reason=results)
        statement = Statement(text, support="unsupported")
        return replace(
            _empty(question, as_of), status="refused", statements=(statement,), missing=text
        )
    if not results:
        return None
    language = question.language
    return replace(
        _empty(question, as_of),
        status="answered",
        statements=tuple(_statements(results, language)),
        calculations=tuple(Calculation.of(each, language).to_json() for each in results),
    )


def with_computed(answer: Answer, calculated: Answer) -> Answer:
    """An answer from the corpus behind what was calculated."""
    if calculated.status != "answered":
        return answer
    quoted = tuple(replace(statement, detail=True) for statement in answer.statements)
    if answer.status != "answered":
        quoted = ()
    return replace(
        answer,
        status="answered",
        statements=(*calculated.statements, *quoted),
        citations=answer.citations if quoted else (),
        calculations=calculated.calculations,
        missing=None,
    )


def requested(question: Question) -> ParsedInputs | None:
    """The inputs of a request to compute that lacks nothing.

    Boundaries, escalation rules and two-stage designs are told by their inputs alone, whatever the
    wording: nobody gives p0, p1, alpha and power without wanting the design.
    """
    boundary = question.boundary
    if boundary is not None:
        complete = boundary.name == "compute" and not boundary.missing
        return boundary.inputs if complete else None
    read = surface(question.text)
    given = parse_inputs(read)
    if not given.tabulated or missing_inputs(given):
        return None
    return None if about_method(read) or names_trial(question.text) else given


def _results(given: ParsedInputs) -> list[Result] | str:
    """What the planned calls give; why the first refuses, if it does.

    An alternative that refuses is left out: it was not asked for.
    """
    from design import BadDesign, calculate

    results: list[Result] = []
    for call in plan(given):
        try:
            results.append(calculate(call.method, call.inputs))
        except BadDesign as error:
            if not results:
                return str(error)
    return results


def _statements(results: Sequence[Result], language: str) -> list[Statement]:
    first, *others = results
    lines = [message(language, "computed", sentence=said(first.sentence, language))]
    for other in others:
        own = [text for text in other.conventions if text not in first.conventions]
        by = said((own or [other.title])[0], language)
        sentence = said(other.sentence, language)
        lines.append(message(language, "computed_otherwise", by=by, sentence=sentence))
    joint = "；" if language == "zh" else "; "
    for key, texts in (("conventions", first.conventions), ("warnings", first.warnings)):
        if texts:
            listed = joint.join(said(text, language) for text in texts)
            lines.append(message(language, f"computed_{key}", listed=listed))
    title = said(first.title, language)
    source = {"title": title, "method": first.method, "reference": first.reference}
    lines.append(message(language, "computed_by", **source))
    return [Statement(line, support="calculated") for line in lines]


def _empty(question: Question, as_of: str) -> Answer:
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=question.text,
        language=question.language,
        as_of=as_of,
        status="needs_clarification",
    )
