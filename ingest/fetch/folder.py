"""The folder a connector writes to: whole files only, and a note of how far it came.

Notes and locks begin with a dot, so that ingest passes over them.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from ingest.fetch.errors import FetchError
from ingest.fetch.summary import Written


class State(BaseModel):
    """How far one query came; kept between runs.

    Attributes:
        source: Name of the connector.
        query: What was asked, for people who open the file.
        started: ISO day (UTC) the first run began.
        refreshed: ISO day (UTC) up to which later changes were fetched.
        next_page: Where the source goes on; None at the start and at the end.
        complete: Whether the last page was written.
        found: Records the source said it has.
        kept: Number of records written for the query.
        taken: Records of the next page that are among them.
        counted: Names of the records counted so far, in which page or refresh they came.
        page_size: Records of a page, which stays the same while pages are numbered by tokens.
        pages: Validators of the pages last seen: key of the page to ETag, Last-Modified, next page.
    """

    source: str
    query: dict[str, str]
    started: str | None = None
    refreshed: str | None = None
    next_page: str | None = None
    complete: bool = False
    found: int | None = None
    kept: int = 0
    taken: int = 0
    counted: set[str] = set()
    page_size: int = 0
    pages: dict[str, tuple[str, str, str | None]] = {}


class Folder:
    """The files of one query in a folder; use it as a context manager, which takes the lock.

    Args:
        path: Made when it is not there.
        source: Name of the connector.
        query: What is asked; each query has a state of its own.

    Raises:
        FetchError: The folder cannot be written, or another run uses it.
    """

    def __init__(self, path: Path, source: str, query: dict[str, str]) -> None:
        self.path = path
        self.warnings: list[str] = []
        asked = json.dumps([source, query], sort_keys=True)
        digest = hashlib.sha256(asked.encode()).hexdigest()[:12]
        self._blank = State(source=source, query=query)
        self._state = f".xinglin-fetch-{source}-{digest}.json"
        self._lock = FileLock(path / ".xinglin-fetch.lock", timeout=0)

    def __enter__(self) -> Folder:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise FetchError(f"{self.path} is in use by another fetch; wait for it") from None
        except OSError as error:
            raise self._unwritable(error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._lock.release()

    def state(self) -> State:
        """The state of an earlier run, or a blank one; a damaged one is reported."""
        path = self.path / self._state
        try:
            return State.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return self._blank.model_copy(deep=True)
        except (OSError, ValidationError):
            self.warnings.append(
                f"{path.name} is damaged; the query is asked from its beginning, "
                "files that did not change stay as they are"
            )
            return self._blank.model_copy(deep=True)

    def save(self, state: State) -> None:
        """Keep the state for the next run."""
        self._replace(self._state, state.model_dump_json(indent=1).encode())

    def has(self, name: str) -> bool:
        """Whether a file of that name was written before."""
        return (self.path / name).is_file()

    def write(self, name: str, data: bytes) -> Written:
        """Write a file whole, or leave it alone when its content is the same."""
        path = self.path / name
        try:
            if path.is_file() and path.read_bytes() == data:
                return "unchanged"
            known = path.exists()
        except OSError as error:
            raise self._unwritable(error) from None
        self._replace(name, data)
        return "updated" if known else "added"

    def _replace(self, name: str, data: bytes) -> None:
        part = self.path / f".{name.lstrip('.')}.part"
        try:
            part.unlink(missing_ok=True)
            with part.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path / name)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> FetchError:
        return FetchError(
            f"{self.path} cannot be written ({error.strerror or error}); name another folder or "
            "make room"
        )
