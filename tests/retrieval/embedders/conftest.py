"""One of each backend, and a server for the endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.embedders import Embedder, make_embedder
from retrieval.embedders.static import BUNDLED, MODEL_FILE
from tests.retrieval.embedders import models
from tests.retrieval.embedders.endpoint_server import EndpointServer

MakeAny = Callable[..., Embedder]
WRITERS: dict[str, Callable[..., Path]] = {
    "static": models.write_static,
    "static of the library": models.write_library_static,
    "sentence-transformers": models.write_bert,
}
NEED_MODELS = ["static of the library", "sentence-transformers"]
BACKENDS = [
    "bundled",
    "static",
    "endpoint",
    *(pytest.param(name, marks=pytest.mark.models) for name in NEED_MODELS),
]


@pytest.fixture
def server() -> Iterator[EndpointServer]:
    with EndpointServer() as running:
        yield running


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``model_folder(kind, seed)``: a folder with a model, written once a session."""
    written: dict[tuple[str, int], Path] = {}

    def find(kind: str, seed: int = 0) -> Path:
        if kind in NEED_MODELS:
            pytest.importorskip("sentence_transformers")
        key = kind, seed
        if key not in written:
            written[key] = WRITERS[kind](tmp_path_factory.mktemp("model") / "small", seed)
        return written[key]

    return find


@pytest.fixture(params=BACKENDS)
def make_any(
    request: pytest.FixtureRequest, server: EndpointServer, model_folder: Callable[..., Path]
) -> MakeAny:
    """``make_any(seed=0, dimensions=None)``: an embedder of one of the backends."""

    def make(seed: int = 0, dimensions: int | None = None) -> Embedder:
        if request.param == "endpoint":
            model = f"model-{seed}"
            return make_embedder(model, base_url=server.url, dimensions=dimensions)
        if request.param == "bundled":
            if not (BUNDLED / MODEL_FILE).is_file():
                pytest.skip("no embedder is bundled yet")
            if seed:
                pytest.skip("there is one bundled embedder")
            return make_embedder(dimensions=dimensions)
        return make_embedder(str(model_folder(request.param, seed)), dimensions=dimensions)

    return make


@pytest.fixture
def any_embedder(make_any: MakeAny) -> Embedder:
    return make_any()
