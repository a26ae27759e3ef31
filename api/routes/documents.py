"""``/v1/documents``: list, upload, read, show a page, remove."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Path, Query, Response, UploadFile
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from api.documents import block_json, describe
from api.pages import page_png
from api.pictures import block_picture
from api.routes.common import ServiceDep, errors
from api.schemas import (
    BlockInfo,
    BlockList,
    DocumentInfo,
    DocumentList,
    Removed,
    UploadResponse,
    UploadResult,
)
from api.service import NotFound
from ingest.errors import BadInput
from ingest.pictures import has_pages

router = APIRouter(prefix="/v1/documents", tags=["documents"])
AsOf = Annotated[date | None, Query(description="The day the status holds for; today if absent.")]


@router.get("", responses=errors(422, 503))
def list_documents(service: ServiceDep, as_of: AsOf = None) -> DocumentList:
    """All documents with their status on a day."""
    day = as_of.isoformat() if as_of else service.today()
    with service.index.read() as view:
        found = [DocumentInfo(**describe(view, d, day)) for d in view.documents]
    return DocumentList(documents=found, total=len(found))


@router.post("", responses=errors(400, 409, 422))
async def upload(
    service: ServiceDep, files: Annotated[list[UploadFile], File(description="One or more files.")]
) -> UploadResponse:
    """Add files to the index; each gets its own outcome."""
    named = [(file.filename or "", file.file) for file in files]
    outcomes = await run_in_threadpool(service.upload, named)
    return UploadResponse(
        results=[
            UploadResult(
                path=o.path,
                outcome=o.outcome,
                id=o.id,
                detail=o.detail,
                documents=o.documents,
                blocks=o.blocks,
                chunks=o.chunks,
                warnings=list(o.warnings),
            )
            for o in outcomes
        ]
    )


@router.get("/{document_id}", responses=errors(404, 422, 503))
def get_document(document_id: str, service: ServiceDep, as_of: AsOf = None) -> DocumentInfo:
    """One document with its status on a day."""
    day = as_of.isoformat() if as_of else service.today()
    with service.index.read() as view:
        return DocumentInfo(**describe(view, service.find(view, document_id), day))


@router.delete("/{document_id}", responses=errors(404, 409, 422, 503))
def delete_document(document_id: str, service: ServiceDep) -> Removed:
    """Remove a document; the next question no longer finds it."""
    return Removed(removed=service.remove(document_id))


@router.get("/{document_id}/blocks", responses=errors(404, 422, 503))
def get_blocks(
    document_id: str,
    service: ServiceDep,
    start: Annotated[int, Query(ge=0, description="First block.")] = 0,
    limit: Annotated[int, Query(ge=1, le=2000, description="How many.")] = 200,
    page: Annotated[int | None, Query(ge=1, description="Only this page's blocks.")] = None,
) -> BlockList:
    """The extracted text, block by block."""
    with service.index.read() as view:
        document = service.find(view, document_id)
        if page is None:
            numbered = view.blocks(document, start, limit)
        else:
            numbered = view.page_blocks(document, page)
        blocks = [BlockInfo(**block_json(ordinal, block)) for ordinal, block in numbered]
        return BlockList(blocks=blocks, total=document.blocks)


@router.get(
    "/{document_id}/blocks/{ordinal}/picture",
    response_class=Response,
    responses={**errors(404, 422, 503), 200: {"content": {"image/png": {}}}},
)
def get_picture(
    document_id: str,
    ordinal: Annotated[int, Path(ge=0, description="Number of the block.")],
    service: ServiceDep,
) -> Response:
    """The picture of a figure or table: cut out of its page, or the one inside the file."""
    with service.index.read() as view:
        document = service.find(view, document_id)
        numbered = view.blocks(document, ordinal, 1)
    if not numbered:
        raise NotFound(f"{document.title!r} has {document.blocks} blocks; there is no {ordinal}")
    png = block_picture(
        service.original(document), document.media_type, numbered[0][1], service.passwords
    )
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@router.get(
    "/{document_id}/pages/{page}.png",
    response_class=Response,
    responses={**errors(400, 404, 422, 503), 200: {"content": {"image/png": {}}}},
)
def get_page(
    document_id: str,
    page: int,
    service: ServiceDep,
    scale: Annotated[float, Query(gt=0, le=4, description="Pixels per point.")] = 1.5,
    bbox: Annotated[
        list[str] | None, Query(description="x0,y0,x1,y1 in points from the top left; marked.")
    ] = None,
) -> Response:
    """A picture of a page of a PDF or image file with the cited place marked."""
    with service.index.read() as view:
        document = service.find(view, document_id)
    if not has_pages(document.media_type):
        raise NotFound(f"{document.title!r} is not a PDF or a picture; it has no page pictures")
    if document.pages is not None and not 1 <= page <= document.pages:
        raise NotFound(f"{document.title!r} has {document.pages} pages; there is no page {page}")
    boxes = [_box(value) for value in bbox or []]
    png = page_png(service.original(document), page, scale, boxes, service.passwords)
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


def _box(value: str) -> tuple[float, float, float, float]:
    try:
        x0, y0, x1, y1 = (float(part) for part in value.split(","))
    except ValueError:
        raise BadInput(f"bbox {value!r} is not four numbers x0,y0,x1,y1") from None
    if not all(map(math.isfinite, (x0, y0, x1, y1))) or x0 > x1 or y0 > y1:
        raise BadInput(f"bbox {value!r} is not a box: give finite x0,y0,x1,y1, the lower first")
    return x0, y0, x1, y1


@router.get(
    "/{document_id}/file",
    response_class=FileResponse,
    responses={**errors(404, 422, 503), 200: {"content": {"application/octet-stream": {}}}},
)
def get_file(document_id: str, service: ServiceDep) -> FileResponse:
    """The file as it was ingested."""
    with service.index.read() as view:
        document = service.find(view, document_id)
    name = document.path.rsplit("/", 1)[-1]
    # Always a download: an ingested HTML file must not run in this origin.
    return FileResponse(
        service.original(document), media_type="application/octet-stream", filename=name
    )
