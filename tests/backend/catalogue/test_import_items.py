"""From a row to an item: mapped, cleaned, and every doubt told with its row and field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.catalogue.importing.items import Converter, generated_code
from backend.catalogue.importing.profile import load_profile
from backend.catalogue.importing.readers import Row
from backend.catalogue.importing.shapes import Shapes
from backend.catalogue.model import ELEMENTS

DATA = Path(__file__).resolve().parents[3] / "data"
# The shapes of the two real lists, filled with a fictional district's words.
GUIDE_ROW = {
    "item_id": "00000000-0000-4000-8000-000000000001",
    "name": "老年人优待证办理",
    "parent_name": None,
    "dept": "云溪区民政局",
    "service_object": None,
    "promise_days": 3,
    "legal_days": 20,
    "visits": 0,
    "is_charge": False,
    "accept_condition": "1.年满六十周岁；\n2.户口在云溪区。",
    "scope": "-",
    "handle_form": "窗口办理,网上办理",
    "item_type": "即办件",
    "address": "云溪区政务服务中心一楼",
    "hours": "-",
    "consult": "咨询电话：000-12340120，二楼",
    "complaint": "-",
    "query_way": "电话查询",
    "materials": [
        {"name": "居民身份证", "required": True, "form": "纸质", "original": 1, "copy": 0,
         "note": "类型：原件\n来源渠道：申请人自备\n填报须知：带原件"},
        {"name": "一寸照片", "required": True, "form": "纸质", "original": 2, "copy": 0,
         "note": "类型：原件"},
    ],
    "steps": [{"name": "收件与受理", "desc": "办理步骤"}, {"name": "发证", "desc": "证照"}],
    "region_code": "000000",
    "url": "https://example.invalid/1",
}  # fmt: skip
NAMES_ROW = {
    "dept": "云溪区民政局",
    "main_item": "未分类",
    "name": "高龄津贴申领",
    "item_code": "999X0001-000000000000-00",
    "area_code": "000000000000",
    "task_type": "1",
    "dept_code": "X",
    "link": "https://example.invalid/2",
}
TABLE = {
    "name": "表格",
    "fields": {
        "code": "编码",
        "name": "名称",
        "department": "部门",
        "mode": "方式",
        "promised_working_days": "承诺",
        "statutory_working_days": "法定",
        "instant": "即办",
        "conditions": {"column": "条件", "split": "\n"},
        "materials": {"column": "材料", "split": ["、", "；"], "none": ["无需材料"]},
        "aliases": {"column": "别名", "split": "、"},
        "fee.amount": "收费",
        "fee.text": {"column": "收费", "map": {"0": "不收费"}},
        "place.address": {"template": "{楼层}{窗口}"},
        "summary": {"constant": "来自清单"},
    },
}


def converter(profile: str, tmp_path: Path | None = None) -> Converter:
    if tmp_path is not None:
        path = tmp_path / "profile.yaml"
        path.write_text(yaml.safe_dump(TABLE, allow_unicode=True), encoding="utf-8")
        profile = str(path)
    return Converter(load_profile(DATA, profile), Shapes(DATA))


def table_row(**changes: Any) -> Row:
    cells = {"编码": "MZ001", "名称": "低保", "部门": "民政局"}
    return Row(7, cells | changes)


def convert(tmp_path: Path, **changes: Any) -> tuple[Any, list[tuple[str, str, str]]]:
    item, faults = converter("", tmp_path).convert(table_row(**changes))
    return item, [(fault.field, fault.problem, fault.done) for fault in faults]


def test_a_guide_with_materials_and_steps_fills_the_elements() -> None:
    item, faults = converter("fangchenggang").convert(Row(1, GUIDE_ROW))
    assert item is not None
    assert [fault.problem for fault in faults] == ["code_missing"]
    assert item["code"] == generated_code("云溪区民政局", "老年人优待证办理")
    assert (item["promised_working_days"], item["statutory_working_days"]) == (3, 20)
    assert (item["instant"], item["mode"], item["department_phone"]) == (
        True,
        "guide",
        "000-12340120",
    )
    assert item["elements"] == {
        "basis": None,
        "conditions": ["1.年满六十周岁；", "2.户口在云溪区。"],
        "materials": [
            {"name": "居民身份证", "original": 1, "copies": 0, "from": "申请人自备",
             "note": "带原件"},
            {"name": "一寸照片", "original": 2, "copies": 0},
        ],
        "forms": None,
        "procedure": [{"step": "收件与受理"}, {"step": "发证"}],
        "time": {"promised": "3 个工作日", "statutory": "20 个工作日", "note": None},
        "place": {"address": "云溪区政务服务中心一楼", "hours": None, "note": None},
        "fee": {"amount": 0, "unit": None, "text": "不收费", "basis": None},
    }  # fmt: skip
    assert (item["unsure"], item["status"]) == (["basis", "forms"], "partial")


def test_a_list_of_names_gives_items_that_claim_nothing() -> None:
    item, faults = converter("guangan").convert(Row(1, NAMES_ROW))
    assert faults == []
    assert item is not None
    assert (item["code"], item["name"]) == ("999X0001-000000000000-00", "高龄津贴申领")
    assert item["promised_working_days"] is None
    assert item["instant"] is False
    assert item["unsure"] == list(ELEMENTS)


def test_what_costs_something_unknown_is_not_called_free() -> None:
    item, faults = converter("fangchenggang").convert(Row(1, GUIDE_ROW | {"is_charge": True}))
    assert item is not None
    assert item["elements"]["fee"] is None
    assert ("fee.text", "value_unknown", "emptied") in [
        (fault.field, fault.problem, fault.done) for fault in faults
    ]


def test_no_materials_needed_is_told_apart_from_not_said() -> None:
    needless = GUIDE_ROW | {"materials": [{"name": "无需材料"}]}
    for row, materials in ((needless, []), (GUIDE_ROW | {"materials": []}, None)):
        item, _ = converter("fangchenggang").convert(Row(1, row))
        assert item is not None
        assert item["elements"]["materials"] == materials


def test_a_table_is_split_mapped_and_put_together(tmp_path: Path) -> None:
    item, faults = convert(
        tmp_path, 条件="满 60 岁\n本区户口", 材料="身份证、照片；户口簿", 别名="老人补贴、 高龄钱",
        承诺="5个工作日", 收费="0", 楼层="一楼", 窗口="3 号窗口",
    )  # fmt: skip
    assert faults == []
    assert item["aliases"] == ["老人补贴", "高龄钱"]
    assert [entry["name"] for entry in item["elements"]["materials"]] == [
        "身份证",
        "照片",
        "户口簿",
    ]
    assert item["elements"]["place"]["address"] == "一楼3 号窗口"
    assert item["elements"]["fee"] == {"amount": 0, "unit": None, "text": "不收费", "basis": None}
    assert item["summary"] == "来自清单"


def test_placeholders_are_nothing_and_a_template_with_a_hole_too(tmp_path: Path) -> None:
    item, faults = convert(tmp_path, 条件="-", 材料="无", 楼层="一楼", 窗口="—")
    assert faults == []
    assert [item["elements"][name] for name in ("conditions", "materials", "place")] == [None] * 3


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"名称": "  "}, ("name", "missing", "refused")),
        ({"部门": "-"}, ("department", "missing", "refused")),
        ({"编码": ""}, ("code", "code_missing", "repaired")),
        ({"编码": "民政 1/2"}, ("code", "code_unusable", "repaired")),
        ({"名称": "低<b>保</b>"}, ("name", "markup", "repaired")),
        ({"名称": "长" * 41}, ("name", "name_long", "kept")),
        ({"承诺": "尽快"}, ("promised_working_days", "days_unclear", "emptied")),
        ({"承诺": "30", "法定": "20"}, ("promised_working_days", "promise_beyond_law", "kept")),
        ({"即办": "也许"}, ("instant", "neither_yes_nor_no", "emptied")),
        ({"收费": "面议"}, ("fee.amount", "not_an_amount", "emptied")),
        ({"方式": "online"}, ("mode", "mode_unknown", "repaired")),
        ({"方式": "pre"}, ("mode", "mode_without_form", "repaired")),
        ({"条件": "#REF!"}, ("conditions", "sheet_error", "emptied")),
        ({"条件": "字" * 20_001}, ("conditions", "text_too_long", "emptied")),
        ({"条件": "字" * 501}, ("conditions", "conditions_long", "kept")),
        ({"条件": "先收件，再审核，公示后送达"}, ("conditions", "conditions_procedure", "kept")),
        ({"条件": "第十条 一\n第十二条 二"}, ("conditions", "conditions_law", "kept")),
        ({"条件": [{"a": 1}, "好"]}, ("conditions", "entry_nameless", "emptied")),
        ({"名称": {"a": 1}}, ("name", "not_text", "emptied")),
    ],
)
def test_every_fault_is_told_with_field_and_what_was_done(
    tmp_path: Path, cells: dict[str, Any], fault: tuple[str, str, str]
) -> None:
    item, faults = convert(tmp_path, **cells)
    assert fault in faults
    assert (item is None) == any(done == "refused" for *_, done in faults)


def test_a_code_that_stands_twice_refuses_the_second_row(tmp_path: Path) -> None:
    rows = converter("", tmp_path)
    assert rows.convert(table_row())[0] is not None
    item, faults = rows.convert(table_row(编码="mz001", 名称="别的"))
    assert item is None
    assert (faults[0].problem, faults[0].detail) == ("code_twice", "MZ001 ← 7")


def test_the_same_name_under_two_codes_is_kept_and_told(tmp_path: Path) -> None:
    rows = converter("", tmp_path)
    rows.convert(table_row())
    item, faults = rows.convert(Row(8, {**table_row().values, "编码": "MZ002"}))
    assert item is not None
    assert [fault.problem for fault in faults] == ["name_twice"]


def test_a_generated_code_is_the_same_at_every_import_and_differs_by_department() -> None:
    assert generated_code("民政局", "低保") == generated_code("民政局", "低保")
    assert generated_code("民政局", "低保") != generated_code("医保局", "低保")


def test_typed_conditions_come_back_as_they_were_exported() -> None:
    typed = [{"line": "conditions.0", "kind": "age", "min": 80}]
    row = {"code": "A1", "name": "高龄津贴", "department": "民政局",
           "elements.conditions": '["年满 80 周岁"]', "typed": json.dumps(typed)}  # fmt: skip
    item, faults = converter("paoyici").convert(Row(1, row))
    assert (item or {})["typed"] == typed
    assert faults == []


@pytest.mark.parametrize(
    ("column", "content", "problem"),
    [
        ("elements.fee", '{"amount": 3}', "shape_wrong"),
        ("elements.materials", '[{"name": ""}]', "shape_wrong"),
        ("application", '{"fields": []}', "shape_wrong"),
        ("aliases", "低保、", "not_json"),
        ("typed", '[{"line": "summary", "kind": "age"}]', "shape_wrong"),
        ("typed", '[{"line": "conditions.0", "kind": "age", "min": 80}]', "line_absent"),
    ],
)
def test_a_structure_that_breaks_the_schema_is_left_empty(
    column: str, content: str, problem: str
) -> None:
    row = {"code": "A1", "name": "低保", "department": "民政局", column: content}
    item, faults = converter("paoyici").convert(Row(1, row))
    assert item is not None
    assert [fault.problem for fault in faults] == [problem]
