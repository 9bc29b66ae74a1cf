"""The benchmark of the classifier on anybody's labelled text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from benchmark import FaultyLineError, main, read_labelled

KEYS = ["accuracy", "macro_f1", "train_s", "p50_ms", "p99_ms", "n_train", "n_test"]
STORY = "我是本小区业主，反映一个问题，已经打过很多次电话了都没有结果。" * 12


Rows = Sequence[tuple[str, object]]


def _write(path: Path, rows: Rows, between: str = "\n") -> Path:
    lines = [json.dumps({"text": t, "label": label}, ensure_ascii=False) for t, label in rows]
    path.write_text("\ufeff" + between.join(lines) + "\n\n", encoding="utf-8")
    return path


def _rows(front: str = "") -> list[tuple[str, str]]:
    lights = ["路灯不亮", "路灯坏了", "灯一直闪", "晚上没有灯", "灯杆歪了"]
    wages = ["老板拖欠工资", "工钱不给", "三个月没发工资", "欠薪不还", "包工头跑了没给钱"]
    return [(front + text, "light") for text in lights] + [(front + text, "wage") for text in wages]


def test_it_prints_one_line_with_what_was_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = _write(tmp_path / "train.jsonl", _rows(), between="\n\n")
    test = _write(
        tmp_path / "test.jsonl", [("路灯又坏了", "light"), ("不发工资", "wage"), ("?", "unseen")]
    )
    assert main([str(train), str(test)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert list(found) == KEYS
    assert (found["n_train"], found["n_test"]) == (10, 3)
    assert found["accuracy"] == pytest.approx(2 / 3, abs=1e-3)
    assert found["macro_f1"] == pytest.approx(5 / 9, abs=1e-3)


def test_the_wish_is_found_behind_a_long_story(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = _write(tmp_path / "train.jsonl", _rows(STORY))
    test = _write(
        tmp_path / "test.jsonl", [(f"{STORY}路灯又坏了", "light"), (f"{STORY}不发工资", "wage")]
    )
    assert main([str(train), str(test)]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 1


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "甲"}', "5"])
def test_a_faulty_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text('{"text": "甲", "label": "乙"}\n' + line, encoding="utf-8")
    with pytest.raises(FaultyLineError, match=r"train\.jsonl:2"):
        read_labelled(path)


def test_a_missing_file_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "absent"), str(tmp_path / "absent")]) == 2
    assert "absent" in capsys.readouterr().err


def _measured(
    folder: Path, capsys: pytest.CaptureFixture[str], train: Rows, test: Rows
) -> dict[str, float]:
    files = [_write(folder / "train.jsonl", train), _write(folder / "test.jsonl", test)]
    assert main([str(path) for path in files]) == 0
    found: dict[str, float] = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(found) == KEYS
    assert (found["n_train"], found["n_test"]) == (len(train), len(test))
    return found


@pytest.mark.parametrize("labels", [(0, 1), ("0", 1), ("", "nan"), (None, "None ")])
def test_labels_may_be_numbers_or_look_like_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], labels: tuple[object, object]
) -> None:
    names = dict(zip(("light", "wage"), labels, strict=True))
    train = [(text, names[label]) for text, label in _rows()]
    test = [("路灯又坏了", labels[0]), ("不发工资", labels[1])]
    assert _measured(tmp_path, capsys, train, test)["accuracy"] == 1


def test_empty_texts_are_labelled_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = [*_rows(), ("", "nothing"), (" \t\n", "nothing"), ("", "nothing")]
    found = _measured(tmp_path, capsys, train, [("", "nothing"), ("工钱不给了", "wage")])
    assert found["accuracy"] == 1


def test_training_text_may_be_nothing_but_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _measured(tmp_path, capsys, [("", "甲"), ("", "乙"), ("", "甲")], [("甲", "甲")])
    assert found["accuracy"] in (0, 1)


def test_a_very_long_text_is_labelled_by_its_few_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = STORY * 28
    assert len(letter) > 10_000
    found = _measured(tmp_path, capsys, _rows(), [(f"不发工资。{letter}", "wage"), ("灯", "light")])
    assert found["accuracy"] == 1


def test_a_label_with_one_example_is_found_beside_many(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = [*_rows(), ("河里漂着死鱼", "river")]
    found = _measured(tmp_path, capsys, train, [("河面上有死鱼", "river"), ("灯不亮", "light")])
    assert found["macro_f1"] == 1


@pytest.mark.parametrize("train", [[("灯坏了", "light")], [("灯坏了", "light")] * 4])
def test_one_label_alone_is_given_to_every_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], train: list[tuple[str, str]]
) -> None:
    found = _measured(tmp_path, capsys, train, [("灯坏了", "light"), ("工资", "wage")])
    assert (found["accuracy"], found["macro_f1"]) == (0.5, pytest.approx(1 / 3, abs=1e-3))


def test_every_label_may_have_one_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = [("路灯不亮", "light"), ("拖欠工资", "wage"), ("河里有死鱼", "river")]
    test = [("路灯坏了", "light"), ("欠工资", "wage"), ("死鱼", "river"), ("狗咬人", "unseen")]
    assert _measured(tmp_path, capsys, train, test)["accuracy"] == 0.75


def test_the_same_text_under_two_labels_breaks_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = [*_rows(), *_rows(), ("路灯不亮", "wage")]
    found = _measured(tmp_path, capsys, train, [("路灯不亮了", "light"), ("欠薪", "wage")] * 2)
    assert found["accuracy"] == 1


def test_a_test_of_unseen_labels_alone_scores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _measured(tmp_path, capsys, _rows(), [("狗咬人", "dog"), ("噪音", "noise")])
    assert (found["accuracy"], found["macro_f1"]) == (0, 0)
