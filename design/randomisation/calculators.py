"""The randomisation list and the next assignment of minimisation as calculators."""

from __future__ import annotations

from math import prod
from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign
from design.randomisation.lists import make_list
from design.randomisation.minimisation import Minimisation
from design.registry import calculator
from design.result import Outcome

_Name = Annotated[str, Field(min_length=1, max_length=80)]
Arms = Annotated[
    list[_Name], Field(min_length=2, max_length=10, description="Names of the arms. 各组名称")
]
Ratio = Annotated[
    list[Annotated[int, Field(ge=1, le=20)]],
    Field(min_length=2, max_length=10, description="Whole numbers, one an arm. 分配比例"),
]
Seed = Annotated[
    int | Annotated[str, Field(min_length=1, max_length=200)],
    Field(description="Text or number that the draws follow from; keep it sealed. 随机种子"),
]
Factors = Annotated[
    dict[_Name, Annotated[list[_Name], Field(max_length=1000)]],
    Field(max_length=10, description="Levels of each stratification factor. 分层因素及水平"),
]
_SHORT_SEED = 16


@calculator(
    reference="ICH E9 Statistical principles for clinical trials, 2.3.2; Efron B. Forcing a "
    "sequential experiment to be balanced. Biometrika 1971;58:403-417 (biased coin); Wei LJ. "
    "Ann Stat 1978;6:92-100 (urn)",
    formula="permuted blocks shuffled by Fisher-Yates; raw 64-bit words of PCG64, one stream a "
    "stratum, seeded by the SHA-256 digest of the seed; digest = SHA-256 of the list as CSV",
)
def randomisation_list(
    *,
    arms: Arms,
    n: Annotated[int, Field(ge=1, le=20_000, description="Rows of each stratum's list. 例数")],
    seed: Seed,
    ratio: Ratio | None = None,
    strata: Factors | None = None,
    scheme: Annotated[
        Literal["block", "simple", "biased_coin", "urn"], Field(description="How arms are drawn.")
    ] = "block",
    block_sizes: Annotated[
        list[Annotated[int, Field(ge=2, le=200)]],
        Field(max_length=10, description="Several are mixed at random; keep them sealed. 区组长度"),
    ]
    | None = None,
    probability: Annotated[
        float, Field(ge=0.5, le=1, description="Biased coin: chance of the arm behind.")
    ] = 2 / 3,
    urn_start: Annotated[int, Field(ge=1, le=100, description="Urn: balls at the start.")] = 1,
    urn_added: Annotated[int, Field(ge=0, le=100, description="Urn: balls added.")] = 1,
) -> Outcome:
    """A randomisation list, told by its digest; the rows come from ``make_list``, same inputs.

    The sentence is for the protocol: it names neither block sizes nor seed. The inputs are for
    the unblinded statistician.
    """
    made = make_list(
        arms,
        n,
        seed=seed,
        ratio=ratio,
        strata=strata,
        scheme=scheme,
        block_sizes=block_sizes or (),
        probability=probability,
        urn_start=urn_start,
        urn_added=urn_added,
    )
    counts = made.counts()
    outputs = {
        "rows": len(made.rows),
        "lists": prod(map(len, (strata or {}).values())),
        "arms": list(counts),
        "n_by_arm": list(counts.values()),
        "sha256": made.digest,
    }
    key = f"{scheme}_stratified" if strata else scheme
    values = {
        "ratio_said": ":".join(map(str, made.scheme.ratio)),
        "arms_said": "、".join(arms),
        "arms_said_en": ", ".join(arms),
        "factors": "、".join(strata or ()),
        "factors_en": ", ".join(strata or ()),
    }
    return Outcome(
        outputs,
        key,
        ("pcg64", "sealed"),
        _objections(made.scheme.name, seed, block_sizes, strata, n),
        values,
    )


@calculator(
    reference="Pocock SJ, Simon R. Sequential treatment assignment with balancing for prognostic "
    "factors in the controlled clinical trial. Biometrics 1975;31:103-115",
    formula="G_k = sum over factors of weight x imbalance of the patient's level were arm k given; "
    "the arm with the smallest G with the given probability, the others share the rest",
)
def minimisation_assignment(
    *,
    arms: Arms,
    factors: Factors,
    patient: Annotated[
        dict[_Name, _Name],
        Field(max_length=10, description="Level of each factor of the new patient."),
    ],
    history: Annotated[
        list[Annotated[dict[_Name, _Name], Field(max_length=11)]],
        Field(max_length=5000, description="Earlier patients: level of each factor, and arm."),
    ],
    seed: Seed,
    ratio: Ratio | None = None,
    weights: Annotated[
        dict[_Name, float], Field(max_length=10, description="Weight of a factor, 1 when left out.")
    ]
    | None = None,
    probability: Annotated[
        float, Field(gt=0, le=1, description="Chance of a preferred arm. 优先分配概率")
    ] = 0.8,
    measure: Annotated[
        Literal["range", "variance"], Field(description="Imbalance within a level.")
    ] = "range",
) -> Outcome:
    """The arm of the next patient by minimisation, with the imbalance that each arm would leave.

    An earlier patient is its levels and its ``arm``: ``{"sex": "F", "arm": "A"}``.
    """
    if "arm" in factors:
        raise BadDesign("a factor cannot be named arm", "factors")
    rule = Minimisation(
        tuple(arms), factors, seed, tuple(ratio or ()), weights or {}, probability, measure
    )
    earlier = []
    for number, one in enumerate(history, start=1):
        if "arm" not in one:
            raise BadDesign(f"patient {number} of history has no arm", "history")
        earlier.append(({k: v for k, v in one.items() if k != "arm"}, one["arm"]))
    found = rule.assign(patient, earlier)
    outputs = {
        "arm": found.arm,
        "number": len(history) + 1,
        "preferred": list(found.preferred),
        "imbalance": [found.imbalance[arm] for arm in arms],
        "chances": [found.chances[arm] for arm in arms],
    }
    warnings = ("deterministic",) if probability == 1 else ()
    return Outcome(outputs, "assigned", (f"minimisation_{measure}", "pcg64"), warnings)


def _objections(
    scheme: str,
    seed: str | int,
    block_sizes: list[int] | None,
    strata: dict[str, list[str]] | None,
    n: int,
) -> tuple[str, ...]:
    found = []
    if len(str(seed)) < _SHORT_SEED:
        found.append("short_seed")
    if scheme == "block" and len(set(block_sizes or ())) == 1:
        found.append("one_block_size")
    if scheme == "simple" and (strata or n < 200):
        found.append("simple_small")
    return tuple(found)
