"""``/v1/feasibility``: criteria read from text, and how many of a cohort remain."""

from __future__ import annotations

import threading

from fastapi import APIRouter

from api.feasibility import SYNTHETIC, CohortInfo, cohort_path, cohorts
from api.routes.common import ServiceDep, errors
from api.schemas_feasibility import (
    CriteriaRequest,
    FunnelRequest,
    FunnelResponse,
    ParsedCriteriaResponse,
)
from design.cohort import funnel, open_source, parse_criteria

router = APIRouter(prefix="/v1/feasibility", tags=["feasibility"])
# Each count may take two threads and gigabytes; more at once would take the machine.
_COUNTING = threading.BoundedSemaphore(2)


@router.get("/cohorts")
def list_cohorts(service: ServiceDep) -> list[CohortInfo]:
    """The cohorts that can be counted in."""
    return [
        CohortInfo(name=name, synthetic=name == SYNTHETIC) for name in cohorts(service.settings)
    ]


@router.post("/criteria", responses=errors(422), response_model_exclude_unset=True)
def read_criteria(request: CriteriaRequest, service: ServiceDep) -> ParsedCriteriaResponse:
    """Read free text into rules. Nothing is counted; the rules are to be confirmed first."""
    with _COUNTING, open_source(cohort_path(service.settings, request.source)) as source:
        parsed = parse_criteria(request.text, source.vocabulary)
    return ParsedCriteriaResponse.model_validate(parsed.to_json())


@router.post("/funnel", responses=errors(422), response_model_exclude_unset=True)
def count_funnel(request: FunnelRequest, service: ServiceDep) -> FunnelResponse:
    """Count who remains, criterion by criterion. Small counts are hidden (null)."""
    with _COUNTING, open_source(cohort_path(service.settings, request.source)) as source:
        found = funnel(source, request.criteria, request.options)
    drawn = {"svg": found.svg(request.language)} if request.svg else {}
    return FunnelResponse.model_validate({**found.to_json(), **drawn})
