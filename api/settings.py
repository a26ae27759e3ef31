"""The settings tree: one typed model from defaults, a TOML file and ``XINGLIN_*`` variables.

Order, the later wins: defaults, the TOML file, the environment, options of the command line. Keys
that do not exist are refused with the nearest that does. Nested keys use two underscores in the
environment: ``XINGLIN_SEARCH__CANDIDATES=200``.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.conversation.settings import ConversationSettings
from assistant.llm.settings import LlmSettings
from assistant.settings import AnswerSettings
from ingest.fetch.settings import FetchSettings
from ingest.settings import IngestSettings
from retrieval.settings import SearchSettings

PREFIX = "XINGLIN_"
_CONFIG_VARIABLE = "XINGLIN_CONFIG"
_CONFIG_NAME = "xinglin.toml"
# Never repeated in a message.
_SECRET = (
    "embedder_api_key",
    "embedder_base_url",
    "database_url",
    "fetch.api_key",
    "ingest.passwords",
    "ingest.vision.api_key",
    "llm",
    "llm.api_key",
    "llm.base_url",
)
_PATHS = ("index_dir", "state_dir", "corpus_dir")


class ServerSettings(BaseModel):
    """The HTTP server."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    allowed_hosts: list[str] = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="Host names the server answers to; guards against DNS rebinding.",
    )
    max_upload_mb: float = Field(100, gt=0, description="Largest upload, in megabytes.")


class FeasibilitySettings(BaseModel):
    """Cohorts to count in, and directories of sites."""

    model_config = ConfigDict(extra="forbid")

    cohorts: dict[str, Path] = Field(
        default={},
        description="Name and path of each cohort the server may count in: a folder of OMOP CDM "
        "tables, or the description of a table. `synthetic` is always there.",
    )
    directories: dict[str, Path] = Field(
        default={},
        description="Name and path of each directory of sites: a folder of three CSV files. "
        "`synthetic` is always there.",
    )


