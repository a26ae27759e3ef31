"""Haystack, where it is installed."""

from __future__ import annotations

import os

import pytest

from eval.systems.haystack import HaystackSystem
from tests.eval.systems.contract import assert_keeps_the_contract

pytest.importorskip("haystack")


def test_it_keeps_the_contract_and_reports_nothing_home() -> None:
    system = HaystackSystem()
    assert os.environ["HAYSTACK_TELEMETRY_ENABLED"] == "False"
    assert_keeps_the_contract(system)
