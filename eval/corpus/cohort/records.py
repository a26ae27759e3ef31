"""Diagnoses, prescriptions and measurements of the persons drawn before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.corpus.cohort.people import Days, People, Visits
from eval.corpus.cohort.settings import Assumptions

Numbers = NDArray[np.float64]
Indexes = NDArray[np.int64]
_UMOL_IN_MG = 88.42  # creatinine: umol/L in 1 mg/dL


@dataclass(frozen=True, slots=True)
class Spans:
    """Diagnoses or prescriptions: whose, which concept, from when to when."""

    person: Indexes
    key: NDArray[np.str_]
    start: Days
    end: Days


@dataclass(frozen=True, slots=True)
class Values:
    """Measurements: at which visit, which concept, the value and the unit it is reported in."""

    visit: Indexes
    key: NDArray[np.str_]
    value: Numbers
    unit: NDArray[np.str_]


def draw_conditions(
    given: Assumptions, people: People, levels: Mapping[str, Numbers], chance: np.random.Generator
) -> Spans:
    """The disease of the sub-cohort with its kind, and the other diseases.

    ``levels`` are the persons' own levels of measurements, on which some kinds depend.
    """
    found: list[tuple[Indexes, str, Days]] = []

    def add(who: NDArray[np.bool_], key: str, before: float = 0.0) -> None:
        rows = np.flatnonzero(who)
        lead = (chance.exponential(before, len(rows)) * 365.25).astype(np.int64) if before else 0
        found.append((rows, key, people.index[rows] - lead))

    cohort, draw = people.cohort, chance.random(len(people))
    nsclc = cohort == "nsclc"
    add(nsclc & (draw < 0.64), "lung_adenocarcinoma")
    add(nsclc & (draw >= 0.64) & (draw < 0.90), "lung_squamous")
    add(nsclc & (draw >= 0.90), "nsclc")
    add(nsclc & (draw < 0.64) & (chance.random(len(people)) < 0.42), "egfr_mutation")
    add(cohort == "t2dm", "t2dm", before=6.0)
    failing = cohort == "hf"
    add(failing & (levels["lvef"] < 41), "hfref", before=1.5)
    add(failing & (levels["lvef"] >= 50), "hfpef", before=1.5)
    add(failing & (levels["lvef"] >= 41) & (levels["lvef"] < 50), "hf", before=1.5)
    stroke = cohort == "stroke"
    add(stroke & (draw < 0.82), "cerebral_infarction")
    add(stroke & (draw >= 0.82), "ich")
    rheumatoid = cohort == "ra"
    add(rheumatoid & (draw < 0.72), "ra_seropositive", before=4.0)
    add(rheumatoid & (draw >= 0.72), "ra", before=4.0)
    renames = {"diabetes": "t2dm", "heart_failure": "hf"}
    for name, settings in given.cohorts.items():
        for disease, share in settings["comorbid"].items():
            who = (cohort == name) & (chance.random(len(people)) < share)
            add(who, renames.get(disease, disease), before=3.0)
    person = np.concatenate([rows for rows, _, _ in found])
    key = np.concatenate([np.full(len(rows), name) for rows, name, _ in found])
    start = np.concatenate([days for _, _, days in found])
    order = np.lexsort((key, start, person))
    return Spans(person[order], key[order], start[order], start[order])


def draw_drugs(given: Assumptions, people: People, chance: np.random.Generator) -> Spans:
    """Prescriptions as one exposure a drug, within the time a person is observed."""
    found: list[tuple[Indexes, str, Days, Days]] = []
    for name, drugs in given.drugs.items():
        own = people.cohort == name
        for drug, (share, days) in drugs.items():
            rows = np.flatnonzero(own & (chance.random(len(people)) < share))
            room = people.end[rows] - people.index[rows]
            # Most are started at the first visit, some later.
            late = np.where(chance.random(len(rows)) < 0.7, 0.0, chance.random(len(rows)))
            start = people.index[rows] + (late * 0.8 * room).astype(np.int64)
            length = np.maximum(chance.gamma(2.0, days / 2.0, len(rows)), 1).astype(np.int64)
            end = np.minimum(start + length - 1, people.end[rows])
            found.append((rows, drug, start, end))
    person = np.concatenate([rows for rows, *_ in found])
    key = np.concatenate([np.full(len(rows), name) for rows, name, *_ in found])
    start = np.concatenate([item[2] for item in found])
    end = np.concatenate([item[3] for item in found])
    order = np.lexsort((key, start, person))
    return Spans(person[order], key[order], start[order], end[order])


def own_levels(
    given: Assumptions, people: People, chance: np.random.Generator
) -> dict[str, Numbers]:
    """The level of each measurement that is a person's own; NaN outside its sub-cohorts."""
    levels: dict[str, Numbers] = {}
    for name, settings in given.measures.items():
        level = np.full(len(people), np.nan)
        rows = np.flatnonzero(np.isin(people.cohort, settings["on"]))
        level[rows] = _first(settings, people.cohort[rows], chance)
        levels[name] = level
    # Kidneys age: ln creatinine rises by half a percent a year; women have a fifth less.
    age = people.ages
    levels["creatinine"] *= np.exp(0.005 * (age - 62)) * np.where(people.male, 1.08, 0.86)
    levels["haemoglobin"] += np.where(people.male, 7, -7)
    return levels


