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
