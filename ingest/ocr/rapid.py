"""RapidOCR: the PP-OCR models on ONNX Runtime, on the CPU, without a network.

The models lie in the package and are named to it by path; without a path it would look on the
network for what it misses. Detection, orientation and recognition are called one after the other:
the package's own call pairs characters and confidences wrongly where a line has spaces, and turns
letters that are higher than wide on their side.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.ocr.base import Character, Image, OcrUnavailable, Quad, TextLine

_DETECT_SIDE = 1600  # pixels of the longer side at which lines are looked for on …
_A4_SIDE = 2339  # … an A4 page at 200 dpi
_MARGIN = 32  # pixels of paper added around, so that text at the edge is found
_TALL = 1.5  # a box that much higher than wide holds text on its side
_ORIENT = 16  # lines that decide whether text stands on its head
_CLASSIFIED = 4  # times its height that the classifier sees of a line
_POOR = 0.8  # mean confidence below which the page is read the other way round too …
_CLEARLY = 0.1  # … and how much better that must be
_LEAST = 0.5  # lines recognised with less confidence are noise


class RapidEngine:
    """Chinese and English text; 2 to 4 seconds an A4 page on two cores.

    Args:
        threads: Threads of ONNX Runtime.

    Raises:
        OcrUnavailable: The package or one of its models is missing.
    """

    name = "rapidocr"

    def __init__(self, threads: int = 2) -> None:
        try:
            import rapidocr
            from omegaconf import flag_override
            from rapidocr.ch_ppocr_cls import TextClassifier
            from rapidocr.ch_ppocr_det import TextDetector
            from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer
            from rapidocr.utils.log import logger
            from rapidocr.utils.parse_parameters import ParseParams
        except ImportError as error:
            raise OcrUnavailable(
                "text recognition needs rapidocr and onnxruntime: pip install rapidocr onnxruntime"
            ) from error
        logger.setLevel("ERROR")
        package = Path(rapidocr.__file__).parent
        settings = ParseParams.load(package / "config.yaml")
        settings.Det.limit_type = "max"
        with flag_override(settings, "allow_objects", True):
            for part, name in ((settings.Det, "det"), (settings.Cls, "cls"), (settings.Rec, "rec")):
                part.session = _session(_model(package / "models", name), threads)
        settings.Rec.font_path = None
        self._detector: Any = TextDetector(settings.Det)
        self._classifier: Any = TextClassifier(settings.Cls)
        self._recogniser: Any = TextRecognizer(settings.Rec)
        self._input: Any = TextRecInput
        self._lock = threading.Lock()

    def read(self, image: Image) -> Sequence[TextLine]:
        """The lines of ``image``; see :class:`ingest.ocr.base.OcrEngine`."""
        padded = np.pad(
            image[:, :, ::-1], ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN), (0, 0)), mode="edge"
        )
        try:
            with self._lock:
                return self._read(padded)
        except Exception as error:
            if "alloc" in str(error):  # ONNX Runtime has no error of its own for it
                raise MemoryError("text recognition ran out of memory") from error
            raise

    def _read(self, image: Image) -> list[TextLine]:
        side = max(image.shape[:2])
        self._detector.limit_side_len = round(_DETECT_SIDE * max(side / _A4_SIDE, 1.0))
        boxes = self._detector(image).boxes
        if boxes is None or not len(boxes):
            return []
        quads = _quads(np.asarray(boxes, dtype=np.float32))
        crops = [_cut(image, quad) for quad in quads]
        for tall in (False, True):
            group = [n for n, quad in enumerate(quads) if _is_on_side(quad) == tall]
            if group and self._on_head([crops[n] for n in group]):
                for n in group:
                    crops[n] = np.ascontiguousarray(crops[n][::-1, ::-1])
                    quads[n] = np.roll(quads[n], -2, axis=0)
        lines = self._recognise(quads, crops)
        if _confidence(lines) < _POOR:
            # The vote may have been wrong: the other way round is believed if it reads better.
            turned = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]
            others = self._recognise([np.roll(quad, -2, axis=0) for quad in quads], turned)
            if _confidence(others) > _confidence(lines) + _CLEARLY:
                lines = others
        return [line for line in lines if line.text.strip() and line.confidence >= _LEAST]

    def _recognise(self, quads: list[NDArray[np.float32]], crops: list[Image]) -> list[TextLine]:
        read = self._recogniser(self._input(img=crops, return_word_box=True))
        return [
            TextLine(_corners(quad), _characters(text, info))
            for quad, text, info in zip(quads, read.txts, read.word_results, strict=True)
        ]

    def _on_head(self, crops: list[Image]) -> bool:
        """Whether most of the longest lines stand on their head."""
        longest = sorted(crops, key=lambda crop: -crop.shape[1] / crop.shape[0])[:_ORIENT]
        labels = self._classifier([_middle(crop) for crop in longest]).cls_res
        return sum(float(p) if "180" in label else -float(p) for label, p in labels) > 0


def _session(model: str, threads: int) -> Any:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_cpu_mem_arena = False  # memory goes back after each page
    options.log_severity_level = 4
    # Several workers share the cores: a thread that spins while it waits takes them from others.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _model(folder: Path, name: str) -> str:
    found = sorted(folder.glob(f"*_{name}_*.onnx"))
    if not found:
        raise OcrUnavailable(
            f"rapidocr came without its {name} model; install the wheel of rapidocr 3.10 again"
        )
    return str(found[0])


def _quads(boxes: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Corners as the text reads; boxes come with their top left corner first.

    A box higher than wide holds text that runs down the page, unless it is as narrow as one
    letter of the other lines: then it is an I or a 1.
    """
    wide = np.linalg.norm(boxes[:, 1] - boxes[:, 0], axis=1)
    high = np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)
    usual = float(np.median(np.minimum(wide, high)))
    found = []
    for box, across, down in zip(boxes, wide, high, strict=True):
        on_side = down >= _TALL * across and down > 2 * usual
        found.append(np.roll(box, -1, axis=0) if on_side else box)
    return found


