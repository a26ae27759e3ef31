"""A condition of a directory of sites under any name that the lexicon knows."""

from __future__ import annotations

from collections.abc import Callable

from assistant.feasibility.competing import condition_names
from design import BadDesign
from design.sites import Directory
from retrieval.lexicon import Lexicon


def directory_condition(directory: Directory, name: str, lexicon: Callable[[], Lexicon]) -> str:
    """The key of a condition: heart failure, 心衰 and 心力衰竭 are the same.

    Args:
        directory: Where it must be.
        name: As it was given.
        lexicon: Loads the lexicon, when the name itself is not in the directory.

    Raises:
        BadDesign: The directory has it under no name; the message lists what it has.
    """
    try:
        return directory.condition(name)
    except BadDesign as error:
        for other in condition_names(name, lexicon()):
            try:
                return directory.condition(other)
            except BadDesign:
                continue
        raise error from None
