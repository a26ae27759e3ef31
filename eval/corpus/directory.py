"""The synthetic directory of sites and investigators.

    python -m eval.corpus.directory [--sites 48] [--seed 20261122]

writes ``sites.csv``, ``site_experience.csv`` and ``investigators.csv`` into ``corpus/directory/``.
No site or person in them exists; every row says so. A hospital replaces them by files with the same
columns (``corpus/directory/README.md``).

Assumed: larger sites see more patients, have done more trials and start more slowly (more
committees); a site's enrolment follows its patients with a large site effect (gamma, shape 2); an
investigator's record follows that of the site.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "corpus" / "directory"
SITES, SEED = 48, 20_261_122
_REGIONS = ("华东", "华北", "华南", "华中", "西南", "西北", "东北")
_REGION_SHARES = (0.34, 0.18, 0.14, 0.12, 0.11, 0.05, 0.06)
_KINDS = ("大学附属医院", "中心医院", "人民医院", "专科医院", "区域医疗中心")
# Condition, department, new patients a year at a site of middle size.
_CONDITIONS = (
    ("nsclc", "非小细胞肺癌", "肿瘤科", 620), ("breast_cancer", "乳腺癌", "乳腺外科", 540),
    ("gastric_cancer", "胃癌", "胃肠外科", 380), ("hcc", "肝细胞癌", "肝胆外科", 260),
    ("t2dm", "2型糖尿病", "内分泌科", 2600), ("hf", "心力衰竭", "心内科", 900),
    ("stroke", "脑卒中", "神经内科", 1300), ("ra", "类风湿关节炎", "风湿免疫科", 420),
    ("ckd", "慢性肾脏病", "肾内科", 760), ("copd", "慢性阻塞性肺疾病", "呼吸科", 980),
    ("psoriasis", "银屑病", "皮肤科", 520), ("depression", "抑郁障碍", "精神科", 640),
    ("hbv", "慢性乙型肝炎", "感染科", 880), ("ibd", "炎症性肠病", "消化科", 210),
    ("af", "心房颤动", "心内科", 560), ("amd", "年龄相关性黄斑变性", "眼科", 300),
)  # fmt: skip
_TITLES = ("主任医师", "副主任医师")
_NOTICE = "合成数据 SYNTHETIC"
Row = dict[str, object]


def draw(sites: int, seed: int) -> tuple[list[Row], list[Row], list[Row]]:
    """Sites, their experience by condition, and investigators."""
    chance = np.random.default_rng(seed)
    site_rows: list[Row] = []
    experience: list[Row] = []
    people: list[Row] = []
    for number in range(1, sites + 1):
        size = float(np.exp(chance.normal(0, 0.55)))
        site = _site(number, size, chance)
        site_rows.append(site)
        for key, name, department, yearly in _CONDITIONS:
            if chance.random() < 0.25:
                continue  # not every site has every department
            record = _experience(site, key, name, yearly * size, chance)
            experience.append(record)
            for _ in range(1 + int(chance.random() < 0.35 * size)):
                people.append(_investigator(len(people) + 1, site, record, department, chance))
    return site_rows, experience, people


def _site(number: int, size: float, chance: np.random.Generator) -> Row:
    ethics = int(np.clip(chance.normal(28, 9), 10, 70))
    contract = int(np.clip(chance.normal(45 + 8 * size, 18), 12, 150))
    return {
        "site_id": f"SYN-S{number:03d}",
        "name": f"合成{_KINDS[int(chance.integers(len(_KINDS)))]}{number:02d}（SYNTHETIC）",
        "region": str(chance.choice(_REGIONS, p=_REGION_SHARES)),
        "level": "三级甲等" if chance.random() < 0.35 + 0.35 * min(size, 1.5) else "三级乙等",
        "beds": int(round(1400 * size, -1)),
        "drug_trial_filed": _yes(chance.random() < 0.85),
        "device_trial_filed": _yes(chance.random() < 0.75),
        "phase1_unit": _yes(chance.random() < 0.25 * size),
        "ethics_mutual_recognition": _yes(chance.random() < 0.5),
        "ethics_days": ethics,
        "contract_days": contract,
        # Ethics and contract overlap; the visit that opens the site comes after both.
        "startup_days": max(ethics, contract) + int(chance.integers(14, 45)),
        "data": _NOTICE,
    }


def _experience(
    site: Mapping[str, object], key: str, name: str, yearly: float, chance: np.random.Generator
) -> Row:
    patients = int(yearly * chance.gamma(6, 1 / 6))
    done = int(chance.poisson(0.008 * patients + 0.6))
    # Of a year's patients, those who were screened, eligible and willing for a usual trial.
    monthly = patients / 12 * 0.02 * chance.gamma(2, 0.5)
    return {
        "site_id": site["site_id"],
        "condition": key,
        "condition_zh": name,
        "patients_per_year": patients,
        "trials_completed": done,
        "trials_ongoing": int(chance.poisson(0.35 + 0.25 * done**0.5)),
        "enrolled_per_month": round(float(monthly), 2),
        "enrolled_of_planned": round(float(np.clip(chance.normal(0.82, 0.2), 0.2, 1.3)), 2),
        "screen_failure_rate": round(float(np.clip(chance.normal(0.32, 0.1), 0.05, 0.75)), 2),
        "dropout_rate": round(float(np.clip(chance.normal(0.11, 0.05), 0.0, 0.4)), 2),
        "queries_per_100_pages": round(float(np.clip(chance.normal(6, 2.5), 0.5, 20)), 1),
        "data": _NOTICE,
    }


def _investigator(
    number: int,
    site: Mapping[str, object],
    record: Mapping[str, object],
    department: str,
    chance: np.random.Generator,
) -> Row:
    done = int(chance.binomial(int(str(record["trials_completed"])), 0.6))
    return {
        "investigator_id": f"SYN-P{number:04d}",
        "name": f"合成研究者{number:04d}",
        "site_id": site["site_id"],
        "department": department,
        "title": _TITLES[int(chance.random() < 0.35)],
        "condition": record["condition"],
        "condition_zh": record["condition_zh"],
        "trials_as_pi": done,
        "trials_ongoing": int(chance.binomial(int(str(record["trials_ongoing"])), 0.6)),
        "gcp_certificate_year": int(chance.integers(2021, 2027)),
        # Three trials make an investigator eligible as principal investigator of a drug trial.
        "drug_pi_eligible": _yes(done >= 3),
        "publications_5y": int(chance.poisson(4 + done)),
        "data": _NOTICE,
    }


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def write(name: str, rows: Iterable[Row], folder: Path = FOLDER) -> int:
    """Write rows as CSV; returns how many."""
    items = list(rows)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(items[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(items)
    return len(items)


def main(arguments: list[str] | None = None) -> int:
    """Draw the directory and write it."""
    parser = argparse.ArgumentParser(prog="python -m eval.corpus.directory")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    names = ("sites.csv", "site_experience.csv", "investigators.csv")
    for name, rows in zip(names, draw(options.sites, options.seed), strict=True):
        print(f"{name}: {write(name, rows, options.out)} rows")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
