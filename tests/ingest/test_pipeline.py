"""The pipeline end to end, with a sink in memory and loaders that misbehave on purpose."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import docx
import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.loaders import FORMATS
from ingest.pipeline import Known, Outcome, Parsed, Prepare, Report, ingest_paths
from ingest.settings import IngestSettings
from tests.ingest.loaders.test_legacy import locked

# Registered in each worker too: workers import this module to find ``prepare``.
MISBEHAVING = '''
import os, time
from ingest.errors import BadInput
from ingest.loaders import register

class Odd(Exception):
    """Cannot be rebuilt in another process."""
    def __init__(self, first, second):
        super().__init__(f"{first}\\n{second}")

def prepare(document, chunks):
    return [chunk.text for chunk in chunks]

def load(source):
    how = source.name.rpartition(".")[2]
    if how == "hang":
        time.sleep(600)
    if how == "die":
        os._exit(3)
    if how == "eat":
        bytearray(4 << 30)
    if how == "odd":
        raise Odd("first line", "second line")
    if how == "bug":
        raise KeyError("x" * 5000)
    raise BadInput("two\\nlines")

for how in ("hang", "die", "eat", "odd", "bug", "refuse"):
    register(how, f"text/x-{how}", (f".{how}",), __name__)
'''
TIMEOUT = 6.0
RULE = "第{}条 为了加强药品管理，保证药品质量，制定本法。"


@pytest.fixture(scope="module")
def misbehaving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("modules")
    (folder / "misbehaving_loaders.py").write_text(MISBEHAVING)
    known = dict(FORMATS)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("misbehaving_loaders")
    sys.path.remove(str(folder))
    FORMATS.clear()
    FORMATS.update(known)


class MemorySink:
    """Keeps what is published; ``publications`` counts how often."""

    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare
        self.documents: dict[str, Parsed] = {}
        self.publications = 0
        self.full_after = 10**9

    @property
    def prepare(self) -> Prepare:
        return self._prepare

    def _known(self) -> list[Known]:
        documents = (parsed.document for parsed in self.documents.values())
        return [Known((d.id,), d.sha256, d.source_path) for d in documents]

    def known_paths(self) -> Mapping[str, Known]:
        return {known.source_path: known for known in self._known()}

    def known_contents(self) -> Mapping[str, Known]:
        return {known.sha256: known for known in self._known()}

    def publish(self, add: list[Parsed], remove: list[str]) -> None:
        if self.publications >= self.full_after:
            raise OSError("the disk is full")
        self.publications += 1
        for document_id in remove:
            del self.documents[document_id]
        self.documents |= {parsed.document.id: parsed for parsed in add}

    def texts(self) -> dict[str, str]:
        """The prepared text of each document, by path."""
        return {p.document.path: "\n".join(p.prepared) for p in self.documents.values()}


@pytest.fixture
def sink(misbehaving: ModuleType) -> MemorySink:
    return MemorySink(misbehaving.prepare)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """``study/`` with two rules."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "a.txt").write_text(RULE.format("一"))
    (folder / "b.txt").write_text(RULE.format("二"))
    return folder


def ingest(sink: MemorySink, *paths: Path | str, **settings: object) -> Report:
    return ingest_paths(paths, sink, IngestSettings(**{"jobs": 1, **settings}))  # type: ignore[arg-type]


def outcomes(report: Report) -> dict[str, str]:
    """What happened to each file, by its name."""
    assert len({outcome.path for outcome in report.outcomes}) == len(report.outcomes)
    return {Path(outcome.path).name: outcome.outcome for outcome in report.outcomes}


def pdf(pages: int, text: str = "The primary endpoint is death from any cause.") -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for _ in range(pages):
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def word(text: str) -> bytes:
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(buffer)
    return buffer.getvalue()


def pdf_without_pages() -> bytes:
    buffer = io.BytesIO()
    pypdf.PdfWriter().write(buffer)
    return buffer.getvalue()


