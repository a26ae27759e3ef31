"""Finding the sentence-transformers model that peers embed with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import retrieval
from eval.systems.base import Unavailable

_PROBE_S = 10  # seconds


def find_model(model: str) -> str:
    """A local folder for a model, or its hub id when it has to be downloaded first.

    Looks before loading: without a network the hub's client tries again for minutes.

    Args:
        model: Local path or hub id.

    Raises:
        Unavailable: It is neither here nor in the cache, and the hub does not give it.
    """
    if Path(model).expanduser().is_dir():
        return str(Path(model).expanduser())
    from huggingface_hub import HfApi, snapshot_download

    try:
        return str(snapshot_download(model, local_files_only=True))
    except Exception as error:
        reason = error
    try:
        HfApi().model_info(model, timeout=_PROBE_S)
    except Exception as error:
        # Bad names, missing models and dead networks are exceptions of many libraries.
        reason = error
    else:
        return model
    raise Unavailable(
        f"the model {model} is not on this machine and cannot be fetched "
        f"({type(reason).__name__}); give a local folder with --peer-model PATH"
    )


@contextmanager
def loading(model: str) -> Iterator[None]:
    """Turn whatever goes wrong while a peer loads a model into one sentence.

    Raises:
        Unavailable: With the first line of what the peer said.
    """
    try:
        yield
    except Exception as error:
        # Loaders raise OSError, ValueError, KeyError … for folders that hold no usable model.
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise Unavailable(f"the model {model} cannot be loaded: {reason}") from error


def model_name(model: str) -> str:
    """What reports call a model: its hub id, or the last part of a local path.

    A peer that is given the embedder we ship must say so: it is ours, trained for this field.
    """
    path = Path(model).expanduser()
    if not path.is_dir():
        return model
    ours = path.resolve().is_relative_to(Path(retrieval.__file__).parent)
    return "Xinglin's own embedder" if ours else path.resolve().name
