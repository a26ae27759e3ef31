"""Direction and skew of recognised lines."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ocr.base import Character, Quad, TextLine
from ingest.ocr.frames import Turn, find_turn, part, quarter


def page(angle: float, count: int = 5) -> list[TextLine]:
    """Lines of a page of 1000 × 800 pixels, turned clockwise about its middle."""
    found = []
    for n in range(count):
        y = 100 + 60 * n
        corners = [(100, y), (800, y), (800, y + 30), (100, y + 30)]
        a, b, c, d = (_turned(point, angle) for point in corners)
        found.append(TextLine((a, b, c, d), (Character("x", 0, 1, 1),)))
    return found


def _turned(point: tuple[float, float], angle: float) -> tuple[float, float]:
    x, y = point[0] - 500, point[1] - 400
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return 500 + x * cosine - y * sine, 400 + x * sine + y * cosine


@pytest.mark.parametrize("direction", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-5.0, -0.6, 0.0, 1.0, 4.9])
def test_direction_and_skew_are_told_apart(direction: int, skew: float) -> None:
    lines = page(direction + skew)
    assert {quarter(line) for line in lines} == {direction}
    assert find_turn(lines, 1000, 800).angle == pytest.approx(skew, abs=0.01)


def test_the_straight_page_is_level() -> None:
    lines = page(3.0)
    turn = find_turn(lines, 1000, 800)
    for n, line in enumerate(lines):
        (ax, ay), (_, by), _, _ = turn.straight(line.quad)
        assert ay == pytest.approx(by, abs=0.01)
        assert (ax, ay) == pytest.approx((100, 100 + 60 * n), abs=0.01)


@given(st.floats(-10, 10), st.floats(0, 500), st.floats(0, 500))
def test_rectangles_come_back_around_what_they_were(angle: float, x: float, y: float) -> None:
    turn = Turn(angle, (300, 400))
    corner = (x, y)
    (straight,) = turn.straight([corner])
    box = turn.askew((straight[0] - 1, straight[1] - 1, straight[0] + 1, straight[1] + 1))
    assert box[0] <= x <= box[2]
    assert box[1] <= y <= box[3]


def test_a_page_without_lines_is_straight() -> None:
    assert find_turn([], 100, 100).angle == 0


def test_part_of_a_line() -> None:
    quad: Quad = ((0, 0), (10, 0), (10, 4), (0, 4))
    assert part(quad, 0.5, 1.0) == ((5, 0), (10, 0), (10, 4), (5, 4))
