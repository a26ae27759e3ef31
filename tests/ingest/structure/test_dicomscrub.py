"""Dates, numbers and names of persons in texts; all of them made up."""

from __future__ import annotations

import time

import pytest

from ingest.structure.dicomscrub import descriptor, report


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("CT of 2019-03-05", "CT of …2019"),
        ("CT of 12/03/2019 and 3.12.2019", "CT of …2019 and …2019"),
        ("since 15-Mar-2019, 15 March 2019 and 15MAR2019", "since …2019, …2019 and …2019"),
        ("on March 15th, 2019", "on …2019"),
        ("in March 2019 and 03/2019", "in …2019 and …2019"),
        ("vom 5. März 2019", "vom …2019"),
        ("2019年3月5日 与 二〇一九年三月", "2019年… 与 二〇一九年…"),
        ("phone 138-1234-5678", "phone …"),
        ("call 138 1234 5678 or (555) 123-4567", "call … or …"),
        ("+44 20 7946 0958", "…"),
        ("Tel: 5551", "…"),
        ("电话：010-12345678", "电话：…"),
        ("MRN: AB12345 seen", "… seen"),
        ("病历号：0012345", "…"),
        ("write to a.b@c.example", "write to …"),
        ("id 123-45-6789", "id …"),
        ("number 12345678", "number …"),
        ("Seen by Dr. Smith.", "Seen by Dr. …."),
        ("Dr. Jane A. Roe agrees", "Dr. … agrees"),
        ("Prof. Müller and Mrs Roe", "Prof. … and Mrs …"),
        ("DR. SMITH", "DR. …"),
        ("Jane Roe, MD.", "…, MD."),
        ("Electronically signed by: John Smith", "Electronically signed by: …"),
        ("Radiologist: Smith", "Radiologist: …"),
        ("报告医师：王小明。", "报告医师：…。"),
        ("由张伟医生报告", "由…医生报告"),
    ],
)
def test_what_identifies_is_taken_out(text: str, clean: str) -> None:
    assert descriptor(text) == clean
    assert report(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("on 12/03/19", "on …"),
        ("on 15 March and Mar 16", "on … and …"),
        ("3月5日复查", "…复查"),
        ("reported to Smith^John today", "reported to … today"),
    ],
)
def test_forms_that_only_prose_has(text: str, clean: str) -> None:
    assert report(text) == clean
    assert descriptor(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Nodule 12 x 14 x 15 mm, 12-14-15 mm before",
        "Volume 1256789 mm3, 370000000 Bq",
        "ADC 0.00123456 and 1.25, ratio 3/12, T1-weighted",
        "Grade 2/3, 5-10-15 years, 2-4 cm",
        "L4/5 and T12/L1, C5-6",
        "MR Spectroscopy of the brain; MS Lesions stable; MD and FA",
        "Lung-RADS 4A, BI-RADS 3, 10^9/L, mm^2",
        "it may 5 mm be, May 15 mm",
        "Year 2019, 2019年",
        "1.5T, TE 2.46 ms, 256 x 256, 0.9 × 0.9",
        "t1_mprage_sag_p2_iso, Head^Routine",
        "患者：男性，随访3个月",
        "the doctor will see",
    ],
)
def test_findings_and_measurements_stay(text: str) -> None:
    assert descriptor(text) == text
    if "^Routine" not in text:
        assert report(text) == text


@pytest.mark.parametrize(
    "piece", ["a", "1", "1-", "A ", "Dr. ", "1/", "a^", "+1 ", "(", "Aa ", "Aa-", "王"]
)
def test_long_texts_take_little_time(piece: str) -> None:
    start = time.monotonic()
    report(piece * (200_000 // len(piece)))
    assert time.monotonic() - start < 10
