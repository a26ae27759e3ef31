"""Reading a question: parts, kinds of answer wanted, and the names in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.question import MOST_PARTS, kinds_of, question_language, read_question
from retrieval.normalise import fold


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("多少个工作日内作出决定？", "duration"),
        ("SAE要在多长时间内上报", "duration"),
        ("How soon must a SUSAR be reported?", "duration"),
        ("样本量是多少？", "amount"),
        ("How many sites took part?", "amount"),
        ("伦理审查收费多少钱？", "price"),
        ("培训是几月几号？", "calendar"),
        ("办公室电话是多少？", "contact"),
        ("什么是估计目标", "definition"),
        ("What is an estimand?", "definition"),
        ("要递交哪些文件", "list"),
        ("由谁批准", "actor"),
        ("逾期怎么办", "consequence"),
        ("能不能远程签署", "permission"),
        ("Must the sponsor report it?", "permission"),
    ],
)
def test_kind_of_answer_wanted(text: str, wanted: str) -> None:
    [part] = read_question(text).parts
    assert wanted in {want.name for want in part.wants}


@pytest.mark.parametrize(
    ("name", "text", "sentence", "met"),
    [
        ("duration", "多久报告？", "应当在24小时内报告。", True),
        ("duration", "多久报告？", "应当立即报告。", True),
        ("duration", "多久报告？", "应当报告申办者。", False),
        ("actor", "由谁审查？", "由伦理委员会审查。", True),
        ("price", "收费多少钱？", "每例5000元。", True),
        ("price", "收费多少钱？", "每例5000毫升。", False),
        ("when", "When is the visit?", "The visit is planned for 17 june 2026.", True),
        ("when", "When is the visit?", "The visit may last 12 hours in march.", False),
    ],
)
def test_sentence_of_the_kind_wanted(name: str, text: str, sentence: str, met: bool) -> None:
    [part] = read_question(text).parts
    [want] = [want for want in part.wants if want.name == name]
    assert want.met_by(sentence) is met


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("伦理审查几天？逾期怎么办？", ["伦理审查几天", "逾期怎么办"]),
        ("伦理审查几天；由谁审查。", ["伦理审查几天", "由谁审查"]),
        ("样本库有几类，另外谁来管理？", ["样本库有几类", "另外谁来管理"]),
        ("甲、乙两类，分别保存多久？", ["甲、乙两类，分别保存多久"]),
        ("1,200例够不够", ["1,200例够不够"]),
        ("伦理审查几天", ["伦理审查几天"]),
        ("？", ["？"]),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    assert [part.text for part in read_question(text).parts] == parts


def test_names_in_a_question_are_read_in_any_writing() -> None:
    question = read_question("《药品管理法》第一百二十三条和第９条怎么规定？")
    assert question.titles == ("药品管理法",)
    assert question.articles == (123, 9)


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("What does Article 19 of the Drug Administration Law say?", (19,)),
        ("article 5 or Article 28?", (5, 28)),
        ("particle 5, articles of association", ()),
    ],
)
def test_articles_in_english(text: str, articles: tuple[int, ...]) -> None:
    assert read_question(text).articles == articles


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2022年第28号公告规定了什么", ((2022, 28),)),
        ("二〇二二年第二十八号公告和2020年第57号", ((2022, 28), (2020, 57))),
        ("What does Announcement No. 28 of 2022 require?", ((2022, 28),)),
        ("NMPA Announcement No. 28, 2022", ((2022, 28),)),
        ("NMPA announcement No 28 of 2022", ((2022, 28),)),
        ("2022年入组了28例", ()),
        ("number 28 of 2022 patients", ()),
    ],
)
def test_numbers_of_documents(text: str, numbers: tuple[tuple[int, int], ...]) -> None:
    assert read_question(text).numbers == numbers


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("甲类样本保存多久？乙类呢？", ["duration", "duration"]),
        ("多久培训一次？由谁批准？乙类呢？", ["frequency", "actor", "actor"]),
        ("How long are records kept? And samples?", ["duration", "duration"]),
        ("How long are records kept? What about samples?", ["duration", "duration"]),
    ],
)
def test_the_same_again_of_something_else(text: str, kinds: list[str]) -> None:
    parts = read_question(text).parts
    assert len(parts) == len(kinds)
    for part, kind in zip(parts, kinds, strict=True):
        assert kind in {want.name for want in part.wants}


def test_what_asks_for_something_of_its_own_inherits_nothing() -> None:
    _, second, third = read_question("样本保存多久？由谁批准呢？样本库的温度记录？").parts
    assert {want.name for want in second.wants} == {"actor"}
    assert third.wants == ()


@pytest.mark.parametrize(
    ("text", "sentence", "met"),
    [
        ("方案有多少页？", "方案共120页。", True),
        ("方案有多少页？", "共入组120例患者。", False),
        ("入组了多少例？", "共入组120名受试者。", True),
        ("入组了几名患者？", "共入组十二例。", True),
        ("入组了几名患者？", "历时十二周。", False),
        ("有多少家中心？", "全国20家医院参加。", True),
        ("多久报告？", "应当及时报告。", True),
        ("方案写什么？", "方案写目的。", True),
        ("How many adult patients are planned?", "About 300 randomised patients.", True),
        ("How many patients are planned?", "共入组120例。", True),
        ("How many patients are planned?", "The study takes 12 weeks in NYHA II patients.", False),
        ("How many pages has it?", "It has twelve pages.", True),
        ("How many working days until a decision?", "Decided in time.", True),
    ],
)
def test_a_number_of_what_is_to_be_counted(text: str, sentence: str, met: bool) -> None:
    [part] = read_question(text).parts
    assert part.measured_by(fold(sentence)) is met


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("应当在24小时内报告。", {"duration", "consequence"}),
        ("每年培训一次。", {"duration", "frequency"}),
        ("样本库的温度记录。", set()),
    ],
)
def test_kinds_of_facts_that_a_sentence_tells(sentence: str, kinds: set[str]) -> None:
    assert kinds_of(fold(sentence)) >= kinds
    assert bool(kinds_of(fold(sentence))) is bool(kinds)


def test_parts_beyond_the_most_are_named_and_not_read() -> None:
    asked = [f"{name}类样本保存多久" for name in "甲乙丙丁戊己庚辛"]
    question = read_question("？".join(asked) + "？")
    assert [part.text for part in question.parts] == asked[:MOST_PARTS]
    assert list(question.more_parts) == asked[MOST_PARTS:]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2027年新版药物GCP怎么规定", ("2027",)),
        ("2020版GCP", ("2020",)),
        ("the 2019 revision of the law", ("2019",)),
        ("2019年入组的患者", ()),
        ("2024年1月到3月入组了多少人", ()),
    ],
)
def test_years_that_name_a_version(text: str, years: tuple[str, ...]) -> None:
    assert read_question(text).version_years == years


@pytest.mark.parametrize(
    "text", ["旧版GCP怎么规定", "修订前的时限", "What did the old version say?"]
)
def test_older_versions_are_asked_for_on_purpose(text: str) -> None:
    assert read_question(text).wants_older


def test_the_current_version_is_asked_for_by_default() -> None:
    assert not read_question("GCP怎么规定").wants_older


@pytest.mark.parametrize(
    ("text", "wants_results"),
    [
        ("试验结果怎么样", True),
        ("实际达到了多少", True),
        ("What were the results?", True),
        ("计划入组多少例", False),
        ("What is the planned sample size?", False),
    ],
)
def test_results_are_told_from_plans(text: str, wants_results: bool) -> None:
    assert read_question(text).wants_results is wants_results


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("SAE怎么上报", "zh"),
        ("IND 的 60 working days 从哪天算", "zh"),
        ("How soon must an SAE be reported?", "en"),
        ("《药品管理法》 Article 19", "zh"),
        ("123", "zh"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert question_language(text) == language


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    question = read_question(text)
    assert question.parts
    assert all(part.text in text for part in question.parts)
    assert question.language in {"zh", "en"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Does zinc; vitamin A reduce pain?", 1),
        ("Who approves it; how long does it take?", 2),
        ("SAE多久报告;SUSAR呢?", 2),
        ("什么是SAE；多久报告", 2),
    ],
)
def test_semicolons_between_questions_and_between_items(text: str, parts: int) -> None:
    assert len(read_question(text).parts) == parts
