"""Choosing sentences: enough of them, no repetition, things asked together, lists whole."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.features import Asked
from assistant.scoring import Scored
from assistant.selection import Selection, answers, coordinated, select
from assistant.settings import AnswerSettings
from retrieval.normalise import compare_form
from tests.assistant.made_up import Documents, asked, scored, sentence_of, unit

SETTINGS = AnswerSettings()
DURATION = asked("多久报告？")
LIST = asked("要递交哪些文件？")
PLAIN = asked("说说样本库")
SHORT = AnswerSettings(max_statements=2, max_details=1)


@pytest.fixture
def documents() -> Documents:
    return Documents()


def selected(
    documents: Documents,
    about: Asked,
    ranked: Sequence[Scored],
    settings: AnswerSettings = SETTINGS,
) -> Selection:
    return select(ranked, about, settings, documents.read)


def choose(documents: Documents, about: Asked, *ranked: Scored) -> list[str]:
    return [s.text for s in selected(documents, about, ranked).sentences]


def different(documents: Documents, count: int, document: str = "a") -> list[Scored]:
    """Sentences that repeat nothing of each other, one as good as the next."""
    texts = ["".join(chr(0x4E00 + 97 * n + k) for k in range(8)) + "。" for n in range(count)]
    return [scored(s) for s in documents.add(document, *texts)]


def test_a_sentence_answers_when_it_is_of_a_kind_asked_for() -> None:
    sentence = sentence_of("a", "应当在24小时内报告。")
    assert answers(scored(sentence))
    assert not answers(scored(sentence, wants_met=False))


def test_nothing_is_chosen_when_nothing_answers(documents: Documents) -> None:
    [sentence] = documents.add("a", "应当在24小时内报告。")
    assert selected(documents, DURATION, [scored(sentence, wants_met=False)]) == Selection()
    assert selected(documents, DURATION, []) == Selection()


def test_the_best_comes_first_and_those_nearly_as_good_join(documents: Documents) -> None:
    first, second, third = different(documents, 3)
    within = SETTINGS.keep_within
    ranked = [
        scored(first.sentence, 5.0),
        scored(second.sentence, 5.0 - within + 0.01),
        scored(third.sentence, 5.0 - within - 0.01),
    ]
    assert choose(documents, PLAIN, *ranked) == [first.sentence.text, second.sentence.text]


def test_statements_first_and_then_details(documents: Documents) -> None:
    found = selected(documents, PLAIN, different(documents, 9), SHORT)
    assert len(found.sentences) == 3
    assert found.leading == 2
    one = selected(documents, PLAIN, different(documents, 1, "b"), SHORT)
    assert (len(one.sentences), one.leading) == (1, 1)


def test_no_details_beyond_the_characters_allowed(documents: Documents) -> None:
    ranked = different(documents, 9)
    long = AnswerSettings(max_answer_chars=80, max_statements=20)
    texts = [s.text for s in selected(documents, PLAIN, ranked, long).sentences]
    assert len(texts) == 9  # of nine characters each: 81
    assert len(selected(documents, PLAIN, different(documents, 15, "b"), long).sentences) == 9


def test_the_same_words_are_not_said_twice(documents: Documents) -> None:
    [first] = documents.add("a", "研究者获知后应当在24小时内报告申办者。")
    [again] = documents.add("b", "研究者获知后应当在 24 小时内报告申办者。")
    [nearly] = documents.add("c", "研究者获知后，应当在24小时内报告申办者。")
    [part] = documents.add("d", "应当在24小时内报告申办者。")
    ranked = [scored(s, 9.0) for s in (first, again, nearly, part)]
    assert choose(documents, DURATION, *ranked) == [first.text]


def test_the_same_place_of_another_copy_is_not_shown(documents: Documents) -> None:
    [ours] = documents.add("a", "申办者应当在七日内报告。", title="某办法", section="第二条")
    [copy] = documents.add(
        "b", "监查员每年核对温度记录。", title="某办法（2023年）", section="第二条"
    )
    [other] = documents.add(
        "c", "监查员每年核对温度记录。", title="某办法（2023年）", section="第三条"
    )
    assert choose(documents, PLAIN, scored(ours), scored(copy)) == [ours.text]
    assert choose(documents, PLAIN, scored(ours), scored(other)) == [ours.text, other.text]
    [ours] = documents.add("d", "申办者应当在七日内报告。", title="某办法")
    [other] = documents.add("e", "监查员每年核对温度记录。", title="某办法（2023年）")
    assert len(choose(documents, PLAIN, scored(ours), scored(other))) == 2  # no place is known


def test_a_different_number_is_something_else(documents: Documents) -> None:
    [first] = documents.add("a", "申办者获知死亡事件后应当在7日内报告。")
    [other] = documents.add("b", "申办者获知其他事件后应当在15日内报告。")
    assert len(choose(documents, DURATION, scored(first), scored(other))) == 2


def test_what_repeats_gives_way_to_what_is_new(documents: Documents) -> None:
    first, alike, new = documents.add(
        "a",
        "申办者获知死亡事件后应当在7日内报告伦理委员会。",
        "申办者获知死亡事件后应当向伦理委员会报告进展情况。",
        "温度记录由管理员核对。",
    )
    gap = SETTINGS.repetition_penalty / 4
    ranked = [scored(first, 5.0), scored(alike, 4.5), scored(new, 4.5 - gap)]
    assert choose(documents, PLAIN, *ranked)[:2] == [first.text, new.text]


def test_a_further_kind_of_fact_of_the_same_document_counts_for_it(documents: Documents) -> None:
    first, other, limit = documents.add(
        "a", "申办者报告死亡事件。", "温度记录本须核对。", "乙类试剂盒存放9日。"
    )
    [elsewhere] = documents.add("b", "丙类离心机存放9日。")
    ranked = [scored(first, 5.0), scored(other, 4.5), scored(limit, 4.4)]
    assert choose(documents, PLAIN, *ranked)[1] == limit.text
    ranked[2] = scored(elsewhere, 4.4)
    assert choose(documents, PLAIN, *ranked)[1] == other.text


# --- things asked about together ------------------------------------------------------------------

BOTH = asked("研究者和申办者多久报告？", unit("研究者"), unit("申办者"), unit("报告"))


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("研究者和申办者多久报告", ("研究者", "申办者", "报告"), ["研究者", "申办者"]),
        ("甲类、乙类以及丙类的记录", ("甲类", "乙类", "丙类", "记录"), ["甲类", "乙类", "丙类"]),
        (
            "sponsor and investigator duties",
            ("sponsor", "investigator"),
            ["sponsor", "investigator"],
        ),
        ("drug vs. placebo", ("drug", "placebo"), ["drug", "placebo"]),
        ("研究者多久向申办者报告", ("研究者", "申办者", "报告"), []),
        ("研究者的申办者", ("研究者", "申办者"), []),
    ],
)
def test_things_asked_about_together(text: str, words: tuple[str, ...], found: list[str]) -> None:
    about = asked(text, *(unit(word) for word in words))
    assert [u.text for u in coordinated(about)] == found


def test_words_that_tell_nothing_are_not_asked_about_together() -> None:
    assert coordinated(asked("研究者和其他人", unit("研究者"), unit("其他人", telling=False))) == []


def test_each_thing_asked_about_together_is_covered(documents: Documents) -> None:
    first, second, other = documents.add(
        "a", "研究者应当在24小时内报告。", "监查员须按时核对温度。", "申办者须在15日上报国家局。"
    )
    bar = 5.0 - SETTINGS.keep_within
    low = bar - SETTINGS.together_bonus / 2
    ranked = [scored(first, 5.0), scored(second, bar + 0.5), scored(other, low)]
    assert choose(documents, BOTH, *ranked)[1] == other.text
    assert other.text not in choose(documents, DURATION, *ranked)


# --- versions, languages --------------------------------------------------------------------------


def old_and_new(documents: Documents, gap: float) -> tuple[list[Scored], str, str]:
    [old] = documents.add("a", "应当在30日内答复申请人。", status="superseded")
    [new] = documents.add("b", "答复的期限为20个工作日。", status="effective")
    return [scored(old, 9.0), scored(new, 9.0 - gap)], old.text, new.text


def test_an_outdated_text_speaks_only_when_nothing_in_force_is_close(documents: Documents) -> None:
    ranked, _, new = old_and_new(documents, 1.0)
    assert choose(documents, DURATION, *ranked) == [new]
    ranked, old, new = old_and_new(documents, 50.0)
    assert choose(documents, DURATION, *ranked) == [old]
    assert choose(documents, DURATION, ranked[0]) == [old]


def test_what_is_in_force_does_not_speak_for_what_answers_nothing(documents: Documents) -> None:
    ranked, old, _ = old_and_new(documents, 1.0)
    ranked[1] = scored(ranked[1].sentence, 8.0, wants_met=False)
    assert choose(documents, DURATION, *ranked) == [old]


def test_an_older_version_may_be_asked_for(documents: Documents) -> None:
    ranked, old, _ = old_and_new(documents, 1.0)
    assert choose(documents, asked("旧版多久答复？", older=True), *ranked)[0] == old


def test_the_translation_in_the_same_document_is_left_out(documents: Documents) -> None:
    chinese, english = documents.add("a", "应当在24小时内报告。", "Report within 24 hours.")
    [elsewhere] = documents.add("b", "Reports are due within a day.")
    ranked = [scored(chinese, 5.0), scored(english, 4.9), scored(elsewhere, 4.8)]
    assert choose(documents, DURATION, *ranked) == [chinese.text, elsewhere.text]
    ranked = [scored(english, 5.0), scored(chinese, 4.9)]
    assert choose(documents, DURATION, *ranked) == [english.text]


def test_another_fact_in_the_other_language_is_no_translation(documents: Documents) -> None:
    chinese, english = documents.add(
        "a", "应当在24小时内报告。", "The sponsor replies within 15 working days."
    )
    ranked = [scored(chinese, 5.0), scored(english, 4.9)]
    assert choose(documents, DURATION, *ranked) == [chinese.text, english.text]


# --- lists ----------------------------------------------------------------------------------------


def test_a_lead_in_brings_its_items(documents: Documents) -> None:
    lead, *_ = documents.add(
        "a",
        "应当递交以下文件：",
        "（一）方案；",
        "（二）知情同意书；",
        "此外另行通知。",
        kinds="piip",
    )
    assert choose(documents, LIST, scored(lead)) == [
        "应当递交以下文件：",
        "（一）方案；",
        "（二）知情同意书；",
    ]


def test_an_item_brings_its_fellows_when_a_list_is_asked_for(documents: Documents) -> None:
    _, _, item, _ = documents.add(
        "a",
        "应当递交以下文件：",
        "（一）方案；",
        "（二）知情同意书；",
        "（三）手册。",
        kinds="piii",
    )
    assert choose(documents, LIST, scored(item)) == [
        "应当递交以下文件：",
        "（一）方案；",
        "（二）知情同意书；",
        "（三）手册。",
    ]


def test_an_item_stands_alone_when_no_list_is_asked_for(documents: Documents) -> None:
    _, _, item = documents.add(
        "a", "报告时限如下：", "死亡的：7日内；", "其他的：15日内。", kinds="pii"
    )
    assert choose(documents, DURATION, scored(item)) == ["其他的：15日内。"]


def test_of_a_list_only_the_items_of_the_kind_asked_for(documents: Documents) -> None:
    lead, *_ = documents.add(
        "a", "报告要求如下：", "死亡的：7日内；", "用原件；", "其他的：15日内。", kinds="piii"
    )
    assert choose(documents, DURATION, scored(lead, wants_met=False)) == [
        "报告要求如下：",
        "死亡的：7日内；",
        "其他的：15日内。",
    ]


def test_a_lead_in_must_be_about_what_was_asked(documents: Documents) -> None:
    lead, *_ = documents.add("a", "报告要求如下：", "死亡的：7日内；", kinds="pi")
    bar = SETTINGS.min_lead_coverage
    assert choose(documents, DURATION, scored(lead, wants_met=False, own=bar - 0.01)) == []
    assert choose(documents, DURATION, scored(lead, wants_met=False, own=bar + 0.01)) != []


def test_a_question_for_no_kind_in_particular_is_answered_by_the_whole_list(
    documents: Documents,
) -> None:
    lead, *_ = documents.add("a", "样本库的职责如下：", "用原件；", "保存15年。", kinds="pii")
    assert choose(documents, PLAIN, scored(lead)) == [
        "样本库的职责如下：",
        "用原件；",
        "保存15年。",
    ]


def test_a_list_is_one_statement(documents: Documents) -> None:
    lead, *_ = documents.add("a", "应递交以下文件：", "（一）方案；", "（二）手册。", kinds="pii")
    found = selected(documents, LIST, [scored(lead, 2.0), *different(documents, 9, "b")], SHORT)
    assert found.leading == 4
    assert len(found.sentences) == 5


def test_a_colon_inside_a_paragraph_leads_no_items(documents: Documents) -> None:
    first, *_ = documents.add("a", "文件如下：见附件。", "（一）方案；", kinds="pi")
    short = type(first)(first.hit, 0, 0, 5, "文件如下：")
    assert choose(documents, LIST, scored(short)) == ["文件如下："]


def test_a_lead_in_whose_items_do_not_answer_is_left_out(documents: Documents) -> None:
    lead, *_ = documents.add("a", "报告要求如下：", "用原件；", "盖公章。", kinds="pii")
    assert choose(documents, DURATION, scored(lead, wants_met=False)) == []


def test_a_lead_in_whose_items_do_not_answer_hides_no_answer(documents: Documents) -> None:
    lead, *_ = documents.add("a", "报告要求如下：", "用原件；", "盖公章。", kinds="pii")
    [answer] = documents.add("b", "应当在24小时内报告。")
    ranked = [scored(lead, 9.0, wants_met=False), scored(answer, 1.0)]
    assert choose(documents, DURATION, *ranked) == [answer.text]


def test_a_list_is_cut_at_the_allowed_length(documents: Documents) -> None:
    names = ["".join(chr(0x4E00 + 97 * n + k) for k in range(8)) for n in range(30)]
    items = [f"（{n}）{name}；" for n, name in enumerate(names, start=1)]
    lead, *_ = documents.add("a", "应当递交以下文件：", *items, kinds="p" + "i" * 30)
    chosen = choose(documents, LIST, scored(lead))
    assert chosen == ["应当递交以下文件：", *items[: SETTINGS.max_list_items]]


def test_numbered_paragraphs_are_items_too(documents: Documents) -> None:
    lead, *_ = documents.add("a", "应当递交以下文件：", "1. 方案；", "2. 手册。", "由机构存档。")
    assert choose(documents, LIST, scored(lead)) == ["应当递交以下文件：", "1. 方案；", "2. 手册。"]


def test_items_that_differ_in_one_character_are_all_shown(documents: Documents) -> None:
    items = ["甲类样本2年；", "乙类样本2年；", "丙类样本2年。"]
    lead, *_ = documents.add("a", "保存期限如下：", *items, kinds="piii")
    assert choose(documents, LIST, scored(lead)) == ["保存期限如下：", *items]


# --- properties -----------------------------------------------------------------------------------

_wordings = [
    "应当在{}日内报告",
    "由{}名管理员核对温度",
    "第{}类样本库设专职人员",
    "Report within {} days",
]
_sentences = st.builds(
    lambda wording, number, end: wording.format(number) + end,
    st.sampled_from(_wordings),
    st.integers(1, 4),
    st.sampled_from(["。", "：", "；"]),
)
_made = st.lists(
    st.tuples(
        st.lists(st.tuples(_sentences, st.sampled_from("pi")), min_size=1, max_size=6),
        st.sampled_from(["effective", "superseded", "draft"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=120, deadline=None)
@given(_made, st.data())
def test_whatever_is_found(
    made: list[tuple[list[tuple[str, str]], str]], data: st.DataObject
) -> None:
    documents, found = Documents(), []
    for number, (sentences, status) in enumerate(made):
        texts = [text for text, _ in sentences]
        kinds = "".join(kind for _, kind in sentences)
        found += documents.add(str(number), *texts, kinds=kinds, status=status)
    ranked = sorted(
        (scored(s, data.draw(st.floats(-4, 4)), wants_met=data.draw(st.booleans())) for s in found),
        key=lambda one: -one.score,
    )
    about = data.draw(st.sampled_from([DURATION, LIST, PLAIN, BOTH]))
    selection = selected(documents, about, ranked, SHORT)
    places = [(s.hit.document.id, s.block, s.start) for s in selection.sentences]
    assert len(places) == len(set(places))  # no place twice
    items = SHORT.max_list_items + 1
    assert selection.leading <= len(selection.sentences)
    assert selection.leading <= SHORT.max_statements * items
    assert len(selection.sentences) <= (SHORT.max_statements + SHORT.max_details) * items
    assert bool(selection.leading) == bool(selection.sentences)
    if any(answers(one) for one in ranked) and not selection.sentences:
        pytest.fail("a sentence answers and none is shown")
    alone = [s for s in selection.sentences if s.hit.chunk.kind != "table"]
    texts = [compare_form(s.text) for s in alone]
    if "i" not in "".join(kind for sentences, _ in made for _, kind in sentences):
        assert len(texts) == len(set(texts))  # nor the same words; items of a list may
    for one in selection.sentences:
        assert one.text in documents.read(one.hit, one.block, 1)[0][1].text
