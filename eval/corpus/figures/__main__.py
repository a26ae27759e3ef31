"""Draw all figures into ``corpus/figures``."""

from __future__ import annotations

import argparse
from pathlib import Path

from eval.corpus.figures.catalogue import DRAWN, FOLDER, drawing, figures


def main(arguments: list[str] | None = None) -> int:
    """Write one SVG a figure; refuse to write any when a label overlaps or leaves its picture."""
    parser = argparse.ArgumentParser(prog="python -m eval.corpus.figures", description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    faults = [f"{slug}: {fault}" for slug, draw in DRAWN.items() for fault in draw().faults()]
    if faults:
        raise SystemExit("\n".join(faults))
    options.out.mkdir(parents=True, exist_ok=True)
    size = 0
    for figure in figures():
        text = drawing(figure)
        (options.out / f"{figure.slug}.svg").write_text(text, encoding="utf-8")
        size += len(text.encode())
    print(f"{len(figures())} figures, {size / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
