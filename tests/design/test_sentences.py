"""What holds of the words of every calculator: languages, numbers, sides, references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from design import BadDesign, Method, Result, methods
from tests.design.drawn_inputs import inputs_near

ALL = pytest.mark.parametrize("method", methods().values(), ids=lambda method: method.name)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BROKEN = re.compile(r"\bNone\b|\bnan\b|\binf\b|\bTrue\b|\bFalse\b|  | $|[.。;；,，:：]$")
BRACE = re.compile("[{}]")
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[-+]?\d+)?")
TESTS_NOTHING = {"group_sequential_probabilities", "be_cv_from_ci", "be_cv_pooled", "be_cv_limits"}
OTHER_NAMES = {
    # What an input or an output must not be called where it means the same as another.
    "significance": "alpha",
    "conf_level": "level",
    "confidence": "level",
    "confidence_level": "level",
    "attrition": "dropout",
    "drop_out_rate": "dropout",
    "n_treatment": "n1",
    "n_control": "n2",
    "n_max": "max_n",
    "n_total_ceil": "n_total_rounded_once",
    "allocation": "ratio",
    "beta": "power",
    "achieved": "power_achieved",
    "power_attained": "power_achieved",
    "alpha_attained": "alpha_achieved",
    "tails": "sides",
    "mu1": "mean1",
    "mu2": "mean2",
    "lambda1": "rate1",
    "lambda2": "rate2",
    "width": "ci_width",
    "error": "abs_error",
    "absolute_error": "abs_error",
    "relative_error": "rel_error",
    "se": "standard_error or sensitivity",
    "sp": "specificity",
    "var": "variance",
    "follow_up": "followup",
    "control_hazard": "hazard_control",
    "control_median": "median_control",
}


def numbers(value: Any) -> Iterator[float]:
    """The numbers in inputs or outputs, how many a list holds included."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (int, float)):
        yield abs(float(value))
    elif isinstance(value, str):
        yield from (float(found) for found in NUMBER.findall(value))
    else:
        yield float(len(value))
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from numbers(item)


def stands(text: str, known: list[float]) -> bool:
    """Whether a number of a sentence is a known one, or one in per cent, as rounded there."""
    places = len(text.partition(".")[2]) if "e" not in text else 0
    said = float(text)
    # A number of twelve digits has no more places than a float holds.
    slack = 1e-2 * said if "e" in text else max(0.51 * 10.0**-places, 1e-12 * said)
    return any(abs(shown - said) <= slack for x in known for shown in (x, 100 * x))


def check(method: Method, result: Result) -> None:
    assert not set(result.outputs) & set(OTHER_NAMES)
    if result.inputs.get("power") and method.family != "sequential":  # there, of the whole plan
        assert "power" not in result.outputs, "what whole numbers reach is power_achieved"
    sentence = result.sentence
    for text in (sentence, result.title, *result.conventions, *result.warnings):
        for words in (text.zh, text.en):
            assert words and not BROKEN.search(words), words
            # A name that was typed is repeated as it is; any other brace is a template's.
            assert BRACE.search(str(list(result.inputs.values()))) or not BRACE.search(words), words
        assert CHINESE.search(text.zh), text.zh
    given_words = CHINESE.search(str(result.inputs))
    if not given_words:  # a name that was typed is repeated as it is
        assert not CHINESE.search(sentence.en), sentence.en
    known = [1.0, 2.0, *numbers(dict(result.inputs)), *numbers(dict(result.outputs))]
    if method.name != "randomisation_list":  # its sentence holds a digest
        for words in (sentence.zh, sentence.en):
            for found in NUMBER.findall(words):
                assert stands(found, known), (found, words, result.outputs)
    if "alpha" in method.inputs.model_fields and method.name not in TESTS_NOTHING:
        told = (sentence, *result.conventions)
        assert re.search("单侧|双侧|单双侧|FWER", "".join(text.zh for text in told)), sentence.zh
        assert re.search("one-sided|two-sided|family", "".join(text.en for text in told))


@ALL
def test_the_words_of_the_example(method: Method) -> None:
    check(method, method(**method.example))


@pytest.mark.slow
@ALL
def test_the_words_of_drawn_inputs(method: Method) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_near(method, dict(method.example)))
    def calculated(inputs: dict[str, Any]) -> None:
        try:
            result = method(**inputs)
        except BadDesign:
            return
        check(method, result)

    calculated()


@ALL
def test_one_name_for_one_thing(method: Method) -> None:
    fields = method.inputs.model_fields
    assert not set(fields) & set(OTHER_NAMES)
    if "sides" in fields:
        assert "one-sided" in str(fields["sides"].description)


@ALL
def test_every_input_is_described_in_both_languages(method: Method) -> None:
    for name, info in method.inputs.model_fields.items():
        assert info.description and CHINESE.search(info.description), name
        english = CHINESE.sub("", info.description).strip()
        assert len(english) > 3 and english != "Above 0.", name


@ALL
def test_the_reference_is_one(method: Method) -> None:
    cited = method.reference
    assert cited == cited.strip() and "  " not in cited and not cited.endswith((".", ";", ","))
    assert re.search(r"\b(1[89]|20)\d\d\b|ICH|FDA|NMPA|distribution", cited), cited
    assert method.formula and not method.formula.endswith(".")
