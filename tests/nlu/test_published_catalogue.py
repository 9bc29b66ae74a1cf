"""What an office imported is learned beside the files in data/."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from components.catalogue import known_catalogue, read_catalogue, read_published
from components.catalogue_linker import CatalogueLinker, labelled_phrases
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder, published_file


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the export is looked for in this test."""
    path = tmp_path / "export.jsonl"
    monkeypatch.setenv("PUBLISHED_CATALOGUE", str(path))
    return path


def write(path: Path, *items: dict[str, object]) -> None:
    path.write_text("\n".join(json.dumps(item, ensure_ascii=False) for item in items), "utf-8")


def test_imported_items_stand_behind_those_of_the_data_folder(export: Path) -> None:
    write(export, {"code": "X1", "name": "渔业捕捞许可（市级）", "mode": "guide", "aliases": None})
    own = read_catalogue(data_folder())
    known = known_catalogue()
    assert known[: len(own)] == own
    [imported] = known[len(own) :]
    assert (imported.code, imported.name) == ("X1", "渔业捕捞许可（市级）")


def test_an_item_of_both_is_one_with_the_words_of_both(export: Path) -> None:
    own = {item.code: item for item in read_catalogue(data_folder())}["GA004"]
    write(
        export,
        {"code": "GA004", "name": "身份证遗失补办", "aliases": ["补身份证件"]},
    )
    [item] = [item for item in known_catalogue() if item.code == "GA004"]
    assert item.name == "身份证遗失补办"
    assert {"补身份证件", own.name, *own.aliases} == set(item.aliases)
    assert item.questions == own.questions


def test_a_name_with_brackets_is_also_known_without_them(export: Path) -> None:
    write(export, {"code": "X1", "name": "渔业捕捞许可（市级）"})
    normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
    phrases, labels = labelled_phrases(list(read_published(export)), normaliser)
    assert phrases == [normaliser("渔业捕捞许可（市级）"), "渔业捕捞许可"]
    assert labels == ["X1", "X1"]


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"code": "X1"}', '{"name": "无编码"}'])
def test_a_line_that_is_no_item_is_named(export: Path, line: str) -> None:
    export.write_text('{"code": "X1", "name": "一"}\n' + line + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"export\.jsonl:2"):
        known_catalogue()


def test_a_named_file_that_is_missing_is_an_error(export: Path) -> None:
    with pytest.raises(FileNotFoundError):
        known_catalogue()
    with pytest.raises(FileNotFoundError):
        CatalogueLinker.fingerprint_addon({})


def test_without_an_export_the_data_folder_is_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHED_CATALOGUE", "")
    if published_file() is None:
        assert known_catalogue() == read_catalogue(data_folder())


def test_another_export_is_another_model(export: Path) -> None:
    write(export, {"code": "X1", "name": "渔业捕捞许可"})
    before = CatalogueLinker.fingerprint_addon({})
    write(export, {"code": "X1", "name": "渔业捕捞许可证"})
    assert CatalogueLinker.fingerprint_addon({}) != before
