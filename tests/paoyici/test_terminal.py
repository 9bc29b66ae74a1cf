"""The terminal shows everything a reply says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from paoyici.citizen import Memory
from paoyici.terminal import as_lines, show


def test_a_card_is_shown_with_its_fields_steps_source_and_chips() -> None:
    card = {
        "kind": "card",
        "title": "标题",
        "text": "首行",
        "fields": [{"label": "甲", "value": "乙"}],
        "sections": [{"title": "材料", "lines": ["一", "二"]}],
        "timeline": [{"at": "2026-11-22T21:58:44.621+08:00", "label": "已提交", "note": ""}],
        "source": {"item_code": "GA004", "version": "1"},
        "chips": [{"title": "找人工", "payload": "/ask_human"}],
    }
    assert "\n".join(as_lines(card)) == (
        "【标题】\n首行\n  甲：乙\n  材料\n    一\n    二\n  2026-11-22 21:58  已提交\n"
        "  依据：GA004 1\n  [找人工]"
    )


def test_json_prints_one_reply_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    messages = [
        {"seq": n, "author": {"kind": "bot"}, "body": {"kind": "text", "text": f"第{n}句"}}
        for n in (1, 2)
    ]
    show(messages, as_json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["seq"], line["kind"], line["text"]) for line in lines] == [
        (1, "text", "第1句"),
        (2, "text", "第2句"),
    ]


def test_a_conversation_is_remembered_by_name_and_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
    Memory("甲", "http://127.0.0.1:1").keep(token="t", last_seq=4)
    assert Memory("甲", "http://127.0.0.1:1").state == {"token": "t", "last_seq": 4}
    assert Memory("乙", "http://127.0.0.1:1").state == {}
    assert Memory("甲", "http://127.0.0.1:2").state == {}


def test_whoever_reads_may_stop_reading() -> None:
    script = (
        "import sys; from paoyici import cli; sys.argv = ['paoyici', 'train']\n"
        "cli._COMMANDS['train'] = lambda _: [print('一行' * 99) for _ in range(999)] and 0\n"
        "sys.exit(cli.main())"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 1)
