"""Command line of the training runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from retrieval.embedders.static import BUNDLED
from retrieval.training.embedder import RECIPE, read_recipe, train_embedder
from retrieval.training.errors import TrainingError
from retrieval.training.held_out import write_datasets
from retrieval.training.pointers import load_questions
from retrieval.training.sources import default_corpus


def main(arguments: list[str] | None = None) -> int:
    """Run one training command; exit 2 with one sentence when its input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m retrieval.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    embedder = commands.add_parser("embedder", help="train the bundled embedder")
    embedder.add_argument("--material", type=Path, default=Path("../shared"))
    embedder.add_argument("--corpus", type=Path, default=default_corpus())
    embedder.add_argument("--recipe", type=Path, default=RECIPE)
    embedder.add_argument("--out", type=Path, default=BUNDLED)
    embedder.add_argument(
        "--hold-out", type=int, default=0, metavar="N", help="leave out one of N of our questions"
    )
    held = commands.add_parser("held-out", help="write the questions left out as datasets")
    held.add_argument("--material", type=Path, default=Path("../shared"))
    held.add_argument("--parts", type=int, required=True, metavar="N", help="as in --hold-out")
    held.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        if options.command == "held-out":
            _write_held_out(options)
        else:
            _train(options)
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _train(options: argparse.Namespace) -> None:
    train_embedder(
        options.material,
        options.corpus,
        options.out,
        read_recipe(options.recipe),
        print,
        options.hold_out,
    )


def _write_held_out(options: argparse.Namespace) -> None:
    for name, asked in write_datasets(
        load_questions(), options.material, options.parts, options.out
    ).items():
        print(f"{options.out / name}: {asked} questions")


if __name__ == "__main__":
    raise SystemExit(main())
