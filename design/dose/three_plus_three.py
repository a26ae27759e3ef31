"""The 3+3 design: its exact operating characteristics by enumeration of what can happen."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field

from design.dose.inputs import Rates
from design.registry import calculator
from design.result import Outcome


@calculator(
    reference="Storer BE. Design and analysis of phase I clinical trials. Biometrics "
    "1989;45:925-937; Lin Y, Shih WJ. Statistical properties of the traditional algorithm-based "
    "designs for phase I cancer clinical trials. Biostatistics 2001;2:203-215",
    formula="a dose of rate p is passed with probability q^3 + 3 p q^2 q^3, q = 1 - p; the MTD is "
    "the dose below the first that is not passed",
)
def three_plus_three(
    *,
    rates: Rates,
    six_at_mtd: Annotated[
        bool,
        Field(
            description="Treat six patients at the dose before it is recommended, and go down "
            "when two or more of them have a DLT. 推荐剂量须有 6 例"
        ),
    ] = True,
) -> Outcome:
    """How a 3+3 trial ends when the true DLT rates are ``rates``: exact, not simulated.

    Escalate with 0 of 3 or 1 of 6 DLT; three more patients with 1 of 3; else go no higher.
    """
    doses = len(rates)
    clean = [(1 - p) ** 3 for p in rates]
    one = [3 * p * (1 - p) ** 2 for p in rates]
    passed = [clean[i] * (1 + one[i]) for i in range(doses)]
    chosen = [0.0] * (doses + 1)  # chosen[0]: no dose
    stopped = [0.0] * doses
    patients = [0.0] * doses
    toxic = [0.0] * doses
    reach = 1.0
    for i in range(doses + 1):
        # the trial ends on the way up at dose i (index), or has passed them all
        ends = reach * (1 - passed[i]) if i < doses else reach
        if i < doses:
            stopped[i] = ends
            patients[i] += reach * (3 + 3 * one[i])
            toxic[i] += reach * (3 + 3 * one[i]) * rates[i]
        _come_down(i, ends, six_at_mtd, (rates, clean, one, passed), chosen, patients, toxic)
        if i < doses:
            reach *= passed[i]
    outputs = {
        "rules_n": [3, 6],
        "rules_escalate_at_most": [0, 1],
        "rules_three_more_at": [1, None],
        "rules_stop_at_least": [2, 2],
        "probability_mtd": chosen[1:],
        "probability_none": chosen[0],
        "probability_stop": stopped,
        "probability_pass": passed,
        "expected_patients": patients,
        "expected_dlt": toxic,
        "expected_n": sum(patients),
        "expected_dlt_total": sum(toxic),
    }
    best = max(range(doses), key=lambda i: chosen[i + 1])
    values = {"best": best + 1, "best_rate": rates[best], "best_chance": chosen[best + 1]}
    said = ("three_plus_three", "six_at_mtd" if six_at_mtd else "three_at_mtd")
    warned = ("not_rising",) if any(b < a for a, b in pairwise(rates)) else ()
    return Outcome(outputs, "characteristics", said, warned, {"doses": doses} | values)


def _come_down(
    top: int,
    chance: float,
    six_at_mtd: bool,
    known: tuple[list[float], list[float], list[float], list[float]],
    chosen: list[float],
    patients: list[float],
    toxic: list[float],
) -> None:
    """From a dose that is too toxic (or from above the last), down to the one recommended.

    A dose passed with 1 of 6 has its six patients; one passed with 0 of 3 gets three more.
    """
    rates, clean, one, passed = known
    for j in range(top - 1, -1, -1):
        if not six_at_mtd or not passed[j]:
            chosen[j + 1] += chance
            return
        three_only = chance * clean[j] / passed[j]
        patients[j] += 3 * three_only
        toxic[j] += 3 * three_only * rates[j]
        fails = three_only * (1 - clean[j] - one[j])
        chosen[j + 1] += chance - fails
        chance = fails
    chosen[0] += chance
