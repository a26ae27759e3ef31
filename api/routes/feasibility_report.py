"""``/v1/feasibility/report``: one report from a synopsis, as JSON, HTML or a Word document."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response

from api.feasibility import cohort_path, directory_path
from api.reports.feasibility_html import POLICY, feasibility_html
from api.routes.common import ServiceDep, errors
from api.schemas_feasibility import CountOptions
from api.schemas_feasibility_report import ReportRequest, ReportResponse
from api.wiring_feasibility import report_sources
from assistant.feasibility.reading import BadSynopsis
from assistant.feasibility.report import make_report
from assistant.feasibility.synopsis import Synopsis

router = APIRouter(prefix="/v1/feasibility", tags=["feasibility"])
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A report counts in a cohort: see the funnel.
_MAKING = threading.BoundedSemaphore(2)
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/html": {}, _WORD: {}},
        "description": "The report; a page or a document when `format` asks for it",
    }
}


@router.post("/report", responses=_ANSWERS | errors(422), response_model=ReportResponse)
def make(request: ReportRequest, service: ServiceDep) -> Response | ReportResponse:
    """Make a feasibility report. A part that cannot be made says why; the report never fails."""
    _check(request.synopsis)
    settings = service.settings
    sources = report_sources(
        settings,
        lambda: (service.index, service.searcher),
        cohort_path=lambda name: cohort_path(settings, name),
        directory_path=lambda name: directory_path(settings, name),
        criteria_path=_no_path,
    )
    as_of = request.as_of.isoformat() if request.as_of else None
    with _MAKING:
        report = make_report(request.synopsis, sources, as_of=as_of, language=request.language)
    if request.format == "html":
        page = feasibility_html(report, request.language)
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": POLICY})
    if request.format == "docx":
        from api.reports.feasibility_docx import feasibility_docx

        return Response(feasibility_docx(report, request.language), media_type=_WORD)
    return ReportResponse.model_validate(report.to_json())


def _check(synopsis: Synopsis) -> None:
    """Refuse what only the command line may ask for.

    Raises:
        BadSynopsis: A path, or small counts hidden less than usual.
    """
    cohort = synopsis.cohort
    if cohort is None:
        return
    if cohort.criteria_file is not None:
        _no_path(str(cohort.criteria_file))
    least = CountOptions().threshold
    if cohort.options.threshold < least:
        raise BadSynopsis(
            f"cohort.options.threshold: counts below {least} stay hidden over HTTP", "cohort"
        )


def _no_path(name: str) -> Path:
    raise BadSynopsis(
        "cohort.criteria_file: files are not read over HTTP; give criteria or criteria_text",
        "cohort.criteria_file",
    )
