"""The contract of `make understand`."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from components.project_files import data_folder
from scoring import read_questions
from understand import Ear, main, read_line, understand_lines

NLU = Path(__file__).resolve().parents[2] / "nlu"


async def answers(ear: Ear, *lines: bytes) -> list[dict[str, object]]:
    out = io.StringIO()
    await understand_lines(ear, lines, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def asked(text: str) -> bytes:
    return json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n"


async def test_every_line_is_answered_in_order_with_all_fields(ear: Ear) -> None:
    texts = [question["text"] for question in read_questions("dev")]
    given = await answers(ear, *map(asked, texts))
    assert [answer["text"] for answer in given] == texts
    with (data_folder() / "intents.csv").open(encoding="utf-8") as file:
        intents = {row["intent"] for row in csv.DictReader(file)}
    for answer in given:
        assert list(answer) == [
            "text",
            "intent",
            "confidence",
            "items",
            "element",
            "category",
            "entities",
        ]
        assert answer["intent"] in intents
        assert 0 <= answer["confidence"] <= 1
        assert len(answer["items"]) <= 5
        assert all(set(item) == {"code", "name", "score"} for item in answer["items"])
        assert len(answer["category"]) <= 3


async def test_hostile_lines_are_answered_and_stop_nothing(ear: Ear) -> None:
    lines = [
        asked(""),
        asked("身份证怎么补" * 20_000),
        asked("😀😀"),
        asked("/restart"),
        "不是JSON\n".encode(),
        b'{"text": "\xff\xfe"}\n',
        b'{"text": 7}\n',
        b"[]\n",
        b'{"text": "\\ud83d"}\n',
        b"[" * 100_000 + b"\n",
        asked("低保怎么申请"),
    ]
    given = await answers(ear, *lines)
    assert len(given) == len(lines)
    assert [("error" in answer) for answer in given] == [
        False,
        False,
        False,
        False,
        True,
        True,
        True,
        True,
        False,
        True,
        False,
    ]
    assert given[2]["intent"] == "out_of_scope"
    assert given[3]["text"] == "/restart"
    assert given[-1]["items"][0]["code"] == "MZ001"


async def test_one_entity_is_a_value_and_several_are_a_list(ear: Ear) -> None:
    [one, two] = await answers(
        ear, asked("电话19900000001"), asked("电话19900000001或者19900000002")
    )
    assert one["entities"] == {"phone": "19900000001"}
    assert two["entities"] == {"phone": ["19900000001", "19900000002"]}


def test_a_line_that_is_no_question_says_what_is_wrong() -> None:
    assert read_line(b'{"txt": "x"}') == {
        "text": '{"txt": "x"}',
        "error": "no text field of type string",
    }


def test_a_missing_model_is_an_error_and_not_another_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "in.jsonl"
    questions.write_bytes(asked("低保"))
    code = main(
        [str(questions), str(tmp_path / "out.jsonl"), "--model", str(tmp_path / "no.tar.gz")]
    )
    assert code == 2
    assert "no trained model" in capsys.readouterr().err


def test_the_command_line_works_from_the_project_folder(model: Path, tmp_path: Path) -> None:
    questions, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions.write_bytes(asked("我要申请高龄津贴") + b"\n" + asked("井盖没了"))
    command = [sys.executable, "-m", "understand", str(questions), str(out), "--model", str(model)]
    subprocess.run(command, cwd=NLU, check=True, capture_output=True)
    first, second = (json.loads(line) for line in out.read_text("utf-8").splitlines())
    assert (first["intent"], first["items"][0]["code"]) == ("start_application", "MZ008")
    assert (second["intent"], second["category"][0]["code"]) == ("report_problem", "P101")
