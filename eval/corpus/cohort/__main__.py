"""Draw the synthetic cohort and write its tables."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from eval.corpus.cohort.people import draw_people, draw_visits
from eval.corpus.cohort.records import (
    draw_conditions,
    draw_drugs,
    draw_measurements,
    own_levels,
)
from eval.corpus.cohort.settings import assumptions, concepts
from eval.corpus.cohort.tables import Columns, build, write

FOLDER = Path(__file__).resolve().parents[3] / "corpus" / "cohort" / "omop"
PERSONS, SEED = 24_000, 20_261_122


def simulate(persons: int, seed: int) -> dict[str, Columns]:
    """The tables of a cohort of ``persons``."""
    given, known = assumptions(), concepts()
    chance = np.random.default_rng(seed)
    people = draw_people(given, persons, chance)
    visits = draw_visits(given, people, chance)
    levels = own_levels(given, people, chance)
    conditions = draw_conditions(given, people, levels, chance)
    drugs = draw_drugs(given, people, chance)
    values = draw_measurements(given, people, visits, levels, chance)
    return build(given, known, people, visits, conditions, drugs, values)


def main(arguments: list[str] | None = None) -> int:
    """Draw the cohort, write it, print the size of each table."""
    parser = argparse.ArgumentParser(prog="python -m eval.corpus.cohort")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    for name, count in write(simulate(options.persons, options.seed), options.out).items():
        print(f"{name}: {count} rows")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
