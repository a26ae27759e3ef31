"""The synthetic directory of sites and investigators."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from eval.corpus.directory import FOLDER, main

NAMES = ("sites.csv", "site_experience.csv", "investigators.csv")


def rows(name: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", NAMES)
def test_every_row_says_that_it_is_synthetic(name: str) -> None:
    found = rows(name)
    assert found
    assert all("SYNTHETIC" in row["data"] for row in found)


def test_everything_belongs_to_a_site() -> None:
    sites = {row["site_id"] for row in rows("sites.csv")}
    assert len(sites) == 48
    for name in NAMES[1:]:
        assert {row["site_id"] for row in rows(name)} <= sites


def test_a_site_opens_after_ethics_and_contract() -> None:
    for row in rows("sites.csv"):
        assert int(row["startup_days"]) >= max(int(row["ethics_days"]), int(row["contract_days"]))


def test_eligibility_follows_the_record() -> None:
    for row in rows("investigators.csv"):
        assert (row["drug_pi_eligible"] == "yes") == (int(row["trials_as_pi"]) >= 3)


def test_what_is_shipped_is_what_the_script_gives(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    for name in NAMES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_the_columns_are_documented() -> None:
    told = (FOLDER / "README.md").read_text("utf-8")
    for name in NAMES:
        assert all(f"`{column}`" in told for column in rows(name)[0])
