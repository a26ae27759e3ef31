"""Servers and clients over throw-away copies of the index of the notes."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import PREFIX, Settings
from ingest.settings import IngestSettings

BASE = "http://127.0.0.1"
MakeSettings = Callable[[Path], Settings]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment nor a file in the working folder reaches a test."""
    for variable in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def make_settings(repo: Path) -> MakeSettings:
    """``make_settings(folder)``: settings whose index and state lie in a folder."""

    def make(folder: Path) -> Settings:
        return Settings(
            index_dir=folder / "index",
            state_dir=folder / "state",
            corpus_dir=repo / "corpus",
            ingest=IngestSettings(jobs=1),
        )

    return make


@pytest.fixture
def settings(tmp_path: Path, corpus_index: Path, make_settings: MakeSettings) -> Settings:
    """Settings over a copy of the index of the notes."""
    shutil.copytree(corpus_index, tmp_path / "index")
    return make_settings(tmp_path)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of an app over a copy of the index of the notes; a test may change it."""
    with TestClient(create_app(settings), base_url=BASE) as client:
        yield client


@pytest.fixture
def empty_client(tmp_path: Path, make_settings: MakeSettings) -> Iterator[TestClient]:
    """A client of an app that was started before there is an index."""
    with TestClient(create_app(make_settings(tmp_path)), base_url=BASE) as client:
        yield client


@pytest.fixture(scope="module")
def reader(
    tmp_path_factory: pytest.TempPathFactory, corpus_index: Path, make_settings: MakeSettings
) -> Iterator[TestClient]:
    """Like ``client``, shared by the tests of a module that only read."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(corpus_index, folder / "index")
    with TestClient(create_app(make_settings(folder)), base_url=BASE) as client:
        yield client


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """A real server on a free port of this machine; yields its base URL."""
    config = uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive() and time.monotonic() < end, "the server did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"{BASE}:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def live_server(
    tmp_path_factory: pytest.TempPathFactory, corpus_index: Path, make_settings: MakeSettings
) -> Iterator[str]:
    """Base URL of a real server over a copy of the index of the notes."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copytree(corpus_index, folder / "index")
    with serving(make_settings(folder)) as base:
        yield base


@pytest.fixture
def empty_live_server(tmp_path: Path, make_settings: MakeSettings) -> Iterator[str]:
    """Base URL of a real server that was started before there is an index."""
    with serving(make_settings(tmp_path)) as base:
        yield base
