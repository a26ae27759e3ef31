"""The figures by slug: who draws them, and what ``figures.toml`` says of them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.corpus.figures import (
    authorities,
    concepts,
    confirmatory,
    designs,
    early_phase,
    startup,
)
from eval.corpus.figures.canvas import Canvas

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "corpus" / "figures"
_TEXTS = Path(__file__).with_name("figures.toml")

DRAWN: Mapping[str, Callable[[], Canvas]] = {
    "consort-2025-flow": designs.consort_flow,
    "parallel-rct": designs.parallel_groups,
    "crossover-2x2": designs.crossover,
    "cluster-stepped-wedge": designs.cluster_and_wedge,
    "factorial-2x2": designs.factorial,
    "simon-two-stage": early_phase.simon_two_stage,
    "three-plus-three": early_phase.three_plus_three,
    "boin-boundaries-030": early_phase.boin_chart,
    "group-sequential-boundaries": confirmatory.group_sequential,
    "alpha-spending": confirmatory.spending,
    "power-two-proportions": confirmatory.power_curves,
    "master-protocols": concepts.master_protocols,
    "seamless-phase-2-3": confirmatory.seamless,
    "smart-design": designs.smart,
    "estimand": concepts.estimand,
    "noninferiority-intervals": confirmatory.noninferiority,
    "startup-critical-path": startup.critical_path,
    "iit-decision-tree": startup.iit_tree,
    "hgr-decision-tree": startup.hgr_tree,
    "drug-ind-timeline": authorities.drug_ind,
    "device-trial-pathway": authorities.device_path,
    "safety-reporting-timeline": authorities.safety_reports,
    "kaplan-meier-anatomy": concepts.survival_curves,
    "missing-data-mechanisms": concepts.missing_data,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands below a figure and what explains it.

    Attributes:
        slug: Name of the file without ending.
        number: The number in its caption.
        caption: 图 N and the title, in Chinese.
        caption_en: The title in English.
        notes: ``area/slug`` of the notes it belongs to, the first one first.
        explanation: Sentences that can each be quoted alone.
    """

    slug: str
    number: int
    caption: str
    caption_en: str
    notes: tuple[str, ...]
    explanation: tuple[str, ...]


def figures(path: Path = _TEXTS) -> list[Figure]:
    """All figures in the order of their numbers."""
    found = tomllib.loads(path.read_text("utf-8"))["figure"]
    return [
        Figure(
            f["slug"], f["number"], f["caption"], f["caption_en"], tuple(f["notes"]),
            tuple(f["explanation"]),
        )
        for f in found
    ]  # fmt: skip


def drawing(figure: Figure) -> str:
    """The figure as SVG."""
    return DRAWN[figure.slug]().svg(figure.caption, figure.caption_en)
