"""What a retrieval system is to the harness, and how one says that it cannot be used here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Protocol

from eval.datasets import Corpus
from ingest.errors import BadInput


class System(Protocol):
    """Indexes texts and ranks them for queries.

    Attributes:
        name: What ``--system`` calls it.
        version: Version of the software that does the work.
        setup: In a few words, how it is set up; printed in reports.
    """

    name: str
    version: str
    setup: str

    def index(self, corpus: Corpus) -> int:
        """Index a corpus in place of what was indexed before; the number of passages."""
        ...

    def search(self, query: str, k: int) -> list[str]:
        """Distinct document ids, best first, at most ``k``; fewer when nothing else matches.

        Documents of equal score stand in the order of the corpus, or in the system's own.
        """
        ...

    def close(self) -> None:
        """Give back what the system holds; it is not used afterwards."""
        ...


class Unavailable(BadInput):
    """A system that cannot be used here; the message says what is missing and what to do."""


def require(system: str, packages: Mapping[str, str]) -> None:
    """Check that the packages of a peer are installed, without importing them.

    Args:
        system: Its name, for the message.
        packages: What pip calls each package, by the name of its module.

    Raises:
        Unavailable: With the command that installs what the system needs.
    """
    missing = [module for module in packages if find_spec(module) is None]
    if missing:
        raise Unavailable(
            f"the system {system} needs {', '.join(packages[name] for name in missing)}; install "
            f"with: pip install -c constraints.txt {' '.join(packages.values())}"
        )


def versions(*distributions: str) -> str:
    """Installed versions in words: ``faiss-cpu 1.15.1, …``."""
    return ", ".join(f"{name} {_version(name)}" for name in distributions)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "(version unknown)"
