"""NCBI E-utilities: search a database, then fetch what was found through the history server.

Source: *Entrez Programming Utilities Help* (NCBI Bookshelf NBK25501). Requests carry ``tool``,
``email`` and ``api_key`` as it asks, at most 3 a second, 10 with a key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ingest.fetch.errors import FetchError, Malformed
from ingest.fetch.http import Client
from ingest.fetch.settings import FetchSettings

# ESearch gives at most so many identifiers of PubMed.
MOST_IDS = 9_999


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        count: Records that match.
        ids: The first of them, in the order of the history server.
        environment: Name of the result on the history server (``WebEnv``).
        key: Number of the search in it (``query_key``).
        notes: What the source said about the query.
    """

    count: int
    ids: tuple[str, ...]
    environment: str
    key: str
    notes: tuple[str, ...]


def interval(settings: FetchSettings) -> float:
    """Seconds between two requests."""
    return 1 / 10 if settings.api_key else 1 / 3


class Eutils:
    """Search and fetch in one database (``pubmed`` or ``pmc``)."""

    def __init__(self, client: Client, settings: FetchSettings, database: str) -> None:
        self._client = client
        self._url = settings.eutils_url
        self._about = {"db": database, "tool": settings.tool}
        if settings.email:
            self._about["email"] = settings.email
        if settings.api_key:
            self._about["api_key"] = settings.api_key.get_secret_value()

    def search(self, term: str, most: int, modified_since: str | None = None) -> Found:
        """Search and leave the result on the history server.

        Args:
            term: In the search syntax of the database.
            most: Identifiers wanted, up to :data:`MOST_IDS`.
            modified_since: ISO day: only records changed on it or later.

        Raises:
            FetchError: The source cannot be reached, or does not understand the query.
        """
        form = {
            **self._about,
            "term": term,
            "usehistory": "y",
            "retmode": "json",
            "retmax": str(min(most, MOST_IDS)),
        }
        if modified_since:
            day = modified_since.replace("-", "/")
            form |= {"datetype": "mdat", "mindate": day, "maxdate": "3000"}
        return self._client.post(f"{self._url}/esearch.fcgi", form, _read_search)

    def fetch(self, found: Found, start: int, number: int, root: str) -> Any:
        """Fetch ``number`` records from position ``start`` (from 0) of a search.

        Args:
            found: The search.
            start: Position of the first.
            number: How many.
            root: Name of the root element of a proper answer.

        Returns:
            The root element.

        Raises:
            FetchError: The source does not give them.
        """
        form = {
            **self._about,
            "WebEnv": found.environment,
            "query_key": found.key,
            "retstart": str(start),
            "retmax": str(number),
            "retmode": "xml",
        }
        return self._client.post(
            f"{self._url}/efetch.fcgi", form, lambda body: _read_records(body, root)
        )


def _read_search(body: bytes) -> Found:
    try:
        answer = json.loads(body, strict=False)["esearchresult"]
        if "ERROR" in answer:
            raise FetchError(f"NCBI does not understand the query: {str(answer['ERROR'])[:200]}")
        found = Found(
            int(answer["count"]),
            tuple(str(item) for item in answer["idlist"]),
            str(answer.get("webenv", "")),
            str(answer.get("querykey", "")),
            tuple(_notes(answer)),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Malformed("the answer of the search is not as documented") from None
    if found.ids and not found.environment:
        raise Malformed("the search was not left on the history server")
    return found


def _notes(answer: dict[str, Any]) -> list[str]:
    """What was not found or ignored: the search then answers another question."""
    said = {**(answer.get("errorlist") or {}), **(answer.get("warninglist") or {})}
    known = {
        "phrasesnotfound": "not found and left out of the search",
        "fieldsnotfound": "no field of this database",
        "phrasesignored": "ignored",
        "quotedphrasesnotfound": "not found as a phrase",
    }
    return [
        f"{', '.join(map(repr, said[name]))}: {meaning}"
        for name, meaning in known.items()
        if said.get(name)
    ]


def _read_records(body: bytes, root: str) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        found = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Malformed(f"the XML breaks off or is broken ({error.msg})") from None
    if found.tag == root:
        return found
    told = " ".join("".join(found.itertext()).split())
    raise Malformed(told[:200] or f"the answer is <{found.tag}>, not <{root}>")
