"""Cluster trials over several periods: stepped wedge, crossover, parallel with baseline."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy import special

from design.cluster.inputs import Clusters, Icc, Size
from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Alpha, Power, Probability, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import power_or_size, round_up

Array = npt.NDArray[np.float64]
_LIMIT = 100_000


@calculator(
    reference="Hussey MA, Hughes JP. Contemp Clin Trials 2007;28:182-191; Hooper R, Teerenstra S, "
    "de Hoop E, Eldridge S. Stat Med 2016;35:4718-4728 (nested exchangeable); Kasza J, Hemming K, "
    "Hooper R, Matthews JNS, Forbes AB. Stat Methods Med Res 2019;28:703-716 (decay)",
    formula="power = Phi(|d| / SE - z_a), SE^2 = treatment element of (sum X' V^-1 X)^-1 with "
    "fixed periods, V = SD^2 ((1 - ICC)/m I + ICC R), R_st = 1 (s = t), CAC or CAC^|s-t| (else)",
)
def stepped_wedge(
    *,
    difference: Annotated[float, Field(ge=-1e9, le=1e9, description="Treatment effect. 处理效应")]
    | None = None,
    sd: Annotated[float, Field(ge=1e-9, le=1e9, description="SD of a person. 标准差")]
    | None = None,
    p1: Probability | None = None,
    p2: Probability | None = None,
    icc: Icc,
    m: Size,
    layout: Annotated[
        Literal["stepped_wedge", "crossover", "parallel_baseline", "parallel"],
        Field(description="When clusters are treated. 设计"),
    ] = "stepped_wedge",
    steps: Annotated[
        int, Field(ge=1, le=100, description="Steps; without them: two sequences. 阶梯数")
    ] = 4,
    periods: Annotated[
        int,
        Field(
            ge=1,
            le=200,
            description="Periods; left out: steps + 1, or 2 (parallel: 1). 时期数",
        ),
    ]
    | None = None,
    layout_rows: Annotated[
        list[Annotated[list[Annotated[int, Field(ge=0, le=1)]], Field(max_length=200)]],
        Field(
            max_length=200,
            description="Sequences over periods, 1 = treated, instead of a layout. 设计矩阵",
        ),
    ]
    | None = None,
    clusters: Clusters | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    cac: Annotated[
        float,
        Field(ge=0, le=1, description="Cluster autocorrelation from period to period. 群自相关"),
    ] = 1.0,
    correlation: Annotated[
        Literal["nested", "decay"],
        Field(description="nested: the same between all periods; decay: CAC^|s-t|. 相关结构"),
    ] = "nested",
) -> Outcome:
    """Clusters, or the power of a number, of a cluster trial over periods (other persons in each).

    ``m`` is the persons a cluster and period, ``sd`` that of all of them; a binary outcome has
    ``p1`` (treated) and ``p2`` (control) instead of ``difference`` and ``sd``.
    """
    delta, variance = _effect(difference, sd, p1, p2)
    power_or_size(power, clusters=clusters)
    rows = _rows(layout, steps, periods, layout_rows)
    sequences = len(rows)
    covariance = variance * _correlations(rows.shape[1], icc, m, cac, correlation)
    z_alpha = float(special.ndtri(1 - alpha / sides))
    if clusters is None:
        assert power is not None
        one = _information(rows, np.ones(sequences), covariance)
        z = max(0.0, z_alpha + float(special.ndtri(power)))
        raw = sequences * (z / delta) ** 2 / one
        if raw > _LIMIT:
            raise BadDesign(f"more than {_LIMIT} clusters would be needed", "power")
        clusters = max(1, round_up(raw / sequences)) * sequences
        outputs: dict[str, Any] = {"clusters": clusters, "clusters_raw": raw}
        kind = "size"
    else:
        if clusters < sequences:
            raise BadDesign(
                f"{clusters} clusters do not fill the {sequences} sequences of the design",
                "clusters",
            )
        outputs = {"clusters": clusters}
        kind = "power"
    ends = np.ceil(np.arange(sequences + 1) * clusters / sequences - 1e-9)
    spread = np.diff(ends)
    information = _information(rows, spread, covariance)
    reached = float(special.ndtr(delta * math.sqrt(information) - z_alpha))
    outputs |= {
        "power_achieved" if kind == "size" else "power": reached,
        "standard_error": 1 / math.sqrt(information),
        "n_total": round_up(clusters * m * rows.shape[1]),
        "periods": int(rows.shape[1]),
        "sequences": sequences,
    }
    said = [sides_key(sides), "cross_sectional"]
    said.append("one_icc" if cac == 1 else correlation)
    if kind == "size":
        said.append("balanced_sequences")
    elif clusters % sequences:
        said.append("unbalanced_sequences")
    values = {
        "what_zh": _what(
            difference, sd, p1, p2, "效应 {:.6g}、标准差 {:.6g}", "率 {}%（处理）与 {}%"
        ),
        "what_en": _what(
            difference, sd, p1, p2, "Effect {:.6g}, SD {:.6g}", "Proportions {}% (treated) and {}%"
        ),
    }
    few = ("few_wedge_clusters",) if clusters < 10 else ()
    return Outcome(outputs, kind, tuple(said), few, values)


def _effect(
    difference: float | None, sd: float | None, p1: float | None, p2: float | None
) -> tuple[float, float]:
    """Effect and variance of one person."""
    if (p1 is None) != (p2 is None) or (difference is None) != (sd is None):
        raise BadDesign("give difference with sd, or p1 with p2", "difference")
    if (p1 is None) == (difference is None):
        raise BadDesign("give difference with sd, or p1 with p2", "difference")
    if p1 is not None and p2 is not None:
        mean = (p1 + p2) / 2
        delta, variance = abs(p1 - p2), mean * (1 - mean)
    else:
        assert difference is not None and sd is not None
        delta, variance = abs(difference), sd**2
    if delta < 1e-12:
        raise BadDesign("the effect is 0: there is nothing to detect", "difference")
    return delta, variance


def _what(
    difference: float | None,
    sd: float | None,
    p1: float | None,
    p2: float | None,
    means: str,
    proportions: str,
) -> str:
    if p1 is not None and p2 is not None:
        return proportions.format(f"{p1 * 100:.6g}", f"{p2 * 100:.6g}")
    return means.format(difference, sd)


def _rows(layout: str, steps: int, periods: int | None, given: list[list[int]] | None) -> Array:
    """Sequences over periods, 1 where treated."""
    if given is not None:
        if not given or len({len(row) for row in given}) != 1 or not given[0]:
            raise BadDesign("layout_rows must be rows of one length", "layout_rows")
        if len(given) > 200 or len(given[0]) > 200:
            raise BadDesign("layout_rows has more than 200 rows or columns", "layout_rows")
        return np.array(given, dtype=float)
    if layout == "stepped_wedge":
        columns = periods if periods is not None else steps + 1
        if columns < steps + 1:
            raise BadDesign(f"{steps} steps need {steps + 1} periods at least", "periods")
        return np.array([[float(t > s) for t in range(columns)] for s in range(steps)])
    columns = periods if periods is not None else (1 if layout == "parallel" else 2)
    if layout != "parallel" and columns < 2:
        raise BadDesign(f"layout {layout} needs 2 periods at least", "periods")
    if layout == "crossover":
        return np.array([[float((t + s) % 2) for t in range(columns)] for s in range(2)])
    treated = [float(layout == "parallel" or t > 0) for t in range(columns)]
    return np.array([[0.0] * columns, treated])


def _correlations(periods: int, icc: float, m: float, cac: float, kind: str) -> Array:
    """Covariance of the period means of a cluster, over the variance of a person."""
    lag = np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
    shared = cac**lag if kind == "decay" else np.where(lag == 0, 1.0, cac)
    return np.asarray(icc * shared + (1 - icc) / m * np.eye(periods))


def _information(rows: Array, clusters: Array, covariance: Array) -> float:
    """Inverse of the variance of the effect, adjusted for fixed periods."""
    precision = np.linalg.inv(covariance)
    total = clusters.sum()
    weighted = rows @ precision
    own = float(clusters @ np.einsum("st,st->s", weighted, rows))
    mean = clusters @ rows / total
    information: float = own - float(total) * float(mean @ precision @ mean)
    if not information > 1e-12 * max(own, 1e-300):
        raise BadDesign(
            "treatment and periods cannot be told apart in this design: some clusters must be "
            "treated while others are not",
            "layout_rows",
        )
    return information
