"""`paoyici catalogue` as an office types it."""

from __future__ import annotations

import getpass
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.catalogue.importing import faults
from backend.replies import load_replies
from paoyici.catalogue_reports import faults_file
from paoyici.cli import main

ROOT = Path(__file__).resolve().parents[3]
LIST = "编码,名称,部门\nMZ001,低保,民政局\n,火化补贴,民政局\n"
PROFILE = "name: 表格\nfields: {code: 编码, name: 名称, department: 部门}\n"


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run one command; return its exit code, what it printed, and what it said beside."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["paoyici", "catalogue", *map(str, words)])
        code = main()
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """An office's list, and its profile."""
    table, profile = tmp_path / "list.csv", tmp_path / "list.yaml"
    table.write_text(LIST, encoding="gb18030")
    profile.write_text(PROFILE, encoding="utf-8")
    return table, profile


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No server runs, and the settings lead nowhere."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(
        "MONGODB_URI", "mongodb://somebody:secret@127.0.0.1:9/?directConnection=true"
    )


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mongo_server: str,
           mongo_database: str) -> None:  # fmt: skip
    """A database runs, as beside `make run`."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MONGODB_URI", mongo_server)
    monkeypatch.setenv("MONGODB_DATABASE", mongo_database)


@pytest.mark.usefixtures("alone")
def test_a_dry_run_needs_no_server_and_reports(type_in: Any, files: Any, tmp_path: Path) -> None:
    table, profile = files
    report = tmp_path / "faults.csv"
    code, out, _ = type_in("import", table, "--profile", profile, "--dry-run", "--report", report)
    assert code == 0
    assert "2" in out
    assert "火化补贴" in out
    assert "code" in report.read_text(encoding="utf-8-sig").splitlines()[1]
    assert not (tmp_path / "home").exists()


def test_no_cell_of_the_report_begins_like_a_formula(tmp_path: Path) -> None:
    replies = load_replies(ROOT / "data" / "replies", "catalogue.yml")
    with faults_file(tmp_path / "faults.csv", replies) as tell:
        assert tell is not None
        tell([faults.Fault(2, "name", "code_missing", "repaired", "=cmd|' /C calc'!A0")])
    report = (tmp_path / "faults.csv").read_text(encoding="utf-8-sig")
    assert ",'=cmd|' /C calc'!A0" in report


@pytest.mark.usefixtures("alone")
def test_the_report_can_be_read_by_programs(type_in: Any, files: Any) -> None:
    table, profile = files
    code, out, _ = type_in("import", table, "--profile", profile, "--dry-run", "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["rows"], report["accepted"], report["refused"]) == (2, 2, 0)
    assert report["faults"] == [
        {"field": "code", "problem": "code_missing", "done": "repaired", "count": 1, "rows": [3]}
    ]


@pytest.mark.usefixtures("alone")
def test_without_a_database_the_import_says_so_and_keeps_the_password_to_itself(
    type_in: Any, files: Any
) -> None:
    table, profile = files
    code, _, said = type_in("import", table, "--profile", profile)
    assert code == 1
    assert "MONGODB_URI" in said
    assert "secret" not in said


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("words", [("nowhere.csv",), ("list.csv", "--profile", "nobody")])
def test_a_refusal_is_one_sentence_and_exit_code_one(type_in: Any, words: Any) -> None:
    code, out, said = type_in("import", *words, "--dry-run")
    assert (code, out) == (1, "")
    assert said


@pytest.mark.usefixtures("beside")
def test_import_versions_rollback_and_export_in_a_row(
    type_in: Any, files: Any, tmp_path: Path
) -> None:
    table, profile = files
    assert type_in("import", table, "--profile", profile, "--replace")[0] == 0
    code, out, _ = type_in("versions")
    assert code == 0
    assert out.split()[:2] == ["*", "2026.2"], out
    target = tmp_path / "out.xlsx"
    assert type_in("export", target)[0] == 0
    assert target.exists()
    assert type_in("rollback", "2026.1")[0] == 0
    assert "* 2026.1" in type_in("versions")[1]
    assert type_in("rollback", "2026.7")[0] == 1
    old = tmp_path / "old.jsonl"
    assert type_in("export", old, "--version", "2026.2")[0] == 0
    assert len(old.read_text(encoding="utf-8").splitlines()) == 2
    assert type_in("export", tmp_path / "a.jsonl", "--jurisdiction", "无此区")[0] == 1


@pytest.mark.usefixtures("beside")
def test_a_short_list_is_shown_with_what_it_takes_away_and_refused_unless_it_is_said(
    type_in: Any, files: Any
) -> None:
    table, profile = files
    assert type_in("rollback", "data")[0] == 0
    for dry in ((), ("--dry-run",)):
        code, out, said = type_in("import", table, "--profile", profile, *dry)
        assert code == 1
        assert "去掉 311 个：" in out
        assert "--replace" in said
        assert "没有导入" in said
    assert "* 2026.1" in type_in("versions")[1]
    code, out, _ = type_in(
        "import", table, "--profile", profile, "--dry-run", "--json", "--replace"
    )
    unlike = json.loads(out)["difference"]
    assert (code, unlike["served"], unlike["gone"]["count"]) == (0, 312, 311)
    assert unlike["changed"]["count"] == 1
    assert len(unlike["gone"]["first"]) == 5
    assert type_in("import", table, "--profile", profile, "--replace")[0] == 0
    assert getpass.getuser() in type_in("versions")[1]


@pytest.mark.usefixtures("alone")
def test_the_linter_needs_no_server_and_tells_by_its_exit_code(
    type_in: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    monkeypatch.setenv("DATA_DIR", str(data))
    path = data / "catalogue" / "GA.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["items"][0]["aliases"].append(content["items"][1]["name"])
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    code, out, _ = type_in("lint", "--json")
    findings = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    shadow = next(finding for finding in findings if finding["rule"] == "alias_is_name")
    assert (shadow["level"], shadow["where"]) == ("error", ["GA001", "GA002"])


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("share", ["0", "1.5", "much"])
def test_a_threshold_is_a_share(type_in: Any, share: str) -> None:
    with pytest.raises(SystemExit):
        type_in("lint", "--threshold", share)


def test_every_fault_and_refusal_has_its_sentence() -> None:
    replies = load_replies(ROOT / "data" / "replies", "catalogue.yml")
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("backend/catalogue/importing", "paoyici")
        for path in sorted((ROOT / folder).glob("*.py"))
    )
    refusals = re.findall(r"ImportRefusedError\(\s*\"(\w+)\"", code)
    problems = re.findall(r"\.note\(\s*[^,]+, \"(\w+)\", ", code)
    assert len(refusals) > 10
    assert len(problems) > 10
    assert all(f"refused.{key}" in replies for key in refusals)
    assert all(f"fault.{key}" in replies for key in problems)
    assert all(f"done.{done}" in replies for done in faults.Done.__args__)
