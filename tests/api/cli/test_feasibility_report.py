"""``xinglin feasibility sites``, ``competing``, ``enrolment`` and ``report``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run
from tests.assistant.feasibility.test_competing import RECORDS
from tests.conftest import BuildIndex

LEAST = "title: t\ncondition: 心力衰竭\nproduct: drug\n"
COMPETING = ("feasibility", "competing", "--condition")
ENROLMENT = ("feasibility", "enrolment", "--target", "100")
SITES = ("feasibility", "sites", "--condition")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, build_index: BuildIndex) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    lines = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
    (folder / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    build_index(folder / "index", folder / "records.jsonl")
    return folder / "index"


@pytest.fixture
def synopsis(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(LEAST + "timeline: {start: 2027-01-04}\nenrolment: {months: 12, sites: 8, "
                    "rate: 1, target: 60}\n", encoding="utf-8")  # fmt: skip
    return path


def test_sites_are_ranked_with_reasons(run: Run, tmp_path: Path) -> None:
    call = (*SITES, "心衰", "--months", "18", "--target", "100", "--eligible-share", "20%")
    text = run(*call, "--top", "2", "--svg", tmp_path / "s.svg").out
    assert "合成数据" in text and text.count("PI ") >= 2 and "启动" in text
    assert (tmp_path / "s.svg").read_text(encoding="utf-8").startswith("<svg")
    found = run(*call, "--json").json
    assert found["chosen"] and found["forecast"]["probability"] >= 0.8
    assert found["wanted"]["eligible_share"] == 0.2
    expected = [site["expected"] for site in found["sites"]]
    assert expected == sorted(expected, reverse=True)


def test_another_directory_is_read(run: Run, tmp_path: Path, repo: Path) -> None:
    for name in ("sites.csv", "site_experience.csv", "investigators.csv"):
        lines = (repo / "corpus/directory" / name).read_text(encoding="utf-8").splitlines()
        text = "\n".join([lines[0], *(x for x in lines[1:] if "SYN-S001" in x)])
        (tmp_path / name).write_text(text.replace("合成数据 SYNTHETIC", "ours"), encoding="utf-8")
    found = run(*SITES, "t2dm", "--months", "12", "--directory", tmp_path, "--json").json
    assert len(found["sites"]) == 1 and found["synthetic"] is False


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ((*SITES, "麻风", "--months", "1"), "no condition"),
        ((*SITES, "hf", "--months", "0"), "months"),
        ((*SITES, "hf", "--months", "1", "--eligible-share", "x"), "--eligible-share"),
        ((*SITES, "hf", "--months", "1", "--directory", "/nowhere"), "/nowhere"),
        ((*COMPETING, "x", "--from", "2027"), "from"),
        ((*COMPETING, "x", "--phase", "9"), "phase"),
        ((*COMPETING, "x", "--from", "2027-02-01", "--to", "2027-01-01"), "ends"),
        (ENROLMENT, "rate"),
        ((*ENROLMENT, "--rate", "-1"), "rate"),
        ((*ENROLMENT, "--observed", "/nowhere.csv"), "nowhere.csv"),
    ],
)
def test_what_cannot_be_used_ends_with_one_sentence(
    run: Run, call: tuple[str, ...], told: str
) -> None:
    result = run(*call)
    assert result.status == 2 and told in result.sentence


def test_competing_trials_are_listed(run: Run, registry: Path) -> None:
    call = (*COMPETING, "心力衰竭", "--region", "中国", "--from", "2026-06-01", "--to",
            "2028-06-30", "--index", registry)  # fmt: skip
    found = run(*call, "--json").json
    assert found["competing"] == 1 and found["snapshot"] and found["latest_update"]
    text = run(*call).out
    assert "ChiCTR2600000001" in text and "2026-03-05" in text and found["snapshot"] in text


def test_enrolment_from_rates_from_a_directory_and_from_data(run: Run, tmp_path: Path) -> None:
    found = run(*ENROLMENT, "--sites", "10", "--rate", "1", "--months", "12", "--json").json
    assert found["results"][0]["method"] == "enrolment_by_time"
    assert found["forecast"]["probability"] == found["results"][0]["outputs"]["probability"]
    prior = run(*ENROLMENT, "--months", "12", "--condition", "hf", "--json").json
    assert prior["rate_from"]["synthetic"] and prior["question"]["rate"] > 0
    data = tmp_path / "o.csv"
    data.write_text("site,enrolled,months\nA,5,6\nB,7,6\n", encoding="utf-8")
    text = run(*ENROLMENT, "--observed", data, "--months", "24", "--svg", tmp_path / "e.svg").out
    assert "已入组 12 例" in text and "enrolment-update" in text
    assert (tmp_path / "e.svg").exists()


def test_a_report_is_written_as_page_and_document(run: Run, synopsis: Path, tmp_path: Path) -> None:
    for name, start in (("r.html", b"<!doctype html>"), ("r.docx", b"PK")):
        result = run("feasibility", "report", synopsis, "-o", tmp_path / name)
        assert result.status == 0 and result.out.strip() == str(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)


def test_a_report_is_printed_and_is_json(run: Run, synopsis: Path, registry: Path) -> None:
    text = run("feasibility", "report", synopsis, "--index", registry, "--lang", "en").out
    assert "## Competing trials" in text and "ChiCTR2600000001" in text
    found = run("feasibility", "report", synopsis, "--index", registry, "--json").json
    assert found["record"]["snapshot"] and found["record"]["calls"][0].endswith("s.yaml")


def test_without_an_index_the_report_is_still_made(
    run: Run, synopsis: Path, tmp_path: Path
) -> None:
    call = ("feasibility", "report", synopsis, "--index", tmp_path / "none", "--json")
    found = {section["key"]: section["state"] for section in run(*call).json["sections"]}
    assert found["competing"] == "absent" and found["timeline"] == "done"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: [", "cannot be read"),
        (LEAST + "phase: 7\n", "phase"),
        (LEAST + "enrolment: {month: 3}\n", "enrolment.month"),
        (LEAST + "timeline: {start: 2027-02-30}\n", "timeline.start"),
    ],
)
def test_a_broken_synopsis_ends_with_its_field(
    run: Run, tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    result = run("feasibility", "report", path)
    assert result.status == 2 and told in result.sentence and "broken.yaml" in result.sentence


def test_other_formats_and_places_are_refused(run: Run, synopsis: Path, tmp_path: Path) -> None:
    assert ".docx" in run("feasibility", "report", synopsis, "-o", tmp_path / "r.pdf").sentence
    for name in ("no/r.html", "no/r.docx"):
        result = run("feasibility", "report", synopsis, "-o", tmp_path / name)
        assert result.status == 2 and "cannot be written" in result.sentence


def test_places_are_meant_from_the_synopsis(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/c.yaml").write_text("inclusion: [{age: {min: 18}}]\n", encoding="utf-8")
    path = tmp_path / "deep/s.yaml"
    path.write_text(LEAST + "cohort: {criteria_file: c.yaml}\n", encoding="utf-8")
    found = run("feasibility", "report", path, "--json").json
    cohort = next(section for section in found["sections"] if section["key"] == "cohort")
    assert cohort["state"] == "done" and cohort["numbers"]["remaining"]


def test_the_commands_of_a_report_give_its_numbers(run: Run, tmp_path: Path) -> None:
    import shlex

    path = tmp_path / "s.yaml"
    path.write_text(LEAST + "design:\n- {method: two_proportions, inputs: {p1: 0.8, p2: 0.6, "
                    "power: 0.8}, sensitivity: [{vary: p1, values: [0.75, 0.8]}]}\n"
                    "sites: {}\nenrolment: {months: 12}\n", encoding="utf-8")  # fmt: skip
    report = run("feasibility", "report", path, "--json").json
    sections = {section["key"]: section for section in report["sections"]}
    for call in report["record"]["calls"]:
        words = shlex.split(call)[1:]
        found = run(*words, *([] if "--json" in words else ["--json"]))
        assert found.status == 0, call
        if words[:2] == ["feasibility", "sites"]:
            assert found.json["probability"] == sections["sites"]["numbers"]["probability"]
            assert found.json["forecast"] == sections["enrolment"]["numbers"]
        if words[:2] == ["design", "two-proportions"] and "--power" in words:
            outputs = sections["sample_size"]["numbers"]["calculations"][0]["outputs"]
            assert found.json["outputs"] == outputs
