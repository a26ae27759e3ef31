from __future__ import annotations

import pytest

from assistant.results.abbreviations import abbreviations


@pytest.mark.parametrize(
    ("sentence", "short", "long"),
    [
        ("Body mass index (BMI) fell.", ("bmi",), ("bodi", "mass", "index")),
        ("the systolic blood pressure (SBP; mmHg)", ("sbp",), ("systol", "blood", "pressur")),
        ("BW = body weight", ("bw",), ("bodi", "weight")),
        ("Abbreviations: HDL, high-density lipoprotein", ("hdl",),
         ("high", "densiti", "lipoprotein")),
    ],
)  # fmt: skip
def test_defined_abbreviations(sentence: str, short: tuple[str], long: tuple[str, ...]) -> None:
    assert abbreviations([sentence]) == {short: long}


def test_chinese_name_before_the_bracket() -> None:
    assert abbreviations(["体质指数（BMI）下降"])[("bmi",)][-1] == "指数"


@pytest.mark.parametrize("sentence", ["treated patients (USA)", "pain (mean) fell", "(n = 12)"])
def test_brackets_that_define_nothing(sentence: str) -> None:
    assert abbreviations([sentence]) == {}
