"""Figures described by a model behind a server on loopback that speaks OpenAI's protocol."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ingest.model import Block, Locator
from ingest.options import ReadOptions
from ingest.parse import read_file
from ingest.settings import IngestSettings
from ingest.vision.describe import describe_figures
from ingest.vision.model import VisionModel


class Server(ThreadingHTTPServer):
    """Answers every question with ``says``, or with ``status`` when that is no 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.says = "折线图，横轴为周，纵轴为缓解率，第24周为61%。"
        self.status = 200
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.asked.append(json.loads(self.rfile.read(length)))
        self.server.keys.append(self.headers["Authorization"])
        message = {"role": "assistant", "content": self.server.says}
        body = json.dumps(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 1,
                "model": "eyes",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            }
        ).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the output of the tests clean."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def model(server: Server, **options: Any) -> VisionModel:
    return VisionModel("eyes", f"http://127.0.0.1:{server.server_port}/v1", **options)


def drawing() -> bytes:
    """A page of 400 by 300 points with a red square of 100 points, 50 from left and top."""
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=(400, 300))
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(50, 150, 100, 100, stroke=0, fill=1)
    canvas.save()
    return output.getvalue()


FIGURE = Block("figure", "图1 缓解率", Locator(page=1, bbox=(50, 50, 150, 150)))
TEXT = Block("paragraph", "缓解率见图1。", Locator(page=1))


def described(server: Server, *blocks: Block, **options: Any) -> tuple[list[Block], list[str]]:
    return describe_figures(blocks, drawing(), "application/pdf", "zh", model(server, **options))


def test_a_description_stands_after_its_figure_and_is_marked(server: Server) -> None:
    blocks, warnings = described(server, TEXT, FIGURE, TEXT)
    assert [block.text for block in blocks] == [TEXT.text, FIGURE.text, server.says, TEXT.text]
    assert blocks[2].flags == ("generated",)
    assert blocks[2].locator == FIGURE.locator
    assert "1 figures were described by eyes" in warnings[0]


def test_the_model_sees_the_figure_and_its_caption_and_nothing_else(server: Server) -> None:
    described(server, TEXT, FIGURE, key="secret")
    (asked,) = server.asked
    system, user = asked["messages"]
    assert "不下诊断" in system["content"]
    text, image = user["content"]
    assert text["text"] == "图题：图1 缓解率"
    data = base64.b64decode(image["image_url"]["url"].partition(",")[2])
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.width == pytest.approx(212, abs=2)
        assert picture.convert("RGB").getpixel((100, 100)) == (255, 0, 0)
    assert server.keys == ["Bearer secret"]
    assert TEXT.text not in json.dumps(asked, ensure_ascii=False)


def test_a_figure_without_a_picture_is_not_asked_about(server: Server) -> None:
    blocks, warnings = described(server, Block("figure", "图2", Locator(path="/body/fig")))
    assert (len(blocks), warnings, server.asked) == (1, [], [])


def test_a_model_that_fails_costs_descriptions_and_is_asked_no_more(server: Server) -> None:
    server.status = 400
    blocks, warnings = described(server, *[FIGURE] * 5, key="secret")
    assert blocks == [FIGURE] * 5
    assert len(server.asked) == 2
    assert "2 figures got no description" in warnings[0]
    assert "3 further figures" in warnings[1]
    assert "secret" not in "".join(warnings)


def test_no_more_figures_are_described_than_the_setting_says(server: Server) -> None:
    blocks, warnings = described(server, *[FIGURE] * 4, max_figures=3)
    assert sum("generated" in block.flags for block in blocks) == 3
    assert any("1 further figures" in warning for warning in warnings)


def test_a_description_with_a_patient_is_left_out(server: Server) -> None:
    server.says = "一份病历，患者姓名：张小明，住院号：20231234。"
    blocks, warnings = described(server, FIGURE)
    assert blocks == [FIGURE]
    assert any("personal data" in warning for warning in warnings)
    assert "张小明" not in "".join(warnings)


def test_a_nowhere_endpoint_is_a_warning() -> None:
    nowhere = VisionModel("eyes", "http://127.0.0.1:9/v1", timeout_s=2)
    blocks, warnings = describe_figures([FIGURE], drawing(), "application/pdf", "en", nowhere)
    assert blocks == [FIGURE]
    assert "check ingest.vision" in warnings[0]


def test_a_file_is_described_only_after_the_privacy_gate(server: Server, tmp_path: Path) -> None:
    output = io.BytesIO()
    Image.new("RGB", (400, 300), (255, 0, 0)).save(tmp_path / "red.png")
    canvas = Canvas(output, pagesize=(595, 842))
    canvas.drawString(72, 780, "The response rate of the made-up trial is shown in Figure 1.")
    canvas.drawImage(str(tmp_path / "red.png"), 100, 400, 300, 225)
    canvas.drawString(100, 380, "Figure 1 Response rate")
    canvas.drawString(
        72, 300, "Contact of the participant: patient name: John Smith, MRN 20231234."
    )
    canvas.save()
    data = output.getvalue()
    options = {"vision": model(server)}
    assert read_file(data, "a.pdf", "a.pdf", "/a.pdf", ReadOptions(**options)).quarantined  # type: ignore[arg-type]
    masked = read_file(data, "a.pdf", "a.pdf", "/a.pdf", ReadOptions(mask=True, **options))  # type: ignore[arg-type]
    assert masked.documents
    assert server.asked == []


def test_a_described_figure_is_found_and_stands_apart(server: Server, tmp_path: Path) -> None:
    Image.new("RGB", (400, 300), (255, 0, 0)).save(tmp_path / "red.png")
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=(595, 842))
    canvas.drawString(72, 780, "The response rate of the made-up trial is shown in Figure 1.")
    canvas.drawImage(str(tmp_path / "red.png"), 100, 400, 300, 225)
    canvas.drawString(100, 380, "Figure 1 Response rate")
    canvas.save()
    options = ReadOptions(vision=model(server))
    ((document, chunks),) = read_file(output.getvalue(), "a.pdf", "a.pdf", "/a", options).documents
    assert any("described by eyes" in warning for warning in document.warnings)
    (apart,) = [chunk for chunk in chunks if "generated" in chunk.flags]
    assert apart.text == server.says


def test_settings_name_the_model() -> None:
    assert IngestSettings().read_options().vision is None
    given = IngestSettings.model_validate(
        {"vision": {"model": "eyes", "base_url": "http://10.0.0.5/v1", "api_key": "k"}}
    )
    assert given.read_options().vision == VisionModel("eyes", "http://10.0.0.5/v1", "k")
    assert "k" not in repr(given.vision.api_key)
