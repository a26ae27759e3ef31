"""``xinglin serve``: the API and the chat page."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.common import IndexOption


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port.")] = None,
    index: IndexOption = None,
) -> None:
    """Serve the API and the chat page."""
    import uvicorn

    from api.app import create_app
    from api.settings import load_settings

    settings = load_settings(index_dir=index)
    host = host or settings.server.host
    port = port or settings.server.port
    typer.echo(f"Xinglin: http://{host}:{port}  (index {settings.index_dir}; Ctrl-C stops)")
    uvicorn.run(create_app(settings), host=host, port=port, log_level="warning")
