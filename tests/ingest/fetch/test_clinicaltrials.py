from __future__ import annotations

import json
import multiprocessing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.fetch import FetchError, FetchSettings, Summary
from ingest.fetch.clinicaltrials import TrialQuery, fetch_trials, trial_query
from ingest.fetch.folder import Folder
from ingest.loaders.base import Loaded, Source
from ingest.registry import members, recognise
from tests.ingest.fetch.server import Answer, Asked, Registry, Server

PATH = "/api/v2/studies"
QUERY = trial_query("made-up disease")
DAY = date(2026, 11, 22)


@pytest.fixture
def registry(server: Server) -> Registry:
    """Seven made-up trials, the last updated first in number."""
    trials = Registry()
    for number in range(1, 8):
        trials.add(number, f"2026-10-{20 - number:02d}")
    server.routes[PATH] = trials
    return trials


@pytest.fixture
def small(settings: FetchSettings) -> FetchSettings:
    """Three trials a page."""
    return settings.model_copy(update={"page_size": 3})


def fetch(
    out: Path,
    settings: FetchSettings,
    query: TrialQuery = QUERY,
    day: date = DAY,
    limit: int | None = None,
) -> Summary:
    return fetch_trials(query, out, settings, limit=limit, today=lambda: day)


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir() if not path.name.startswith("."))


def status_of(path: Path) -> Any:
    study = json.loads(path.read_text("utf-8"))
    return study["protocolSection"]["statusModule"]["overallStatus"]


