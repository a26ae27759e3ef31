"""Questions that are calculated."""

from __future__ import annotations

from assistant.computing import computed
from assistant.question import read_question

DAY = "2026-11-22"
RATES = "两组率65%对85%，双侧0.05，把握度80%，每组多少例？"


def test_two_rates_are_answered_with_alternatives_conventions_and_source() -> None:
    answer = computed(read_question(RATES), DAY)
    assert answer is not None and answer.status == "answered"
    told = [statement.text for statement in answer.statements]
    assert "70 例" in told[0] and "70" not in told[1]
    assert any("合并" in text for text in told[1:])
    assert any("双侧合计" in text for text in told)
    assert "two_proportions" in told[-1] and "Chow" in told[-1]
    assert {statement.support for statement in answer.statements} == {"calculated"}
    assert answer.calculations[0]["outputs"]["n_per_arm"] == 70
    assert answer.calculations[0]["call"].startswith("xinglin design two-proportions")


def test_english_gets_english() -> None:
    asked = "Response 65% vs 85%, two-sided alpha 0.05, 80% power: how many patients per arm?"
    answer = computed(read_question(asked), DAY)
    assert answer is not None
    assert "70 and 70 patients" in answer.statements[0].text


def test_what_lacks_inputs_or_asks_for_no_number_is_not_calculated() -> None:
    assert computed(read_question("两组率65%对85%，算样本量"), DAY) is None
    assert computed(read_question("样本量估算应当说明哪些参数？"), DAY) is None


def test_without_the_rate_of_the_sites_the_rate_it_takes_is_told() -> None:
    asked = read_question("共20个中心，24个月，中心启动均匀分布在前6个月，能入组400人吗？")
    assert asked.boundary is not None and asked.boundary.missing == ("site_rate",)
    answer = computed(asked, DAY)
    assert answer is not None and answer.status == "answered"
    assert "每中心每月平均" in answer.statements[0].text
    # Without a time there is nothing to turn round: the rate is asked for.
    assert computed(read_question("20家中心、目标400例，多久能招满？"), DAY) is None


def test_times_asked_in_years_and_weeks_are_told_in_months() -> None:
    asked = "对照组中位生存期2年，风险比0.7，入组1年，随访26周，双侧α=0.05，把握度80%，需要多少例？"
    answer = computed(read_question(asked), DAY)
    assert answer is not None
    told = answer.statements[0].text
    assert "中位时间 24 个月" in told and "入组 12 个月、末例入组后随访 6 个月" in told


def test_the_arms_are_told_with_dropout() -> None:
    text = "对照组有效率60%，试验组75%，双侧0.05，把握度80%，脱落10%，每组招多少例？"
    answer = computed(read_question(text), "2026-11-22")
    assert answer is not None
    assert "试验组167例" in answer.statements[0].text and "334" in answer.statements[0].text


def test_a_boundary_named_beside_a_question_for_patients_is_a_condition() -> None:
    asked = "两组率65%对85%，双侧0.05，把握度80%，中期分析一次，OBF界值，每组多少例？"
    answer = computed(read_question(asked), DAY)
    assert answer is not None
    assert answer.calculations[0]["call"].startswith("xinglin design group-sequential-proportions")
    assert answer.calculations[0]["inputs"]["looks"] == 2
    bounds = computed(read_question("3次分析等间隔，单侧0.025，OBF界值各是多少？"), DAY)
    assert bounds is not None
    assert bounds.calculations[0]["call"].startswith("xinglin design group-sequential ")
