"""Made-up sources on the loopback: the documented shapes of two APIs, and every kind of trouble.

Trials and articles are made up; numbers are those of nobody.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Answer:
    """What the server sends; ``cut`` breaks the line after so many bytes, ``drip`` is slow."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip: float = 0.0


@dataclass
class Asked:
    """A request as it came."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]
    when: float


class Server:
    """Answers from ``routes``; what stands in ``trouble`` comes first."""

    def __init__(self) -> None:
        self.routes: dict[str, Callable[[Asked], Answer]] = {}
        self.trouble: deque[Answer | Callable[[Asked], Answer] | None] = deque()
        self.log: list[Asked] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                self._answer(parts.path, parts.query)

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                self._answer(self.path, self.rfile.read(length).decode())

            def _answer(self, path: str, query: str) -> None:
                asked = Asked(path, dict(parse_qsl(query)), dict(self.headers), time.monotonic())
                server.log.append(asked)
                answer = server.answer(asked)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                for position in range(0, len(answer.body), 16 if answer.drip else 1 << 20):
                    if answer.cut is not None and position >= answer.cut:
                        break
                    end = position + 16 if answer.drip else answer.cut
                    self.wfile.write(answer.body[position:end])
                    self.wfile.flush()
                    time.sleep(answer.drip)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Http(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """A client that hangs up, or is killed, is what some tests are about."""

        self._http = Http(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def answer(self, asked: Asked) -> Answer:
        trouble = self.trouble.popleft() if self.trouble else None
        if isinstance(trouble, Answer):
            return trouble
        if trouble is not None:
            return trouble(asked)
        route = self.routes.get(asked.path)
        return route(asked) if route else Answer(b"there is no such page", 404)

    @contextmanager
    def running(self) -> Iterator[Server]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()


# --- ClinicalTrials.gov ---------------------------------------------------------------------------

_RANGE = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[(\d{4}-\d\d-\d\d),MAX\]")


@dataclass
class Registry:
    """``/studies`` of the ClinicalTrials.gov API version 2 over a list of studies."""

    studies: list[dict[str, Any]] = field(default_factory=list)
    etags: bool = False
    good_tokens: bool = True

    def add(self, number: int, updated: str, status: str = "RECRUITING", title: str = "") -> None:
        """Add a study, or replace the one with its number."""
        name = f"NCT{number:08d}"
        self.studies = [s for s in self.studies if _id(s) != name]
        self.studies.append(
            {
                "protocolSection": {
                    "identificationModule": {
                        "nctId": name,
                        "orgStudyIdInfo": {"id": f"X-{number}"},
                        "briefTitle": title or f"虚构试验 {number} of a made-up drug",
                    },
                    "statusModule": {
                        "overallStatus": status,
                        "lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"},
                    },
                    "conditionsModule": {"conditions": ["Made-up disease"]},
                    "eligibilityModule": {
                        "eligibilityCriteria": "Inclusion Criteria:\n\n* Adults",
                        "sex": "ALL",
                    },
                },
                "derivedSection": {},
                "hasResults": False,
            }
        )

    def __call__(self, asked: Asked) -> Answer:
        params = asked.params
        found = sorted(self.studies, key=_updated, reverse=True)
        if "filter.overallStatus" in params:
            wanted = params["filter.overallStatus"].split(",")
            found = [s for s in found if _status(s) in wanted]
        since = _RANGE.fullmatch(params.get("filter.advanced", ""))
        if since:
            found = [s for s in found if _updated(s) >= since.group(1)]
        token, start = params.get("pageToken", ""), 0
        if token:
            if not self.good_tokens:
                return Answer(b"`pageToken` is not valid", 400)
            start = int(token.removeprefix("token-"))
        size = int(params.get("pageSize", "10"))
        page: dict[str, Any] = {"studies": found[start : start + size]}
        if params.get("countTotal") == "true":
            page = {"totalCount": len(found), **page}
        if start + size < len(found):
            page["nextPageToken"] = f"token-{start + size}"
        body = json.dumps(page, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if self.etags:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:8]}"'
            if asked.headers.get("If-None-Match") == headers["ETag"]:
                return Answer(b"", 304, headers)
        return Answer(body, 200, headers)


def _id(study: dict[str, Any]) -> str:
    return str(study["protocolSection"]["identificationModule"]["nctId"])


def _status(study: dict[str, Any]) -> str:
    return str(study["protocolSection"]["statusModule"]["overallStatus"])


def _updated(study: dict[str, Any]) -> str:
    return str(study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"])


# --- E-utilities ----------------------------------------------------------------------------------


@dataclass
class Entrez:
    """``esearch.fcgi`` and ``efetch.fcgi`` over articles: number to (text, day of last change)."""

    database: str = "pubmed"
    articles: dict[str, tuple[str, str]] = field(default_factory=dict)
    not_given: set[str] = field(default_factory=set)
    error: str = ""
    not_found: list[str] = field(default_factory=list)
    count: int | None = None
    _history: dict[str, list[str]] = field(default_factory=dict)

    def search(self, asked: Asked) -> Answer:
        params = asked.params
        if self.error:
            return _json({"esearchresult": {"ERROR": self.error}})
        since = params.get("mindate", "").replace("/", "-")
        found = [n for n, (_, day) in self.articles.items() if day >= since]
        name = f"MCID_{len(self._history)}"
        self._history[name] = found
        result: dict[str, Any] = {
            "count": str(len(found) if self.count is None else self.count),
            "retmax": str(len(found)),
            "retstart": "0",
            "querykey": "1",
            "webenv": name,
            "idlist": found[: int(params["retmax"])],
            "translationset": [],
            "querytranslation": params["term"],
        }
        if self.not_found:
            result["errorlist"] = {"phrasesnotfound": self.not_found, "fieldsnotfound": []}
        return _json({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result})

    def fetch(self, asked: Asked) -> Answer:
        params = asked.params
        found = self._history.get(params["WebEnv"])
        if found is None:
            return _xml("<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>")
        start = int(params["retstart"])
        page = found[start : start + int(params["retmax"])]
        given = [n for n in page if n not in self.not_given]
        make = _pubmed if self.database == "pubmed" else _pmc
        root = "PubmedArticleSet" if self.database == "pubmed" else "pmc-articleset"
        return _xml(
            f"<{root}>{''.join(make(n, self.articles[n][0]) for n in given)}</{root}>", root
        )


def _json(value: Any) -> Answer:
    return Answer(json.dumps(value).encode(), 200, {"Content-Type": "application/json"})


def _xml(text: str, root: str = "") -> Answer:
    doctype = {
        "PubmedArticleSet": '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st '
        'January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n',
        "pmc-articleset": '<!DOCTYPE pmc-articleset PUBLIC "-//NLM//DTD ARTICLE SET 2.0//EN" '
        '"https://dtd.nlm.nih.gov/ncbi/pmc/articleset/nlm-articleset-2.0.dtd">\n',
    }.get(root, "")
    return Answer(f'<?xml version="1.0" ?>\n{doctype}{text}'.encode())


def _pubmed(number: str, text: str) -> str:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}'
        "</PMID><Article><Journal><JournalIssue><PubDate><Year>2020</Year><Month>Jan</Month>"
        "<Day>2</Day></PubDate></JournalIssue><Title>Journal of made-up trials</Title></Journal>"
        f"<ArticleTitle>Made-up article {number}.</ArticleTitle><Abstract><AbstractText>{text}"
        "</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
    )


def _pmc(number: str, text: str) -> str:
    body = f"<body><sec><title>Results</title><p>{text}</p></sec></body>" if text else ""
    return (
        '<article xmlns:mml="http://www.w3.org/1998/Math/MathML" article-type="research-article">'
        "<front><journal-meta><journal-title-group><journal-title>Journal of made-up trials"
        "</journal-title></journal-title-group></journal-meta><article-meta>"
        f'<article-id pub-id-type="pmcid">PMC{number}</article-id>'
        f'<article-id pub-id-type="pmcaid">{number}</article-id>'
        '<article-id pub-id-type="pmcaiid">999</article-id>'
        f"<title-group><article-title>Made-up article {number}</article-title></title-group>"
        f"<abstract><p>Abstract.</p></abstract></article-meta></front>{body}</article>"
    )
