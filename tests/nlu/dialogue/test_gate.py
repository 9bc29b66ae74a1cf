"""The gate takes an answer for an answer, and leaves a form only for what is clearly not one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from components.places import load_finder
from dialogue import gate
from dialogue.gate import decide, load_words
from form_ear import form_ear

DATA = Path(__file__).resolve().parents[3] / "data"
WORDS = load_words(DATA)
CHOICES = ["丢了", "被偷", "其他"]


async def read(
    text: str,
    kind: str | None = None,
    *,
    guess: str = "ask_guide",
    sure: float = 0.6,
    choices: list[str] | None = None,
    **parsed: Any,
) -> tuple[str, list[Any]]:
    """Return the intent and the entities' values the gate decides on."""

    async def parse(said: str) -> dict[str, Any]:
        return {"text": said, "intent": {"name": guess, "confidence": sure}, "entities": [],
                **parsed}  # fmt: skip

    awaiting = {"form": "application_form", "field": "f", "kind": kind, "choices": choices}
    form = "application_form" if kind else None
    data = await decide(
        {"kind": "text", "text": text}, form, awaiting if kind else None, parse, WORDS, form_ear()
    )
    return data["intent"]["name"], [entity["value"] for entity in data["entities"]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("张三", "name"), ("欧阳锋", "name"), ("我叫阿依古丽", "name"), ("买买提·吐尔逊", "name"),
     ("高升", "name"), ("古丽米热•艾比布力", "name"), ("艾克拜尔 买买提", "name"),
     ("顾　敏", "name"), ("孟哈", "name"), ("沈𬭚", "name"), ("José Martínez", "name"),
     ("她叫段桂兰，我叫洪波", "name"), ("幺三八零零零零一二三四", "phone"), ("只有座机", "phone"),
     ("E76543210", "id_number"), ("我拿的是护照", "id_number"),
     ("张三 99999919460305200X", "name"), ("99999919460305200x", "id_number"),
     ("９９９９９９ 1946 0305 200Ｘ", "id_number"), ("199 0000 0001", "phone"),
     ("青石路8号", "address"), ("改革路12号", "address"), ("东门街道柳塘社区", "address"),
     ("1946年3月5号", "date"), ("上周三", "date"), ("明天上午", "date"), ("三口人", "number"),
     ("掉了", "choice"), ("第二个", "choice"), ("我妈的", "choice"), ("遭人偷了", "choice"),
     ("家里困难想申请", "text"), ("楼下老王", "place"), ("路灯坏了三天了", "description")],
)  # fmt: skip
async def test_what_fits_is_an_answer_whatever_the_classifier_thinks(text: str, kind: str) -> None:
    assert (await read(text, kind, sure=0.99, choices=CHOICES))[0] == "inform"


@pytest.mark.parametrize(
    ("text", "meant"),
    [("对头", "affirm"), ("好的，谢谢", "affirm"), ("不是", "deny"), ("没有", "deny"),
     ("一千八", "inform")],
)  # fmt: skip
async def test_a_value_that_was_read_waits_for_a_yes_or_for_another_value(
    text: str, meant: str
) -> None:
    awaiting = {"form": "application_form", "field": "f", "kind": "number", "understood": True}

    async def parse(said: str) -> dict[str, Any]:
        return {"text": said, "intent": {"name": "ask_guide", "confidence": 0.9}, "entities": []}

    message = {"kind": "text", "text": text}
    data = await decide(message, "application_form", awaiting, parse, WORDS, form_ear())
    assert data["intent"]["name"] == meant


async def test_the_next_question_may_be_answered_while_a_value_waits_for_a_yes() -> None:
    following = {"kind": "address", "choices": []}
    awaiting = {"form": "application_form", "field": "f", "kind": "name", "understood": True}

    async def parse(said: str) -> dict[str, Any]:
        return {"text": said, "intent": {"name": "ask_guide", "confidence": 0.9}, "entities": []}

    said = {"kind": "text", "text": "青石路8号"}
    for known, guessed in (({}, True), ({"next": following}, False)):
        data = await decide(
            said, "application_form", {**awaiting, **known}, parse, WORDS, form_ear()
        )
        assert data["intent"]["name"] == "inform"
        # What answers the next question is taken as it is; else the form judges it.
        assert ("guessed" in data) == guessed


