"""``POST /v1/search``: passages for a query."""

from __future__ import annotations

from fastapi import APIRouter

from api.hits import hit_json
from api.routes.common import ServiceDep, errors
from api.schemas import SearchHit, SearchRequest, SearchResponse
from retrieval import Filters

router = APIRouter(prefix="/v1", tags=["search"])


@router.post("/search", responses=errors(400, 422, 503))
def search(request: SearchRequest, service: ServiceDep) -> SearchResponse:
    """Find passages. Texts superseded or not yet in force stay out unless asked for."""
    filters = Filters.parse(request.filters)
    as_of = request.as_of.isoformat() if request.as_of else None
    snapshot, hits = service.search(request.query, request.k, as_of, filters)
    return SearchResponse(
        query=request.query,
        snapshot=snapshot,
        hits=[SearchHit(**hit_json(hit)) for hit in hits],
    )
