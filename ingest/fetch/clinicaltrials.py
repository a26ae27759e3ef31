"""Trials of ClinicalTrials.gov, one JSON file a study, by its API version 2.

Source: https://clinicaltrials.gov/data-api/api (``/studies``: ``query.cond``, ``query.term``,
``filter.overallStatus``, ``filter.advanced``, ``sort``, ``pageSize``, ``pageToken``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.fetch.errors import FetchError, Malformed, Refused
from ingest.fetch.folder import Folder, State
from ingest.fetch.http import Client, Validators
from ingest.fetch.settings import FetchSettings
from ingest.fetch.summary import Progress, Summary

SOURCE = "clinicaltrials"
STATUSES = (
    "ACTIVE_NOT_RECRUITING", "COMPLETED", "ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING",
    "RECRUITING", "SUSPENDED", "TERMINATED", "WITHDRAWN", "AVAILABLE", "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING", "WITHHELD", "UNKNOWN",
)  # fmt: skip
_NUMBER = re.compile(r"NCT\d{8}")
_NEWEST_FIRST = "LastUpdatePostDate:desc"
_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class TrialQuery:
    """What trials are wanted.

    Attributes:
        condition: Disease, in the registry's search syntax.
        term: Other words, in the same syntax.
        statuses: Values of :data:`STATUSES`; empty for all.
        since: ISO day: only records whose last update was posted on it or later.
    """

    condition: str = ""
    term: str = ""
    statuses: tuple[str, ...] = ()
    since: str | None = None

    def described(self) -> dict[str, str]:
        """The parts that are set, for the state file."""
        parts = {
            "condition": self.condition,
            "term": self.term,
            "status": ",".join(self.statuses),
            "since": self.since or "",
        }
        return {name: value for name, value in parts.items() if value}


def trial_query(
    condition: str = "", term: str = "", statuses: Sequence[str] = (), since: str | None = None
) -> TrialQuery:
    """Check what was asked: statuses in any spelling (``not yet recruiting``), a day in ISO form.

    Raises:
        FetchError: Neither condition nor term, an unknown status, or a day that is none.
    """
    if not condition.strip() and not term.strip():
        raise FetchError(
            "name a condition or a term; the whole registry is downloaded from its own site"
        )
    found = []
    for part in ",".join(statuses).split(","):
        status = re.sub(r"[\s-]+", "_", part.strip()).upper()
        if status and status not in STATUSES:
            raise FetchError(f"status {part.strip()!r} is none of: {', '.join(STATUSES)}")
        if status:
            found.append(status)
    if since is not None:
        try:
            since = date.fromisoformat(since).isoformat()
        except ValueError:
            raise FetchError(f"since {since!r} is not a day like 2026-01-31") from None
    return TrialQuery(condition.strip(), term.strip(), tuple(sorted(set(found))), since)


def fetch_trials(
    query: TrialQuery,
    out: Path,
    settings: FetchSettings,
    limit: int | None = None,
    progress: Progress | None = None,
    today: Callable[[], date] = lambda: datetime.now(UTC).date(),
) -> Summary:
    """Write the studies of a query, newest first, as ``NCT….json``.

    A later run first asks for records updated since the last one, whatever their status has
    become, then goes on after the last complete page.

    Args:
        query: From :func:`trial_query`.
        out: Folder of the files.
        settings: Address, pace and bounds.
        limit: Most studies kept for the query; None for all.
        progress: Called with studies written and studies found after each page.
        today: The day of the run.

    Raises:
        FetchError: The registry cannot be reached or refuses, or the folder cannot be written.
    """
    with (
        Folder(out, SOURCE, query.described()) as folder,
        Client(settings, 60 / settings.trials_per_minute) as client,
    ):
        run = _Run(query, folder, client, settings, limit, progress, Summary(SOURCE, out))
        try:
            run.all(today())
        finally:
            run.summary.requests = client.requests
            run.summary.warnings[:0] = folder.warnings
        return run.summary


@dataclass(slots=True)
class _Page:
    studies: list[Any]
    following: str | None
    total: int | None


@dataclass(slots=True)
class _Run:
    query: TrialQuery
    folder: Folder
    client: Client
    settings: FetchSettings
    limit: int | None
    progress: Progress | None
    summary: Summary
    pages: int = 0
    left_out: int = 0

    def all(self, today: date) -> None:
        state = self.folder.state()
        if state.started is None:
            state.started = state.refreshed = today.isoformat()
            state.page_size = min(self.settings.page_size, self.limit or self.settings.page_size)
        else:
            self._refresh(state, today)
        self._go_on(state)
        self.summary.found = state.found
        if self.left_out:
            self.summary.warnings.append(
                f"{self.left_out} new trials were left out, because --limit {self.limit} is reached"
            )
        self.summary.complete = state.complete

    def _go_on(self, state: State) -> None:
        """From the page after the last complete one to the end, or to the limit."""
        while not state.complete and not self._full(state):
            try:
                page, _ = self._page(self._wanted(state), state.next_page)
            except Refused as error:
                if error.status != _BAD_REQUEST or state.next_page is None:
                    raise
                # The token of an interrupted run is no longer good.
                state.next_page, state.kept, state.taken, state.counted = None, 0, 0, set()
                continue
            if page is None:
                raise FetchError("the registry said that nothing changed, which was not asked")
            if page.total is not None:
                state.found = page.total
            for number, study in enumerate(page.studies):
                if self._full(state):
                    state.taken = number
                    self.folder.save(state)
                    return
                if self._write(study, number) and number >= state.taken:
                    self._count(study, state)
            state.next_page, state.taken = page.following, 0
            state.complete = page.following is None
            self.folder.save(state)
            if self.progress:
                self.progress(state.kept, state.found)

    def _refresh(self, state: State, today: date) -> None:
        """Records updated since the last run; those of before have a new status perhaps."""
        last = date.fromisoformat(state.refreshed or today.isoformat())
        since = (last - timedelta(days=1)).isoformat()
        params = self._params((), since, self.settings.page_size)
        seen, token = dict(state.pages), None
        state.pages = {}
        while True:
            key = hashlib.sha256(json.dumps([params, token]).encode()).hexdigest()[:16]
            etag, modified, following = seen.get(key, ("", "", None))
            page, validators = self._page(params, token, Validators(etag, modified))
            if page is not None:
                following = page.following
                for number, study in enumerate(page.studies):
                    self._refresh_one(study, state, number)
            if validators.etag or validators.modified:
                state.pages[key] = (validators.etag, validators.modified, following)
            if following is None:
                break
            token = following
        state.refreshed = today.isoformat()
        self.folder.save(state)

    def _refresh_one(self, study: Any, state: State, number: int) -> None:
        name = _file_name(study)
        if name is not None and self.folder.has(name):
            self.summary.count(self.folder.write(name, _text(study)))
        elif self.query.statuses and _status(study) not in self.query.statuses:
            return
        elif self._full(state):
            self.left_out += 1
        elif self._write(study, number):
            self._count(study, state)

    def _count(self, study: Any, state: State) -> None:
        """Count a trial once, though a refresh may bring it before its page does."""
        name = _file_name(study) or ""
        if name not in state.counted:
            state.counted.add(name)
            state.kept += 1

    def _write(self, study: Any, number: int) -> bool:
        name = _file_name(study)
        if name is None:
            self.summary.warnings.append(
                f"record {number + 1} of page {self.pages} has no NCT number and was left out"
            )
            return False
        self.summary.count(self.folder.write(name, _text(study)))
        return True

    def _full(self, state: State) -> bool:
        return self.limit is not None and state.kept >= self.limit

    def _page(
        self, params: dict[str, str], token: str | None, validators: Validators | None = None
    ) -> tuple[_Page | None, Validators]:
        self.pages += 1
        if self.pages > self.settings.max_pages:
            raise FetchError(
                f"{self.settings.max_pages} pages were fetched and kept; run the same command "
                "again to go on, or raise the setting fetch.max_pages"
            )
        asked = {**params, "pageToken": token} if token else params
        reply = self.client.get(
            f"{self.settings.clinicaltrials_url}/studies", asked, _read_page, validators
        )
        return reply.value, reply.validators if reply.value else validators or Validators()

    def _wanted(self, state: State) -> dict[str, str]:
        return self._params(self.query.statuses, None, state.page_size or self.settings.page_size)

    def _params(self, statuses: Sequence[str], since: str | None, size: int) -> dict[str, str]:
        since = max(filter(None, (since, self.query.since)), default=None)
        params = {
            "format": "json",
            "query.cond": self.query.condition,
            "query.term": self.query.term,
            "filter.overallStatus": ",".join(statuses),
            "filter.advanced": f"AREA[LastUpdatePostDate]RANGE[{since},MAX]" if since else "",
            "sort": _NEWEST_FIRST,
            "countTotal": "true",
            "pageSize": str(size),
        }
        return {name: value for name, value in params.items() if value}


def _read_page(body: bytes) -> _Page:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("the answer is no JSON; perhaps the page of a proxy") from None
    studies = answer.get("studies") if isinstance(answer, dict) else None
    following = answer.get("nextPageToken") if isinstance(answer, dict) else None
    if not isinstance(studies, list) or not isinstance(following, str | None):
        raise Malformed("the answer holds no list of studies")
    total = answer.get("totalCount")
    return _Page(studies, following or None, total if isinstance(total, int) else None)


def _module(study: Any, name: str) -> dict[str, Any]:
    section = study.get("protocolSection") if isinstance(study, dict) else None
    module = section.get(name) if isinstance(section, dict) else None
    return module if isinstance(module, dict) else {}


def _file_name(study: Any) -> str | None:
    number = _module(study, "identificationModule").get("nctId")
    return f"{number}.json" if isinstance(number, str) and _NUMBER.fullmatch(number) else None


def _status(study: Any) -> object:
    return _module(study, "statusModule").get("overallStatus")


def _text(study: Any) -> bytes:
    return (json.dumps(study, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
