"""``/v1/feedback``: what readers say of answers, for the people who keep the corpus."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.feedback import Feedback, Verdict, feedback_csv
from api.routes.common import ServiceDep, errors
from api.schemas import FeedbackChange, FeedbackList, FeedbackRequest

router = APIRouter(prefix="/v1/feedback", tags=["feedback"])
VerdictQuery = Annotated[Verdict | None, Query(description="Only this verdict.")]
HandledQuery = Annotated[
    bool | None, Query(description="Only what was dealt with, or only what was not.")
]
_BOM = "\ufeff"  # tells spreadsheets that the file is UTF-8


@router.post("", status_code=201, responses=errors(400, 404, 422, 503))
def give(request: FeedbackRequest, service: ServiceDep) -> Feedback:
    """Say of a stored answer, or of one of its statements, what is right or wrong with it."""
    return service.feedback.add(
        request.answer_id,
        request.verdict,
        request.statement,
        request.comment,
        request.suggested_source,
    )


@router.get("", responses=errors(422, 503))
def list_feedback(
    service: ServiceDep,
    verdict: VerdictQuery = None,
    handled: HandledQuery = None,
    answer_id: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> FeedbackList:
    """Feedback, the latest first, each with the question and the statement it is on."""
    found, total = service.feedback.find(verdict, handled, answer_id, limit, offset)
    return FeedbackList(feedback=found, total=total)


@router.get(
    "/export.csv",
    response_class=Response,
    responses={
        **errors(422, 503),
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    },
)
def export(service: ServiceDep, verdict: VerdictQuery = None, handled: HandledQuery = None) -> Any:
    """All feedback as CSV, for a spreadsheet."""
    found, _ = service.feedback.find(verdict, handled, limit=None)
    return Response(
        _BOM + feedback_csv(found),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="xinglin-feedback.csv"'},
    )


@router.patch("/{number}", responses=errors(404, 422, 503))
def change(
    number: Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the feedback.")],
    request: FeedbackChange,
    service: ServiceDep,
) -> Feedback:
    """Mark feedback as dealt with, or as open again."""
    return service.feedback.handle(number, request.handled)
