"""What is said to an open form is weighed: an answer, a question, a pause, a wish, a way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from components.form_listener import choice_fields
from components.normalisation import Dictionaries, Normaliser
from components.project_files import dictionary_folder
from dialogue.gate import decide, load_words
from form_ear import form_ear

DATA = Path(__file__).resolve().parents[3] / "data"
WORDS = load_words(DATA)
FIELDS = choice_fields(DATA)
NORMALISE = Normaliser(Dictionaries.read(dictionary_folder()))
NOTHING = {"name": "nlu_fallback", "confidence": 0.3}


async def said(
    text: str, awaiting: dict[str, Any], guess: str = "", sure: float = 0.6, **parsed: Any
) -> dict[str, Any]:
    """Return how a text is read that a form of GA024 is told; `guess` is what the parse hears."""

    async def parse(words: str) -> dict[str, Any]:
        heard = {"name": guess, "confidence": sure} if guess else NOTHING
        return {"text": words, "normalised": NORMALISE(words), "intent": heard, "entities": [],
                **parsed}  # fmt: skip

    asked = {"form": "application_form", "field": "f", "subject": "GA024", **awaiting}
    message = {"kind": "text", "text": text}
    return await decide(message, "application_form", asked, parse, WORDS, form_ear())


def choice(name: str) -> dict[str, Any]:
    """Return what is awaited where this field is asked for."""
    field = FIELDS[name]
    return {"kind": "choice", "label": field.label, "choices": list(field.choices)}


def check(*names: str) -> dict[str, Any]:
    """Return what is awaited at the last check of a form with these fields."""
    fields = [{"name": name, "label": FIELDS[name].label, "choices": list(FIELDS[name].choices)}
              for name in names]  # fmt: skip
    return {"kind": "confirm", "field": "confirm", "fields": fields}


def value(read: dict[str, Any]) -> Any:
    """Return the choice that was inferred."""
    return next((one["value"] for one in read["entities"] if one["entity"] == "value"), None)


@pytest.mark.parametrize(
    ("field", "text", "meant"),
    [("SF001.case_kind", "包工头欠我们八个月工钱", "讨工钱"),
     ("ZR002.role", "我妈把房子送给我了", "受赠人"),
     ("GA003.damage", "中间折断了", "断裂"),
     ("RS032.who_apply", "我是人事，替公司来的", "单位"),
     ("MZ002.support", "想住养老院", "敬老院"),
     ("TJ003.settle", "回学校接着念书", "复学"),
     ("YB009.disease", "每周去洗三次肾", "尿毒症透析")],
)  # fmt: skip
async def test_a_choice_is_taken_by_its_meaning(field: str, text: str, meant: str) -> None:
    read = await said(text, choice(field), guess="report_problem", sure=0.7)
    assert (read["intent"]["name"], value(read)) == ("inform", meant)


async def test_between_two_choices_that_are_near_it_is_asked() -> None:
    read = await said("我是他爱人，替他办", choice("RS032.who_apply"))
    assert value(read) is None
    assert set(read["between"]) == {"本人", "家属"}


async def test_of_two_choices_that_are_named_at_once_one_is_asked_for() -> None:
    read = await said("既不交社保又不签合同，就是拖着", choice("RS037.problem"))
    assert read["between"] == ["不交社保", "不签合同"]


@pytest.mark.parametrize("text", ["要第二个", "选第二个", "第二种"])
async def test_a_choice_by_its_place_needs_no_meaning(text: str) -> None:
    read = await said(text, choice("GA004.reason"))
    assert read["intent"]["name"] == "inform"
    assert "between" not in read


@pytest.mark.parametrize(
    ("text", "guess"),
    [("办这个要交钱不", "report_problem"), ("好久可以领证", "query_progress"),
     ("填完还要跑一趟吗", "complain"), ("我爱人替我领行不行", "ask_proxy")],
)  # fmt: skip
async def test_a_question_is_about_what_is_applied_for(text: str, guess: str) -> None:
    read = await said(text, choice("GA024.purpose"), guess=guess, sure=0.4)
    assert read["intent"]["name"] == "ask_guide"
    assert [one["value"] for one in read["entities"]] == ["GA024"]


@pytest.mark.parametrize("kind", ["number", "text", "phone", "date"])
@pytest.mark.parametrize(
    "text", ["我打电话问下我妹妹", "先搁一下，我去抽屉里找", "等下，我出去拿个东西"]
)
async def test_who_needs_a_moment_is_waited_for(kind: str, text: str) -> None:
    read = await said(text, {"kind": kind}, guess="report_problem", sure=0.8)
    assert [one["value"] for one in read["entities"]] == ["wait"]


@pytest.mark.parametrize(
    "text", ["算了，太繁琐了，我抽空去大厅办", "太麻烦，我还是自己跑一趟柜台吧"]
)
async def test_who_goes_elsewhere_leaves_the_form_as_it_is(text: str) -> None:
    read = await said(text, {"kind": "text"}, guess="complain", sure=0.9)
    assert (read["intent"]["name"], read.get("rests")) == ("cancel", True)


@pytest.mark.parametrize("kind", ["text", "number"])
async def test_nobody_is_put_into_a_report_by_what_is_told_to_a_form(kind: str) -> None:
    for text in ("工地上架子倒了砸到腰", "老板说没钱就是不发", "楼上漏水把家里泡了"):
        read = await said(text, {"kind": kind}, guess="report_problem", sure=0.9)
        assert read["intent"]["name"] == "inform"
        # Where any words are an answer they are kept, and nobody is asked what they meant.
        assert "unclear" not in read or kind != "text"


@pytest.mark.parametrize(
    ("name", "guess", "sure"),
    [("笪雨", "out_of_scope", 0.9), ("黑美丽", "out_of_scope", 0.9),
     ("死晓燕", "nlu_fallback", 0.3)],
)  # fmt: skip
async def test_a_rare_name_is_left_to_the_form_which_asks_back(
    name: str, guess: str, sure: float
) -> None:
    read = await said(name, {"kind": "name"}, guess, sure)
    assert read["intent"]["name"] == "inform"
    assert "unclear" not in read


@pytest.mark.parametrize(
    "text", ["她的是199 0000 0002", "199-0000-0002，打这个", "证件是999999 1946 0305 200X"]
)
async def test_a_number_with_gaps_fills_in_the_form(text: str) -> None:
    read = await said(text, {"kind": "number"}, "ask_guide", 0.9)
    assert (read["intent"]["name"], read["items"]) == ("inform", [])


@pytest.mark.parametrize(
    ("text", "meant"),
    [("寄到家里", "inform"), ("邮寄到家里", "inform"), ("邮寄到家要好多钱", "ask_guide"),
     ("女儿可以来不", "ask_guide")],
)  # fmt: skip
async def test_a_choice_that_is_asked_for_later_is_named_and_not_asked_about(
    text: str, meant: str
) -> None:
    later = {"kind": "phone", "others": ["邮寄到家", "窗口领取", "男", "女"]}
    assert (await said(text, later, "ask_guide", 0.9))["intent"]["name"] == meant


async def test_who_asks_to_report_something_may() -> None:
    read = await said("我要反映门口下水道堵了", {"kind": "text"}, "report_problem", 0.9)
    assert read["intent"]["name"] == "report_problem"


async def test_the_state_of_an_earlier_application_is_no_text_for_a_field() -> None:
    read = await said("先帮我看看上次交的申请批了没", {"kind": "text"}, "query_progress", 0.9)
    assert read["intent"]["name"] == "query_progress"


async def test_a_new_wish_beside_the_word_that_leaves_opens_the_other_form() -> None:
    wish = {"items": [{"code": "CL001", "name": "残疾人证首次申领"}], "item_outcome": "confident"}
    read = await said("这个不弄了，我要申请残疾人证", {"kind": "text"},
                      "start_application", 0.9, **wish)  # fmt: skip
    assert (read["intent"]["name"], read["leaves_form"]) == ("start_application", True)


@pytest.mark.parametrize(("score", "about"), [(0.48, None), (0.2, "MZ008")])
async def test_a_question_that_names_another_item_is_not_answered_for_the_forms(
    score: float, about: str | None
) -> None:
    linked = {"items": [{"code": "MZ001", "name": "低保", "score": score}],
              "item_outcome": "ambiguous"}  # fmt: skip
    form = {"kind": "choice", "form": "application_form", "subject": "MZ008"}
    read = await said("她六百来块养老金，低保能不能办", form, "ask_guide", 0.9, **linked)
    assert read["intent"]["name"] == "ask_guide"
    told = {one["entity"]: one["value"] for one in read["entities"]}
    assert told.get("item_code") == about


async def test_what_a_number_is_for_is_asked_of_the_form() -> None:
    read = await said("你们要我卡号搞什么名堂", {"kind": "number"}, "ask_guide", 0.5)
    assert read["intent"]["name"] == "ask_why"


@pytest.mark.parametrize(
    ("fields", "text", "option"),
    [(("JG003.deliver", "JG003.damage"), "算了不去拿了，快递给我", ("JG003.deliver", "邮寄到家")),
     (("RS012.what", "RS012.deliver"), "改成看交了几年", ("RS012.what", "缴费年限")),
     (("GA024.purpose", "GA024.deliver"), "还是来窗口拿纸的吧", ("GA024.deliver", "窗口领取"))],
)  # fmt: skip
async def test_at_the_check_other_words_change_the_field_whose_choice_they_mean(
    fields: tuple[str, ...], text: str, option: tuple[str, str]
) -> None:
    read = await said(text, check(*fields), "cancel", 0.9)
    assert read["intent"]["name"] == "correct"
    assert (read["options"][0]["field"], read["options"][0]["value"]) == option


@pytest.mark.parametrize("text", ["都看清楚了，报吧", "那就这样交了", "核对完了，没错，提交"])
async def test_a_yes_in_other_words_submits(text: str) -> None:
    assert (await said(text, check("GA024.deliver")))["intent"]["name"] == "affirm"


@pytest.mark.parametrize(
    "text", ["等一下，我再检查检查", "先别急着交，我看看", "对，就是电话不对", "交之前能改吗"]
)
async def test_what_is_no_clear_yes_submits_nothing(text: str) -> None:
    assert (await said(text, check("GA024.deliver"), "affirm", 1.0))["intent"]["name"] != "affirm"


async def test_going_on_with_a_parked_form_that_is_named_opens_that_one() -> None:
    parked = [{"code": "MZ008", "title": "高龄津贴申领"}, {"code": "ZJ001", "title": "公租房"}]
    read = await said("接着填高龄津贴那个", {"kind": "name", "parked": parked})
    assert read["intent"]["name"] == "start_application"
    assert [one["value"] for one in read["entities"]] == ["MZ008"]


async def test_going_on_with_this_application_opens_no_other_one() -> None:
    parked = [{"code": "MZ008", "title": "高龄津贴申请"}, {"code": "ZJ001", "title": "公租房申请"}]
    read = await said("继续填这个申请", {"kind": "name", "parked": parked})
    assert [one["value"] for one in read["entities"]] == ["resume"]


async def test_what_another_body_does_is_no_text_for_a_field() -> None:
    other = {"items": [], "item_outcome": "none",
             "elsewhere": {"code": "credit_report", "name": "征信报告", "score": 0.9}}  # fmt: skip
    for text in ("我想打一份征信报告", "征信报告在哪里打"):
        read = await said(text, {"kind": "text"}, "ask_guide", 0.6, **other)
        assert read["intent"]["name"] == "ask_guide"
        assert read["entities"] == []


@pytest.mark.parametrize("text", ["我们村里通知还没", "申请书我写了还没", "钱一直没得"])
async def test_what_has_not_happened_yet_is_told_and_not_asked(text: str) -> None:
    read = await said(text, {"kind": "text"}, "ask_guide", 0.5)
    assert read["intent"]["name"] == "inform"
