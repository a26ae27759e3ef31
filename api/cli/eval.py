"""``xinglin eval``: measure retrieval, answers and evidence on data of your own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import JsonOption
from api.cli.eval_answers import answers, compare

evaluation = typer.Typer(help="Measure retrieval and answers.", no_args_is_help=True)
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write one JSON line a query to this file.")
]


@evaluation.command()
def retrieval(
    datasets: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATASET_DIR",
            help="Folders with corpus.jsonl, queries.jsonl and qrels.tsv (BEIR layout).",
            show_default=False,
        ),
    ],
    system: Annotated[
        list[str] | None,
        typer.Option(
            "--system",
            help="xinglin (the default), bm25, langchain, txtai or haystack; may be repeated.",
        ),
    ] = None,
    peer_model: Annotated[
        str | None,
        typer.Option(
            "--peer-model",
            help="Folder or hub id of a sentence-transformers model, for langchain (default: "
            "all-MiniLM-L6-v2) and txtai (default: none, BM25 only).",
        ),
    ] = None,
    limit_queries: Annotated[
        int | None,
        typer.Option("--limit-queries", metavar="N", help="Ask only the first N queries of each."),
    ] = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Index each dataset with each system and measure nDCG@10, recall and MRR.

    With --json: one object a line for each dataset and system.
    """
    from api.settings import load_settings
    from eval.retrieval import run
    from eval.systems import OURS, Options

    options = Options(load_settings(), peer_model)
    run(datasets, system or [OURS], options, limit_queries, json, out)


evaluation.command()(answers)
evaluation.command()(compare)


@evaluation.command()
def claims(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH",
            help="A file of reviewed pairs, a folder of statements about trial records, or a "
            "folder of labelled findings.",
            show_default=False,
        ),
    ],
    lexicon: Annotated[
        bool, typer.Option(help="Let a name stand for its abbreviation or translation.")
    ] = True,
    json: JsonOption = False,
) -> None:
    """Measure the verifier against labels: what it passes, and how much of that is right."""
    from eval.claims import run

    run(paths, json, lexicon)


@evaluation.command()
def evidence(
    datasets: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATASET_DIR",
            help="Folders with questions.jsonl and fulltext/: questions on papers with the span "
            "that answers each.",
            show_default=False,
        ),
    ],
    phrasing: Annotated[
        list[str] | None,
        typer.Option(
            "--phrasing",
            help="given (as in the file, the default), or made from the parts of the question: en, "
            "en_did, zh, zh_groups; may be repeated.",
        ),
    ] = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Ingest papers and measure whether the sentence that tells a result is found in each.

    With --json: one object a line for each dataset and phrasing.
    """
    from eval.evidence import run

    run(datasets, phrasing or ["given"], json, out)
