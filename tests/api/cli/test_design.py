"""``xinglin design`` as a user types it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.app import app
from api.cli.design import read_value
from design import BadDesign
from ingest.errors import BadInput

GIVEN = ["design", "two-proportions", "--p1", "65%", "--p2", "0.85", "--power", "80%"]
GOLD = 'id,method,inputs,output,expected,tolerance,note\nA,{m},"{i}",n_per_arm,{e},0,\n'


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_a_method_prints_sentence_conventions_and_the_command_again() -> None:
    told = run(*GIVEN)
    assert "70 例" in told and "双侧" in told
    assert "xinglin design two-proportions --p1 0.65" in told
    assert "70 and 70 patients" in run(*GIVEN, "--lang", "en")


def test_json_is_the_whole_result() -> None:
    found = json.loads(run(*GIVEN, "--dropout", "0.1", "--json"))
    assert found["outputs"]["n_per_arm_with_dropout"] == 78
    assert found["inputs"]["sides"] == 2 and found["reference"]


def test_the_command_of_a_result_gives_it_again() -> None:
    first = json.loads(run(*GIVEN, "--json"))
    words = first["call"].split()
    assert words[0] == "xinglin"
    assert json.loads(run(*words[1:], "--json")) == first


def test_inputs_may_be_given_as_json() -> None:
    whole = json.dumps({"p1": 0.65, "p2": 0.85, "power": 0.8})
    assert "70" in run("design", "two_proportions", "--inputs", whole)
    with pytest.raises(BadDesign, match="not JSON"):
        run("design", "two_proportions", "--inputs", "{")


def test_help_names_inputs_choices_and_what_is_needed() -> None:
    told = " ".join(run("design", "two-proportions", "--help").replace("│", " ").split())
    assert "--p1" in told and "(needed)" in told
    assert "One of unpooled, pooled" in told


def test_values_are_read_as_they_are_written() -> None:
    assert read_value("0.5, 1") == [0.5, 1]
    assert read_value("[0.5, 1]") == [0.5, 1]
    assert read_value("12.5%") == 0.125
    assert read_value("abc%") == "abc%"
    assert read_value("pooled") == "pooled"


def test_list_names_methods_by_family() -> None:
    assert "two_proportions" in run("design", "list", "--family", "proportions")
    with pytest.raises(BadDesign, match="no method of family 'astrology'; there are agreement"):
        run("design", "list", "--family", "astrology")
    names = [entry["name"] for entry in json.loads(run("design", "list", "--json"))]
    assert "two_proportions" in names


def test_verify_prints_rows_and_writes_the_report(tmp_path: Path) -> None:
    inputs = json.dumps({"p1": 0.65, "p2": 0.85, "power": 0.8}).replace('"', '""')
    gold, report = tmp_path / "gold.csv", tmp_path / "report.md"
    gold.write_text(GOLD.format(m="two_props_z_unpooled", i=inputs, e=70), encoding="utf-8")
    assert "1 agree" in run("design", "verify", str(gold), "--report", str(report))
    assert "xinglin design two-proportions" in report.read_text(encoding="utf-8")
    found = json.loads(run("design", "verify", str(gold), "--json"))
    assert (found["rows"], found["agree"], found["disagree"], found["unsupported"]) == (1, 1, 0, 0)
    with pytest.raises(BadDesign, match="cannot be read"):
        run("design", "verify", str(tmp_path / "none.csv"))


def test_a_curve_as_table_and_picture(tmp_path: Path) -> None:
    asked = ["design", "curve", "two-proportions", "--vary", "n1", "--values", "50..90/5"]
    asked += ["--output", "power", "--set", "p1=0.65", "--by", "p2=0.8,0.85"]
    rows = run(*asked).splitlines()
    assert rows[0] == "n1,power (p2 = 0.8),power (p2 = 0.85)" and len(rows) == 6
    run(*asked, "--svg", str(tmp_path / "c.svg"), "--mark", "0.8")
    assert "<svg" in (tmp_path / "c.svg").read_text(encoding="utf-8")
    with pytest.raises(BadDesign, match="neither LOW"):
        run(*[part if part != "50..90/5" else "many" for part in asked])
    with pytest.raises(BadDesign, match="NAME=VALUE"):
        run(*asked, "--set", "p3")


def test_a_sealed_list_is_written_once_and_never_printed(tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    asked = ["design", "randomise", "--arms", "试验组,对照组", "--n", "8", "--block-sizes", "4"]
    told = run(*asked, "--out", str(out))
    text = out.read_text(encoding="utf-8")
    assert hashlib.sha256(text.encode()).hexdigest() in told
    assert text.count("试验组") == 4 and "试验组" not in told
    seed = (tmp_path / "list.csv.seed").read_text(encoding="utf-8").strip()
    assert seed not in told and out.stat().st_mode & 0o077 == 0
    again = tmp_path / "again.csv"
    run(*asked, "--out", str(again), "--seed", seed)
    assert again.read_bytes() == out.read_bytes()
    with pytest.raises(BadInput, match="never overwritten"):
        run(*asked, "--out", str(out))
