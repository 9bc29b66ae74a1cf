"""`make converse` as it is: a house on another day, a conversation from a file, numbers, an end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from house import children_of, command_line

ROOT = Path(__file__).resolve().parents[2]
DAY = "2031-05-07"
TALKS = [
    {"id": "lamp", "group": "report", "turns": [
        {"say": "文化路的路灯不亮了"},
        {"say": "文化路菜市场门口"},
        {"say": "跳过"},
        {"say": "跳过"},
        {"say": "是的", "must": ["GD20310507"]},
    ]},
    {"id": "card", "group": "guide", "turns": [
        {"say": "身份证掉了咋个补嘛", "item": "GA004", "never": ["GD20"]},
    ]},
]  # fmt: skip

pytestmark = pytest.mark.slow


def started(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Start the program on the conversations above; what is temporary goes into `folder`."""
    file = folder / "talks.jsonl"
    lines = [json.dumps(talk, ensure_ascii=False) for talk in TALKS]
    file.write_text("\n".join(lines), encoding="utf-8")
    (folder / "tmp").mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "tests.converse", str(file), *options],
        cwd=ROOT, env=os.environ | {"TMPDIR": str(folder / "tmp")}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_a_conversation_from_a_file_hears_of_the_day_that_was_asked_for(tmp_path: Path) -> None:
    process = started(tmp_path, "--at", f"{DAY}T09:00", "--show", "--bar", "turns=1,talks=1")
    output, _ = process.communicate(timeout=180)
    assert process.returncode == 0, output
    *_, guide, report, last = output.splitlines()
    assert guide.split() == ["guide", *["turns", "1/", "1", "1.000", "talks", "1/", "1", "1.000"]]
    assert report.startswith("report ")
    assert json.loads(last) == {
        "turns": 2, "turns_right": 1.0, "talks": 2, "talks_right": 1.0,
        "by_group": {"guide": 1.0, "report": 1.0},
    }  # fmt: skip
    assert list((tmp_path / "tmp").glob("converse-*")) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whoever_stops_it_leaves_no_process_behind(tmp_path: Path, how: signal.Signals) -> None:
    process = started(tmp_path)
    assert process.stdout is not None
    assert "mongodb: well" in process.stdout.readline()
    children = children_of(process.pid)
    marks = {pid: command_line(pid) for pid in children}
    assert marks
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode == (-9 if how is signal.SIGKILL else 130)
    deadline = time.monotonic() + 10
    while left := [pid for pid, mark in marks.items() if command_line(pid) == mark]:
        assert time.monotonic() < deadline, left
        # A loop without a pause takes the core that what is ending needs.
        signal.sigtimedwait([], 0.05)