def _first(
    settings: Mapping[str, Any], cohorts: NDArray[np.str_], chance: np.random.Generator
) -> Numbers:
    shifts = settings.get("shift", {})
    shift = np.array([shifts.get(name, 0.0) for name in cohorts])
    count, own = len(cohorts), float(settings["own"]) ** 0.5
    if "classes" in settings:
        values, shares = zip(*settings["classes"], strict=True)
        return np.asarray(chance.choice(np.array(values, float), count, p=shares))
    if "mixture" in settings:
        parts = np.array(settings["mixture"])
        part = chance.choice(len(parts), count, p=parts[:, 0])
        return np.asarray(chance.normal(parts[part, 1], parts[part, 2]))
    if "lognormal" in settings:
        mean, sd = settings["lognormal"]
        return np.asarray(np.exp(mean + shift + own * sd * chance.normal(size=count)))
    mean, sd = settings["normal"]
    return np.asarray(mean + shift + own * sd * chance.normal(size=count))


def draw_measurements(
    given: Assumptions, people: People, visits: Visits, levels: Mapping[str, Numbers],
    chance: np.random.Generator,
) -> Values:  # fmt: skip
    """Measurements at visits, with those left out that a site loses."""
    lost = np.array([site["lost"] for site in given.sites])[people.site]
    first = np.r_[True, visits.person[1:] != visits.person[:-1]]
    found: list[tuple[Indexes, str, Numbers, NDArray[np.str_]]] = []
    for name, settings in given.measures.items():
        never = chance.random(len(people)) < np.minimum(settings["missing"] * lost, 0.9)
        able = np.isin(people.cohort, settings["on"]) & ~never
        taken = able[visits.person] & (first | (chance.random(len(first)) < settings["every"]))
        rows = np.flatnonzero(taken)
        value = _again(settings, levels[name][visits.person[rows]], chance)
        value = np.round(value, settings["digits"])
        site = people.site[visits.person[rows]]
        reported, unit = _in_units_of(given, name, value, site)
        found.append((rows, name, reported, unit))
        if name == "creatinine":
            who = visits.person[rows]
            years = (visits.day[rows] - people.birth[who]) / 365.25
            rate = np.round(ckd_epi_2021(value / _UMOL_IN_MG, years, people.male[who]), 0)
            found.append((rows, "egfr", rate, np.full(len(rows), "")))
    visit = np.concatenate([item[0] for item in found])
    key = np.concatenate([np.full(len(item[0]), item[1]) for item in found])
    values = np.concatenate([item[2] for item in found])
    unit = np.concatenate([item[3] for item in found])
    order = np.lexsort((key, visit))
    return Values(visit[order], key[order], values[order], unit[order])


def _again(settings: Mapping[str, Any], level: Numbers, chance: np.random.Generator) -> Numbers:
    """A person's own level as it is measured on one day."""
    rest = (1 - float(settings["own"])) ** 0.5
    value = level
    if "lognormal" in settings:
        value = level * np.exp(rest * settings["lognormal"][1] * chance.normal(size=len(level)))
    elif "normal" in settings:
        value = level + rest * settings["normal"][1] * chance.normal(size=len(level))
    elif "mixture" in settings:
        value = level + rest * 6.0 * chance.normal(size=len(level))
    low, high = settings.get("range", (-np.inf, np.inf))
    return np.asarray(np.clip(value, low, high))


def _in_units_of(
    given: Assumptions, name: str, value: Numbers, site: Indexes
) -> tuple[Numbers, NDArray[np.str_]]:
    """Values as their sites report them; the unit is ``""`` where it is the usual one."""
    unit = np.full(len(value), "", dtype="U12")
    shown = value.copy()
    for number, settings in enumerate(given.sites):
        other = settings["units"].get(name)
        if other is not None:
            here = site == number
            unit[here] = other
            shown[here] = CONVERSIONS[name, other](value[here])
    return shown, unit


CONVERSIONS = {
    ("creatinine", "mg/dL"): lambda value: np.round(value / _UMOL_IN_MG, 2),
    # 1 pmol/L of NT-proBNP (8,457 g/mol) is 8.457 pg/mL.
    ("nt_probnp", "pmol/L"): lambda value: np.round(value / 8.457, 1),
    # NGSP % = 0.09148 × IFCC mmol/mol + 2.152 (Hoelzel et al., Clin Chem 2004;50:166-174).
    ("hba1c", "mmol/mol"): lambda value: np.round((value - 2.152) / 0.09148, 0),
}


def ckd_epi_2021(creatinine: Numbers, age: Numbers, male: NDArray[np.bool_]) -> Numbers:
    """Estimated GFR in mL/min/1.73 m2 from creatinine in mg/dL and age in years.

    CKD-EPI 2021 without race (Inker et al., N Engl J Med 2021;385:1737-1749).
    """
    kappa = np.where(male, 0.9, 0.7)
    alpha = np.where(male, -0.302, -0.241)
    ratio = creatinine / kappa
    rate = 142 * np.minimum(ratio, 1) ** alpha * np.maximum(ratio, 1) ** -1.2 * 0.9938**age
    return np.asarray(rate * np.where(male, 1.0, 1.012))
