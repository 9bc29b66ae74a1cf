"""The lines of a guide: their keys, and what of their words is compared."""

from __future__ import annotations

import pytest

from standards.guide_lines import KINDS, line_at, lines_of, named_part, names_of, without

ITEM = {
    "code": "ZZ001",
    "name": "荧光风筝放飞登记",
    "aliases": ["放风筝登记"],
    "summary": "放荧光风筝先登记。",
    "elements": {
        "basis": [{"name": "《风筝条例》", "article": "第三条"}],
        "conditions": ["年满十八岁。"],
        "materials": [
            {"name": "身份证", "original": 1, "copies": 0, "from": "自备", "note": "代办也要"},
            {"name": "风筝照片", "original": 1, "copies": 2, "from": "", "note": ""},
        ],
        "forms": [{"name": "荧光风筝放飞登记表", "note": "窗口填写"}],
        "procedure": [{"step": "申请", "who": "您到窗口", "takes": "当场"}],
        "time": {"promised": "3 个工作日", "statutory": None, "note": "春天人多"},
        "place": {},
        "fee": {"amount": 0, "text": "不收费"},
    },
    "situations": [{"name": "代办", "materials": ["身份证"], "note": "带委托书"}],
}


def test_every_line_has_a_key_of_its_own() -> None:
    lines = lines_of(ITEM)
    assert [line.key for line in lines] == [
        "basis.0", "conditions.0", "materials.0", "materials.1", "forms.0", "procedure.0",
        "time", "fee", "situations.0", "summary",
    ]  # fmt: skip
    assert {line.kind for line in lines} <= set(KINDS)


def test_what_the_guide_leaves_empty_is_no_line() -> None:
    assert "place" not in {line.key for line in lines_of(ITEM)}
    assert lines_of({"code": "ZZ002", "name": "空白", "elements": {}}) == []


def test_a_line_is_quoted_as_it_stands_and_heard_without_the_items_name() -> None:
    lines = {line.key: line for line in lines_of(ITEM)}
    assert lines["forms.0"].parts == ("荧光风筝放飞登记表：窗口填写",)
    assert "荧光风筝" not in lines["forms.0"].heard
    assert lines["time"].parts == ("3 个工作日", "春天人多")
    assert "复印件2份" in lines["materials.1"].heard


def test_a_key_stays_while_words_are_edited() -> None:
    edited = {**ITEM, "elements": {**ITEM["elements"], "conditions": ["年满二十岁。"]}}
    before, after = lines_of(ITEM), lines_of(edited)
    assert [line.key for line in before] == [line.key for line in after]


def test_names_are_left_out_of_a_question_unless_nothing_else_is_in_it() -> None:
    names = names_of(ITEM)
    assert without("荧光风筝放飞登记要几岁", names) == "要几岁"
    assert without("荧光风筝放飞要几岁", names) == "要几岁"
    assert without("登记要几岁", names) == "登记要几岁"
    assert without("放风筝登记", names) == "放风筝登记"


@pytest.mark.parametrize(
    ("text", "title", "part"),
    [("接着填高龄津贴那个", "高龄津贴申领", "高龄津贴"),
     ("继续填公租房申请", "公租房申请", "公租房申请"),
     ("养犬登记那张接着填", "养犬登记证办理", "养犬登记"), ("继续填这个申请", "公租房申请", ""),
     ("继续填居住证申请", "残疾人证申请", ""), ("接着填居住证首次申领", "残疾人证首次申领", ""),
     ("接着办理登记", "户口登记办理", ""), ("继续填", "公租房申请", "")],
)  # fmt: skip
def test_a_title_is_named_by_what_is_its_own(text: str, title: str, part: str) -> None:
    assert named_part(text, title) == part


def test_a_key_names_what_an_item_has_there() -> None:
    elements = {"conditions": ["年满 16 周岁"], "fee": {"text": "免费"}, "time": None}
    item = {"summary": "一句话", "situations": [{"name": "丢了"}], "elements": elements}
    keys = ("summary", "situations.0", "conditions.0", "fee", "conditions.1", "time", "forms.0")
    assert [line_at(item, key) for key in keys] == [
        "一句话", {"name": "丢了"}, "年满 16 周岁", {"text": "免费"}, None, None, None,
    ]  # fmt: skip
