"""What the routes share."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request

from api.schemas import ErrorResponse
from api.service import Service

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorResponse, "description": "The request cannot be used"},
    404: {"model": ErrorResponse, "description": "There is no such thing"},
    409: {"model": ErrorResponse, "description": "Another process is writing to the index"},
    422: {"model": ErrorResponse, "description": "A field is missing or does not fit"},
    503: {"model": ErrorResponse, "description": "There is no usable index or database yet"},
}


def errors(*codes: int) -> dict[int | str, dict[str, Any]]:
    """Documented error responses of a route."""
    return {code: ERRORS[code] for code in codes}


def get_service(request: Request) -> Service:
    """The service of this app."""
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(get_service)]