# ------------------------------------------------------------------------------- incremental


def test_new_files_are_added_and_published(sink: MemorySink, folder: Path) -> None:
    report = ingest(sink, folder)
    assert outcomes(report) == {"a.txt": "added", "b.txt": "added"}
    assert sink.texts() == {"study/a.txt": RULE.format("一"), "study/b.txt": RULE.format("二")}
    assert {outcome.id for outcome in report.outcomes} == set(sink.documents)
    assert [outcome.chunks for outcome in report.outcomes] == [1, 1]
    assert {parsed.data_path for parsed in sink.documents.values()} == set(folder.iterdir())


def test_unchanged_files_are_not_read_again(sink: MemorySink, folder: Path) -> None:
    ingest(sink, folder)
    (folder / "a.txt").touch()
    report = ingest(sink, folder, file_timeout_s=1e-6)
    assert outcomes(report) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    assert sink.publications == 1
    assert report.megabytes == 0


def test_a_changed_file_replaces_its_old_version(sink: MemorySink, folder: Path) -> None:
    ingest(sink, folder)
    (folder / "a.txt").write_text(RULE.format("九"))
    assert outcomes(ingest(sink, folder)) == {"a.txt": "updated", "b.txt": "unchanged"}
    assert sink.texts() == {"study/a.txt": RULE.format("九"), "study/b.txt": RULE.format("二")}
    assert len(sink.documents) == 2


def test_a_changed_file_that_cannot_be_read_keeps_its_old_version(
    sink: MemorySink, folder: Path
) -> None:
    ingest(sink, folder)
    before = sink.texts()
    (folder / "a.txt").write_bytes(b"")
    (outcome,) = ingest(sink, folder / "a.txt").outcomes
    assert outcome.outcome == "failed"
    assert outcome.id in sink.documents
    assert "the version indexed before is kept" in (outcome.detail or "")
    assert sink.texts() == before


def test_ids_are_the_same_in_another_index(
    sink: MemorySink, misbehaving: ModuleType, folder: Path
) -> None:
    other = MemorySink(misbehaving.prepare)
    ingest(sink, folder)
    ingest(other, folder, jobs=2)
    assert set(sink.documents) == set(other.documents)


def test_a_file_named_twice_is_read_once(sink: MemorySink, folder: Path) -> None:
    report = ingest(sink, folder, folder / "a.txt", folder)
    assert outcomes(report) == {"a.txt": "added", "b.txt": "added"}


def test_two_files_of_one_content_are_one_document(sink: MemorySink, folder: Path) -> None:
    (folder / "copy.txt").write_text(RULE.format("一"))
    (folder / "copy2.txt").write_text(RULE.format("一"))
    report = ingest(sink, folder)
    by_name = {Path(outcome.path).name: outcome for outcome in report.outcomes}
    assert outcomes(report) == {
        "a.txt": "added",
        "b.txt": "added",
        "copy.txt": "duplicate",
        "copy2.txt": "duplicate",
    }
    assert by_name["copy.txt"].id == by_name["a.txt"].id
    assert by_name["copy.txt"].detail == "same content as a.txt"
    assert outcomes(ingest(sink, folder))["copy.txt"] == "duplicate"
    assert len(sink.documents) == 2


def test_a_copy_is_read_when_the_first_of_its_kind_cannot_be(
    sink: MemorySink, folder: Path
) -> None:
    for name in ("notes.bak", "notes.old", "notes.txt", "notes2.txt"):
        (folder / name).write_text(RULE.format("三"))
    found = outcomes(ingest(sink, folder))
    assert found["notes.bak"] == found["notes.old"] == "unsupported"
    assert found["notes.txt"] == "added"
    assert found["notes2.txt"] == "duplicate"


