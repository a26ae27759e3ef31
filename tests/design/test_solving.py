"""Searches that find a number, and those that say that there is none."""

from __future__ import annotations

import math

import pytest

from design import BadDesign, Method, methods
from design.errors import NoSolution
from design.result import Outcome
from design.sizes import power_or_size, round_up
from design.solving import root


def test_a_root_is_found_and_may_lie_at_an_end() -> None:
    assert root(lambda x: x * x - 2, 0, 2) == pytest.approx(math.sqrt(2), abs=1e-12)
    assert root(lambda x: x - 3, 3, 9) == 3


def test_a_search_in_vain_raises_what_the_registry_refuses() -> None:
    for function in (lambda x: x + 1, lambda x: math.nan, lambda x: math.nan if x else -1.0):
        with pytest.raises(NoSolution):
            root(function, 0, 1)
    with pytest.raises(NoSolution):
        round_up(math.nan)


def calling(error: Exception) -> Method:
    """A calculator whose body raises."""

    def body(**_: object) -> Outcome:
        raise error

    known = methods()["rare_event"]
    return Method(
        **{name: getattr(known, name) for name in Method.__slots__ if name != "calculate"},
        calculate=body,
    )


def test_inputs_without_a_solution_are_refused_and_faults_of_ours_are_not_hidden() -> None:
    with pytest.raises(BadDesign, match="out of all proportion"):
        calling(NoSolution("no root"))(p=0.1)
    with pytest.raises(ValueError, match="a fault") as caught:
        calling(ValueError("a fault"))(p=0.1)
    assert not isinstance(caught.value, BadDesign)


def test_a_power_or_a_size_is_given_and_not_both() -> None:
    power_or_size(0.8, n=None)
    power_or_size(None, n1=12, n_total=None)
    for power, n in ((None, None), (0.8, 12)):
        with pytest.raises(BadDesign, match="either power"):
            power_or_size(power, n=n)
