"""How ``python -m eval.…`` ends: like ``xinglin``, with one sentence for what the user can mend."""

from __future__ import annotations

import sys
from collections.abc import Callable


def exit_status(program: str, work: Callable[[], None]) -> int:
    """Do the work of a command.

    Args:
        program: Stands before the sentence.
        work: Raises one of :func:`api.cli.common.user_errors` for bad input.

    Returns:
        0, or 2 after bad input, with one sentence on standard error.
    """
    from api.cli.common import user_errors

    try:
        work()
    except user_errors() as error:
        print(f"{program}: {error}", file=sys.stderr)
        return 2
    return 0
