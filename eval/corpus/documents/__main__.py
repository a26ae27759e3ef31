"""Make the documents of the corpus, in their folders there; Chromium must be installed."""

from __future__ import annotations

import argparse
from pathlib import Path

from eval.corpus.documents.catalogue import DOCUMENTS
from eval.corpus.documents.imprint import place_of


def main(arguments: list[str] | None = None) -> int:
    """Make all documents, or those named."""
    parser = argparse.ArgumentParser(prog="python -m eval.corpus.documents", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(DOCUMENTS)}")
    parser.add_argument("--out", type=Path, help="one folder for all")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(DOCUMENTS)
    if unknown:
        parser.error(f"no document is called {', '.join(sorted(unknown))}")
    for name in options.names or DOCUMENTS:
        target = options.out / name if options.out else place_of(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        pages = DOCUMENTS[name].make(target)
        print(f"{name}: {pages} pages, {target.stat().st_size / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
