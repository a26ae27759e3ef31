"""Finding systems by name, and what is said when one is not here."""

from __future__ import annotations

import pytest

from eval.systems import OURS, SYSTEMS, Options, Unavailable, base, make_system
from eval.systems.bm25 import Bm25System
from ingest.errors import BadInput


def test_ours_comes_first() -> None:
    assert OURS == SYSTEMS[0] == "xinglin"


def test_a_system_is_made_by_name(options: Options) -> None:
    assert isinstance(make_system("bm25", options), Bm25System)


def test_an_unknown_name_lists_those_that_exist(options: Options) -> None:
    with pytest.raises(BadInput) as caught:
        make_system("google", options)
    assert all(name in str(caught.value) for name in ("google", *SYSTEMS))


@pytest.mark.parametrize(
    ("system", "package"),
    [("langchain", "langchain-community"), ("txtai", "txtai"), ("haystack", "haystack-ai")],
)
def test_a_peer_that_is_not_installed_says_what_to_install(
    options: Options, monkeypatch: pytest.MonkeyPatch, system: str, package: str
) -> None:
    monkeypatch.setattr(base, "find_spec", lambda name: None)
    with pytest.raises(Unavailable, match=rf"pip install .*{package}") as caught:
        make_system(system, options)
    assert isinstance(caught.value, BadInput)
    assert "\n" not in str(caught.value)


def test_versions_in_words() -> None:
    assert base.versions("numpy", "no-such-thing").endswith(", no-such-thing (version unknown)")