@pytest.mark.parametrize(
    ("text", "kind"),
    [("没有收入", "number"), ("俩人", "number"), ("两三千", "number"), ("三天前", "date"),
     ("国庆那天", "date"),
     ("要第二个", "choice"), ("选2", "choice"), ("不是第一个，是第二个", "choice")],
)  # fmt: skip
async def test_whatever_the_form_can_read_is_an_answer(text: str, kind: str) -> None:
    assert (await read(text, kind, sure=0.99, choices=CHOICES))[0] == "inform"


async def test_a_question_with_a_numeral_in_it_is_no_number() -> None:
    assert (await read("一次能取几个月的", "number", sure=0.9))[0] == "ask_guide"


@pytest.mark.parametrize("text", ["我妈", "是我老汉儿", "帮我婆婆", "本人", "我屋头的老人"])
async def test_a_relative_is_no_name(text: str) -> None:
    assert await read(text, "name", sure=0.99, choices=CHOICES) == ("inform", ["relative"])


@pytest.mark.parametrize(
    ("text", "meant"),
    [("我想在小区门口摆个早餐摊", "ask_guide"), ("我老公打算在路边卖水果", "ask_guide"),
     ("有人在小区门口摆早餐摊", "report_problem"),
     ("我想请你们管管楼下卖烧烤的", "report_problem"), ("我想让隔壁莫养鸡了", "report_problem"),
     ("我想在楼下开个小卖部", "ask_guide"), ("我想投诉门口卖烧烤的", "report_problem"),
     ("你们这个是不是骗人的？", "greet"), ("这个平台正规吗", "greet"),
     ("有个平台骗人的钱", "report_problem"), ("我没记编号", "query_progress"),
     ("我要找你们领导", "ask_human"), ("我想问哈", "greet")],
)  # fmt: skip
async def test_what_sounds_like_a_trouble_is_told_from_a_wish(text: str, meant: str) -> None:
    assert (await read(text, guess="report_problem", sure=0.8))[0] == meant


@pytest.mark.parametrize(
    ("text", "kind"),
    [("要好多钱", "name"), ("身份证掉了咋个补", "name"), ("还要带什么材料？", "phone"),
     ("这个要办多久", "choice"), ("你们几点下班", "address"), ("需要户口本吗", "photo"),
     ("到底收不收费", "confirm"), ("在哪里办", "text")],
)  # fmt: skip
async def test_a_clear_question_leaves_the_form_for_a_moment(text: str, kind: str) -> None:
    assert (await read(text, kind, choices=CHOICES))[0] == "ask_guide"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("乱七八糟", "id_number"), ("呃这个嘛", "phone"), ("asdf", "choice"), ("随便填", "address")],
)  # fmt: skip
async def test_a_doubtful_guess_never_leaves_the_form(text: str, kind: str) -> None:
    assert (await read(text, kind, sure=0.3, choices=CHOICES))[0] == "inform"


@pytest.mark.parametrize(
    "text",
    ["对", "对头", "要得", "是嘞", "莫得错", "好嘛", "对的对的", "嗯，对头", "没错，提交吧",
     "可以噻", "是的，没错", "👍", "ＯＫ", "那就交嘛", "要得要得", "行了快点", "对，谢谢"],
)  # fmt: skip
async def test_a_yes_is_a_yes_in_any_dialect(text: str) -> None:
    assert (await read(text, "confirm", guess="deny"))[0] == "affirm"


@pytest.mark.parametrize(
    "text",
    ["不是", "不对", "先别交", "不要", "没有", "不不不", "不是不是"],
)  # fmt: skip
async def test_a_no_is_never_a_yes(text: str) -> None:
    assert (await read(text, "confirm", guess="affirm", sure=1.0))[0] == "deny"


@pytest.mark.parametrize("text", ["等一下", "等哈儿", "莫忙", "我再看看", "等一下，我再看看"])
async def test_a_pause_at_the_check_is_neither_yes_nor_no(text: str) -> None:
    assert await read(text, "confirm", guess="affirm", sure=1.0) == ("inform", ["wait"])


@pytest.mark.parametrize(
    "text", ["不太对吧", "好像错了", "等会儿再说", "别的都对就名字错了", "改一下再交"]
)
async def test_a_yes_with_a_but_in_it_submits_nothing(text: str) -> None:
    assert (await read(text, "confirm", guess="affirm", sure=1.0))[0] != "affirm"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("上一个填错了", "phone"), ("名字写错了", "address"), ("那个那个，改名字", "date"),
     ("改手机号", "confirm"), ("手机号不对", "confirm"), ("我要改地址", "choice"),
     ("不是张三是李四", "id_number"),
     ("身份证号搞错了，应该是99999919460305200X", "confirm"), ("返回上一步", "date")],
)  # fmt: skip
async def test_a_correction_is_heard_before_anything_else(text: str, kind: str) -> None:
    assert (await read(text, kind, choices=CHOICES))[0] == "correct"


