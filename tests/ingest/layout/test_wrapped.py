"""Wrapped cells are put together; rows of values are left alone."""

from ingest.layout.wrapped import mend_wrapped_rows


def test_sentences_that_go_on_in_both_cells_are_joined():
    rows = [
        ("To determine whether dapagliflozin is superior", "Time to the first occurrence of any"),
        ("to placebo, when added to standard of care.", "of this composite: CV death or HF visit."),
    ]
    assert mend_wrapped_rows(rows) == [
        (
            "To determine whether dapagliflozin is superior to placebo, when added to standard of "
            "care.",
            "Time to the first occurrence of any of this composite: CV death or HF visit.",
        )
    ]


def test_a_line_under_one_cell_only_is_joined():
    rows = [
        ("Title:", "patients with chronic heart failure and"),
        ("", "reduced ejection fraction."),
    ]
    assert mend_wrapped_rows(rows) == [
        ("Title:", "patients with chronic heart failure and reduced ejection fraction.")
    ]


def test_rows_of_values_stay_apart():
    rows = [
        ("Visit", "Day", "Dose"),
        ("1", "1", "10 mg"),
        ("2", "15", "20 mg"),
        ("x", "22", "n.a."),
    ]
    assert mend_wrapped_rows(rows) == rows


def test_labels_in_lower_case_stay_apart():
    rows = [("age", "years"), ("sex", "m/f"), ("weight", "kg")]
    assert mend_wrapped_rows(rows) == rows


def test_chinese_sentences_go_on_below_full_lines():
    rows = [
        ("4. 可能的融合", "骨组织桥接整个融合区，至少处"),
        ("", "于术中达到的密度。移植骨和椎"),
        ("", "体骨之间无透亮带"),
        ("5. 完全融合", "融合区的密度更高"),
    ]
    assert mend_wrapped_rows(rows) == [
        (
            "4. 可能的融合",
            "骨组织桥接整个融合区，至少处于术中达到的密度。移植骨和椎体骨之间无透亮带",
        ),
        ("5. 完全融合", "融合区的密度更高"),
    ]


def test_short_chinese_values_stay_apart():
    rows = [("性别", "男"), ("", "女"), ("年龄", "18至75岁")]
    assert mend_wrapped_rows(rows) == rows


def test_references_go_on_below_full_lines():
    rows = [
        ("P13-04190", "Miller A, Smith B. A trial of something in somebody and"),
        ("", "Somewhere else: results after one year of follow-up."),
        ("P16-01253", "Jones C. Another trial."),
    ]
    assert mend_wrapped_rows(rows)[0][1].endswith(
        "and Somewhere else: results after one year of follow-up."
    )
    assert len(mend_wrapped_rows(rows)) == 2
