from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.spans import Extent, FileText, reaches
from ingest.model import Block

TEXT = "TITLE:\nA trial\n\n- Pain  fell.\n\nPain fell. No   harm\nwas seen.\n"
BLOCKS = [
    (0, Block("heading", "TITLE:")),
    (1, Block("paragraph", "A trial")),
    (2, Block("list_item", "Pain fell.")),
    (3, Block("paragraph", "Pain fell. No harm was seen.")),
]


def test_blocks_are_found_in_their_order() -> None:
    file = FileText(TEXT, BLOCKS)
    item, sentence = file.of_block(2, 0, 10), file.of_block(3, 0, 10)
    assert item is not None and sentence is not None
    assert item == file.of_file(TEXT.index("Pain  fell."), TEXT.index("Pain  fell.") + 11)
    assert sentence == file.of_file(TEXT.rindex("Pain fell."), TEXT.rindex("Pain fell.") + 10)


def test_white_space_does_not_count() -> None:
    file = FileText(TEXT, BLOCKS)
    start = TEXT.index("No   harm")
    assert file.of_block(3, 11, 28) == file.of_file(start, start + len("No   harm\nwas seen."))


def test_a_block_that_is_not_in_the_file() -> None:
    assert FileText(TEXT, [(0, Block("figure", "A picture of pain"))]).of_block(0, 0, 5) is None


def test_half_of_either_must_be_common() -> None:
    assert reaches(Extent(0, 100), Extent(90, 100))  # the span stands in the sentence
    assert reaches(Extent(0, 10), Extent(5, 200))  # half of the sentence is of the span
    assert not reaches(Extent(0, 100), Extent(60, 200))
    assert not reaches(Extent(0, 10), Extent(10, 20))


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50))
def test_reaching_is_mutual(a: int, la: int, b: int, lb: int) -> None:
    first, second = Extent(a, a + la), Extent(b, b + lb)
    assert reaches(first, second) == reaches(second, first)
