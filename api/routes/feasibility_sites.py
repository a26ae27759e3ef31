"""``/v1/feasibility/sites``, ``/competing`` and ``/enrolment``."""

from __future__ import annotations

from fastapi import APIRouter

from api.feasibility import directory_path
from api.routes.common import ServiceDep, errors
from api.schemas_feasibility_report import (
    CompetingRequest,
    CompetingResponse,
    EnrolmentRequest,
    EnrolmentResponse,
    SitesRequest,
    SitesResponse,
)
from assistant.feasibility import Sought, competing_trials
from assistant.feasibility.competing import checked_sought
from assistant.feasibility.conditions import directory_condition
from design.enrolment.plan import EnrolmentQuestion, answer
from design.sites import Wanted, mean_rate, rank_sites, read_directory
from design.sites.choice import forecast_of

router = APIRouter(prefix="/v1/feasibility", tags=["feasibility"])


@router.post("/sites", responses=errors(422))
def find_sites(request: SitesRequest, service: ServiceDep) -> SitesResponse:
    """Rank sites and investigators for a trial, with the reasons."""
    directory = read_directory(directory_path(service.settings, request.directory))
    wanted = Wanted(
        condition=directory_condition(
            directory, request.condition, lambda: service.searcher.lexicon
        ),
        months=request.months,
        target=request.target,
        eligible_share=request.eligible_share,
        product=request.product,
        regions=tuple(request.regions),
        phase1=request.phase1,
        assurance=request.assurance,
        lead_days=request.lead_days,
    )
    ranking = rank_sites(directory, wanted)
    expected = forecast_of(ranking)
    drawn = expected.svg(request.language) if request.svg else None
    found = {**ranking.to_json(), "forecast": expected.to_json(), "svg": drawn}
    return SitesResponse.model_validate(found)


@router.post("/competing", responses=errors(422, 503))
def find_competing(request: CompetingRequest, service: ServiceDep) -> CompetingResponse:
    """Find the registered trials of a condition in the index, and tell which compete."""
    sought = checked_sought(
        Sought(
            condition=request.condition,
            region=request.region,
            line=request.line,
            phases=tuple(request.phases),
            start=request.start.isoformat() if request.start else None,
            end=request.end.isoformat() if request.end else None,
        )
    )
    with service.index.read() as view:
        found = competing_trials(view, service.searcher.lexicon, sought)
    return CompetingResponse.model_validate(found.to_json())


@router.post("/enrolment", responses=errors(422))
def predict_enrolment(request: EnrolmentRequest, service: ServiceDep) -> EnrolmentResponse:
    """Predict enrolment, from rates or from what sites have enrolled so far."""
    prior = None
    if request.condition is not None:
        folder = directory_path(service.settings, request.directory)
        directory = read_directory(folder)
        key = directory_condition(directory, request.condition, lambda: service.searcher.lexicon)
        prior = mean_rate(directory, key)
    given = request.model_dump(include=set(EnrolmentQuestion.model_fields))
    if given["rate"] is None and prior is not None:
        given["rate"] = prior.rate
    if "start_to" not in request.model_fields_set:
        given["start_to"] = given["start_from"]
    found = answer(EnrolmentQuestion.checked(**given))
    drawn = found.forecast.svg(request.language) if request.svg else None
    body = {**found.to_json(), "rate_from": prior.to_json() if prior else None, "svg": drawn}
    return EnrolmentResponse.model_validate(body)
