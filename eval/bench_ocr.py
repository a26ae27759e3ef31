"""Measure text recognition on scans made of our own notes, whose text is known.

    python -m eval.bench_ocr [--engine rapidocr] [--notes 10] [--skew 1] [--font FILE ...] [--json]
                             [--repeat N]

Notes of ``corpus/notes`` are set on A4 pages, drawn at 200 dpi, turned, blurred, strewn with noise
and saved as JPEG in a PDF without a text layer: a synthetic scan, kinder than a crumpled one. The
PDF is then loaded as any other file. Compared, blanks aside: characters (1 minus edit distance by
length) and digits (right; right or in a block flagged as doubtful). ``--repeat N`` instead reads
the pages of all notes N times in one document and tells time and memory.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from eval.machine import describe, peak_memory_mb
from ingest.loaders.base import Loaded, Source
from ingest.loaders.pdf import load

_NOTES = Path(__file__).resolve().parents[1] / "corpus" / "notes"
_FONTS = tuple(
    Path("/usr/share/fonts/opentype/noto") / f"Noto{style}CJK-Regular.ttc"
    for style in ("Serif", "Sans")
)
_DPI = 200
_PAGE = (1654, 2339)  # A4 at 200 dpi
_MARGIN = 200
_BODY, _HEAD = 30, 42  # pixels: 10.8 and 15 pt
_LEADING = 1.65
_FLAGS = frozenset({"doubtful_digits", "low_confidence"})


@dataclass(frozen=True, slots=True)
class Score:
    """How one document was read; shares are of the true text."""

    name: str
    pages: int
    characters: int
    accuracy: float
    digits: int
    digits_right: float
    digits_right_or_flagged: float
    digits_flagged_in_vain: float
    seconds_a_page: float


def note_lines(path: Path) -> list[tuple[str, bool]]:
    """The text of a note without its marks: paragraphs, and whether they are headings."""
    body = path.read_text("utf-8").split("\n---", 1)[-1]
    found = []
    for line in body.splitlines():
        text = re.sub(r"[*`|]+|\[([^\]]*)\]\([^)]*\)", r"\1 ", line)
        text = re.sub(r"^\s*(?:[-+>]|#+)\s*", "", text)
        text = re.sub(r"\s+", " ", text).strip()
        if text and not set(text) <= set("-: "):
            found.append((text, line.lstrip().startswith("#")))
    return found


def draw_pages(lines: Iterable[tuple[str, bool]], font: Path) -> tuple[list[Image.Image], str]:
    """Set paragraphs on A4 pages; returns the pages and the text as it was set."""
    faces = {size: ImageFont.truetype(str(font), size) for size in (_BODY, _HEAD)}
    pages: list[Image.Image] = []
    said: list[str] = []
    y = _PAGE[1]
    for text, heading in lines:
        size = _HEAD if heading else _BODY
        for row in _wrap(text, faces[size], _PAGE[0] - 2 * _MARGIN):
            if y > _PAGE[1] - _MARGIN - size:
                pages.append(Image.new("L", _PAGE, 250))
                y = _MARGIN
            ImageDraw.Draw(pages[-1]).text((_MARGIN, y), row, fill=25, font=faces[size])
            said.append(row)
            y += round(size * _LEADING)
        y += size // 2
    return pages, "\n".join(said)


def _wrap(text: str, face: Any, width: int) -> list[str]:
    rows, row = [], ""
    for piece in re.findall(r"[A-Za-z0-9.,%()/+-]+ ?|.", text):
        if row and face.getlength(row + piece.rstrip()) > width:
            rows.append(row.rstrip())
            row = ""
        row += piece
    return [*rows, row.rstrip()] if row.strip() else rows


def scan(pages: Sequence[Image.Image], skew: float, seed: int = 7) -> bytes:
    """The pages as a scanner would give them: a PDF of JPEG pictures."""
    chance = np.random.default_rng(seed)
    worn = []
    for page in pages:
        turned = page.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=250)
        soft = turned.filter(ImageFilter.GaussianBlur(0.7))
        grain = chance.normal(0, 9, (_PAGE[1], _PAGE[0]))
        grey = np.clip(np.asarray(soft, dtype=np.float32) + grain, 0, 255).astype(np.uint8)
        worn.append(Image.fromarray(grey))
    buffer = io.BytesIO()
    worn[0].save(buffer, "PDF", save_all=True, append_images=worn[1:], resolution=_DPI, quality=60)
    return buffer.getvalue()


def score(name: str, truth: str, loaded: Loaded, seconds: float) -> Score:
    """Compare what was read with what was set."""
    said = _bare(truth)
    read, flagged = "", []
    for block in loaded.blocks:
        text = _bare(block.text)
        read += text
        flagged += [bool(_FLAGS & set(block.flags))] * len(text)
    equal: dict[int, int] = {}
    near: dict[int, int] = {}
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, said, read, autojunk=False).get_opcodes():
        for n, a in enumerate(range(a0, a1)):
            near[a] = min(b0 + n, max(b1 - 1, 0), len(read) - 1)
            if tag == "equal":
                equal[a] = b0 + n
    digits = [n for n, c in enumerate(said) if c.isdigit() and c.isascii()]
    right = [n for n in digits if n in equal]
    caught = [n for n in digits if n not in equal and read and flagged[near[n]]]
    vain = [n for n in right if flagged[equal[n]]]
    pages = loaded.pages or 1
    count = max(len(digits), 1)
    return Score(
        name,
        pages,
        len(said),
        round(1 - distance(said, read) / max(len(said), 1), 4),
        len(digits),
        round(len(right) / count, 4),
        round((len(right) + len(caught)) / count, 4),
        round(len(vain) / count, 4),
        round(seconds / pages, 2),
    )


def distance(a: str, b: str) -> int:
    """Levenshtein distance, one row at a time."""
    codes = np.fromiter(map(ord, b), dtype=np.int64, count=len(b))
    steps = np.arange(len(b) + 1)
    row = steps.copy()
    for n, character in enumerate(a, 1):
        best = np.empty_like(row)
        best[0] = n
        best[1:] = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(character)))
        # An insertion costs one a place: the least of everything to the left, plus the way.
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])


def _bare(text: str) -> str:
    """Without blanks, table bars, and the difference between full and half width."""
    table = {0xFF01 + n: 0x21 + n for n in range(94)}
    return re.sub(r"[\s|]", "", text.translate(table))


def measure(notes: Sequence[Path], fonts: Sequence[Path], engine: str, skew: float) -> list[Score]:
    """Draw, scan, read and compare each note."""
    found = []
    for number, note in enumerate(notes):
        pages, truth = draw_pages(note_lines(note), fonts[number % len(fonts)])
        data = scan(pages, skew)
        started = time.perf_counter()
        loaded = load(Source(note.name, data, ocr=engine))
        found.append(score(note.stem, truth, loaded, time.perf_counter() - started))
        print(f"  {note.stem}: {found[-1].accuracy}", file=sys.stderr, flush=True)
    return found


def endure(
    notes: Sequence[Path], font: Path, engine: str, skew: float, repeat: int
) -> dict[str, float | None]:
    """Read one long scan; how long a page takes and how much memory it all needs."""
    pages = [page for note in notes for page in draw_pages(note_lines(note), font)[0]]
    data = scan(pages, skew)
    reader = pypdfium2.PdfDocument(data)
    whole = pypdfium2.PdfDocument.new()
    for _ in range(repeat):
        whole.import_pages(reader)
    buffer = io.BytesIO()
    whole.save(buffer)
    del pages, data
    before = peak_memory_mb()
    started = time.perf_counter()
    loaded = load(Source("scan.pdf", buffer.getvalue(), ocr=engine))
    count = loaded.pages or 1
    seconds = round((time.perf_counter() - started) / count, 2)
    return {
        "pages": count,
        "read": len({block.locator.page for block in loaded.blocks}),
        "seconds_a_page": seconds,
        "peak_before_mb": before,
        "peak_mb": peak_memory_mb(),
    }


def table(scores: Sequence[Score]) -> str:
    """The scores as a Markdown table, with a weighted mean."""
    lines = [
        "| note | pages | characters | accuracy | digits | right | right or flagged "
        "| flagged in vain | s/page |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {s.name} | {s.pages} | {s.characters} | {s.accuracy:.4f} | {s.digits} | "
        f"{s.digits_right:.4f} | {s.digits_right_or_flagged:.4f} | "
        f"{s.digits_flagged_in_vain:.3f} | {s.seconds_a_page:.1f} |"
        for s in [*scores, total(scores)]
    ]
    return "\n".join(lines)


def total(scores: Sequence[Score]) -> Score:
    """All notes as one."""
    characters = sum(s.characters for s in scores)
    digits = max(sum(s.digits for s in scores), 1)
    pages = sum(s.pages for s in scores)

    def mean(name: str, weight: str, over: int) -> float:
        return float(sum(getattr(s, name) * getattr(s, weight) for s in scores) / max(over, 1))

    return Score(
        "all",
        pages,
        characters,
        mean("accuracy", "characters", characters),
        digits,
        mean("digits_right", "digits", digits),
        mean("digits_right_or_flagged", "digits", digits),
        mean("digits_flagged_in_vain", "digits", digits),
        mean("seconds_a_page", "pages", pages),
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the measurement and print it."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_ocr", description=__doc__)
    parser.add_argument("--engine", default="rapidocr")
    parser.add_argument("--notes", type=int, default=10, help="how many notes to read")
    parser.add_argument("--skew", type=float, default=1.0, help="degrees clockwise")
    parser.add_argument("--repeat", type=int, default=0, help="read one long scan instead")
    parser.add_argument("--font", type=Path, action="append", help="a font with Chinese letters")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    fonts = options.font or [font for font in _FONTS if font.exists()]
    if not fonts:
        print("no Chinese font found: install Noto CJK or name one by --font", file=sys.stderr)
        return 2
    notes = sorted(_NOTES.rglob("*.md"))[: options.notes]
    if options.repeat:
        print(json.dumps(endure(notes, fonts[0], options.engine, options.skew, options.repeat)))
        return 0
    scores = measure(notes, fonts, options.engine, options.skew)
    if options.json:
        print(json.dumps([asdict(s) for s in [*scores, total(scores)]], ensure_ascii=False))
    else:
        print(f"{options.engine}, skew {options.skew}°, {describe()}\n\n{table(scores)}")
    print(f"peak memory {peak_memory_mb()} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
