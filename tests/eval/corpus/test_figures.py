"""The figures of the corpus: complete, legible, and right in their numbers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from eval.corpus.figures.__main__ import main
from eval.corpus.figures.canvas import Canvas, width_of
from eval.corpus.figures.catalogue import DRAWN, FOLDER, ROOT, Figure, drawing, figures
from eval.corpus.figures.concepts import median, product_limit, simulated
from eval.corpus.figures.confirmatory import LOOKS, boundaries
from eval.corpus.figures.numbers import sequential
from eval.corpus.figures.numbers.doses import (
    BoinRow,
    boin_boundaries,
    boin_row,
    three_plus_three_escalates,
)
from eval.corpus.figures.numbers.simon import Simon, search
from eval.corpus.figures.numbers.sizes import (
    design_effect,
    events_needed,
    noninferior_means_size,
    noninferior_proportions_size,
    proportions_power,
    proportions_size,
    with_dropout,
)

ALL = figures()
SVG = "{http://www.w3.org/2000/svg}"
NOTES = ROOT / "corpus" / "notes"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
POINTING = re.compile(r"^(?:其|上述|前述|该|此|同上|如上)")


def words(text: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(text).iter(f"{SVG}text")]


@pytest.fixture(params=ALL, ids=[figure.slug for figure in ALL])
def figure(request: pytest.FixtureRequest) -> Figure:
    return request.param  # type: ignore[no-any-return]


# --- what figures.toml says -----------------------------------------------------------------


def test_there_is_one_entry_a_drawing() -> None:
    assert len(ALL) >= 18
    assert sorted(figure.slug for figure in ALL) == sorted(DRAWN)
    assert [figure.number for figure in ALL] == list(range(1, len(ALL) + 1))


def test_an_entry_is_complete(figure: Figure) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", figure.slug)
    assert figure.caption.startswith(f"图{figure.number} ")
    assert figure.caption_en.isascii()
    assert 3 <= len(figure.explanation) <= 6
    assert figure.notes
    for name in figure.notes:
        assert (NOTES / f"{name}.md").is_file(), name


def test_every_sentence_can_be_quoted_alone(figure: Figure) -> None:
    for sentence in figure.explanation:
        assert sentence.endswith("。")
        assert POINTING.match(sentence) is None
        assert len(sentence) >= 15


def test_numbers_are_drawn_or_stand_in_a_note(figure: Figure) -> None:
    told = "\n".join([*words(drawing(figure)), figure.caption])
    told += "".join((NOTES / f"{name}.md").read_text("utf-8") for name in figure.notes)
    known = set(NUMBER.findall(told)) | {str(figure.number)}
    for sentence in figure.explanation:
        assert set(NUMBER.findall(sentence)) <= known, sentence


# --- the pictures -----------------------------------------------------------------------------


def test_what_is_shipped_is_what_the_code_draws(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    shipped = {path.name for path in FOLDER.glob("*")}
    assert shipped == {path.name for path in tmp_path.glob("*")}
    for path in tmp_path.glob("*.svg"):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name
    assert sum(path.stat().st_size for path in FOLDER.glob("*.svg")) < 1.5e6


def test_a_picture_has_its_title_and_nothing_from_elsewhere(figure: Figure) -> None:
    text = (FOLDER / f"{figure.slug}.svg").read_text("utf-8")
    root = ET.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == figure.caption
    assert root.findtext(f"{SVG}desc") == figure.caption_en
    assert text.count("http") == 1, "the name space and no link"
    assert "href" not in text and "<image" not in text and "<script" not in text


def test_no_label_overlaps_or_leaves_the_picture(figure: Figure) -> None:
    assert DRAWN[figure.slug]().faults() == []


def test_the_synthetic_curves_say_so() -> None:
    shown = next(figure for figure in ALL if figure.slug == "kaplan-meier-anatomy")
    assert any("合成数据" in label for label in words(drawing(shown)))
    assert "合成数据" in shown.caption


def test_faults_are_found() -> None:
    canvas = Canvas(200, 100)
    canvas.text(60, 50, "一个标签")
    canvas.text(70, 52, "另一个标签")
    canvas.text(190, 20, "出界的标签")
    canvas.line([(0, 80), (200, 80)])
    canvas.text(60, 80, "被线穿过")
    found = " ".join(canvas.faults())
    assert "overlap: 一个标签 / 另一个标签" in found
    assert "leaves the picture: 出界的标签" in found
    assert "is crossed by a line: 被线穿过" in found
    assert canvas.faults() == [f for f in canvas.faults() if "被线穿过 /" not in f]


def test_a_box_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Canvas(200, 100).box(10, 10, 40, 20, "太长的一行文字")
    assert width_of("中文") == 28


# --- the numbers, against the literature ---------------------------------------------------


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (0.20, 0.157, 0.238), (0.25, 0.197, 0.298), (0.30, 0.236, 0.359), (0.33, 0.260, 0.395),
    ],
)  # fmt: skip
def test_boin_boundaries(target: float, up: float, down: float) -> None:
    # Liu and Yuan 2015.
    assert boin_boundaries(target) == pytest.approx((up, down), abs=6e-4)


def test_boin_decisions() -> None:
    # The decision table of the BOIN software for 0.30.
    assert [boin_row(n, 0.30) for n in (3, 6, 9, 12)] == [
        BoinRow(3, 0, 2, 3), BoinRow(6, 1, 3, 4), BoinRow(9, 2, 4, 5), BoinRow(12, 2, 5, 7),
    ]  # fmt: skip
    assert boin_row(2, 0.30).eliminate is None


def test_three_plus_three() -> None:
    assert three_plus_three_escalates(0.3) == pytest.approx(0.494, abs=5e-4)


def test_simon_designs() -> None:
    # Simon 1989, tables 1 and 2.
    assert search(0.05, 0.25, 0.05, 0.20, 20) == (Simon(0, 9, 2, 17), Simon(0, 12, 2, 16))
    optimal, minimax = search(0.10, 0.30, 0.05, 0.20, 32)
    assert (optimal, minimax) == (Simon(1, 10, 5, 29), Simon(1, 15, 5, 25))
    assert optimal.stops(0.10) == pytest.approx(0.74, abs=5e-3)
    assert optimal.expected(0.10) == pytest.approx(15.0, abs=5e-2)
    assert optimal.succeeds(0.10) <= 0.05
    assert optimal.succeeds(0.30) >= 0.80
    with pytest.raises(ValueError, match="no design"):
        search(0.10, 0.12, 0.05, 0.20, 10)


def test_group_sequential_boundaries() -> None:
    # Jennison and Turnbull 2000, tables 2.1 and 2.3.
    found = boundaries()
    assert found["OBF"] == pytest.approx([3.471, 2.454, 2.004], abs=1.5e-3)
    assert found["Pocock"] == pytest.approx([2.289] * 3, abs=1.5e-3)
    assert found["HP"] == pytest.approx([3.0, 3.0, 1.975], abs=1.5e-3)
    for bounds in found.values():
        assert sum(sequential.crossing(LOOKS, bounds)) == pytest.approx(0.025, abs=1e-6)


def test_spending_functions() -> None:
    spent = sequential.spent_obrien_fleming
    assert [spent(t, 0.025) for t in (0.0, 1 / 3, 2 / 3, 1.0)] == pytest.approx(
        [0.0, 0.0001, 0.0060, 0.0250], abs=1e-4
    )
    bounds = sequential.spending_bounds(LOOKS, 0.025, spent)
    assert bounds == pytest.approx([3.710, 2.511, 1.993], abs=1.5e-3)


def test_crossing_grows_with_the_effect() -> None:
    drift = 1.96 + 0.8416
    assert sum(sequential.crossing((1.0,), (1.96,), drift)) == pytest.approx(0.80, abs=1e-3)


def test_sizes() -> None:
    pairs = ((0.60, 0.40), (0.85, 0.70), (0.90, 0.80), (0.10, 0.05))
    assert [proportions_size(a, b, 0.80) for a, b in pairs] == [97, 121, 199, 435]
    assert [proportions_size(a, b, 0.90) for a, b in pairs] == [130, 161, 266, 582]
    assert proportions_power(0.60, 0.40, 97) >= 0.80 > proportions_power(0.60, 0.40, 96)
    assert [events_needed(r, 0.80) for r in (0.50, 0.70, 0.75)] == [66, 247, 380]
    assert noninferior_proportions_size(0.85, 0.85, 0.10, 0.80) == 201
    assert noninferior_means_size(0, 5, 10, 0.80) == 63
    assert with_dropout(90, 0.10) == 100
    assert with_dropout(29, 0.10) == 33
    assert design_effect(20, 0.05) == pytest.approx(1.95)
    assert design_effect(20, 0.05, 0.4) == pytest.approx(2.11)


def test_medians_of_the_synthetic_curves_are_those_told() -> None:
    told = next(f for f in ALL if f.slug == "kaplan-meier-anatomy").explanation[1]
    for times, died in simulated().values():
        assert f"{median(product_limit(times, died)):.1f}个月" in told
