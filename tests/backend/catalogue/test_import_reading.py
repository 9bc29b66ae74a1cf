"""Reading an office's list: every encoding and layout an office hands in, row by row."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from backend.catalogue.importing import texts, workbook
from backend.catalogue.importing.faults import ImportRefusedError
from backend.catalogue.importing.profile import Profile, Source, load_profile
from backend.catalogue.importing.readers import Row, read_rows
from backend.replies import load_replies

DATA = Path(__file__).resolve().parents[3] / "data"
TABLE = "部门,事项名称\n云溪区民政局,高龄津贴\n云溪区民政局,火化补贴\n"


def profile(**changes: Any) -> Profile:
    settings: dict[str, Any] = {
        "name": "测试",
        "fields": {"name": Source(column="事项名称"), "department": Source(column="部门")},
        "ignore": frozenset({"-", "无"}),
        "ignore_columns": frozenset(),
        "fill_down": frozenset(),
        "encoding": None,
        "delimiter": None,
        "sheet": None,
        "header_row": 1,
    }
    return Profile(**settings | changes)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def sheet(path: Path, rows: list[list[Any]], title: str = "事项") -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def names(path: Path, **changes: Any) -> list[Any]:
    return [row.values["事项名称"] for row in read_rows(path, profile(**changes))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_list_is_read_in_whatever_encoding_it_was_saved(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "list.csv", TABLE.encode(encoding))
    assert names(path) == ["高龄津贴", "火化补贴"]


def test_a_file_in_no_known_encoding_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "list.csv", TABLE.encode() + b"\xff\xff\xff")
    with pytest.raises(ImportRefusedError, match="encoding_unknown"):
        names(path)


def test_rows_are_numbered_by_the_line_they_begin_in(tmp_path: Path) -> None:
    text = '部门,事项名称\n民政局,"高龄\n津贴"\n\n民政局,火化补贴\n'
    rows = list(read_rows(written(tmp_path / "a.csv", text.encode()), profile()))
    assert [(row.number, row.values["事项名称"]) for row in rows] == [
        (2, "高龄\n津贴"),
        (5, "火化补贴"),
    ]


def test_a_row_wider_than_the_header_is_not_guessed_at(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", (TABLE + "民政局,低保,多出来的\n").encode())
    assert [row.broken for row in read_rows(path, profile())] == [None, None, "row_too_wide"]


def test_a_title_above_the_header_and_merged_departments_are_understood(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "list.xlsx",
        [["云溪区事项清单"], ["部门", "事项名称"], ["民政局", "低保"], [None, "火化补贴"]],
    )
    rows = list(read_rows(path, profile(header_row=2, fill_down=frozenset({"部门"}))))
    assert [(row.number, row.values["部门"]) for row in rows] == [(3, "民政局"), (4, "民政局")]


def test_a_sheet_gives_figures_and_days_as_its_screen_shows_them(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "list.xlsx",
        [["部门", "事项名称", "天数", "日期"], ["民政局", "低保", 20.0, datetime(2026, 1, 2)]],
    )
    (row,) = read_rows(path, profile())
    assert (row.values["天数"], row.values["日期"]) == (20, "2026-01-02")


def test_empty_cells_at_the_end_of_a_row_are_columns_all_the_same(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["部门", "事项名称", "备注"], ["民政局", "低保"]])
    (row,) = read_rows(path, profile())
    assert row.values == {"部门": "民政局", "事项名称": "低保", "备注": None}


def test_a_sheet_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    path = sheet(tmp_path / "list.xlsx", [["部门", "事项名称"]])
    with pytest.raises(ImportRefusedError) as refused:
        names(path, sheet="别的")
    assert refused.value.values == {"sheet": "别的", "known": "事项"}


def test_a_line_that_is_not_json_refuses_itself_and_no_other(tmp_path: Path) -> None:
    lines = [json.dumps({"事项名称": "低保"}), "{", "[1]", "", json.dumps({"事项名称": "火化"})]
    rows = list(read_rows(written(tmp_path / "a.jsonl", "\n".join(lines).encode()), profile()))
    assert [(row.number, row.broken) for row in rows] == [
        (1, None),
        (2, "row_not_json"),
        (3, "row_not_json"),
        (5, None),
    ]


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("list.xls", b"", "file_kind"),
        ("list.xlsx", b"not a zip", "workbook_broken"),
        ("list.csv", b"", "file_empty"),
        ("list.jsonl", b"", "file_empty"),
        ("list.csv", "部门,部门\n".encode(), "columns_twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(
    tmp_path: Path, name: str, content: bytes, key: str
) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        names(written(tmp_path / name, content))
    assert refused.value.key == key


def repacked(path: Path, part: str, content: bytes, level: int = 9) -> Path:
    """Write a workbook again with another content of one of its parts."""
    with ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()} | {part: content}
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=level) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def cell_at(place: str) -> bytes:
    """A sheet with one cell."""
    row = int(re.sub(r"\D", "", place))
    cell = f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cell}</sheetData></worksheet>'.encode()


SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'


@pytest.mark.parametrize(
    ("part", "content", "key"),
    [
        (SHEET, b"<worksheet>" + b" " * 60_000_000, "workbook_too_large"),
        (SHEET, cell_at("XFD1"), "workbook_too_large"),
        (SHEET, ENTITIES, "workbook_unsafe"),
        (SHEET, OUTSIDE, "workbook_unsafe"),
        ("xl/workbook.xml", ENTITIES, "workbook_unsafe"),
        (SHEET, b"<worksheet><sheetData><row", "workbook_broken"),
        ("xl/workbook.xml", b"", "workbook_broken"),
    ],
    ids=["packed 1000 times", "columns", "entities", "outside", "book", "cut", "empty"],
)
def test_a_workbook_that_is_a_trap_is_refused_in_a_plain_sentence(
    tmp_path: Path, part: str, content: bytes, key: str
) -> None:
    path = repacked(sheet(tmp_path / "list.xlsx", [["部门", "事项名称"]]), part, content)
    with pytest.raises(ImportRefusedError) as refused:
        names(path)
    assert refused.value.key == key
    sentence = load_replies(DATA / "replies", "catalogue.yml").say(
        f"refused.{key}", **refused.value.values
    )
    assert not re.search(r"[A-Za-z]{3,}", sentence.replace("list.xlsx", "").replace(".xlsx", ""))


def test_a_workbook_of_more_rows_than_any_list_is_refused_where_they_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    rows = [["部门", "事项名称"], *([["民政局", "低保"]] * 3)]
    assert len(names(sheet(tmp_path / "three.xlsx", rows[:3]))) == 2
    with pytest.raises(ImportRefusedError, match="workbook_too_large"):
        names(sheet(tmp_path / "four.xlsx", rows))


def test_a_missing_file_and_a_wrong_encoding_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="file_missing"):
        names(tmp_path / "none.csv")
    with pytest.raises(ImportRefusedError, match="encoding_wrong"):
        names(written(tmp_path / "a.csv", TABLE.encode()), encoding="klingon")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name: x\nfields: {name: a}", "department"),
        ("name: x\nfields: {name: a, department: b, colour: c}", "colour"),
        ("name: x\nfields: {name: {column: a, template: b}, department: b}", "fields/name"),
        ("a: [", "expected"),
    ],
)
def test_a_wrong_profile_is_refused_with_the_place(tmp_path: Path, content: str, said: str) -> None:
    path = written(tmp_path / "p.yaml", content.encode())
    with pytest.raises(ImportRefusedError) as refused:
        load_profile(DATA, str(path))
    assert said in str(refused.value.values["why"])


def test_an_unknown_profile_is_told_with_the_known_ones() -> None:
    with pytest.raises(ImportRefusedError) as refused:
        load_profile(DATA, "nobody")
    assert "paoyici" in str(refused.value.values["known"])


@pytest.mark.parametrize("path", sorted((DATA / "profiles").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_profile_in_the_repository_is_valid(path: Path) -> None:
    assert load_profile(DATA, path.stem).name


@pytest.mark.parametrize(
    ("text", "cleaned", "had_markup"),
    [
        ("<p>持身份证&nbsp;</p><p>到窗口</p>", "持身份证\n到窗口", True),
        ("<style>p{}</style>低保", "低保", True),
        ("<18 周岁", "<18 周岁", False),
        ("A&B", "A&B", False),
        ("　低 \u200b保\r\n\r\n 二 ", "低 保\n二", False),
    ],
)
def test_remnants_of_web_pages_go_and_text_stays(text: str, cleaned: str, had_markup: bool) -> None:
    assert texts.clean(text) == (cleaned, had_markup)


@given(st.text())
def test_cleaning_twice_changes_nothing_more_unless_markup_was_hidden(text: str) -> None:
    once, had_markup = texts.clean(text)
    if not had_markup:
        assert texts.clean(once) == (once, False)


@pytest.mark.parametrize(
    ("text", "days"),
    [("20", 20), ("20.0", 20), ("２０个工作日", 20), ("5 个工作日内", 5), ("即办", 0),
     ("当场办结", 0), ("30天", None), ("一个月", None), ("-1", None)],
)  # fmt: skip
def test_only_working_days_are_read_as_working_days(text: str, days: int | None) -> None:
    assert texts.days(text) == days


@pytest.mark.parametrize(
    ("text", "phone"),
    [("咨询电话：000-12340110，二楼", "000-12340110"), ("手机 19900000001", "19900000001"),
     ("拨 12345", "12345"), ("3-5 号窗口", None), ("身份证 999999199001010016", None)],
)  # fmt: skip
def test_a_telephone_number_is_found_in_a_sentence(text: str, phone: str | None) -> None:
    assert texts.phone(text) == phone


def test_rows_without_values_still_have_a_number() -> None:
    assert Row(3).values == {}
