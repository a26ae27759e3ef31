"""Curves and sensitivity tables."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, calculate
from design.curves import curve, spread

GIVEN = {"p1": 0.65, "alpha": 0.05}
SVG = "{http://www.w3.org/2000/svg}"


def test_points_are_those_of_the_calculator() -> None:
    made = curve("two_proportions", GIVEN, "n1", [40, 20, 80], "power", ("p2", [0.8, 0.85]))
    assert made.values == (20, 40, 80) and made.by == "p2"
    for line in made.lines:
        for n1, point in zip(made.values, line.points, strict=True):
            given = GIVEN | {"p2": line.by, "n1": int(n1)}
            assert point == calculate("two_proportions", given).outputs["power"]


def test_a_refused_point_is_a_gap_with_its_reason() -> None:
    made = curve("two_proportions", GIVEN | {"power": 0.8}, "p2", [0.5, 0.65, 0.8], "n_total")
    assert made.lines[0].points[1] is None
    (gap,) = made.refused
    assert gap.at == 0.65 and "equal" in gap.reason
    assert made.to_json()["refused"] == [{"at": 0.65, "by": None, "reason": gap.reason}]
    assert made.to_csv().splitlines()[2] == "0.65,"


def test_an_item_of_a_list_can_be_followed() -> None:
    given = {"rates": [0.1, 0.1, 0.1]}
    made = curve("attrition", given, "n", [10, 20], "expected_left[2]")
    whole = calculate("attrition", given | {"n": 10}).outputs["expected_left"]
    assert made.lines[0].points[0] == whole[2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vary": "p3"}, "has no input p3"),
        ({"vary": "p1"}, "leave it out"),
        ({"output": "moons"}, "there are power"),
        ({"values": [20]}, "from 2 to 200"),
        ({"values": list(range(1, 300))}, "from 2 to 200"),
        ({"values": [20, float("inf")]}, "finite"),
        ({"values": [20, 30.5]}, None),
        ({"values": [-1, -2]}, "no point could be calculated"),
        ({"by": ("n1", [1])}, "cannot be varied and"),
        ({"by": ("ratio", list(range(1, 12)))}, "from 1 to 8"),
        ({"by": ("colour", [1])}, "has no input colour"),
        ({"name": "sensitivity_table"}, "has no curve"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change: dict[str, object], message: str | None) -> None:
    asked: dict[str, object] = {
        "name": "two_proportions",
        "inputs": GIVEN | {"p2": 0.8},
        "vary": "n1",
        "values": [20, 40],
        "output": "power",
    }
    if message is None:  # a number of patients that is not whole is one gap, not the end
        assert curve(**(asked | change)).lines[0].points[1] is None  # type: ignore[arg-type]
        return
    with pytest.raises(BadDesign, match=message):
        curve(**(asked | change))  # type: ignore[arg-type]


def test_time_is_limited() -> None:
    with pytest.raises(BadDesign, match="time for the curve"):
        curve("two_proportions", GIVEN, "n1", [20, 40], "power", ("p2", [0.8]), seconds=-1)


def test_spread() -> None:
    assert spread(0, 1, 5) == [0, 0.25, 0.5, 0.75, 1]
    assert spread(1, 5, 9, whole=True) == [1, 2, 3, 4, 5]
    with pytest.raises(BadDesign, match="must go up"):
        spread(1, 1)
    with pytest.raises(BadDesign, match="2 to 200"):
        spread(0, 1, 1)


@settings(max_examples=50, deadline=None)
@given(low=st.floats(-1e6, 1e6), gap=st.floats(1e-3, 1e6), points=st.integers(2, 200))
def test_spread_rises_from_end_to_end(low: float, gap: float, points: int) -> None:
    values = spread(low, low + gap, points)
    assert len(values) == points and values == sorted(values)
    assert values[0] == pytest.approx(low) and values[-1] == pytest.approx(low + gap)


class TestPicture:
    made = curve("two_proportions", GIVEN, "n1", [20, 40, 80], "power", ("p2", [0.65, 0.8, 0.85]))

    def test_the_same_bytes_again(self) -> None:
        again = curve(
            "two_proportions", GIVEN, "n1", [20, 40, 80], "power", ("p2", [0.65, 0.8, 0.85])
        )
        assert self.made.svg(mark=0.8) == again.svg(mark=0.8)
        assert not re.search(r"20\d\d-\d\d-\d\d|Matplotlib", self.made.svg())

    def test_it_is_told_in_words(self) -> None:
        root = ET.fromstring(self.made.svg())
        title, about = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None and title.text == "两独立样本率的比较"
        assert about is not None and about.text is not None
        assert "3 个点无法计算" in about.text and "p2 = 0.8" in about.text
        assert root.get("role") == "img" and root.get("lang") == "zh-CN"
        assert root.get("aria-labelledby") == f"{title.get('id')} {about.get('id')}"
        english = ET.fromstring(self.made.svg("en"))
        assert english.get("lang") == "en"
        assert "3 points could not" in (english.findtext(f"{SVG}desc") or "")

    def test_text_is_text_in_fonts_with_chinese(self) -> None:
        root = ET.fromstring(self.made.svg())
        texts = {node.text: node.get("style") or "" for node in root.iter(f"{SVG}text")}
        assert {"两独立样本率的比较", "把握度 (power)", "0.85"} <= set(texts)
        assert all(
            "Noto Sans CJK SC" in style and "sans-serif" in style for style in texts.values()
        )

    def test_names_do_not_clash_on_a_page(self) -> None:
        other = curve("two_proportions", GIVEN, "n1", [20, 50], "power", ("p2", [0.8]))
        ids = [re.search(r'<title id="([^"]+)"', made.svg()) for made in (self.made, other)]
        assert ids[0] and ids[1] and ids[0][1] != ids[1][1]

    def test_what_a_user_writes_is_escaped(self) -> None:
        given = {"arms": ["A", "B"], "seed": "<script>", "block_sizes": [4]}
        made = curve("randomisation_list", given, "n", [4, 8], "rows")
        assert "<script>" not in made.svg()
        ET.fromstring(made.svg())

    def test_a_lonely_point_has_a_marker(self) -> None:
        values = [0.6 + 0.0025 * i for i in range(41)]
        given = {"p1": 0.65, "power": 0.8}
        sparse = curve("two_proportions", given, "p2", values, "n_total")
        assert sparse.refused
        ET.fromstring(sparse.svg())


def test_the_table_as_a_calculator() -> None:
    """HyLown's example (0.65, 0.85, 80%: 70 an arm) stands in its row."""
    given = {
        "method_name": "two_proportions",
        "inputs": {"p1": 0.65},
        "vary": "power",
        "values": [0.9, 0.8],
        "output": "n_per_arm",
        "by": "p2",
        "by_values": [0.85, 0.65],
    }
    result = calculate("sensitivity_table", given)
    assert result.outputs["rows"] == [0.8, 0.9] and result.outputs["columns"] == [0.85, 0.65]
    assert result.outputs["table"][0] == [70, None]
    assert result.outputs["refused_count"] == 2 and len(result.warnings) == 1
    assert "两独立样本率的比较" in result.sentence.zh
    given |= {"by": None, "by_values": None, "inputs": {"p1": 0.65, "p2": 0.85}}
    assert calculate("sensitivity_table", given).outputs["table"][0] == [70]
    with pytest.raises(BadDesign, match="there is no method"):
        calculate("sensitivity_table", given | {"method_name": "astrology"})
    with pytest.raises(BadDesign, match="from 1 to 8"):
        calculate("sensitivity_table", given | {"by": "ratio"})


def test_matplotlib_is_not_loaded_before_a_picture_is_drawn() -> None:
    code = (
        "import sys; from design import calculate; "
        "calculate('dropout_inflation', {'n': 10, 'dropout': 0.1}); "
        "sys.exit('matplotlib' in sys.modules or 'scipy.stats' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
