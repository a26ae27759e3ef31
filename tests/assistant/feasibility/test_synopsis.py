"""Synopses: what is read, and that a fault is told with its field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from assistant.feasibility import synopsis as module
from assistant.feasibility.reading import BadSynopsis, checked_synopsis, load_synopsis
from assistant.feasibility.synopsis import Synopsis, phase_of, step_keys

LEAST = {"title": "t", "condition": "心力衰竭", "product": "drug"}


def design(**changes: Any) -> dict[str, Any]:
    return {"method": "two_proportions", "inputs": {"p1": 0.5, "p2": 0.6, "power": 0.8}} | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"product": "dru"}, "product"),
        ({"titel": "x"}, "titel: there is no such field; did you mean title?"),
        ({"title": ""}, "title"),
        ({"phase": "5"}, "phase"),
        ({"enrolment": {"month": 5}}, "enrolment.months: is missing"),
        ({"enrolment": {"months": 5, "rate": 1}}, "enrolment: sites and rate go together"),
        ({"enrolment": {"months": float("inf")}}, "enrolment.months"),
        ({"timeline": {"start": "2027-13-01"}}, "timeline.start"),
        ({"timeline": {"start": "2027-01-01", "steps": {"etics": 1}}}, "timeline.steps.etics"),
        ({"cohort": {}}, "cohort: give one of criteria"),
        ({"design": [design(method="two_propotions")]}, "design.0.method: there is no method"),
        ({"design": [design(inputs={"px": 1})]}, "design.0.inputs.px"),
        ({"design": [design(inputs={"p1": 65, "p2": 0.5})]}, "design.0.inputs.p1"),
        ({"design": [design(inputs={"p1": 0.5})]}, "design.0.inputs.p2: is missing"),
        ({"design": [design(sensitivity=[{"vary": "x", "values": [1, 2]}])]},
         "design.0.sensitivity.0.vary"),
        ({"design": [design(primary=True), design(primary=True)]}, "only one calculation"),
        ({"sites": {"top": 0}}, "sites.top"),
        ({"competing": {"phases": ["x"]}}, "competing.phases"),
    ],
)  # fmt: skip
def test_a_fault_names_its_field_in_one_sentence(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadSynopsis, match=re.escape(field)) as told:
        checked_synopsis(LEAST | changes, "s.yaml")
    assert str(told.value).startswith("s.yaml: ") and "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["title", "condition", "product"])
def test_what_is_needed_is_told(name: str) -> None:
    given = {key: value for key, value in LEAST.items() if key != name}
    with pytest.raises(BadSynopsis, match=f"{name}: is missing"):
        checked_synopsis(given, "s.yaml")


@pytest.mark.parametrize(
    "text", ["title: [", "- a\n- b\n", "", "a: &x 1\nb: *x\n", "title: \x07\n", "{"]
)
def test_what_is_no_yaml_of_a_synopsis_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSynopsis):
        load_synopsis(path)


def test_a_file_that_is_not_there_or_of_another_kind(tmp_path: Path) -> None:
    for name in ("no.yaml", "s.pdf"):
        with pytest.raises(BadSynopsis, match=name):
            load_synopsis(tmp_path / name)


def test_json_and_toml_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"title": "t", "condition": "c", "product": "ivd"}')
    (tmp_path / "s.toml").write_text('title = "t"\ncondition = "c"\nproduct = "ivd"\n')
    read = [load_synopsis(tmp_path / name) for name in ("s.json", "s.toml")]
    assert read[0] == read[1] and read[0].digest == read[1].digest


@pytest.mark.parametrize(
    ("said", "phase"),
    [("III期", "3"), ("Ⅲ期", "3"), ("Phase II", "2"), (3, "3"), ("II/III", "2/3"), ("be", "be")],
)
def test_phases_are_read_as_they_are_written(said: object, phase: str) -> None:
    assert phase_of(said) == phase


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(sorted(Synopsis.model_fields)), inner,
                                      max_size=4), max_leaves=12))  # fmt: skip
def test_anything_is_read_or_refused(value: Any) -> None:
    try:
        checked_synopsis(value, "s.yaml")
    except BadSynopsis as error:
        assert "\n" not in str(error)


def test_every_field_is_described_and_documented(repo: Path) -> None:
    page = (repo / "docs/feasibility/synopsis.md").read_text(encoding="utf-8")
    models = [m for m in vars(module).values()
              if isinstance(m, type) and issubclass(m, BaseModel)
              and m.__module__ == module.__name__]  # fmt: skip
    for model in models:
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name}"
            assert f"`{name}`" in page, f"{model.__name__}.{name}"
    for key in step_keys():
        assert f"`{key}`" in page, key


def test_the_example_is_a_synopsis(repo: Path) -> None:
    read = load_synopsis(repo / "docs/examples/synopsis.yaml")
    assert read.phase == "3" and read.design[0].primary
    page = (repo / "docs/feasibility/synopsis.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", page, re.S):
        checked_synopsis(yaml.safe_load(block), "docs")


@pytest.mark.parametrize(("name", "value"), [("power", 90), ("power", "90%"), ("dropout", 20)])
def test_a_percentage_is_told_how_to_be_written(name: str, value: object) -> None:
    inputs = {"p1": 0.8, "p2": 0.6, "power": 0.8} | {name: value}
    given = {"title": "t", "condition": "c", "product": "drug"}
    with pytest.raises(BadSynopsis, match=f"design.0.inputs.{name}: .*20% is 0.2"):
        checked_synopsis(given | {"design": [{"method": "two_proportions", "inputs": inputs}]}, "t")