def _is_on_side(quad: NDArray[np.float32]) -> bool:
    along = quad[1] - quad[0]
    return bool(abs(along[1]) > abs(along[0]))


def _cut(image: Image, quad: NDArray[np.float32]) -> Image:
    """The pixels inside ``quad``, laid straight."""
    import cv2

    width = max(round(float(np.linalg.norm(quad[1] - quad[0]))), 1)
    height = max(round(float(np.linalg.norm(quad[3] - quad[0]))), 1)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    turn = cv2.getPerspectiveTransform(np.ascontiguousarray(quad), target)
    cut = cv2.warpPerspective(
        image, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cut, dtype=np.uint8)


def _middle(crop: Image) -> Image:
    """The middle of a line, no longer than the classifier takes in without squeezing it."""
    height, width = crop.shape[:2]
    kept = min(width, _CLASSIFIED * height)
    start = (width - kept) // 2
    return np.ascontiguousarray(crop[:, start : start + kept])


def _confidence(lines: Sequence[TextLine]) -> float:
    """Mean confidence of all characters; 0 where there are none."""
    known = [c.confidence for line in lines for c in line.characters if not c.text.isspace()]
    return sum(known) / len(known) if known else 0.0


def _corners(quad: NDArray[np.float32]) -> Quad:
    a, b, c, d = ((float(x) - _MARGIN, float(y) - _MARGIN) for x, y in quad)
    return a, b, c, d


def _characters(text: str, info: Any) -> tuple[Character, ...]:
    """Characters with their places, from the columns in which the recogniser saw them.

    Confidences are listed with the spaces, columns without them.
    """
    columns = [column for word in info.word_cols for column in word]
    length = max(float(info.line_txt_len), 1.0)
    places = iter([min((column + 0.5) / length, 1.0) for column in columns])
    middles = [None if character.isspace() else next(places, 1.0) for character in text]
    known = [middle for middle in middles if middle is not None]
    half = _half_width(known)
    found: list[Character] = []
    for character, middle, confidence in zip(text, middles, info.confs, strict=False):
        if middle is None:
            at = found[-1].x1 if found else 0.0
            found.append(Character(" ", at, at, float(confidence)))
        else:
            x0 = max(middle - half, found[-1].x1 if found else 0.0, 0.0)
            x1 = max(min(middle + half, 1.0), x0)
            found.append(Character(character, x0, x1, float(confidence)))
    return tuple(found)


def _half_width(middles: list[float]) -> float:
    steps = sorted(b - a for a, b in pairwise(middles))
    return steps[len(steps) // 2] / 2 if steps else 0.5