@pytest.mark.parametrize(
    "text",
    [
        "不办了",
        "算了嘛",
        "取消",
        "我不想办了",
        "不填了哈",
        "重新来",
        "退出",
        "算了先不弄了",
        "哎呀算了先不弄了",
        "哎呀，算了，先不办了",
        "算了，今天就不搞了",
        "要不先不填了吧",
    ],
)
async def test_giving_up_is_heard_in_every_field(text: str) -> None:
    for kind in ("name", "id_number", "address", "photo", "text", "confirm"):
        assert (await read(text, kind))[0] == "cancel"


@pytest.mark.parametrize(
    "text",
    ["算了不办了，我要反映楼下路灯坏了", "算了不办了我要反映楼下路灯坏了",
     "那算了，先不填了。楼下路灯坏了三天", "取消，我要反映楼下路灯坏了",
     "哎呀算了算了我要反映路灯坏了"],
)  # fmt: skip
async def test_whoever_breaks_off_for_something_else_is_heard_to_the_end(text: str) -> None:
    for kind in ("name", "photo", "text", "confirm"):
        assert (await read(text, kind, guess="report_problem"))[0] == "report_problem"


@pytest.mark.parametrize(
    ("text", "guess", "sure"),
    [("算了不办了，楼下王阿姨说不用", "report_problem", 0.3),
     ("算了不办了，这个太麻烦了", "out_of_scope", 0.9),
     ("不办了，怎么这么麻烦", "ask_guide", 0.9)],
)  # fmt: skip
async def test_a_reason_for_giving_up_is_no_new_wish(text: str, guess: str, sure: float) -> None:
    assert (await read(text, "name", guess=guess, sure=sure))[0] == "cancel"


@pytest.mark.parametrize(
    "text",
    ["转人工", "我要找人工客服", "喊个人来", "活人有没得", "叫个真人来", "换个人",
     "给我换个人来", "能不能换个人说", "我要人工", "人工来嘛", "找个人帮我看看",
     "喊个人跟我说", "我要跟人说"],
)  # fmt: skip
async def test_a_person_can_be_asked_for_anywhere(text: str) -> None:
    for kind in (None, "name", "text", "confirm"):
        assert (await read(text, kind))[0] == "ask_human"


@pytest.mark.parametrize(
    "text",
    ["法定代表人换个人要什么材料", "户主换个人咋个办", "换个人来领要带什么", "换个人账户的卡",
     "办执照要法人真人到场不", "娃儿要人工耳蜗补贴", "低保生活人员怎么认定",
     "喊个人来把路灯修了", "找个人来收垃圾嘛",
     "我跟人说好了租房子", "申请撤销结婚登记"],
)  # fmt: skip
async def test_what_only_speaks_of_people_calls_for_nobody(text: str) -> None:
    assert (await read(text))[0] not in {"ask_human", "withdraw"}


async def test_a_citizens_slash_is_only_a_slash() -> None:
    assert (await read("/affirm", "confirm", guess="out_of_scope", sure=0.2))[0] == "inform"
    assert (await read("/ask_human", None, guess="out_of_scope"))[0] == "out_of_scope"


@pytest.mark.parametrize(
    ("text", "word"),
    [("跳过", "skip"), ("没得照片", "skip"), ("不晓得", "unknown"), ("没有身份证在身边", "unknown"),
     ("身份证没在身上", "unknown"), ("发完了", "finish"),
     ("没看懂", "repeat"), ("接着填", "resume"), ("行了快点", "skip"), ("好嘛，搞快", "skip")],
)  # fmt: skip
async def test_short_words_steer_a_form(text: str, word: str) -> None:
    assert await read(text, "photo") == ("inform", [word])


async def test_why_is_a_question_to_the_form() -> None:
    assert (await read("凭啥要我身份证", "id_number"))[0] == "ask_why"


@pytest.mark.parametrize("text", ["他妈的烦死了", "什么破系统", "龟儿子些"])
async def test_swearing_is_neither_a_name_nor_an_answer(text: str) -> None:
    assert (await read(text, "name"))[0] == "vent"


@pytest.mark.parametrize(
    "text",
    ["娃儿他妈是外地的", "他妈的户口在外地", "孩子他妈妈的身份证掉了", "星期日你们上班不",
     "工作日你们几点开门", "我操心娃儿读书的事", "公司要办什么破产手续",
     "死亡证明着急死亡时间写错了"],
)  # fmt: skip
async def test_what_only_looks_like_swearing_is_heard_as_it_is_meant(text: str) -> None:
    assert (await read(text))[0] != "vent"


