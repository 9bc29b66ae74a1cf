"""The benchmark of the classifier on anybody's labelled text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmark import FaultyLineError, main, read_labelled

KEYS = ["accuracy", "macro_f1", "train_s", "p50_ms", "p99_ms", "n_train", "n_test"]
STORY = "我是本小区业主，反映一个问题，已经打过很多次电话了都没有结果。" * 12


def _write(path: Path, rows: list[tuple[str, str]], between: str = "\n") -> Path:
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
