"""Damaged files of every format go through the whole pipeline: each is read or refused in words.

No crash, no hang, nothing half published. 200 files by default, 2,000 with ``-m slow``; the seed
of a failing file stands in its name, so that it can be made again.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import BadInput
from ingest.loaders import FORMATS
from ingest.loaders.recognise import recognise
from ingest.options import ReadOptions
from ingest.parse import read_file
from ingest.pipeline import Outcome
from retrieval import Index
from tests.conftest import SHARED, BuildIndex
from tests.ingest.fuzz.mutations import mutate
from tests.ingest.fuzz.seeds import seeds
from tests.retrieval.checks import assert_whole

LONGEST_S = 20
LARGEST = 300_000  # bytes of a real file that is damaged
BUGS = ("internal error", "reader process", "took longer", "MB of memory", "cancelled")


def real_files(shared: Path) -> dict[str, bytes]:
    """Some small real files, a few of each ending."""
    found: dict[str, list[Path]] = {}
    for path in sorted((shared / "documents").rglob("*")):
        if path.is_file() and 0 < path.stat().st_size < LARGEST:
            found.setdefault(path.suffix.lower(), []).append(path)
    return {
        f"real{number}-{path.name}": path.read_bytes()
        for paths in found.values()
        for number, path in enumerate(paths[:3])
    }


def damaged(originals: dict[str, bytes], count: int, folder: Path) -> None:
    """Write damaged files; those of every original about equally often."""
    names = sorted(originals)
    for number in range(count):
        name = names[number % len(names)]
        data = mutate(originals[name], random.Random(number))
        (folder / f"{number:05}-{name}").write_bytes(data)


def check(folder: Path, index: Path, build_index: BuildIndex, ocr: str = "none") -> None:
    files = {path.name for path in folder.iterdir()}
    seen: dict[str, Outcome] = {}
    bugs: list[str] = []
    report = build_index(
        index,
        folder,
        jobs=2,
        file_timeout_s=LONGEST_S,
        ocr_page_timeout_s=LONGEST_S,
        mask_personal_data=True,
        ocr=ocr,
    )
    for outcome in report.outcomes:
        name = Path(outcome.path).name
        assert name not in seen
        seen[name] = outcome
        said = f"{name}: {outcome.detail}"
        assert outcome.detail is None or "\n" not in outcome.detail, said
        if any(bug in (outcome.detail or "") for bug in BUGS):
            bugs.append(said)
        if outcome.outcome in {"failed", "unsupported", "quarantined"}:
            assert outcome.detail, said
    assert bugs == []
    assert set(seen) == files
    with Index(index).read() as view:
        assert_whole(view)
        by_source: dict[str, int] = {}
        for document in view.documents:
            name = Path(document.source_path).name
            by_source[name] = by_source.get(name, 0) + 1
        published = {n: o.documents for n, o in seen.items() if o.outcome == "added"}
        assert by_source == published
    assert len(published) > len(files) / 10  # else nothing was tested but the refusal


def test_every_format_has_a_seed_that_is_read(tmp_path: Path) -> None:
    made = seeds(tmp_path)
    for name, data in made.items():
        assert recognise(name, data) in {Path(name).stem, "text"}, name
        if Path(name).stem == "legacy":  # to be read it takes LibreOffice
            with pytest.raises(BadInput):
                read_file(data, name, name, name)
        else:
            options = ReadOptions(ocr="rapidocr")
            assert read_file(data, name, name, name, options).documents, name
    assert {Path(name).stem for name in made} == set(FORMATS)


def test_damaged_files_are_read_or_refused(tmp_path: Path, build_index: BuildIndex) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    damaged(seeds(tmp_path), 200, folder)
    check(folder, tmp_path / "index", build_index)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_damaged_files_are_read_or_refused(tmp_path: Path, build_index: BuildIndex) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    originals = seeds(tmp_path) | (real_files(SHARED) if SHARED.is_dir() else {})
    damaged(originals, 2000, folder)
    check(folder, tmp_path / "index", build_index, ocr="rapidocr")


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(sorted({e for f in FORMATS.values() for e in f.endings})),
    st.sampled_from(["", "{", "[", "<", "<article><front>", '{"resourceType":"', "%PDF-1.7\n"]),
    st.text(max_size=300) | st.binary(max_size=300),
)
def test_anything_is_read_or_refused(ending: str, opening: str, rest: str | bytes) -> None:
    data = opening.encode() + (rest if isinstance(rest, bytes) else rest.encode("utf-8", "replace"))
    try:
        reading = read_file(data, f"any{ending}", f"any{ending}", f"/any{ending}")
    except BadInput as error:
        assert str(error).strip()
    else:
        assert reading.documents or reading.quarantined
