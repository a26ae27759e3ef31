"""Cells between drawn rules: every box belongs to one cell, every text to one place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.layout.shapes import Rule, Segment
from ingest.layout.tables_lattice import make_lattice

COORDINATE = st.integers(0, 40).map(lambda n: n * 10.0)


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    found = []
    for _ in range(draw(st.integers(0, 30))):
        a, b, c = draw(COORDINATE), draw(COORDINATE), draw(COORDINATE)
        low, high = min(a, b), max(a, b)
        found.append(Rule(low, c, high, c) if draw(st.booleans()) else Rule(c, low, c, high))
    return found


def segment(x: float, y: float, text: str = "words", wide: float = 8.0) -> Segment:
    return Segment(text, x, y, x + wide, y + 8, 8, False, True, False, (x, y, x + wide, y + 8))


@given(rules())
def test_every_box_has_one_cell_that_covers_it(drawn: list[Rule]) -> None:
    lattice = make_lattice(0, 0, 400, 400, drawn)
    assert lattice is not None
    assert len(lattice.owners) == lattice.rows
    for row, owners in enumerate(lattice.owners):
        assert len(owners) == lattice.columns
        for column, owner in enumerate(owners):
            slot = lattice.slots[owner]
            assert slot.row0 <= row <= slot.row1
            assert slot.column0 <= column <= slot.column1
    assert {owner for owners in lattice.owners for owner in owners} == set(
        range(len(lattice.slots))
    )


@given(rules(), st.lists(st.tuples(COORDINATE, COORDINATE), max_size=12))
def test_no_text_is_lost(drawn: list[Rule], places: list[tuple[float, float]]) -> None:
    lattice = make_lattice(0, 0, 400, 400, drawn)
    assert lattice is not None
    segments = [segment(x, y, f"t{n}") for n, (x, y) in enumerate(places)]
    placed = [s.text for held in lattice.place(segments).values() for s in held]
    assert sorted(placed) == sorted(s.text for s in segments)


def test_text_over_an_edge_is_cut_at_a_blank() -> None:
    drawn = [Rule(x, 0, x, 20) for x in (0, 100, 200)] + [Rule(0, y, 200, y) for y in (0, 20)]
    lattice = make_lattice(0, 0, 200, 20, drawn)
    assert lattice is not None
    placed = lattice.place([segment(50, 6, "left right", 100)])
    assert {slot: [s.text for s in held] for slot, held in placed.items()} == {
        0: ["left"],
        1: ["right"],
    }


def test_squared_paper_is_no_table() -> None:
    drawn = [Rule(n * 5.0, 0, n * 5.0, 800) for n in range(100)]
    drawn += [Rule(0, n * 5.0, 500, n * 5.0) for n in range(100)]
    assert make_lattice(0, 0, 500, 800, drawn) is None
