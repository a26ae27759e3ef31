"""What a feasibility report looks into, from the settings; without an index it says so."""

from __future__ import annotations

from collections.abc import Callable

from api.settings import Settings
from api.wiring import make_searcher, open_index
from assistant.feasibility.report import Sources
from assistant.feasibility.work import PathOf
from retrieval import Index, Searcher
from retrieval.embedders import ModelUnusable
from retrieval.lexicon import load_lexicon
from retrieval.store import IndexUnusable


def report_sources(
    settings: Settings,
    open_up: Callable[[], tuple[Index, Searcher]] | None = None,
    *,
    cohort_path: PathOf,
    directory_path: PathOf,
    criteria_path: PathOf,
) -> Sources:
    """The sources of a report; an index that cannot be opened is none, and the report says why.

    Args:
        settings: Name the index.
        open_up: Gives it when it is open already.
        cohort_path: Where a cohort lies, by its name.
        directory_path: Where a directory of sites lies, by its name.
        criteria_path: Where a file of criteria lies.
    """
    index: Index | None = None
    searcher: Searcher | None = None
    why = ""
    try:
        index, searcher = open_up() if open_up else (open_index(settings), make_searcher(settings))
        with index.read():
            pass
    except (IndexUnusable, ModelUnusable) as error:
        index, searcher, why = None, None, str(error)
    lexicon = searcher.lexicon if searcher else load_lexicon(settings.lexicon_path)
    return Sources(index, searcher, lexicon, cohort_path, directory_path, criteria_path, why)
