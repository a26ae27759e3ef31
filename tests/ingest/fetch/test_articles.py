from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ingest.fetch import FetchError, FetchSettings, Summary
from ingest.fetch.articles import PMC, PUBMED, Database, fetch_articles, windows
from ingest.fetch.eutils import interval
from ingest.loaders import jats, pubmed
from ingest.loaders.base import Source
from tests.ingest.fetch.server import Answer, Entrez, Server

SEARCH, FETCH = "/eutils/esearch.fcgi", "/eutils/efetch.fcgi"
DAY = date(2026, 11, 22)


def serve(server: Server, entrez: Entrez) -> Entrez:
    server.routes[SEARCH] = entrez.search
    server.routes[FETCH] = entrez.fetch
    return entrez


@pytest.fixture
def entrez(server: Server) -> Entrez:
    """Five made-up articles of PubMed."""
    articles = {str(number): (f"Pain fell by {number}%.", "2026-01-01") for number in range(1, 6)}
    return serve(server, Entrez(articles=articles))


@pytest.fixture
def archive(server: Server) -> Entrez:
    """Three made-up articles of PubMed Central; the publisher keeps the text of the last back."""
    texts = {"11": "Pain fell (p&lt;0.05).", "12": "It did not.", "13": ""}
    articles = {number: (text, "2026-01-01") for number, text in texts.items()}
    return serve(server, Entrez("pmc", articles))


@pytest.fixture
def quick(settings: FetchSettings) -> FetchSettings:
    """With a key, which shortens the pauses."""
    return settings.model_copy(update={"api_key": SecretStr("s3cret"), "email": "a@example.org"})


def in_batches_of(size: int, database: Database = PUBMED) -> Database:
    from dataclasses import replace

    return replace(database, batch=size)


def fetch(
    out: Path,
    settings: FetchSettings,
    database: Database = PUBMED,
    day: date = DAY,
    **options: Any,
) -> Summary:
    return fetch_articles(database, "pain", out, settings, today=lambda: day, **options)


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir() if not path.name.startswith("."))


