"""Polite HTTP: one request at a time, paced, repeated after trouble, bounded in size and time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import httpx

from ingest.fetch.errors import FetchError, Malformed, Refused
from ingest.fetch.pace import Pace, backoff, retry_after
from ingest.fetch.settings import FetchSettings

T = TypeVar("T")
_TEMPORARY = frozenset([408, 425, 429, 500, 502, 503, 504])
_NO_ROUTE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
_TRIES_TO_CONNECT = 2
_BAD_PROXY = (
    "the proxy settings in the environment (HTTPS_PROXY, ALL_PROXY) cannot be used; "
    "write them like http://host:port"
)
_CHECK = "check the query"
_ADVICE = {
    401: "check the API key",
    403: "it may bar this address, proxy or program",
    404: "check the address in the settings",
    414: "the query is too long",
}


@dataclass(frozen=True, slots=True)
class Validators:
    """What an answer may be asked for again with (RFC 9110, 13.1): a 304 costs no body."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """What was read from an answer; ``value`` is None when nothing changed since (304)."""

    value: T | None
    validators: Validators


class Client:
    """Asks one source; use it as a context manager.

    ``requests`` counts what was sent. The proxy comes from the environment.

    Raises:
        FetchError: The proxy settings cannot be used.
    """

    def __init__(
        self,
        settings: FetchSettings,
        interval: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.requests = 0
        self._settings = settings
        self._sleep = sleep
        self._pace = Pace(interval, sleep)
        self._reached = False
        try:
            self._http = httpx.Client(
                timeout=settings.timeout_s,
                headers={"User-Agent": _user_agent(settings)},
                follow_redirects=True,
                max_redirects=3,
                event_hooks={"request": [self._stay]},
            )
        except (ValueError, ImportError, httpx.InvalidURL):
            # The text of these errors may repeat the password of the proxy.
            raise FetchError(_BAD_PROXY) from None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(
        self,
        url: str,
        params: dict[str, str],
        read: Callable[[bytes], T],
        validators: Validators | None = None,
    ) -> Reply[T]:
        """Ask with GET.

        Args:
            url: Address without query.
            params: Query.
            read: Turns the body into what is wanted; raises :class:`Malformed` when it cannot.
            validators: Of an earlier answer to the same question.

        Raises:
            Refused: The source will not serve the request.
            FetchError: The source cannot be reached, or did not answer properly in time.
        """
        headers = {}
        if validators and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators and validators.modified:
            headers["If-Modified-Since"] = validators.modified
        return self._ask(self._http.build_request("GET", url, params=params, headers=headers), read)

    def post(self, url: str, form: dict[str, str], read: Callable[[bytes], T]) -> T:
        """Ask with POST, which keeps keys out of logs and takes questions of any length.

        Args and errors are those of :meth:`get`.
        """
        value = self._ask(self._http.build_request("POST", url, data=form), read).value
        if value is None:
            raise FetchError(f"{_host(url)} said that nothing changed, which was not asked")
        return value

    def _ask(self, request: httpx.Request, read: Callable[[bytes], T]) -> Reply[T]:
        host = _host(str(request.url))
        attempt = 0
        while True:
            asked_wait: float | None = None
            try:
                return self._once(request, read)
            except _Temporary as error:
                problem, asked_wait = str(error), error.wait
            except _NO_ROUTE as error:
                problem = _reason(error)
                if not self._reached and attempt + 1 >= _TRIES_TO_CONNECT:
                    raise _unreachable(host, problem) from None
            except (httpx.TransportError, httpx.DecodingError, Malformed) as error:
                problem = _reason(error)
            except (httpx.TooManyRedirects, httpx.InvalidURL):
                raise FetchError(f"{host} sends requests elsewhere and never answers") from None
            if attempt >= self._settings.retries:
                raise FetchError(
                    f"{host} did not answer properly in {attempt + 1} attempts ({problem}); "
                    "what was fetched is kept, run the same command again later"
                )
            if asked_wait is not None and asked_wait > self._settings.longest_wait_s:
                raise FetchError(
                    f"{host} asks to wait {asked_wait:.0f} seconds; "
                    "what was fetched is kept, run the same command again then"
                )
            pause = backoff(attempt, self._settings.backoff_s)
            self._sleep(pause if asked_wait is None else max(asked_wait, 0.0))
            attempt += 1

    def _once(self, request: httpx.Request, read: Callable[[bytes], T]) -> Reply[T]:
        self._pace.wait()
        self.requests += 1
        response = self._http.send(request, stream=True)
        try:
            self._reached = True
            status = response.status_code
            validators = Validators(
                response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
            )
            if status == httpx.codes.NOT_MODIFIED:
                return Reply(None, validators)
            if status in _TEMPORARY:
                wait = retry_after(response.headers.get("Retry-After"))
                raise _Temporary(f"HTTP {status}", wait)
            body = self._body(response)
        finally:
            response.close()
        if status != httpx.codes.OK:
            raise Refused(self._refusal(_host(str(request.url)), status, body), status)
        return Reply(read(body), validators)

    def _body(self, response: httpx.Response) -> bytes:
        limit = self._settings.max_response_mb * 1e6
        deadline = time.monotonic() + self._settings.response_timeout_s
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > limit:
                raise FetchError(
                    f"{_host(str(response.url))} answered with more than "
                    f"{self._settings.max_response_mb:g} MB; ask for less at a time, "
                    "or raise the setting fetch.max_response_mb"
                )
            if time.monotonic() > deadline:
                raise _Temporary(f"more than {self._settings.response_timeout_s:g} s", None)
        return bytes(body)

    def _stay(self, request: httpx.Request) -> None:
        """A redirect must not carry the API key to another host, or onto an open line."""
        for url in (self._settings.clinicaltrials_url, self._settings.eutils_url):
            known = httpx.URL(url)
            if known.host == request.url.host and request.url.scheme in {"https", known.scheme}:
                return
        raise FetchError(
            f"a redirect leads to {request.url.scheme}://{request.url.host}, which is not the "
            "address in the settings; it was not followed"
        )

    def _refusal(self, host: str, status: int, body: bytes) -> str:
        told = " ".join(body[:2000].decode("utf-8", "replace").split())
        key = self._settings.api_key
        if key is not None:
            told = told.replace(key.get_secret_value(), "…")
        said = f" and says: {told[:200]}" if told and not told.startswith("<") else ""
        return f"{host} refuses the request (HTTP {status}){said}; {_ADVICE.get(status, _CHECK)}"


class _Temporary(Exception):
    """An answer that says to come back; ``wait`` seconds when it says when."""

    def __init__(self, problem: str, wait: float | None) -> None:
        super().__init__(problem)
        self.wait = wait


def _user_agent(settings: FetchSettings) -> str:
    try:
        number = version("xinglin")
    except PackageNotFoundError:
        number = "0"
    contact = f"; {settings.email}" if settings.email else ""
    return f"Xinglin/{number} (assistant for clinical research{contact})"


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _reason(error: Exception) -> str:
    if isinstance(error, Malformed):
        return str(error)
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    text = " ".join(str(error).split())
    return text[:200] or type(error).__name__


def _unreachable(host: str, problem: str) -> FetchError:
    return FetchError(
        f"{host} could not be reached ({problem}); check the network and the proxy "
        "(HTTPS_PROXY), or fetch on another machine: ingest and questions need no network"
    )
