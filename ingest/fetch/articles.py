"""Articles of PubMed (abstracts) and PubMed Central (full texts), one XML file each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from ingest.fetch.errors import FetchError
from ingest.fetch.eutils import MOST_IDS, Eutils, Found, interval
from ingest.fetch.folder import Folder, State
from ingest.fetch.http import Client
from ingest.fetch.settings import FetchSettings
from ingest.fetch.summary import Progress, Summary

_OPEN = "open access[filter]"


@dataclass(frozen=True, slots=True)
class Database:
    """A database of articles.

    Attributes:
        name: Its name at NCBI.
        title: Its name for people.
        root: Root element of what is fetched.
        file_name: File of the record with an identifier.
        batch: Records asked for in one request.
        dated: Whether it can be searched for records changed since a day.
        records: Identifier and file content of each record below the root, and a problem instead
            of the content for a record that is of no use.
    """

    name: str
    title: str
    root: str
    file_name: Callable[[str], str]
    batch: int
    dated: bool
    records: Callable[[Any], Iterator[tuple[str, bytes, str | None]]]


def fetch_articles(
    database: Database,
    query: str,
    out: Path,
    settings: FetchSettings,
    limit: int | None = None,
    again: bool = False,
    any_licence: bool = False,
    progress: Progress | None = None,
    today: Callable[[], date] = lambda: datetime.now(UTC).date(),
) -> Summary:
    """Write the articles a query finds; those already in the folder are not fetched again.

    A later run of the same query also fetches anew the records that PubMed changed since (a
    retraction is such a change). PubMed Central is not asked for that: see ``again``.

    Args:
        database: :data:`PUBMED` or :data:`PMC`.
        query: In the search syntax of the database.
        out: Folder of the files.
        settings: Address, key, pace and bounds.
        limit: Most articles; None for all the source gives, which is 9,999.
        again: Fetch anew what is there.
        any_licence: Of PubMed Central, not only the open-access subset.
        progress: Called with articles in the folder and articles found after each batch.
        today: The day of the run.

    Raises:
        FetchError: The source cannot be reached or refuses, or the folder cannot be written.
    """
    term = query.strip()
    if not term:
        raise FetchError("the query is empty; ask in the words of the database's own search")
    if database.name == PMC.name and not any_licence:
        term = f"({term}) AND {_OPEN}"
    summary = Summary(database.name, out)
    with (
        Folder(out, database.name, {"query": term}) as folder,
        Client(settings, interval(settings)) as client,
    ):
        run = _Run(
            database, term, folder, Eutils(client, settings, database.name), settings, summary,
            min(limit or MOST_IDS, MOST_IDS), progress,
        )  # fmt: skip
        try:
            run.all(today(), again)
        finally:
            summary.requests = client.requests
            summary.warnings[:0] = folder.warnings
    return summary


@dataclass(slots=True)
class _Run:
    database: Database
    term: str
    folder: Folder
    eutils: Eutils
    settings: FetchSettings
    summary: Summary
    most: int
    progress: Progress | None
    batches: int = 0

    def all(self, today: date, again: bool) -> None:
        state = self.folder.state()
        earlier = state.refreshed
        if earlier is None:
            state.started = state.refreshed = today.isoformat()
        found = self.eutils.search(self.term, self.most)
        self.summary.found = found.count
        self.summary.warnings.extend(found.notes)
        wanted = set(found.ids) if again else self._missing(found)
        fresh = set(wanted)
        self._fetch(found, wanted, state)
        if earlier and self.database.dated and not again:
            self._refresh(earlier, fresh, state)
        state.refreshed = today.isoformat()
        missing = self._missing(found)
        state.complete = self.summary.complete = not missing and len(found.ids) == found.count
        state.found = found.count
        state.kept = len(found.ids) - len(missing)
        self.folder.save(state)
        if len(found.ids) < found.count:
            self._say_cut(found)

    def _missing(self, found: Found) -> set[str]:
        return {item for item in found.ids if not self.folder.has(self.database.file_name(item))}

    def _refresh(self, earlier: str, fresh: set[str], state: State) -> None:
        """Fetch anew what changed since the last run and is in the folder."""
        since = date.fromisoformat(earlier) - timedelta(days=1)
        found = self.eutils.search(self.term, MOST_IDS, since.isoformat())
        self._fetch(found, set(found.ids) - self._missing(found) - fresh, state)

    def _fetch(self, found: Found, wanted: set[str], state: State) -> None:
        left = set(wanted)
        for start, end in windows(found.ids, wanted, self.database.batch):
            self.batches += 1
            if self.batches > self.settings.max_pages:
                raise FetchError(
                    f"{self.settings.max_pages} requests were made and their answers kept; run "
                    "the same command again to go on, or raise the setting fetch.max_pages"
                )
            root = self.eutils.fetch(found, start, end - start, self.database.root)
            self._write(root, left)
            self.folder.save(state)
            if self.progress:
                there = len(found.ids) - len(self._missing(found))
                self.progress(there, len(found.ids))
        refused = [item for item in found.ids if item in left]
        if refused:
            names = ", ".join(self.database.file_name(item) for item in refused[:5])
            more = f" and {len(refused) - 5} more" if len(refused) > 5 else ""
            self.summary.warnings.append(f"{self.database.title} did not give out {names}{more}")

    def _write(self, root: Any, left: set[str]) -> None:
        """Write the records of an answer that are wanted and strike them off."""
        for number, content, problem in self.database.records(root):
            if number not in left:
                continue
            left.discard(number)
            if problem:
                self.summary.warnings.append(f"{self.database.file_name(number)}: {problem}")
            if content:
                name = self.database.file_name(number)
                self.summary.count(self.folder.write(name, content))

    def _say_cut(self, found: Found) -> None:
        reason = (
            f"--limit {self.most} was asked for"
            if self.most < MOST_IDS
            else f"no more than {MOST_IDS} of one query are given out; narrow it, by years perhaps"
        )
        self.summary.warnings.append(
            f"{self.database.title} finds {found.count} articles, the first {len(found.ids)} were "
            f"fetched: {reason}"
        )


def windows(ids: Sequence[str], wanted: set[str], size: int) -> Iterator[tuple[int, int]]:
    """Ranges of positions, each at most ``size`` long, that hold all wanted identifiers.

    >>> list(windows("abcdefgh", {"b", "c", "g"}, 3))
    [(1, 3), (6, 7)]
    """
    positions = [position for position, item in enumerate(ids) if item in wanted]
    while positions:
        start = positions[0]
        inside = [position for position in positions if position < start + size]
        yield start, inside[-1] + 1
        positions = positions[len(inside) :]


def _pubmed_records(root: Any) -> Iterator[tuple[str, bytes, str | None]]:
    doctype = root.getroottree().docinfo.doctype
    for item in root.iterchildren("PubmedArticle", "PubmedBookArticle"):
        number = item.findtext("MedlineCitation/PMID") or item.findtext("BookDocument/PMID") or ""
        content = etree.tostring(item, encoding="unicode", with_tail=False)
        lines = (
            '<?xml version="1.0" encoding="UTF-8"?>',
            doctype,
            "<PubmedArticleSet>",
            content,
            "</PubmedArticleSet>",
        )
        yield number.strip(), ("\n".join(filter(None, lines)) + "\n").encode(), None


def _pmc_records(root: Any) -> Iterator[tuple[str, bytes, str | None]]:
    doctype = root.getroottree().docinfo.doctype or None
    for item in root.iterchildren("article"):
        numbers = {
            found.get("pub-id-type"): (found.text or "").strip()
            for found in item.iterfind("front/article-meta/article-id")
        }
        number = next((numbers[kind] for kind in ("pmcid", "pmc", "pmcaid") if kind in numbers), "")
        problem = None
        if item.find("body") is None:
            problem = "the publisher gives out no full text, only what stands before it"
        content = etree.tostring(
            item, encoding="UTF-8", xml_declaration=True, with_tail=False, doctype=doctype
        )
        yield number.upper().removeprefix("PMC"), content + b"\n", problem


PUBMED = Database(
    "pubmed", "PubMed", "PubmedArticleSet", lambda item: f"PMID{_digits(item)}.xml", 200, True,
    _pubmed_records,
)  # fmt: skip
PMC = Database(
    "pmc", "PubMed Central", "pmc-articleset", lambda item: f"PMC{_digits(item)}.nxml", 20, False,
    _pmc_records,
)  # fmt: skip


def _digits(item: str) -> str:
    """An identifier that is safe as part of a file name."""
    if not (item.isascii() and item.isdigit()):
        raise FetchError(f"NCBI answered with {item[:40]!r} where a number should stand")
    return item
