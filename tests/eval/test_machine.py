"""What is said of the machine."""

from __future__ import annotations

import platform

import numpy as np

from eval.machine import describe, peak_memory_mb


def test_the_machine_is_described_in_one_line() -> None:
    line = describe()
    assert f"Python {platform.python_version()}" in line
    assert "cores" in line
    assert "\n" not in line


def test_peak_memory_grows_with_what_is_held() -> None:
    before = peak_memory_mb()
    held = np.ones(20_000_000)  # 160 MB
    after = peak_memory_mb()
    assert before is not None and after is not None
    assert before > 10
    assert after > 150
    assert held.sum() == 20_000_000
