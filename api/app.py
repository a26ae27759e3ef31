"""The FastAPI application: routes, error bodies, security headers, the chat page."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from api.conversations import NoConversation
from api.database import DatabaseUnusable
from api.feedback import NoFeedback
from api.invalid import told
from api.routes import (
    ask,
    conversations,
    documents,
    feasibility,
    feasibility_report,
    feasibility_sites,
    feedback,
    health,
    search,
)
from api.routes.design import design_router
from api.service import NotFound, Service
from api.settings import Settings, load_settings
from assistant.answerer import version
from design import BadDesign
from ingest.errors import BadInput
from retrieval import BadFilter, EmbedderMismatch, IndexBusy, IndexUnusable
from retrieval.embedders import ModelUnusable

_FORM_BYTES = 1_000_000  # what a form adds around the files
_WEB = Path(__file__).with_name("web")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_STATUS: dict[type[Exception], tuple[int, str]] = {
    BadInput: (400, "bad_input"),
    BadFilter: (400, "bad_filter"),
    BadDesign: (422, "bad_design"),
    NotFound: (404, "not_found"),
    NoConversation: (404, "not_found"),
    NoFeedback: (404, "not_found"),
    IndexBusy: (409, "index_busy"),
    EmbedderMismatch: (503, "embedder_mismatch"),
    ModelUnusable: (503, "model_unusable"),
    IndexUnusable: (503, "no_index"),
    DatabaseUnusable: (503, "no_database"),
}


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application for some settings; those of the environment when ``None``."""
    settings = settings or load_settings()
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # In the background: the page comes up at once, the first question does not wait long.
        threading.Thread(target=service.warm_up, daemon=True).start()
        yield

    app = FastAPI(
        title="Xinglin 杏林",
        version=version(),
        summary="Cited answers for clinical research, from your own corpus.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    for module in (ask, search, documents, conversations, feedback, health):
        app.include_router(module.router)
    for module in (feasibility, feasibility_sites, feasibility_report):
        app.include_router(module.router)
    app.include_router(design_router())
    _handle_errors(app)
    _serve_page(app)
    app.middleware("http")(_guard)
    return app


def _handle_errors(app: FastAPI) -> None:
    for kind, (status, code) in _STATUS.items():
        app.add_exception_handler(kind, _handler(status, code))

    @app.exception_handler(HTTPException)
    async def on_http(_: Request, error: HTTPException) -> JSONResponse:
        return _error(error.status_code, "http_error", str(error.detail))

    @app.exception_handler(Exception)
    async def on_bug(_: Request, error: Exception) -> JSONResponse:
        # What went wrong goes to the server's log; the client learns no insides.
        logging.getLogger("xinglin").error("unexpected error", exc_info=error)
        return _error(500, "internal_error", "an unexpected error; see the log of the server")

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        content_type = request.headers.get("content-type", "")
        return _error(422, "invalid_request", told(error.errors(), content_type))


def _handler(status: int, code: str) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    async def handle(_: Request, error: Exception) -> JSONResponse:
        return _error(status, code, str(error))

    return handle


def _error(status: int, code: str, text: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": text}}, status_code=status)


async def _guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse what other sites' pages send through the user's browser; set headers.

    A host name that is not ours means DNS rebinding, another origin a forged write.
    """
    host = request.headers.get("host", "")
    allowed = request.app.state.service.settings.server.allowed_hosts
    if "*" not in allowed and re.sub(r":\d+$", "", host) not in allowed:
        return _error(
            400,
            "unknown_host",
            f"this server does not answer to {host!r}; add the name to server.allowed_hosts",
        )
    length = request.headers.get("content-length", "0")
    limit = request.app.state.service.settings.server.max_upload_mb * 1e6 + _FORM_BYTES
    if length.isdigit() and int(length) > limit:
        return _error(413, "too_large", "the request is larger than server.max_upload_mb allows")
    origin = request.headers.get("origin")
    if (
        request.method not in {"GET", "HEAD", "OPTIONS"}
        and origin
        and urlsplit(origin).netloc != host
    ):
        return _error(403, "cross_origin", f"requests from {origin} are not accepted")
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _serve_page(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(_WEB / "index.html", headers={"Cache-Control": "no-cache"})

    app.mount("/assets", StaticFiles(directory=_WEB), name="assets")
