"""Ruling lines of page pictures drawn here."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

pytest.importorskip("cv2")

from ingest.ocr.rules import find_rules
from ingest.ocr.sizes import is_heavy, settle, stroke_width, trim, type_size

POINTS = 72 / 200


def paper(width: int = 1200, height: int = 800) -> Image.Image:
    return Image.new("L", (width, height), 245)


def test_lines_of_a_table_are_found_in_noise() -> None:
    image = paper()
    pen = ImageDraw.Draw(image)
    for y in (100, 160, 220):
        pen.line((100, y, 1000, y), fill=60, width=2)
    for x in (100, 400, 1000):
        pen.line((x, 100, x, 220), fill=60, width=2)
    pen.text((110, 115), "III lll 111 — 一 | I", fill=20, font=ImageFont.load_default(28))
    noise = np.random.default_rng(3).normal(0, 8, (800, 1200))
    grey = np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8)
    rules = find_rules(grey, POINTS)
    level = sorted(rule.y0 / POINTS for rule in rules if rule.y0 == rule.y1)
    upright = sorted(rule.x0 / POINTS for rule in rules if rule.x0 == rule.x1)
    assert level == pytest.approx([100, 160, 220], abs=3)
    assert upright == pytest.approx([100, 400, 1000], abs=3)


def test_letters_and_photographs_hold_no_rules() -> None:
    image = paper()
    pen = ImageDraw.Draw(image)
    for n in range(12):
        pen.text((60, 40 + 50 * n), "The HIJL of IIIII lines " * 3, 20, ImageFont.load_default(30))
    pen.rectangle((800, 650, 1100, 780), fill=90)
    assert find_rules(np.asarray(image), POINTS) == []


def test_type_size_from_a_rectangle() -> None:
    assert type_size(
        "受试者在签署知情同意书后进入筛选期", (0, 0, 17 * 30 + 7, 34)
    ) == pytest.approx(30, rel=0.05)
    assert type_size("目录", (0, 0, 70, 34)) == pytest.approx(30, rel=0.05)


def test_sizes_close_to_each_other_are_one() -> None:
    long = "The change from baseline to week 24"
    texts = [long, long, "visit.", long, "Objectives of the study", "一、前言", "目录"]
    sizes = [10.2, 9.8, 7.9, 10.4, 15.2, 12.6, 16.0]
    assert settle(sizes, texts) == [10.0, 10.0, 10.0, 10.0, 15.0, 12.5, 15.0]
    assert settle([10.9, 10.8], [long, long], 10.0) == [10.0, 10.0]
    assert settle([], []) == []


def test_a_line_goes_on_behind_its_last_bracket() -> None:
    box = (100.0, 0.0, 300.0, 20.0)
    plain = trim("风险管理资料要求", box, 18.0)
    assert 100 < plain[0] < plain[2] < 300
    assert trim("《风险管理资料要求", box, 18.0)[0] == pytest.approx(plain[0] - 8.1)
    assert trim("风险管理资料要求》", box, 18.0)[2] == pytest.approx(plain[2] + 8.1)
    assert trim("(see above)", box, 18.0) == plain


def test_bold_is_told_by_its_strokes() -> None:
    image = paper()
    pen = ImageDraw.Draw(image)
    face = ImageFont.load_default(40)
    for n in range(4):
        pen.text((50, 50 + 80 * n), "Adverse events", 20, face, stroke_width=2 if n == 1 else 0)
    grey = np.asarray(image)
    strokes = [stroke_width(grey, (50, 45 + 80 * n, 400, 105 + 80 * n)) for n in range(4)]
    assert is_heavy(strokes, [14] * 4) == [False, True, False, False]
    assert stroke_width(grey, (50, 600, 400, 660)) == 0
