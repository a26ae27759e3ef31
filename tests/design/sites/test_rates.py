"""The usual rate of a condition, and start-up beside the regulatory steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from design import BadDesign
from design.sites import Wanted, mean_rate, rank_sites, read_directory
from design.sites.choice import forecast_of


def test_the_mean_rate_is_weighted_by_trials(repo: Path) -> None:
    directory = read_directory(repo / "corpus/directory")
    found = mean_rate(directory, "心力衰竭")
    done = [e for e in directory.experience if e.condition == "hf" and e.trials_completed]
    trials = sum(e.trials_completed for e in done)
    mean = sum(e.enrolled_per_month * e.trials_completed for e in done) / trials
    assert (found.rate, found.sites, found.trials) == (pytest.approx(mean), len(done), trials)
    assert found.synthetic and "合成" in found.sentence.zh
    with pytest.raises(BadDesign, match="no condition"):
        mean_rate(directory, "麻风")


def test_start_up_counts_only_as_far_as_it_is_longer(repo: Path) -> None:
    directory = read_directory(repo / "corpus/directory")
    plain = rank_sites(directory, Wanted("hf", 12, target=200))
    later = rank_sites(directory, Wanted("hf", 12, target=200, lead_days=90))
    days = {each.site.site_id: each for each in later.sites}
    for each in plain.sites:
        other = days[each.site.site_id]
        saved = min(90, each.site.startup_days) / 30.4375
        assert other.opens == pytest.approx(max(0.0, each.opens - saved))
        assert other.expected >= each.expected
    with pytest.raises(BadDesign, match="lead_days"):
        rank_sites(directory, Wanted("hf", 12, lead_days=-1))


def test_the_forecast_is_that_of_the_chosen_sites(repo: Path) -> None:
    ranking = rank_sites(read_directory(repo / "corpus/directory"), Wanted("hf", 24, target=200))
    found = forecast_of(ranking)
    assert ranking.chosen and found.probability == pytest.approx(ranking.probability)
    expected = sum(each.expected for each in ranking.sites[: ranking.chosen])
    assert found.at_plan is not None and found.at_plan[0] == pytest.approx(expected)
