"""What people type is read as what they mean, and what does not fit is named kindly."""

from __future__ import annotations

from datetime import date

import pytest

from actions.fields import read

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("张三", "张三"), ("我叫张三", "张三"), ("我是李小花", "李小花"), ("欧阳锋", "欧阳锋"),
     ("阿依古丽·买买提", "阿依古丽·买买提"), ("姓名：王五。", "王五"), ("张三 男", "张三"),
     ("叫赵六嘛", "赵六"), ("John Smith", "John Smith")],
)  # fmt: skip
def test_a_name_is_read_without_the_words_around_it(typed: str, name: str) -> None:
    assert read({"kind": "name"}, typed, TODAY).value == name


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("99999919460305200", "id_short"), ("99999919460305200XX", "id_long"),
     ("999999194602302003", "id_birth"), ("999999194603052001", "id_checksum"),
     ("999999460305200", "id_old"), ("9999991946030X2001", "id_letter"),
     ("不给你", "id_missing"), ("99999929460305200X", "id_birth")],
)  # fmt: skip
def test_a_wrong_id_number_is_explained(typed: str, problem: str) -> None:
    reading = read({"kind": "id_number"}, typed, TODAY)
    assert reading.problem == problem
    assert "19460" not in str(reading.shown)


@pytest.mark.parametrize(
    "typed",
    ["99999919460305200X", "99999919460305200x", "999999 19460305 200X", "999999-19460305-200x",
     "９９９９９９１９４６０３０５２００Ｘ", "身份证号是99999919460305200X。"],
)  # fmt: skip
def test_an_id_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read({"kind": "id_number"}, typed, TODAY).value == "99999919460305200X"


@pytest.mark.parametrize(
    ("typed", "value", "problem"),
    [("199 0000 0001", "19900000001", None), ("+86 199-0000-0001", "19900000001", None),
     ("１９９００００００００１", None, "phone_long"), ("1990000000", None, "phone_short"),
     ("028-12345678", None, "phone_landline"), ("12345678901", None, "phone_start"),
     ("没有手机", None, "phone_none"),
     ("幺三八零零零零一二三四", "13800001234", None),
     ("19900000001，不然打19900000002", None, "phone_several")],
)  # fmt: skip
def test_a_phone_is_read_or_explained(typed: str, value: str | None, problem: str | None) -> None:
    reading = read({"kind": "phone"}, typed, TODAY)
    assert (reading.value, reading.problem) == (value, problem)


@pytest.mark.parametrize(
    ("typed", "choices", "chosen"),
    [("第二个", ["丢了", "被偷", "被抢"], "被偷"), ("掉了", ["丢了", "被偷", "被抢"], "丢了"),
     ("遭人偷了", ["丢了", "被偷", "被抢"], "被偷"), ("我妈的", ["本人", "家人代办"], "家人代办"),
     ("最后一个", ["甲", "乙", "丙"], "丙"), ("我自己来拿", ["窗口自取", "邮寄到家"], "窗口自取"),
     ("快递吧", ["窗口自取", "邮寄到家"], "邮寄到家"), ("不用", ["不用", "行动不便请上门"], "不用"),
     ("走不动", ["不用", "行动不便请上门"], "行动不便请上门"), ("3", ["甲", "乙"], None),
     ("随便", ["甲", "乙"], None), ("给我娃儿办", ["我自己", "我的孩子"], "我的孩子"),
     ("社保", ["社会保障卡", "其他银行卡"], "社会保障卡"),
     ("要第二个", ["丢了", "被偷"], "被偷"), ("选第二个", ["丢了", "被偷"], "被偷"),
     ("两个都要", ["丢了", "被偷"], None)],
)  # fmt: skip
def test_a_choice_is_matched_by_word_or_place(
    typed: str, choices: list[str], chosen: str | None
) -> None:
    assert read({"kind": "choice", "choices": choices}, typed, TODAY).value == chosen


@pytest.mark.parametrize(
    ("label", "typed", "value", "problem"),
    [("大概哪天丢的", "三天前", "2026-11-19", None),
     ("大概哪天丢的", "半个月前", "2026-11-07", None),
     ("大概哪天丢的", "后天", None, "date_future"), ("去世日期", "下周三", None, "date_future"),
     ("到窗口日期", "11月30号", "2026-11-30", None), ("到窗口日期", "4号", "2026-12-04", None),
     ("到窗口日期", "5号", None, "date_closed"), ("到窗口日期", "元旦那天", None, "date_closed"),
     ("到窗口日期", "2026年11月3号", None, "date_past"),
     ("孩子生日", "2019年3月", None, "date_day"),
     ("孩子生日", "3月8号", None, "date_year"), ("孩子生日", "46年3月5号", "1946-03-05", None),
     ("丢失日期", "八月十五那天", None, "date_moon")],
)  # fmt: skip
def test_a_day_is_one_that_its_label_can_mean(
    label: str, typed: str, value: str | None, problem: str | None
) -> None:
    ask = "您哪天来？" if "窗口" in label else ""
    reading = read({"kind": "date", "label": label, "ask": ask}, typed, TODAY)
    assert (reading.value, reading.problem) == (value, problem)


