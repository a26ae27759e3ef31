"""Statements about trial records, by rules."""

from __future__ import annotations

import pytest

from eval.verification.checker import judge, read_section

EVENTS = [
    "Adverse Events 1:",
    "  Total: 9/40 (22.50%)",
    "  Anaemia 5/40 (12.50%)",
    "  Syncope 1/40 (2.50%)",
    "  Vomiting * 20/40 (0.00%)",
    "Adverse Events 2:",
    "  Total: 3/20 (15.00%)",
    "  Anaemia 1/20 (5.00%)",
    "  Syncope 2/20 (10.00%)",
]
RESULTS = [
    "Outcome Measurement: ",
    "  Pathologic Complete Response",
    "  Percentage of participants without invasive cancer in the breast.",
    "Results 1: ",
    "  Arm/Group Title: Alphamab",
    "  Overall Number of Participants Analyzed: 40",
    "  Unit of Measure: percentage of participants  45.5        (30.0 to 61.0)",
    "Results 2: ",
    "  Arm/Group Title: Betamab",
    "  Overall Number of Participants Analyzed: 20",
    "  Unit of Measure: percentage of participants  32.3        (20.0 to 45.0)",
]
CRITERIA = [
    "Inclusion Criteria:",
    "  Histologically confirmed breast cancer",
    "  Life expectancy of at least 3 months",
    "Exclusion Criteria:",
    "  Prior treatment with trastuzumab",
]
ARMS = [
    "INTERVENTION 1: ",
    "  Drug A",
    "  Drug A 10 mg orally once daily",
    "INTERVENTION 2: ",
    "  Placebo",
    "  Placebo tablets orally once daily",
]


@pytest.mark.parametrize(
    ("statement", "lines", "decision"),
    [
        ("Anemia was the most common event in cohort 1 of the primary trial", EVENTS, "supported"),
        ("Anaemia was the most common event in the primary trial", EVENTS, "supported"),
        (
            "Anaemia was the most common event in cohort 1 and 2 of the primary trial",
            EVENTS,
            "contradicted",
        ),
        ("Syncope was the most common event in the primary trial", EVENTS, "contradicted"),
        (
            "There were more cases of syncope in cohort 2 of the primary trial than in cohort 1",
            EVENTS,
            "supported",
        ),
        ("There was one case of syncope in cohort 1 of the primary trial", EVENTS, "supported"),
        ("There were 4 cases of syncope in cohort 1 of the primary trial", EVENTS, "contradicted"),
        ("Most patients in the primary trial suffered from anaemia", EVENTS, "contradicted"),
        ("over 1/6 patients in cohort 2 suffered adverse events", EVENTS, "contradicted"),
        ("there is a 13.2% difference between the two cohorts", RESULTS, "supported"),
        ("there is a 12.3% difference between the two cohorts", RESULTS, "contradicted"),
        (
            "Alphamab resulted in a higher complete response than Betamab",
            RESULTS,
            "supported",
        ),
        ("Patients with prior trastuzumab treatment are eligible", CRITERIA, "contradicted"),
        ("Patients with prior trastuzumab treatment are excluded", CRITERIA, "supported"),
        ("Patients must have a life expectancy of at least 6 months", CRITERIA, "contradicted"),
        ("Participants do not receive any medication orally", ARMS, "contradicted"),
        ("Participants do not receive any medication by IV", ARMS, "supported"),
        ("Cohort 1 and 2 receive identical interventions", ARMS, "contradicted"),
        ("The weather was fine", ARMS, "undecided"),
    ],
)
def test_judgements(statement: str, lines: list[str], decision: str) -> None:
    assert judge(statement, {"primary": lines}).decision == decision


def test_two_trials_are_compared() -> None:
    other = ["Adverse Events 1:", "  Total: 0/5 (0.00%)", "  Syncope 0/5 (0.00%)"]
    records = {"primary": EVENTS, "secondary": other}
    more = "There are more cases of syncope in the primary trial than in the secondary trial"
    assert judge(more, records).decision == "supported"
    assert judge(more.replace("more", "fewer"), records).decision == "contradicted"
    none = "There are 3 cases of syncope in the primary trial and none in the secondary trial"
    assert judge(none, records).decision == "supported"


def test_a_count_that_its_percentage_denies_is_not_used() -> None:
    cohort = read_section(EVENTS).cohorts[0]
    assert "vomiting" not in cohort.counts and cohort.doubtful == {"vomiting"}
    assert cohort.total == (9, 40) and cohort.counts["anemia"] == (5, 40)


def test_one_false_clause_makes_the_statement_false() -> None:
    statement = (
        "Anaemia was the most common event in cohort 1, "
        "and syncope was the most common event in cohort 1"
    )
    found = judge(statement, {"primary": EVENTS})
    assert found.decision == "contradicted"
    assert [verdict for _, verdict in found.clauses] == [True, False]
