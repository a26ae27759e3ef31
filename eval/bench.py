"""Time what users wait for: ingest, a cold ``xinglin ask``, and warm ``/v1/ask``.

    python -m eval.bench [--index DIR] [--source PATH...] [--json]

Without ``--index``, an index over ``corpus/notes`` (or the given sources) is built in a temporary
folder. Times are wall-clock on this machine; compare ratios, not single figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx

_REPO = Path(__file__).resolve().parents[1]
_QUESTIONS = (
    "药物临床试验申请受理后多少个工作日内决定？逾期怎么办？",
    "医疗器械临床试验中研究者获知严重不良事件后多久报告？",
    "估计目标由哪五个属性构成？",
    "伦理委员会受理后多少天内给出审查意见？",
    "非劣效界值怎么确定？",
    "How soon must a fatal SUSAR be reported?",
    "2027年新版药物GCP第几条规定远程监查？",
    "独立数据监查委员会什么时候需要设立？",
)
_COMMAND = [sys.executable, "-c", "from api.cli import main; main()"]


def measure_ingest(index: Path, sources: list[Path], environment: dict[str, str]) -> dict[str, Any]:
    """Run ``xinglin ingest`` twice: a first build, and a run that finds nothing new."""
    command = [*_COMMAND, "ingest", "--json", "--index", str(index), *map(str, sources)]
    runs = [json.loads(_run(command, environment)) for _ in range(2)]
    keys = ("found", "blocks", "chunks", "megabytes", "seconds", "mb_per_second", "peak_memory_mb")
    first = {key: runs[0][key] for key in keys}
    return {"first": first, "again_seconds": runs[1]["seconds"], "outcomes": runs[0]["outcomes"]}


def measure_cold(index: Path, environment: dict[str, str], runs: int = 5) -> dict[str, float]:
    """Seconds from a shell's ``xinglin ask`` to its answer; one uncounted run first."""
    seconds = []
    for number in range(runs + 1):
        question = _QUESTIONS[number % len(_QUESTIONS)]
        started = time.perf_counter()
        _run([*_COMMAND, "ask", question, "--json", "--index", str(index)], environment)
        if number:
            seconds.append(time.perf_counter() - started)
    return {"median_s": round(median(seconds), 2), "max_s": round(max(seconds), 2), "runs": runs}


def measure_warm(index: Path, rounds: int = 12) -> dict[str, float]:
    """Milliseconds of ``POST /v1/ask`` over loopback, server and client in one process."""
    with _server(index) as url, httpx.Client(base_url=url, timeout=60) as client:
        for question in _QUESTIONS:
            client.post("/v1/ask", json={"question": question}).raise_for_status()
        times = []
        for _ in range(rounds):
            for question in _QUESTIONS:
                started = time.perf_counter()
                client.post("/v1/ask", json={"question": question}).raise_for_status()
                times.append((time.perf_counter() - started) * 1000)
    return {
        "p50_ms": round(median(times), 1),
        "p95_ms": round(quantiles(times, n=20)[-1], 1),
        "requests": len(times),
    }


@contextmanager
def _server(index: Path) -> Iterator[str]:
    import uvicorn

    from api.app import create_app
    from api.settings import load_settings

    with tempfile.TemporaryDirectory() as state:
        app = create_app(load_settings(index_dir=index, state_dir=Path(state)))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=_REPO, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def main(arguments: list[str] | None = None) -> int:
    """Command line: prints the figures, as a table or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, help="measure answering on this index")
    parser.add_argument("--source", type=Path, nargs="+", default=[_REPO / "corpus" / "notes"])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("XINGLIN_")}
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "index"
        report: dict[str, Any] = {
            "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
            "ingest": measure_ingest(built, [s.resolve() for s in options.source], environment),
        }
        index = options.index.resolve() if options.index else built
        report["ask_cold"] = measure_cold(index, environment)
        report["ask_warm"] = measure_warm(index)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print(report)
    return 0


def _print(report: dict[str, Any]) -> None:
    first = report["ingest"]["first"]
    memory = first["peak_memory_mb"] or {"main": "?", "worker": "?"}
    print(f"{report['machine']['cpus']} CPUs, Python {report['machine']['python']}")
    print(
        f"ingest        {first['found']} files, {first['blocks']} blocks, "
        f"{first['chunks']} chunks: {first['seconds']} s, {first['mb_per_second']} MB/s, "
        f"peak {memory['main']} MB + {memory['worker']} MB a worker"
    )
    print(f"ingest again  {report['ingest']['again_seconds']} s")
    cold, warm = report["ask_cold"], report["ask_warm"]
    print(f"xinglin ask   cold: median {cold['median_s']} s, max {cold['max_s']} s")
    print(f"POST /v1/ask  warm: p50 {warm['p50_ms']} ms, p95 {warm['p95_ms']} ms")


if __name__ == "__main__":
    raise SystemExit(main())