class Settings(BaseSettings):
    """All settings of Xinglin."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", validate_default=True
    )

    index_dir: Path = Field(
        default_factory=lambda: user_data_path("xinglin") / "index",
        description="The index folder.",
    )
    state_dir: Path = Field(
        default_factory=lambda: user_data_path("xinglin") / "state",
        description="Stored answers, conversations and uploaded files.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of the database of answers, conversations and feedback; "
        "answers.sqlite in state_dir without one.",
    )
    corpus_dir: Path = Field(
        default_factory=lambda: Path(str(files("corpus"))),
        description="Holds lexicon.csv and currency.csv.",
    )
    embedder: str = Field(
        "bundled",
        description="Which embedder builds and searches the index: `bundled` needs nothing; a "
        "local folder or hub id of a sentence-transformers model; a model of embedder_base_url.",
    )
    embedder_base_url: str | None = Field(
        None, description="OpenAI-compatible endpoint whose model `embedder` names."
    )
    embedder_api_key: SecretStr | None = Field(None, description="Key of that endpoint.")
    embedder_query_prompt: str = Field(
        "", description="Put before each question sent to that endpoint, as some models want."
    )
    embedder_passage_prompt: str = Field(
        "", description="Put before each passage sent to that endpoint."
    )
    embedder_dimensions: int | None = Field(
        None, ge=1, description="Keep so many leading coordinates (Matryoshka models)."
    )
    reranker: str = Field(
        "none",
        description="A cross-encoder that reads the best passages once more: a local folder or "
        "hub id; `none` for none.",
    )
    keep_originals: bool = Field(
        True, description="Keep a copy of each ingested file in the index, to show its pages."
    )
    ingest: IngestSettings = Field(default_factory=IngestSettings, description="Reading files.")
    fetch: FetchSettings = Field(
        default_factory=FetchSettings, description="Fetching from public sources."
    )
    search: SearchSettings = Field(default_factory=SearchSettings, description="Scoring results.")
    answer: AnswerSettings = Field(default_factory=AnswerSettings, description="Answering.")
    llm: LlmSettings = Field(
        default_factory=LlmSettings, description="A language model that words answers."
    )
    conversation: ConversationSettings = Field(
        default_factory=ConversationSettings, description="Follow-ups."
    )
    server: ServerSettings = Field(default_factory=ServerSettings, description="The HTTP server.")
    feasibility: FeasibilitySettings = Field(
        default_factory=FeasibilitySettings, description="Cohorts and directories of sites."
    )

    @field_validator("embedder_base_url")
    @classmethod
    def _no_password(cls, value: str | None) -> str | None:
        """Settings are printed by `xinglin config`; a password belongs into the key."""
        if value and "@" in urlsplit(value).netloc:
            raise ValueError("holds a password; give it as embedder_api_key instead")
        return value

    @property
    def database_address(self) -> str | None:
        """The database's URL with its password, for opening it."""
        return self.database_url.get_secret_value() if self.database_url else None

    @property
    def lexicon_path(self) -> Path:
        """The bilingual lexicon."""
        return self.corpus_dir / "lexicon.csv"

    @property
    def register_path(self) -> Path:
        """The register of superseded and amended rules."""
        return self.corpus_dir / "currency.csv"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, then environment, then the TOML file."""
        sources = [init_settings, env_settings]
        path = config_path()
        if path is not None:
            sources.append(_TomlSource(settings_cls, path))
        return tuple(sources)


class _TomlSource(TomlConfigSettingsSource):
    """A TOML file whose relative paths are meant from its own folder."""

    def __call__(self) -> dict[str, Any]:
        values = dict(super().__call__())
        for key in _PATHS:
            if isinstance(values.get(key), str):
                folder = Path(str(self.toml_file_path)).resolve().parent
                values[key] = folder / Path(values[key]).expanduser()
        return values


class SettingsError(Exception):
    """Settings that cannot be used; the message names the key and where it was set."""


def config_path() -> Path | None:
    """The TOML file in force: ``XINGLIN_CONFIG``, or ``xinglin.toml`` in the working folder.

    Raises:
        SettingsError: ``XINGLIN_CONFIG`` names a file that does not exist.
    """
    named = os.environ.get(_CONFIG_VARIABLE)
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise SettingsError(f"{_CONFIG_VARIABLE}={named}: there is no such file")
        return path
    here = Path(_CONFIG_NAME)
    return here if here.is_file() else None


def load_settings(**overrides: Any) -> Settings:
    """Settings from all sources; ``overrides`` are those of the command line.

    Raises:
        SettingsError: An unknown key or a value that does not fit, in one line for each.
    """
    _refuse_unknown_variables()
    try:
        settings = Settings(**{k: v for k, v in overrides.items() if v is not None})
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(item) for item in error.errors())) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{config_path()}: not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{config_path()}: not UTF-8; save it again as UTF-8") from None
    for path in (settings.lexicon_path, settings.register_path):
        if not path.is_file():
            # Without the register, repealed rules would be cited as if they were in force.
            raise SettingsError(f"setting corpus_dir: {path} is missing; point it at the corpus")
    return settings


def _explain(error: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"unknown setting {key}{_suggest(key)}"
    given = "" if key in _SECRET else f" (given: {error['input']!r})"
    return f"setting {key}: {error['msg']}{given}"


def _suggest(key: str) -> str:
    near = difflib.get_close_matches(key, [name for name, _ in walk_fields()], n=1)
    return f"; did you mean {near[0]}?" if near else "; see `xinglin config`"


def _refuse_unknown_variables() -> None:
    known = {_variable(name) for name, _ in walk_fields()} | {_CONFIG_VARIABLE}
    for variable in os.environ:
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            key = variable.upper()[len(PREFIX) :].lower().replace("__", ".")
            raise SettingsError(f"unknown setting {variable} in the environment{_suggest(key)}")


def _variable(name: str) -> str:
    return PREFIX + name.replace(".", "__").upper()


def walk_fields(
    model: type[BaseModel] = Settings, prefix: str = ""
) -> Iterator[tuple[str, FieldInfo]]:
    """Dotted names of all settings with their descriptions, sections included as their fields."""
    for name, field in model.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel) and not get_args(section):
            yield from walk_fields(section, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def origins(overrides: Mapping[str, Any]) -> dict[str, str]:
    """Where each setting that is not a default comes from, by dotted name."""
    found: dict[str, str] = {}
    path = config_path()
    if path is not None:
        with path.open("rb") as file:
            found.update(dict.fromkeys(_dotted(tomllib.load(file)), str(path)))
    for name, _ in walk_fields():
        if _variable(name) in {variable.upper() for variable in os.environ}:
            found[name] = f"environment {_variable(name)}"
    found.update({key: "command line" for key, value in overrides.items() if value is not None})
    return found


def _dotted(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _dotted(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"
