"""Settings: where they come from, which wins, and how mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from api.settings import Settings, SettingsError, config_path, load_settings, origins, walk_fields


def write_toml(folder: Path, text: str, name: str = "xinglin.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_need_nothing() -> None:
    settings = load_settings()
    assert settings.server.host == "127.0.0.1"
    assert settings.embedder == "bundled"
    assert settings.lexicon_path.is_file()
    assert settings.register_path.is_file()


def test_the_server_listens_only_to_this_machine_by_default() -> None:
    assert load_settings().server.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]


def test_a_file_in_the_working_folder_is_read(tmp_path: Path) -> None:
    write_toml(tmp_path, "[server]\nport = 8123\n[search]\nk1 = 1.5\n")
    settings = load_settings()
    assert (settings.server.port, settings.search.k1) == (8123, 1.5)


def test_a_named_file_takes_the_place_of_the_one_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_toml(tmp_path, "[server]\nport = 8123\n")
    other = write_toml(tmp_path, "[search]\nk1 = 1.5\n", "other.toml")
    monkeypatch.setenv("XINGLIN_CONFIG", str(other))
    settings = load_settings()
    assert (settings.server.port, settings.search.k1) == (8000, 1.5)
    assert config_path() == other


def test_a_named_file_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINGLIN_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load_settings()


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_toml(tmp_path, 'index_dir = "from-file"\nembedder = "file"\n[server]\nport = 1111\n')
    monkeypatch.setenv("XINGLIN_INDEX_DIR", "from-environment")
    monkeypatch.setenv("XINGLIN_SERVER__PORT", "2222")
    settings = load_settings(index_dir=Path("from-command-line"), state_dir=None)
    assert settings.index_dir == Path("from-command-line")
    assert settings.server.port == 2222
    assert settings.embedder == "file"
    assert load_settings().index_dir == Path("from-environment")


def test_one_key_of_a_section_in_the_environment_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_toml(tmp_path, '[server]\nport = 1111\nhost = "0.0.0.0"\n')
    monkeypatch.setenv("XINGLIN_SERVER__PORT", "2222")
    settings = load_settings()
    assert (settings.server.host, settings.server.port) == ("0.0.0.0", 2222)


def test_paths_in_a_file_are_meant_from_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    path = write_toml(folder, 'index_dir = "var/index"\nstate_dir = "/absolute"\n')
    monkeypatch.setenv("XINGLIN_CONFIG", str(path))
    settings = load_settings()
    assert settings.index_dir == folder / "var" / "index"
    assert settings.state_dir == Path("/absolute")


@pytest.mark.parametrize(
    ("text", "wrong", "suggestion"),
    [
        ("indexdir = 'x'\n", "indexdir", "index_dir"),
        ("[server]\nprot = 1\n", "server.prot", "server.port"),
        ("[search]\nborder_wieght = 0.1\n", "search.border_wieght", "search.border_weight"),
        ("[answer]\nmin_confidance = 0.1\n", "answer.min_confidance", "answer.min_confidence"),
        ("[ingest]\njob = 1\n", "ingest.job", "ingest.jobs"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_one(
    tmp_path: Path, text: str, wrong: str, suggestion: str
) -> None:
    write_toml(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert f"unknown setting {wrong}" in str(error.value)
    assert f"did you mean {suggestion}?" in str(error.value)


@pytest.mark.parametrize(
    ("variable", "suggestion"),
    [
        ("XINGLIN_INDEXDIR", "index_dir"),
        ("XINGLIN_SERVER__PROT", "server.port"),
        ("XINGLIN_SEARCH_K1", "search.k1"),
        ("xinglin_server__hots", "server.host"),
    ],
)
def test_an_unknown_variable_is_refused_with_the_nearest_key(
    monkeypatch: pytest.MonkeyPatch, variable: str, suggestion: str
) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert variable in str(error.value)
    assert f"did you mean {suggestion}?" in str(error.value)


def test_an_unknown_key_like_no_other_points_to_the_list(tmp_path: Path) -> None:
    write_toml(tmp_path, "qqqqqqqqzzzz = 1\n")
    with pytest.raises(SettingsError, match="xinglin config"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[server]\nport = 0\n", "server.port"),
        ("[server]\nport = 'many'\n", "server.port"),
        ("[search]\nb = 7\n", "search.b"),
        ("[answer]\nmax_statements = 0\n", "answer.max_statements"),
        ("[ingest]\njobs = -1\n", "ingest.jobs"),
    ],
)
def test_a_value_that_does_not_fit_is_named(tmp_path: Path, text: str, key: str) -> None:
    write_toml(tmp_path, text)
    with pytest.raises(SettingsError, match=f"setting {key}"):
        load_settings()


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    write_toml(tmp_path, "wrong = 1\n[server]\nport = 0\n")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert len(str(error.value).splitlines()) == 2


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = write_toml(tmp_path, "this is [not toml\n")
    with pytest.raises(SettingsError, match=path.name):
        load_settings()


def test_origins_tell_where_each_value_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_toml(tmp_path, 'embedder = "file"\nstate_dir = "s"\n[server]\nport = 1111\n')
    monkeypatch.setenv("XINGLIN_SERVER__PORT", "2222")
    monkeypatch.setenv("XINGLIN_STATE_DIR", "t")
    found = origins({"index_dir": Path("x"), "state_dir": None})
    assert found["index_dir"] == "command line"
    assert found["state_dir"] == "environment XINGLIN_STATE_DIR"
    assert found["server.port"] == "environment XINGLIN_SERVER__PORT"
    assert found["embedder"].endswith("xinglin.toml")
    assert "search.k1" not in found


def test_every_setting_is_described_and_bounded_models_refuse_the_rest() -> None:
    fields = dict(walk_fields())
    assert {"index_dir", "server.port", "search.k1", "answer.passages", "ingest.jobs"} <= set(
        fields
    )
    for name, field in fields.items():
        assert field.description, name
    sections = [f.annotation for f in Settings.model_fields.values()]
    for section in sections:
        if isinstance(section, type) and issubclass(section, BaseModel):
            assert section.model_config["extra"] == "forbid"