@pytest.mark.parametrize(
    "text",
    [
        "真他妈慢",
        "他妈的",
        "你妈的",
        "他妈的破机器人",
        "日你先人",
        "我操",
        "什么破东西",
        "急死人了",
    ],
)
async def test_swearing_is_heard_at_the_beginning_too(text: str) -> None:
    assert (await read(text))[0] == "vent"


async def test_a_case_number_alone_asks_for_progress_inside_a_form_too() -> None:
    assert (await read("bj 20261122-00001", "name"))[0] == "query_progress"


@pytest.mark.parametrize(
    ("text", "intent"),
    [("编号忘了", "query_progress"), ("号我也搞忘了", "query_progress"),
     ("那个工单号找不到了咋办", "query_progress"), ("身份证号忘了", "ask_guide")],
)  # fmt: skip
async def test_a_number_that_was_lost_is_asked_about_for_the_sake_of_what_it_stood_for(
    text: str, intent: str
) -> None:
    assert (await read(text))[0] == intent


async def test_asking_to_apply_is_no_question_about_the_item() -> None:
    assert (await read("申请高龄津贴", item_outcome="confident"))[0] == "start_application"
    assert (await read("申请高龄津贴要什么材料", item_outcome="confident"))[0] == "ask_guide"


@pytest.mark.parametrize(
    ("kind", "intent"),
    [("photo", "send_media"), ("voice", "send_media"), ("file", "send_media"),
     ("location", "send_location"), ("event", "greet")],
)  # fmt: skip
async def test_a_photo_or_a_place_never_meets_the_classifier(kind: str, intent: str) -> None:
    async def parse(_: str) -> dict[str, Any]:
        raise AssertionError("the classifier was asked")

    data = await decide({"kind": kind, "media_ids": ["m"]}, None, None, parse, WORDS, form_ear())
    assert data["intent"]["name"] == intent


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "？？？", "。。。"])
async def test_nothing_said_is_not_guessed_at(text: str) -> None:
    assert (await read(text))[0] == "nlu_fallback"


@pytest.mark.parametrize(
    ("message", "named"),
    [({"kind": "text", "text": "楼下有人在石桥路打架"}, "石桥路"),
     ({"kind": "text", "text": "学校门口有人摆摊"}, None),
     ({"kind": "text", "text": "说错了，不是青石路，是人民路"}, "人民路"),
     ({"kind": "button", "text": "接着办这件",
       "payload": '/report_problem{"said": "青石路口的井盖没了"}'}, "青石路口")],
)  # fmt: skip
async def test_a_place_is_named_beside_whatever_is_read(
    message: dict[str, Any], named: str | None
) -> None:
    async def parse(said: str) -> dict[str, Any]:
        return {"text": said, "intent": {"name": "report_problem", "confidence": 0.9},
                "entities": []}  # fmt: skip

    awaiting = {"form": "report_form", "field": "photo", "kind": "photo"}
    read_so = await gate.read(
        message,
        "report_form",
        awaiting,
        parse,
        words=WORDS,
        places=load_finder(DATA),
        ear=form_ear(),
    )
    assert read_so["place_named"] == named


@pytest.mark.parametrize(
    ("text", "about"),
    [("删除我的个人信息", "erase"), ("把我的资料全部给我删了", "erase"), ("注销账号", "erase"),
     ("我的信息有哪些", "copy"), ("下载我的数据", "copy"), ("你们存了我哪些信息", "copy"),
     ("我不同意你们用我的资料", "withdraw"), ("撤回同意", "withdraw"),
     ("莫再用我的身份证", "withdraw"), ("更正我的信息", "correct"), ("隐私政策", "notice")],
)  # fmt: skip
async def test_a_right_to_ones_own_data_needs_no_model(text: str, about: str) -> None:
    # 《个人信息保护法》第十五、四十四至四十七条; with a form open as well.
    assert await read(text, guess="affirm", sure=0.99) == ("ask_personal_data", [about])
    assert await read(text, "address", guess="affirm", sure=0.99) == ("ask_personal_data", [about])


@pytest.mark.parametrize(
    "text", ["撤回申请", "我不同意", "户口信息怎么改", "不要用我的车位", "身份证信息错了怎么更正"]
)
async def test_what_only_sounds_like_it_is_left_to_others(text: str) -> None:
    assert (await read(text))[0] != "ask_personal_data"
