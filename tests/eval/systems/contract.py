"""What every system must do, whatever stands behind it."""

from __future__ import annotations

from eval.datasets import Text
from eval.systems import System
from tests.eval.systems.conftest import CORPUS


def assert_keeps_the_contract(system: System) -> None:
    """Index, search, index again: ids of the corpus, best first, distinct, at most ``k``."""
    assert system.name and system.version and system.setup
    assert system.index(CORPUS) >= len(CORPUS)
    for query, best in (("dose toxicity", "dose"), ("screening visit", "visit")):
        found = system.search(query, 10)
        assert found[0] == best
        assert len(found) == len(set(found))
        assert set(found) <= set(CORPUS)
        assert system.search(query, 1) == [best]
    # An index takes the place of the one before.
    assert system.index({"new": Text("", "Another screening visit.")}) == 1
    assert system.search("screening visit", 10) == ["new"]
    system.close()
