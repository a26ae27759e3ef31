"""Find and load a model of sentence-transformers: a folder, the hub's cache, the hub.

The code that a model brings along is never run (``trust_remote_code`` stays off; from version 6
sentence-transformers keeps to that for local folders too).
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retrieval.embedders.base import ModelUnusable, reason

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_HUB_TIMEOUT_S = 5.0
_CACHE_VARIABLE = "SENTENCE_TRANSFORMERS_HOME"  # where sentence-transformers looks, if set
_DECIDING = {".safetensors", ".json", ".model", ".txt"}  # weights, configuration, tokenizer
_PICKLED = ".bin"  # weights of older models
_BLOB = re.compile(r"[0-9a-f]{64}")


def load_model(kind: str, model: str) -> Any:
    """A model of class ``kind`` of sentence-transformers.

    A folder or a model in the hub's cache is loaded without any network. Only for a model that is
    in neither, the hub is asked.

    Args:
        kind: ``SentenceTransformer`` or ``CrossEncoder``.
        model: A folder or a hub id.

    Raises:
        ModelUnusable: The library is not installed, there is no such model, or it cannot be
            loaded; without a network within seconds.
    """
    folder = model_folder(model)
    if folder is None and not _HUB_ID.fullmatch(model):
        raise ModelUnusable(
            f"{model}: there is no such model; give a folder, a hub id such as BAAI/bge-m3, "
            "`bundled` for the embedder or `none` for the re-ranker"
        )
    library = _library(model)
    options = {"trust_remote_code": False, "model_kwargs": _precision()}
    with _quiet():
        try:
            return getattr(library, kind)(str(folder or model), local_files_only=True, **options)
        except Exception as error:  # whatever it is, it is about this model
            if folder is not None:
                raise ModelUnusable(_unloadable(model, error)) from error
            _ask_hub(model, error)
    try:
        return getattr(library, kind)(model, **options)
    except Exception as error:
        raise ModelUnusable(_unloadable(model, error)) from error


def model_folder(model: str) -> Path | None:
    """The folder that a name means, ``None`` when it is written like a hub id.

    Raises:
        ModelUnusable: It is written like a path and there is no such folder.
    """
    if not model.strip():
        return None
    try:
        path = Path(model).expanduser()
        if path.is_dir():
            return path.resolve()
        named_like_one = path.exists() or path.is_absolute() or model.count("/") > 1
    except (OSError, RuntimeError, ValueError) as error:  # ~nobody, no permission, no possible name
        raise ModelUnusable(f"{model}: {error}") from None
    if named_like_one or model.startswith((".", "~")):
        raise ModelUnusable(f"{model}: there is no model folder at {path.absolute()}")
    return None


def model_name(model: str) -> str:
    """A name for the index: that of the folder or on the hub, and a hash of what makes vectors.

    So other weights, another tokenizer or other prompts under the same name are another model.
    """
    folder = model_folder(model)
    label = folder.name if folder else model.rsplit("/", 1)[-1]
    source = folder or _cached(model)
    return f"{label}-{_digest(source)}" if source else label


def architectures(model: Any) -> list[str]:
    """What a loaded model was saved as, such as ``["BertModel"]``; empty when it does not say."""
    inner = getattr(model, "transformers_model", None)
    return getattr(getattr(inner, "config", None), "architectures", None) or []


def _library(model: str) -> Any:
    if importlib.util.find_spec("sentence_transformers") is None:
        raise ModelUnusable(
            f"{model} needs sentence-transformers: run `make install-models`, or "
            "`pip install -c constraints.txt -e '.[models]'` in the checkout"
        )
    try:
        import sentence_transformers
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelUnusable(
            f"{model} needs sentence-transformers, which cannot be imported: {reason(error)}; "
            "run `make install-models`"
        ) from error
    return sentence_transformers


def _precision() -> dict[str, Any] | None:
    """On a CPU, 32 bits: half precision is slow there, and vectors would depend on the batch."""
    import torch
    from sentence_transformers.util import get_device_name

    return {"dtype": torch.float32} if get_device_name() == "cpu" else None


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the progress bars and tables that transformers prints for local files."""
    logging: Any = importlib.import_module("transformers.utils.logging")  # has no types
    shown, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if shown:
            logging.enable_progress_bar()


def _ask_hub(model: str, error: Exception) -> None:
    """Return when the hub has the model. Its client would otherwise try again for minutes."""
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    missing = f"{model}: there is no such folder and no such model in the cache of this machine"
    if _cached(model) is not None:
        missing = _unloadable(model, error)
    try:
        HfApi().model_info(model, timeout=_HUB_TIMEOUT_S)
    except OfflineModeIsEnabled:
        why = "and HF_HUB_OFFLINE forbids asking the hub"
    except HfHubHTTPError as refusal:
        why = f"and the hub {constants.ENDPOINT} does not give it ({reason(refusal)})"
    except Exception as failure:  # of httpx or requests, as the hub's client has it
        why = f"and the hub {constants.ENDPOINT} cannot be reached ({reason(failure)})"
    else:
        return
    raise ModelUnusable(f"{missing}, {why}; copy the model's folder here and give its path")


def _unloadable(model: str, error: Exception) -> str:
    if "trust_remote_code" in str(error):
        return f"the model {model} brings its own program code, which Xinglin does not run"
    return f"the model {model} cannot be loaded: {reason(error)}"


def _cached(model: str) -> Path | None:
    """The folder of a hub model in the cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        found = snapshot_download(
            model, cache_dir=os.environ.get(_CACHE_VARIABLE), local_files_only=True
        )
    except (LocalEntryNotFoundError, ValueError):
        return None
    return Path(found)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or any(part.startswith(".") for part in inside.parts):
            continue
        if path.suffix in _DECIDING or (path.suffix == _PICKLED and not _has_safetensors(path)):
            digest.update(f"{inside.as_posix()}\0{_sha256(path)}\n".encode())
    return digest.hexdigest()[:12]


def _has_safetensors(path: Path) -> bool:
    return any(path.parent.glob("*.safetensors"))


def _sha256(path: Path) -> str:
    """Of the content; the hub's cache names large files by it, which saves reading them."""
    stored = path.resolve().name
    if path.is_symlink() and _BLOB.fullmatch(stored):
        return stored
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
