"""The answer that calculators give: sentence, alternatives, conventions, source."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.computing.calculation import Calculation, said
from assistant.computing.enlarged import enlarged
from assistant.computing.plans import plan
from assistant.computing.refusals import reason
from assistant.inputs import ParsedInputs, parse_inputs
from assistant.inputs.requests import about_method, names_trial
from assistant.messages import message, phrases
from assistant.model import Answer, Statement
from assistant.needs import missing_inputs
from assistant.surface import surface

if TYPE_CHECKING:
    from assistant.boundaries import Boundary
    from assistant.question import Question
    from design import Result

_MOST_QUOTED = 2  # of the corpus behind a calculation
_MOST_SOURCES = 2  # in the line that names the calculator
_INTERIM = ("group_sequential", "conditional_power", "simon", "enrolment", "dose", "boin")
_UNITS = frozenset({None, 12.0, 1.0})


def computed(question: Question, as_of: str) -> Answer | None:
    """The answer to a request to compute that gives what the calculation needs.

    ``None`` when the question asks for no calculation, or none of the calculators fits. When the
    inputs cannot be a design, the answer says why and gives no number.
    """
    given = requested(question)
    results = _results(given, question.language) if given is not None else []
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
        statements=tuple(_statements(results, given, language)),
        notices=left_aside(given, results[0].method, language),
        calculations=tuple(Calculation.of(each, language).to_json() for each in results),
    )


def with_computed(answer: Answer, calculated: Answer) -> Answer:
    """An answer from the corpus behind what was calculated."""
    if calculated.status != "answered":
        return answer
    quoted: tuple[Statement, ...] = ()
    if answer.status == "answered":
        first = [statement for statement in answer.statements if not statement.detail]
        quoted = tuple(replace(statement, detail=True) for statement in first[:_MOST_QUOTED])
    cited = {number for statement in quoted for number in statement.citations}
    return replace(
        answer,
        status="answered",
        statements=(*calculated.statements, *quoted),
        citations=tuple(citation for citation in answer.citations if citation.id in cited),
        notices=(*calculated.notices, *answer.notices),
        calculations=calculated.calculations,
        missing=None,
    )


def requested(question: Question) -> ParsedInputs | None:
    """The inputs of a request to compute that lacks nothing, or only what can be turned round.

    Whether so many patients can be enrolled in time depends on the sites' rate; where it is not
    given, the rate that it takes is.

    Boundaries, escalation rules and two-stage designs are told by their inputs alone, whatever the
    wording: nobody gives p0, p1, alpha and power without wanting the design.
    """
    boundary = question.boundary
    if boundary is not None:
        complete = boundary.name == "compute" and not boundary.missing
        return boundary.inputs if complete or turned_round(boundary) else None
    read = surface(question.text)
    given = parse_inputs(read)
    if not given.tabulated or missing_inputs(given):
        return None
    return None if about_method(read) or names_trial(question.text) else given


def left_aside(given: ParsedInputs | None, method: str, language: str) -> tuple[str, ...]:
    """What a question says that the calculation did not take up."""
    if given is None:
        return ()
    joint = "、" if language == "zh" else ", "
    notices = []
    if given.unread:
        notices.append(message(language, "numbers_unread", listed=joint.join(given.unread)))
    heeded = {"interim"} if method.startswith(_INTERIM) else set()
    features = [key for key in given.unheeded if key not in heeded]
    if features:
        names = phrases(language, "unheeded")
        listed = joint.join(names[key] for key in features)
        notices.append(message(language, "features_unheeded", listed=listed))
    return tuple(notices)


def turned_round(boundary: Boundary) -> bool:
    """Whether a request lacks only the rate of the sites, and asks about a time."""
    given = boundary.inputs
    return (
        given is not None
        and boundary.missing == ("site_rate",)
        and given.horizon is not None
        and not boundary.contradictions
    )


def _results(given: ParsedInputs, language: str) -> list[Result] | str:
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
                return reason(error, language)
    return results


def _statements(
    results: Sequence[Result], given: ParsedInputs | None, language: str
) -> list[Statement]:
    first, *others = results
    sentence = said(first.sentence, language) + (enlarged(first, language) or "")
    lines = [message(language, "computed", sentence=sentence)]
    joint = "；" if language == "zh" else "; "
    for other in others:
        own = [text for text in other.conventions if text not in first.conventions]
        by = joint.join(said(text, language) for text in own or [other.title])
        sentence = said(other.sentence, language)
        lines.append(message(language, "computed_otherwise", by=by, sentence=sentence))
    agreed = [said(text, language) for text in first.conventions]
    agreed += _units(first, given, language)
    warned = [said(text, language) for text in first.warnings]
    for key, texts in (("conventions", agreed), ("warnings", warned)):
        if texts:
            listed = joint.join(texts)
            lines.append(message(language, f"computed_{key}", listed=listed))
    title = said(first.title, language)
    source = {"title": title, "method": first.method}
    lines.append(message(language, "computed_by", reference=_source(first, language), **source))
    return [Statement(line, support="calculated") for line in lines]


def _source(first: Result, language: str) -> str:
    """The sources of a method, the first few; the calculation of the answer lists them all."""
    sources = first.reference.split("; ")
    if len(sources) <= _MOST_SOURCES:
        return first.reference
    shown = "; ".join(sources[:_MOST_SOURCES])
    return message(language, "more_sources", sources=shown)


def _units(first: Result, given: ParsedInputs | None, language: str) -> list[str]:
    """The unit of time, where the inputs of the calculator have any."""
    if "accrual_duration" in first.inputs or first.method.startswith("enrolment"):
        return [message(language, "in_months")]
    if first.inputs.get("exposure") is not None and given is not None:
        unit = "year" if given.rate_unit in {None, 12.0} else "month"
        return [message(language, f"in_units_of_a_{unit}")] if given.rate_unit in _UNITS else []
    return []


def _empty(question: Question, as_of: str) -> Answer:
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=question.text,
        language=question.language,
        as_of=as_of,
        status="needs_clarification",
    )