def test_all_pages_one_file_a_study(
    server: Server, registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    summary = fetch(tmp_path, small)
    assert names(tmp_path) == [f"NCT{number:08d}.json" for number in range(1, 8)]
    assert (summary.found, summary.added, summary.complete, summary.requests) == (7, 7, True, 3)
    assert [asked.params.get("pageToken") for asked in server.log] == [None, "token-3", "token-6"]
    assert server.log[0].params == {
        "format": "json",
        "query.cond": "made-up disease",
        "sort": "LastUpdatePostDate:desc",
        "countTotal": "true",
        "pageSize": "3",
    }


def test_the_files_are_what_ingest_reads(
    registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, small)
    path = tmp_path / "NCT00000001.json"
    data = path.read_bytes()
    assert json.loads(data) == registry.studies[0]
    assert recognise(path.name, data) == "ctgov_v2"
    ((number, loaded),) = members("ctgov_v2", Source(path.name, data))
    assert number == "NCT00000001"
    assert isinstance(loaded, Loaded)
    assert loaded.title == "虚构试验 1 of a made-up drug"


def test_filters_are_sent(server: Server, registry: Registry, small: FetchSettings,
                          tmp_path: Path) -> None:  # fmt: skip
    registry.add(8, "2026-11-01", status="COMPLETED")
    query = trial_query("x", "AREA[LocationCountry]China", ["completed,not yet recruiting"],
                        "2026-10-30")  # fmt: skip
    summary = fetch(tmp_path, small, query)
    assert names(tmp_path) == ["NCT00000008.json"]
    assert summary.complete
    sent = server.log[0].params
    assert sent["query.term"] == "AREA[LocationCountry]China"
    assert sent["filter.overallStatus"] == "COMPLETED,NOT_YET_RECRUITING"
    assert sent["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-10-30,MAX]"


def test_a_second_run_fetches_what_changed(
    server: Server, registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    query = trial_query("x", statuses=["recruiting"])
    fetch(tmp_path, small, query)
    registry.add(2, "2026-11-23", status="COMPLETED")
    registry.add(8, "2026-11-23")
    registry.add(9, "2026-11-23", status="WITHDRAWN")
    server.log.clear()
    summary = fetch(tmp_path, small, query, date(2026, 11, 24))
    assert server.log[0].params["filter.advanced"] == (
        "AREA[LastUpdatePostDate]RANGE[2026-11-21,MAX]"
    )
    # A trial that no longer recruits must not stand in the folder as if it did.
    assert status_of(tmp_path / "NCT00000002.json") == "COMPLETED"
    assert "NCT00000008.json" in names(tmp_path)
    assert "NCT00000009.json" not in names(tmp_path)
    assert (summary.added, summary.updated, summary.requests) == (1, 1, 1)
    third = fetch(tmp_path, small, query, date(2026, 11, 25))
    assert server.log[-1].params["filter.advanced"] == (
        "AREA[LastUpdatePostDate]RANGE[2026-11-23,MAX]"
    )
    assert (third.added, third.updated, third.unchanged) == (0, 0, 2)


def test_an_unchanged_page_costs_no_body(
    registry: Registry, server: Server, small: FetchSettings, tmp_path: Path
) -> None:
    registry.etags = True
    for number in range(1, 6):
        registry.add(number, "2026-11-22")
    fetch(tmp_path, small)
    fetch(tmp_path, small)
    server.log.clear()
    assert fetch(tmp_path, small).requests == 2
    assert all("If-None-Match" in asked.headers for asked in server.log)
    registry.add(5, "2026-11-22", title="虚构试验五")
    assert fetch(tmp_path, small).updated == 1
    assert "虚构试验五" in (tmp_path / "NCT00000005.json").read_text("utf-8")


def test_limit_keeps_so_many_and_a_higher_one_goes_on(
    server: Server, registry: Registry, settings: FetchSettings, tmp_path: Path
) -> None:
    summary = fetch(tmp_path, settings, limit=2)
    assert names(tmp_path) == ["NCT00000001.json", "NCT00000002.json"]
    assert (summary.found, summary.complete) == (7, False)
    assert server.log[0].params["pageSize"] == "2"
    again = fetch(tmp_path, settings, limit=2)
    assert (again.added, len(names(tmp_path))) == (0, 2)
    assert fetch(tmp_path, settings, limit=5).added == 3
    assert fetch(tmp_path, settings).complete
    assert len(names(tmp_path)) == 7


def test_a_limit_in_the_middle_of_a_page_is_counted_once(
    registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, small, limit=3)
    fetch(tmp_path, small, limit=4)
    fetch(tmp_path, small, limit=5)
    assert len(names(tmp_path)) == 5
    assert fetch(tmp_path, small, limit=7).complete


def test_new_trials_beyond_the_limit_are_told(
    registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, small, limit=2)
    registry.add(8, "2026-11-23")
    summary = fetch(tmp_path, small, day=date(2026, 11, 24), limit=2)
    assert summary.warnings == ["1 new trials were left out, because --limit 2 is reached"]


def test_a_run_that_failed_goes_on_after_the_last_page(
    server: Server, registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    server.trouble.extend([None, *[Answer(b"", 500)] * 4])
    with pytest.raises(FetchError, match="HTTP 500"):
        fetch(tmp_path, small)
    assert len(names(tmp_path)) == 3
    server.log.clear()
    summary = fetch(tmp_path, small)
    assert [asked.params.get("pageToken") for asked in server.log] == [None, "token-3", "token-6"]
    assert "filter.advanced" in server.log[0].params
    assert (summary.complete, len(names(tmp_path))) == (True, 7)


def _fetch_and_die(url: str, out: Path) -> None:
    settings = FetchSettings(clinicaltrials_url=url, page_size=3, trials_per_minute=60_000)
    fetch(out, settings)


def test_a_killed_run_goes_on(
    server: Server, registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_fetch_and_die, args=(small.clinicaltrials_url, tmp_path))

    def kill(asked: Asked) -> Answer:
        process.kill()
        return Answer(b"", 500)

    server.trouble.extend([None, kill])
    process.start()
    process.join(60)
    assert process.exitcode == -9
    assert len(names(tmp_path)) == 3
    summary = fetch(tmp_path, small)
    assert (summary.complete, summary.added, len(names(tmp_path))) == (True, 4, 7)


def test_a_token_that_is_no_longer_good_starts_over(
    server: Server, registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, small, limit=3)
    registry.good_tokens = False

    def good_again(asked: Asked) -> Answer:
        registry.good_tokens = True
        return Answer(b"`pageToken` is not valid", 400)

    server.trouble.extend([None, good_again])
    summary = fetch(tmp_path, small)
    assert (summary.complete, len(names(tmp_path))) == (True, 7)
    assert (summary.added, summary.unchanged) == (4, 3)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"<html>Sign in</html>",
        b"[]",
        b'{"studies": {}}',
        b'{"studies": [], "nextPageToken": 1}',
        b"[" * 100_000,
    ],
)
def test_malformed_answers_are_asked_again_then_told(
    server: Server, registry: Registry, small: FetchSettings, tmp_path: Path, body: bytes
) -> None:
    server.trouble.extend([Answer(body)] * 4)
    with pytest.raises(FetchError, match="did not answer properly"):
        fetch(tmp_path, small)
    assert names(tmp_path) == []
    server.trouble.append(Answer(body))
    assert fetch(tmp_path, small).complete


def test_a_page_cut_in_the_middle_writes_nothing_of_it(
    server: Server, registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    whole = registry(Asked(PATH, {"pageSize": "3"}, {}, 0.0)).body
    server.trouble.append(Answer(whole, cut=len(whole) // 2))
    assert fetch(tmp_path, small).complete
    assert len(names(tmp_path)) == 7


@pytest.mark.parametrize("name", ["../../evil", "NCT1", "NCT00000001/../x", "", None, 5])
def test_a_record_with_a_bad_number_is_told_and_not_written(
    registry: Registry, small: FetchSettings, tmp_path: Path, name: object
) -> None:
    registry.add(8, "2026-11-01")
    registry.studies[-1]["protocolSection"]["identificationModule"]["nctId"] = name
    out = tmp_path / "deep" / "out"
    summary = fetch(out, small)
    assert summary.warnings == ["record 1 of page 1 has no NCT number and was left out"]
    assert len(names(out)) == 7
    assert names(tmp_path) == ["deep"]


def test_too_many_pages_end_the_run_and_it_goes_on(
    registry: Registry, small: FetchSettings, tmp_path: Path
) -> None:
    few = small.model_copy(update={"max_pages": 2})
    with pytest.raises(FetchError, match="2 pages were fetched and kept"):
        fetch(tmp_path, few)
    assert len(names(tmp_path)) == 6
    # One request for what changed since, one for the last page.
    assert fetch(tmp_path, few).complete


def kept(out: Path) -> int:
    (state,) = out.glob(".xinglin-fetch-*.json")
    return int(json.loads(state.read_text("utf-8"))["kept"])


@pytest.mark.parametrize("limit", [7, 6])
def test_a_trial_that_a_refresh_brings_before_its_page_counts_once(
    server: Server, registry: Registry, small: FetchSettings, tmp_path: Path, limit: int
) -> None:
    one = small.model_copy(update={"max_pages": 1})
    with pytest.raises(FetchError, match="1 pages were fetched and kept"):
        fetch(tmp_path, one, limit=limit)
    # Trials of later pages change before the run goes on; their places stay what they are.
    later = [study for study in registry.studies if study not in registry.studies[:3]][:2]
    changed = json.dumps({"studies": later}).encode()
    server.trouble.append(Answer(changed, headers={"Content-Type": "application/json"}))
    summary = fetch(tmp_path, small, limit=limit)
    assert (len(names(tmp_path)), kept(tmp_path)) == (limit, limit)
    assert summary.complete is (limit == 7)
    again = fetch(tmp_path, small, limit=limit)
    assert (again.added, kept(tmp_path)) == (0, limit)


def test_a_run_broken_off_inside_a_page_counts_its_trials_once(
    registry: Registry, small: FetchSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, calls = Folder.write, iter(range(100))

    def breaks(folder: Folder, name: str, data: bytes) -> Any:
        if next(calls) == 4:
            raise FetchError("the disk is full")
        return write(folder, name, data)

    monkeypatch.setattr(Folder, "write", breaks)
    with pytest.raises(FetchError, match="full"):
        fetch(tmp_path, small, limit=6)
    fetch(tmp_path, small, limit=6)
    assert (len(names(tmp_path)), kept(tmp_path)) == (6, 6)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"condition": " "}, "name a condition or a term"),
        ({"condition": "x", "statuses": ["open"]}, "status 'open' is none of"),
        ({"condition": "x", "since": "2026-13-01"}, "not a day"),
    ],
)
def test_a_bad_query_is_one_sentence(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(FetchError, match=says):
        trial_query(**asked)


def test_progress_is_told(registry: Registry, small: FetchSettings, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    fetch_trials(QUERY, tmp_path, small, progress=lambda *now: told.append(now))
    assert told == [(3, 7), (6, 7), (7, 7)]
