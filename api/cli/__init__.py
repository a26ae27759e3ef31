"""The command line: ``xinglin``.

Each command lives in its own module and imports the rooms it needs when it runs, so that
``xinglin --help`` is quick and a question pays only for answering.
"""

from api.cli.app import main

__all__ = ["main"]
