"""Retrieval systems behind one interface: ours and its peers; :func:`make_system` finds them.

No peer is a dependency of Xinglin. Each module imports what it needs when its system is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.systems.base import System, Unavailable
from ingest.errors import BadInput

if TYPE_CHECKING:
    from api.settings import Settings


@dataclass(frozen=True, slots=True)
class Options:
    """What systems are made from.

    Attributes:
        settings: Settings in force; our own system uses them as they are.
        peer_model: Local path or hub id of a sentence-transformers model for the peers that
            embed; each has its own default when ``None``.
    """

    settings: Settings
    peer_model: str | None = None


def _xinglin(options: Options) -> System:
    from eval.systems.xinglin import XinglinSystem

    return XinglinSystem(options.settings)


def _bm25(options: Options) -> System:
    from eval.systems.bm25 import Bm25System

    return Bm25System()


def _langchain(options: Options) -> System:
    from eval.systems.langchain_faiss import LangChainSystem

    return LangChainSystem(options.peer_model)


def _txtai(options: Options) -> System:
    from eval.systems.txtai import TxtaiSystem

    return TxtaiSystem(options.peer_model)


def _haystack(options: Options) -> System:
    from eval.systems.haystack import HaystackSystem

    return HaystackSystem()


_MAKERS: dict[str, Callable[[Options], System]] = {
    "xinglin": _xinglin,
    "bm25": _bm25,
    "langchain": _langchain,
    "txtai": _txtai,
    "haystack": _haystack,
}
SYSTEMS = tuple(_MAKERS)
OURS = SYSTEMS[0]


def check_system(name: str) -> None:
    """Refuse a name that no system has.

    Raises:
        BadInput: The message lists those that exist.
    """
    if name not in _MAKERS:
        raise BadInput(f"unknown system {name!r}; the systems are {', '.join(SYSTEMS)}")


def make_system(name: str, options: Options) -> System:
    """The system of this name, ready to index.

    Raises:
        BadInput: No system has this name.
        Unavailable: A package or a model it needs is not here.
    """
    check_system(name)
    return _MAKERS[name](options)


__all__ = [
    "OURS",
    "SYSTEMS",
    "Options",
    "System",
    "Unavailable",
    "check_system",
    "make_system",
]