def test_a_copy_of_the_version_just_replaced_is_added(sink: MemorySink, folder: Path) -> None:
    ingest(sink, folder)
    (folder / "a_v1.txt").write_text(RULE.format("一"))
    (folder / "a.txt").write_text(RULE.format("九"))
    assert outcomes(ingest(sink, folder))["a_v1.txt"] == "added"
    assert RULE.format("一") in sink.texts().values()


def test_a_file_that_was_moved_keeps_one_document_under_its_new_path(
    sink: MemorySink, folder: Path
) -> None:
    ingest(sink, folder)
    (folder / "b.txt").rename(folder / "c.txt")
    assert outcomes(ingest(sink, folder)) == {"a.txt": "unchanged", "c.txt": "updated"}
    assert set(sink.texts()) == {"study/a.txt", "study/c.txt"}
    assert len(sink.documents) == 2


# --------------------------------------------------------------------------------- publishing


def test_nothing_is_reported_as_added_before_it_is_published(
    sink: MemorySink, folder: Path
) -> None:
    seen: list[tuple[str, bool, int]] = []

    def watch(outcome: Outcome, total: int) -> None:
        seen.append((outcome.outcome, outcome.id in sink.documents, total))

    ingest_paths([folder], sink, IngestSettings(jobs=1, batch_chunks=1), watch)
    assert seen == [("added", True, 2), ("added", True, 2)]
    assert sink.publications == 2


def test_small_files_are_published_together(sink: MemorySink, folder: Path) -> None:
    ingest(sink, folder, batch_chunks=100)
    assert sink.publications == 1


def test_a_run_that_broke_off_is_taken_up_again(sink: MemorySink, folder: Path) -> None:
    sink.full_after = 1
    with pytest.raises(OSError, match="disk is full"):
        ingest(sink, folder, batch_chunks=1)
    assert list(sink.texts()) == ["study/a.txt"]
    sink.full_after = 10
    assert outcomes(ingest(sink, folder)) == {"a.txt": "unchanged", "b.txt": "added"}