def test_search_then_fetch_through_the_history_server(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    summary = fetch(tmp_path, quick, in_batches_of(2))
    assert names(tmp_path) == [f"PMID{number}.xml" for number in range(1, 6)]
    assert (summary.found, summary.added, summary.complete, summary.requests) == (5, 5, True, 4)
    about = {"db": "pubmed", "tool": "xinglin", "email": "a@example.org", "api_key": "s3cret"}
    assert server.log[0].params == {
        **about, "term": "pain", "usehistory": "y", "retmode": "json", "retmax": "9999",
    }  # fmt: skip
    assert server.log[1].params == {
        **about, "WebEnv": "MCID_0", "query_key": "1", "retstart": "0", "retmax": "2",
        "retmode": "xml",
    }  # fmt: skip
    assert [asked.params["retstart"] for asked in server.log[1:]] == ["0", "2", "4"]


def test_the_key_is_in_no_address_and_no_file(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, quick)
    assert all("?" not in asked.path for asked in server.log)
    assert not any(b"s3cret" in path.read_bytes() for path in tmp_path.iterdir())


def test_the_pace_is_what_ncbi_asks_for(settings: FetchSettings, quick: FetchSettings) -> None:
    assert interval(settings) == pytest.approx(1 / 3)
    assert interval(quick) == pytest.approx(1 / 10)


def test_requests_are_spaced(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, quick, in_batches_of(1))
    times = [asked.when for asked in server.log]
    # The first may reach the server late on a busy machine; the pace is the client's.
    assert times[-1] - times[0] >= 0.1 * (len(times) - 1) - 0.1


def test_pubmed_files_are_what_ingest_reads(
    entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, quick)
    data = (tmp_path / "PMID2.xml").read_bytes()
    assert b"<!DOCTYPE PubmedArticleSet PUBLIC" in data
    loaded = pubmed.load(Source("PMID2.xml", data))
    assert loaded.metadata["identifiers"] == ["PMID 2"]
    assert loaded.blocks[-1].text == "Pain fell by 2%."


def test_pmc_files_are_what_ingest_reads(
    server: Server, archive: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    summary = fetch(tmp_path, quick, PMC)
    assert names(tmp_path) == ["PMC11.nxml", "PMC12.nxml", "PMC13.nxml"]
    assert server.log[0].params["term"] == "(pain) AND open access[filter]"
    loaded = jats.load(Source("PMC11.nxml", (tmp_path / "PMC11.nxml").read_bytes()))
    assert loaded.metadata["identifiers"] == ["PMC11"]
    assert loaded.blocks[-1].text == "Pain fell (p<0.05)."
    assert summary.warnings == [
        "PMC13.nxml: the publisher gives out no full text, only what stands before it"
    ]


def test_any_licence(server: Server, archive: Entrez, quick: FetchSettings, tmp_path: Path) -> None:
    fetch(tmp_path, quick, PMC, any_licence=True)
    assert server.log[0].params["term"] == "pain"


def test_a_second_run_fetches_new_and_changed_articles_only(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, quick)
    entrez.articles["3"] = ("RETRACTED.", "2026-11-23")
    entrez.articles["6"] = ("New.", "2026-11-23")
    server.log.clear()
    summary = fetch(tmp_path, quick, day=date(2026, 11, 24))
    assert (summary.added, summary.updated, summary.unchanged) == (1, 1, 0)
    assert "RETRACTED" in (tmp_path / "PMID3.xml").read_text("utf-8")
    since = next(asked.params for asked in server.log if "mindate" in asked.params)
    assert (since["datetype"], since["mindate"], since["maxdate"]) == ("mdat", "2026/11/21", "3000")
    third = fetch(tmp_path, quick, day=date(2026, 11, 25))
    assert (third.added, third.updated, third.unchanged) == (0, 0, 2)


def test_again_fetches_everything(entrez: Entrez, quick: FetchSettings, tmp_path: Path) -> None:
    fetch(tmp_path, quick)
    entrez.articles["3"] = ("Changed.", "2020-01-01")
    summary = fetch(tmp_path, quick, again=True)
    assert (summary.updated, summary.unchanged) == (1, 4)


def test_a_run_that_failed_goes_on_and_misses_no_change(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    server.trouble.extend([None, None, *[Answer(b"", 502)] * 4])
    with pytest.raises(FetchError, match="HTTP 502"):
        fetch(tmp_path, quick, in_batches_of(2))
    assert names(tmp_path) == ["PMID1.xml", "PMID2.xml"]
    entrez.articles["1"] = ("RETRACTED.", "2026-11-23")
    server.log.clear()
    summary = fetch(tmp_path, quick, in_batches_of(2), day=date(2026, 11, 24))
    fetched = [asked.params["retstart"] for asked in server.log if asked.path == FETCH]
    assert fetched[:2] == ["2", "4"]
    assert (summary.added, summary.updated, summary.complete) == (3, 1, True)
    assert "RETRACTED" in (tmp_path / "PMID1.xml").read_text("utf-8")


def test_what_is_there_is_left_alone(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, quick)
    (tmp_path / "PMID2.xml").unlink()
    (tmp_path / "PMID4.xml").unlink()
    server.log.clear()
    summary = fetch(tmp_path, quick)
    assert (server.log[1].params["retstart"], server.log[1].params["retmax"]) == ("1", "3")
    assert (summary.added, summary.updated, summary.unchanged) == (2, 0, 0)


def test_a_changed_article_beyond_the_limit_is_not_added(
    entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    fetch(tmp_path, quick, limit=2)
    entrez.articles["5"] = ("Changed.", "2026-11-23")
    summary = fetch(tmp_path, quick, day=date(2026, 11, 24), limit=2)
    assert (summary.added, names(tmp_path)) == (0, ["PMID1.xml", "PMID2.xml"])


def test_limit(entrez: Entrez, quick: FetchSettings, tmp_path: Path) -> None:
    summary = fetch(tmp_path, quick, limit=2)
    assert names(tmp_path) == ["PMID1.xml", "PMID2.xml"]
    assert not summary.complete
    assert summary.warnings == [
        "PubMed finds 5 articles, the first 2 were fetched: --limit 2 was asked for"
    ]
    assert fetch(tmp_path, quick, limit=4).added == 2


def test_more_than_the_source_gives_out_is_told(
    entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    entrez.count = 47_851
    summary = fetch(tmp_path, quick)
    assert (summary.found, summary.complete) == (47_851, False)
    assert "no more than 9999 of one query are given out; narrow it" in summary.warnings[0]


def test_words_the_source_does_not_know_are_told(
    entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    entrez.not_found = ["xyzzy"]
    assert fetch(tmp_path, quick).warnings == ["'xyzzy': not found and left out of the search"]


def test_an_article_that_is_not_given_out_is_told(
    entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    entrez.not_given = {"4"}
    summary = fetch(tmp_path, quick)
    assert summary.warnings == ["PubMed did not give out PMID4.xml"]
    assert not summary.complete


def test_nothing_found_is_no_error(entrez: Entrez, quick: FetchSettings, tmp_path: Path) -> None:
    entrez.articles.clear()
    summary = fetch(tmp_path, quick)
    assert (summary.found, summary.added, summary.complete) == (0, 0, True)


def test_a_query_that_is_not_understood(
    entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    entrez.error = "Empty term and query_key - nothing todo"
    with pytest.raises(FetchError, match="does not understand the query: Empty term"):
        fetch(tmp_path, quick)
    with pytest.raises(FetchError, match="the query is empty"):
        fetch_articles(PUBMED, " ", tmp_path, quick)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<PubmedArticleSet><PubmedArticle>",
        b"<html><body>Sign in</body></html>",
        b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>",
        b'{"error": "x"}',
    ],
)
def test_malformed_records_are_asked_again_then_told(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path, body: bytes
) -> None:
    server.trouble.extend([None, *[Answer(body)] * 4])
    with pytest.raises(FetchError, match="did not answer properly"):
        fetch(tmp_path, quick)
    assert names(tmp_path) == []
    server.trouble.extend([None, Answer(body)])
    assert fetch(tmp_path, quick).added == 5


@pytest.mark.parametrize(
    "body",
    [b"{", b"<html>", b'{"esearchresult": {}}', b'{"esearchresult": {"count": "x", "idlist": []}}',
     b'{"esearchresult": {"count": "1", "idlist": ["1"]}}'],
)  # fmt: skip
def test_malformed_searches_are_asked_again(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path, body: bytes
) -> None:
    server.trouble.append(Answer(body))
    assert fetch(tmp_path, quick).added == 5


def test_control_characters_in_the_answer_do_no_harm(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    server.trouble.append(Answer(b'{"esearchresult": {"ERROR": "a\nb"}}'))
    with pytest.raises(FetchError, match="does not understand"):
        fetch(tmp_path, quick)


def test_numbers_that_are_none_make_no_file_names(
    entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    entrez.articles = {"../../evil": ("x", "2026-01-01")}
    with pytest.raises(FetchError, match="where a number should stand"):
        fetch(tmp_path / "out", quick)
    assert names(tmp_path) == ["out"]


def test_entities_of_an_answer_are_not_expanded(
    server: Server, entrez: Entrez, quick: FetchSettings, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret", "utf-8")
    body = (
        f'<!DOCTYPE PubmedArticleSet [<!ENTITY e SYSTEM "file://{secret}">]><PubmedArticleSet>'
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>&e;</ArticleTitle>"
        "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    server.trouble.extend([None, Answer(body.encode())])
    fetch(tmp_path / "out", quick, limit=1)
    assert "s3cret" not in (tmp_path / "out" / "PMID1.xml").read_text("utf-8")


def test_progress_is_told(entrez: Entrez, quick: FetchSettings, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    fetch(tmp_path, quick, in_batches_of(2), progress=lambda *now: told.append(now))
    assert told == [(2, 5), (4, 5), (5, 5)]


@given(st.integers(0, 60), st.data(), st.integers(1, 9))
def test_windows_hold_all_that_is_wanted_and_no_position_twice(
    length: int, data: st.DataObject, size: int
) -> None:
    ids = [str(number) for number in range(length)]
    wanted = set(data.draw(st.lists(st.sampled_from(ids), unique=True))) if ids else set()
    covered: list[int] = []
    for start, end in windows(ids, wanted, size):
        assert 0 < end - start <= size
        assert {ids[start], ids[end - 1]} <= wanted
        covered.extend(range(start, end))
    assert covered == sorted(set(covered))
    assert {number for number in wanted if int(number) not in covered} == set()
