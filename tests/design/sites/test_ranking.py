"""Ranking of sites: what moves a site up, who is left out, how many reach a target."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from design import BadDesign
from design.enrolment.model import enrolled
from design.sites import Directory, Wanted, rank_sites, read_directory
from design.sites.choice import site_groups_of

WANTED = Wanted("nsclc", months=18)


@pytest.fixture(scope="module")
def directory(repo: Path) -> Directory:
    return read_directory(repo / "corpus" / "directory")


def changed(directory: Directory, site_id: str, **values: object) -> Directory:
    experience = tuple(
        replace(entry, **values)  # type: ignore[arg-type]
        if (entry.site_id, entry.condition) == (site_id, "nsclc")
        else entry
        for entry in directory.experience
    )
    return replace(directory, experience=experience)


def rank_of(directory: Directory, site_id: str, wanted: Wanted = WANTED) -> int:
    return next(s.rank for s in rank_sites(directory, wanted).sites if s.site.site_id == site_id)


def test_sites_stand_in_the_order_of_what_they_are_expected_to_enrol(directory: Directory) -> None:
    ranking = rank_sites(directory, WANTED)
    expected = [site.expected for site in ranking.sites]
    assert expected == sorted(expected, reverse=True) and len(expected) > 10
    assert ranking.synthetic and ranking.to_json()["synthetic"]
    assert all(site.reasons for site in ranking.sites)
    assert [site.rank for site in ranking.sites] == list(range(1, len(expected) + 1))


def test_competing_trials_and_slow_starts_move_a_site_down(directory: Directory) -> None:
    first = rank_sites(directory, WANTED).sites[0].site.site_id
    assert rank_of(changed(directory, first, trials_ongoing=30), first) > 1
    slow = replace(directory.sites[first], startup_days=500.0)
    later = replace(directory, sites={**directory.sites, first: slow})
    assert rank_of(later, first) > 1


def test_a_record_of_few_trials_is_drawn_to_the_mean(directory: Directory) -> None:
    site = rank_sites(directory, WANTED).sites[3].site.site_id
    rates = []
    for done in (0, 1, 20):
        known = changed(
            directory, site, trials_completed=done, enrolled_per_month=9.0, trials_ongoing=0
        )
        ranking = rank_sites(known, WANTED)
        rates.append(next(s.rate for s in ranking.sites if s.site.site_id == site))
    assert rates == sorted(rates) and rates[0] < 5 < rates[2] < 9


def test_eligible_patients_bound_what_a_site_can_enrol(directory: Directory) -> None:
    few = rank_sites(directory, replace(WANTED, eligible_share=0.001)).sites
    assert all(site.limited_by_patients for site in few)
    for site in few:
        assert site.rate == pytest.approx(site.experience.patients_per_year / 12 * 0.001 * 0.5)


def test_sites_that_may_not_take_part_are_counted_not_ranked(directory: Directory) -> None:
    ranking = rank_sites(directory, replace(WANTED, product="device", regions=("华东",)))
    assert all(s.site.device_trial_filed and s.site.region == "华东" for s in ranking.sites)
    known = sum(entry.condition == "nsclc" for entry in directory.experience)
    assert len(ranking.sites) + sum(ranking.left_out.values()) == known
    assert ranking.left_out["region"] > 0


def test_the_chosen_sites_are_just_enough(directory: Directory) -> None:
    wanted = replace(WANTED, target=120)
    ranking = rank_sites(directory, wanted)
    assert ranking.chosen is not None and ranking.probability is not None
    assert ranking.probability >= 0.8
    fewer = site_groups_of(ranking.sites[: ranking.chosen - 1])
    assert enrolled(fewer, 18).at_least(120) < 0.8
    assert str(ranking.chosen) in ranking.sentence.zh


def test_a_target_out_of_reach_is_said(directory: Directory) -> None:
    ranking = rank_sites(directory, replace(WANTED, target=20_000))
    assert ranking.chosen is None and ranking.probability is not None
    assert "达不到" in ranking.sentence.zh


def test_investigators_of_a_drug_trial_are_eligible(directory: Directory) -> None:
    ranking = rank_sites(directory, WANTED)
    people = [person for site in ranking.sites for person in site.investigators]
    assert people and all(p.drug_pi_eligible and p.condition == "nsclc" for p in people)


def test_chinese_names_of_conditions_are_known(directory: Directory) -> None:
    named = rank_sites(directory, replace(WANTED, condition="非小细胞肺癌"))
    assert [s.site for s in named.sites] == [s.site for s in rank_sites(directory, WANTED).sites]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"condition": "gout"}, "has no condition 'gout'"),
        ({"months": 0}, "months"),
        ({"target": 0}, "target"),
        ({"eligible_share": 1.5}, "eligible_share"),
        ({"assurance": 1}, "assurance"),
        ({"regions": ("月球",)}, "no site is left"),
    ],
)
def test_what_cannot_be_is_refused(
    directory: Directory, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(BadDesign, match=said):
        rank_sites(directory, replace(WANTED, **changes))  # type: ignore[arg-type]


def test_a_broken_file_is_told_by_line(directory: Directory, repo: Path, tmp_path: Path) -> None:
    for path in (repo / "corpus" / "directory").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    sites = tmp_path / "sites.csv"
    lines = sites.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("三级乙等,", "三级乙等,many")
    sites.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadDesign, match=r"sites\.csv, line 3: beds"):
        read_directory(tmp_path)
    with pytest.raises(BadDesign, match="cannot be read"):
        read_directory(tmp_path / "none")