@pytest.mark.parametrize(
    ("label", "typed", "value", "question"),
    [("全家月收入", "一个月两千四", "2400", ""),
     ("全家月收入", "每人八百，两个人", "1600", "每人 800 元、2 个人，一共 1600 元，对吗？"),
     ("全家月收入", "一年三万", "2500", "您说的是 30000 元，一个月算下来是 2500 元，对吗？"),
     ("全家月收入", "四千，我媳妇没上班", "4000", "我记的全家月收入是 4000，对吗？"),
     ("家里人口", "我一个人带两个娃", "3", "加起来一共 3 个人，对吗？"),
     ("想贷多少万元", "三十万", "30", ""), ("家里人口", "一家五口", "5", "")],
)  # fmt: skip
def test_what_was_reckoned_or_left_words_unread_is_asked_back(
    label: str, typed: str, value: str, question: str
) -> None:
    reading = read({"kind": "number", "label": label}, typed, TODAY)
    assert (reading.value, reading.question) == (value, question)


@pytest.mark.parametrize(
    ("label", "typed", "value", "problem"),
    [("收款卡号", "6222 0000 0000 0000 000", "6222000000000000000", None),
     ("收款卡号", "卡号是6222000000000000", "6222000000000000", None),
     ("收款卡号", "哎呀我找不到了", None, "card_missing"),
     ("收款卡号", "622200", None, "card_length"), ("残疾证号", "我妈拿着的", None, "code_missing"),
     ("旧护照号", "E00000001", "E00000001", None), ("车牌号", "川A·12345", "川A·12345", None),
     ("车牌号", "还没上牌", "还没上牌", None), ("车牌号", "白色的那辆", None, "plate_missing"),
     ("子女姓名", "他叫张小四", "张小四", None), ("子女姓名", "1", None, "name_digits"),
     ("房东电话", "028-00000001", "02800000001", None), ("房东电话", "没存", None, "phone_missing"),
     ("哪一年", "大概18年", "大概18年", None), ("哪一年", "好早以前", None, "year_missing"),
     ("事情经过", "他把我撞了", "他把我撞了", None)],
)  # fmt: skip
def test_free_words_must_look_as_their_label_says(
    label: str, typed: str, value: str | None, problem: str | None
) -> None:
    reading = read({"kind": "text", "label": label}, typed, TODAY)
    assert (reading.value, reading.problem) == (value, problem)


@pytest.mark.parametrize(
    ("label", "typed", "value", "problem"),
    [("缴费年限", "46年3月5号", None, "number_date"), ("缴费年限", "十五年", "15", None),
     ("缴费年限", "1998", None, "number_range"), ("入伍年份", "98年", "1998", None),
     ("入伍年份", "2018年9月", "2018", None), ("入伍年份", "二零一八年", "2018", None),
     ("家里人口", "三口人", "3", None), ("家里人口", "0", None, "number_range"),
     ("全家月收入", "两千多", "2000", None),
     ("全家月收入", "两三千", None, "number_between"),
     ("全家月收入", "这一项不会填", None, "number_missing"),
     ("家里人口", "三四口", None, "number_between"), ("入伍年份", "十年前", "2016", None)],
)  # fmt: skip
def test_a_number_is_one_that_its_label_can_mean(
    label: str, typed: str, value: str | None, problem: str | None
) -> None:
    reading = read({"kind": "number", "label": label}, typed, TODAY)
    assert (reading.value, reading.problem) == (value, problem)


@pytest.mark.parametrize("typed", ["就那里", "老地方", "在我家楼下", "屋头"])
def test_a_place_that_only_the_speaker_knows_is_asked_for_by_name(typed: str) -> None:
    assert read({"kind": "place"}, typed, TODAY).problem == "place_vague"


@pytest.mark.parametrize(
    ("label", "typed", "day", "following"),
    [
        ("到窗口日期", "周六", "11 月 28 日（星期六）", "11 月 30 日（星期一）"),
        ("哪天来", "元旦", "2027 年 1 月 1 日（星期五）", "2027 年 1 月 4 日（星期一）"),
        (
            "哪天来上牌",
            "2027年2月6号",
            "2027 年 2 月 6 日（星期六）",
            "2027 年 2 月 9 日（星期二）",
        ),
    ],
)
def test_a_day_on_which_nobody_is_at_the_window_is_refused_with_the_next_one(
    label: str, typed: str, day: str, following: str
) -> None:
    reading = read({"kind": "date", "label": label, "ask": "您想哪天来？"}, typed, TODAY)
    assert (reading.value, reading.problem) == (None, "date_closed")
    assert reading.shown == {"day": day, "next": following}


def test_other_days_may_be_a_sunday() -> None:
    lost = {"kind": "date", "label": "丢失日期", "ask": "大概哪天丢的？"}
    assert read(lost, "上周日", TODAY).value == "2026-11-15"


def test_a_saturday_worked_for_a_holiday_is_a_day_at_the_window() -> None:
    spec = {"kind": "date", "label": "到窗口日期", "ask": "您想哪天来？"}
    assert read(spec, "10月10号", date(2026, 9, 28)).value == "2026-10-10"
