"""What commands ``python -m eval.…`` share: they end like ``xinglin``, with one clear sentence."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable

from ingest.errors import BadInput


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


def need_scipy() -> None:
    """Say before minutes are spent that fitting is not possible.

    Raises:
        BadInput: scipy is not installed.
    """
    if importlib.util.find_spec("scipy") is None:
        raise BadInput(
            "tuning needs scipy: run `make install-train`, or "
            "`pip install -c constraints.txt 'xinglin[train]'`"
        )
