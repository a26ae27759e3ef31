"""Health and status of the server."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.routes.common import ServiceDep
from api.schemas import Health, Status
from assistant.answerer import version
from retrieval import IndexUnusable

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> Health:
    """The process is alive."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Health, "description": "No usable index yet"}})
def readyz(service: ServiceDep, response: Response) -> Health:
    """Questions can be answered: the index opens and holds a published snapshot."""
    try:
        with service.index.read() as view:
            return Health(status="ready", detail=f"snapshot {view.snapshot.id}")
    except IndexUnusable as error:
        response.status_code = 503
        return Health(status="not ready", detail=str(error))


@router.get("/v1/status")
def status(service: ServiceDep) -> Status:
    """What this server holds."""
    held = Status(
        version=version(),
        documents=0,
        chunks=0,
        snapshot=None,
        published=None,
        embedder=service.searcher.embedder.name,
        llm=service.settings.llm.model,
        newest_source=None,
    )
    try:
        with service.index.read() as view:
            dates = [d.metadata.version_date for d in view.documents if d.metadata.version_date]
            return held.model_copy(
                update={
                    "documents": view.snapshot.documents,
                    "chunks": view.snapshot.chunks,
                    "snapshot": view.snapshot.id,
                    "published": view.snapshot.created,
                    "newest_source": max(dates, default=None),
                }
            )
    except IndexUnusable:
        return held