def test_settings_reach_the_reader(sink: MemorySink, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("受试者的权益应当受到保护。" * 30)
    (tmp_path / "pages.pdf").write_bytes(pdf(3))
    report = ingest(sink, tmp_path, chunk_target=32, chunk_limit=64, max_pages=2)
    by_name = {Path(outcome.path).name: outcome for outcome in report.outcomes}
    assert by_name["long.txt"].chunks > 5
    assert "pages" in (by_name["pages.pdf"].detail or "")


def test_no_files_need_no_worker(sink: MemorySink, tmp_path: Path) -> None:
    report = ingest(sink, tmp_path)
    assert (report.outcomes, sink.publications) == ([], 0)


# ---------------------------------------------------------------------------------- bad input

BAD = {
    "corrupt.pdf": ("failed", "PDF cannot be opened"),
    "no-pages.pdf": ("failed", "PDF"),
    "blank.pdf": ("failed", "blank"),
    "empty.txt": ("failed", "the file is empty"),
    "broken-off.docx": ("failed", "docx file is damaged"),
    "locked.docx": ("failed", "password"),
    "noise.txt": ("unsupported", "content is binary data"),
    "picture.pdf": ("failed", "picture"),
    "format.xyz": ("unsupported", "format .xyz is not supported; supported: "),
    "huge.txt": ("failed", "200 MB is above the limit of 100 MB; split the file"),
    "leads-out.txt": ("failed", "leads out of the folder"),
    "broken-link.txt": ("failed", "broken link"),
    "pipe.txt": ("failed", "not a regular file"),
    "nowhere.txt": ("failed", "no such file or folder"),
    "reader.hang": ("failed", f"took longer than {TIMEOUT:g} s"),
    "reader.die": ("failed", "stopped (exit code 3); the file may be damaged"),
    "reader.eat": ("failed", "needs more than 512 MB of memory; split the file"),
    "reader.odd": ("failed", "internal error while reading (Odd: first line second line)"),
    "reader.bug": ("failed", "internal error while reading (KeyError: 'xxx"),
    "reader.refuse": ("failed", "two lines"),
}
GOOD = {
    "good.txt": "保证药品质量",
    "good.pdf": "primary endpoint",
    "word-named.pdf": "主要终点为全因死亡",
    "text-named.pdf": "次要终点为住院",
    "gbk.txt": "心血管死亡或心力衰竭住院",
    "utf-16.txt": "知情同意",
    "zz-last.txt": "伦理委员会",
}


@pytest.fixture(scope="module")
def batch(
    misbehaving: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, MemorySink]:
    """One run over everything that can go wrong, with good files in between."""
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("secret")
    root = tmp_path_factory.mktemp("batch")
    contents = {
        "corrupt.pdf": pdf(1)[:300],
        "no-pages.pdf": pdf_without_pages(),
        "blank.pdf": pdf(1, " "),
        "empty.txt": b"",
        "broken-off.docx": word("主要终点。")[:-200],
        "locked.docx": locked(word("主要终点。"), "secret"),
        "noise.txt": bytes(range(256)) * 20,
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        "format.xyz": b"text",
        "good.txt": "保证药品质量，制定本法。".encode(),
        "good.pdf": pdf(1),
        "word-named.pdf": word("主要终点为全因死亡。"),
        "text-named.pdf": "次要终点为住院。".encode(),
        "gbk.txt": "主要终点为心血管死亡或心力衰竭住院，由独立委员会判定。".encode("gb18030"),
        "utf-16.txt": "受试者应当签署知情同意书，方可参加试验。".encode("utf-16-le"),
        "zz-last.txt": "伦理委员会应当审查。".encode(),
    }
    for how in ("hang", "die", "eat", "odd", "bug", "refuse"):
        contents[f"reader.{how}"] = how.encode()
    for name, data in contents.items():
        (root / name).write_bytes(data)
    with (root / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    (root / "leads-out.txt").symlink_to(outside)
    (root / "broken-link.txt").symlink_to(root / "gone")
    os.mkfifo(root / "pipe.txt")
    sink = MemorySink(misbehaving.prepare)
    limits = IngestSettings(jobs=2, file_timeout_s=TIMEOUT, worker_memory_mb=512, ocr="none")
    return ingest_paths([root, root / "nowhere.txt"], sink, limits), sink


def test_every_file_of_a_bad_batch_gets_exactly_one_line(
    batch: tuple[Report, MemorySink],
) -> None:
    assert set(outcomes(batch[0])) == {*BAD, *GOOD}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_one_clear_sentence(
    batch: tuple[Report, MemorySink], name: str
) -> None:
    expected, reason = BAD[name]
    (outcome,) = (o for o in batch[0].outcomes if Path(o.path).name == name)
    assert outcome.outcome == expected
    assert reason in (outcome.detail or "")
    assert "\n" not in (outcome.detail or "")
    assert len(outcome.detail or "") < 300


@pytest.mark.parametrize("name", GOOD)
def test_good_files_in_a_bad_batch_are_published(
    batch: tuple[Report, MemorySink], name: str
) -> None:
    (text,) = (text for path, text in batch[1].texts().items() if Path(path).name == name)
    assert GOOD[name] in text
    assert outcomes(batch[0])[name] == "added"


@pytest.mark.parametrize("name", ["word-named.pdf", "text-named.pdf", "utf-16.txt"])
def test_what_was_guessed_is_a_warning(batch: tuple[Report, MemorySink], name: str) -> None:
    (outcome,) = (o for o in batch[0].outcomes if Path(o.path).name == name)
    assert len(outcome.warnings) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_says_so(sink: MemorySink, folder: Path) -> None:
    (folder / "a.txt").chmod(0)
    report = ingest(sink, folder)
    assert outcomes(report) == {"a.txt": "failed", "b.txt": "added"}
    assert "permission denied" in (report.outcomes[0].detail or "")
