"""What a statement in other words may and may not change, and what is told about it."""

from __future__ import annotations

import pytest

from assistant.verification import FAILURES, Failure, supports
from assistant.verification.failures import Finding, verdict
from retrieval.lexicon import Lexicon

DEADLINE = "自受理之日起六十个工作日内决定是否同意，逾期未通知的，视为同意。"


@pytest.mark.parametrize(
    ("statement", "quote", "failure"),
    [
        ("60日内决定。", DEADLINE, "number_not_in_quote"),
        ("至少60个工作日后决定。", DEADLINE, "bound_changed"),
        ("逾期未通知的，视为不同意。", DEADLINE, "negation_changed"),
        ("试验组9例，对照组12例", "试验组12例，对照组9例", "number_of_another"),
        ("《药品管理法》规定60个工作日内决定。", DEADLINE, "name_not_in_quote"),
        ("申办者应当在60个工作日内决定。", DEADLINE, "name_not_in_quote"),
        (
            "The CRO must report within 7 days.",
            "The sponsor must report to the CRO within 7 days.",
            "subject_changed",
        ),
        ("可以免签知情同意书。", "应当签署知情同意书。", "modality_changed"),
        ("血压显著升高。", "血压显著降低。", "direction_changed"),
        ("可以免除签署。", "经伦理委员会批准，可以免除签署。", "condition_dropped"),
        ("所有受试者都签署知情同意书。", "受试者签署知情同意书。", "scope_widened"),
        (
            "Anaemia was the most common event.",
            "Anaemia 7/199, syncope 2/199 events.",
            "comparison_not_in_quote",
        ),
        (
            "研究者必须每年接受两天的质量管理培训课程",
            "研究者应当及时记录所有偏离方案的情况。",
            "content_not_in_quote",
        ),
    ],
)
def test_each_change_has_its_name_and_a_sentence(
    statement: str, quote: str, failure: Failure
) -> None:
    found = supports(statement, [quote])
    assert failure in found.failures
    assert len(found.details) == len(found.failures)
    assert all(found.details)


def test_the_sentence_is_in_the_statements_language_and_quotes_both_sides() -> None:
    assert supports("60日内决定", [DEADLINE]).details == ("引文是“60个工作日”，陈述是“60日”",)
    [english] = supports("A decision is due within 60 days.", [DEADLINE]).details
    assert english == "the quote says “60个工作日”, the statement “60 days”"


def test_every_failure_has_sentences_in_both_languages() -> None:
    for failure in FAILURES:
        for language in ("zh", "en"):
            for quoted in ("", "甲"):
                found = verdict([Finding(failure, "乙", quoted)], language)
                assert found.failures == (failure,)
                assert "{" not in found.details[0] and len(found.details[0]) > 5


def test_findings_of_one_name_are_told_together_and_once() -> None:
    twice = [Finding("number_not_in_quote", "5例")] * 2 + [Finding("number_not_in_quote", "6例")]
    found = verdict(twice, "zh")
    assert found.failures == ("number_not_in_quote",)
    assert found.details == ("引文中没有“5例”；引文中没有“6例”",)


def test_any_of_the_quotes_may_hold_a_number() -> None:
    quotes = ["主要终点发生率为16.3%。", "对照组的主要终点发生率为21.2%。"]
    assert supports("主要终点发生率为16.3%，对照组为21.2%。", quotes).ok


def test_title_and_section_stand_with_the_quote() -> None:
    statement = "《药品管理法》第十九条：60个工作日内决定是否同意。"
    assert not supports(statement, [DEADLINE]).ok
    assert supports(statement, [DEADLINE], context=["中华人民共和国药品管理法 第十九条"]).ok
    assert not supports(statement, [DEADLINE], context=["中华人民共和国药品管理法 第二十条"]).ok


def test_the_lexicon_lets_a_name_stand_for_its_abbreviation(lexicon: Lexicon) -> None:
    quote = "研究者应当报告特别关注的不良事件。"
    statement = "研究者应当报告AESI，即特别关注的不良事件。"
    assert "name_not_in_quote" in supports(statement, [quote]).failures
    assert supports(statement, [quote], lexicon=lexicon).ok


def test_an_acronym_may_be_spelled_out_in_the_quote() -> None:
    quote = "The minimal clinically important difference was 4 points."
    assert supports("The MCID was 4 points.", [quote]).ok
    assert not supports("The MCRD was 4 points.", [quote]).ok


def test_two_numbers_may_show_a_direction() -> None:
    quote = "试验组缓解率为45%，对照组为30%。"
    assert supports("试验组缓解率45%，高于对照组的30%。", [quote]).ok
    assert not supports("试验组缓解率45%，低于对照组的30%。", [quote]).ok


def test_without_quotes_nothing_with_content_passes() -> None:
    assert not supports("研究者应当在24小时内报告严重不良事件。", []).ok


class Sure:
    """An entailment model that gives everything the same probability."""

    threshold = 0.5

    def __init__(self, probability: float) -> None:
        self.asked: list[tuple[str, str]] = []
        self._probability = probability

    def probability(self, premise: str, hypothesis: str) -> float:
        self.asked.append((premise, hypothesis))
        return self._probability


def test_the_model_has_the_last_word_and_only_that() -> None:
    statement = "60个工作日内决定是否同意。"
    assert supports(statement, [DEADLINE], entailment=Sure(0.9)).ok
    refused = supports(statement, [DEADLINE], entailment=Sure(0.2))
    assert refused.failures == ("not_entailed",)
    assert "0.20" in refused.details[0]
    unasked = Sure(0.9)
    assert supports("60日内决定。", [DEADLINE], entailment=unasked).failures == (
        "number_not_in_quote",
    )
    assert unasked.asked == []  # what the rules refuse, no model can let pass


def test_a_quote_said_verbatim_is_not_put_to_the_model() -> None:
    model = Sure(0.0)
    assert supports(DEADLINE, [DEADLINE], entailment=model).ok
    assert model.asked == []


def test_several_quotes_are_premises_apart_and_together() -> None:
    model = Sure(0.9)
    quotes = ["受试者应当签署知情同意书。", "知情同意书一式两份。"]
    assert supports("受试者应签署知情同意书", quotes, entailment=model).ok
    assert [premise for premise, _ in model.asked] == [*quotes, "\n".join(quotes)]
