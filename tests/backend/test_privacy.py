"""Personal data is sealed, found by blind index, and masked wherever people read along."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.privacy import (
    Privacy,
    PublicNumbers,
    mask_address,
    mask_document,
    mask_id,
    mask_name,
    mask_phone,
    mask_text,
)

ID_NUMBER = "999999199001010028"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
INDEX_KEY = "ab" * 32


def test_what_was_sealed_with_an_older_key_is_still_read():
    sealed = Privacy(OLD, INDEX_KEY).seal_text("张三")
    assert Privacy(f"{NEW},{OLD}", INDEX_KEY).unseal_text(sealed) == "张三"


def test_a_foreign_key_opens_nothing():
    sealed = Privacy(OLD, INDEX_KEY).seal_text("张三")
    with pytest.raises(InvalidToken):
        Privacy(NEW, INDEX_KEY).unseal_text(sealed)


def test_the_same_value_is_found_again_and_only_for_its_purpose():
    privacy = Privacy(OLD, INDEX_KEY)
    assert privacy.blind_index("id", ID_NUMBER) == Privacy(NEW, INDEX_KEY).blind_index(
        "id", ID_NUMBER
    )
    assert privacy.blind_index("id", ID_NUMBER) != privacy.blind_index("phone", ID_NUMBER)


def test_masks_keep_what_lets_a_person_recognise_their_own():
    assert mask_id("110000199001010028") == "110***********0028"
    assert mask_phone("19900000001") == "199****0001"
    assert mask_name("张三") == "张*"
    assert mask_name("欧阳修文") == "欧阳**"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("云溪区石桥路18号3栋501室", "云溪区石桥路*********"),
        ("大同路8号", "大同路*号"),
        ("北街十二号", "北街**号"),
        ("柳塘街道", "柳塘街道"),
        ("", ""),
    ],
)
def test_an_address_shows_no_house_number(address, shown):
    assert mask_address(address) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("身份证999999199001010028。", "身份证999***********0028。"),
        ("99999919900101002X", "999***********002X"),
        ("99999919900101002x", "999***********002x"),
        ("999999 19900101 0028", "999***********0028"),
        ("９９９９９９１９９００１０１００２８", "999***********0028"),
        ("电话19900000001", "电话199****0001"),
        ("199-0000-0001找我", "199****0001找我"),
        ("+86 19900000001", "199****0001"),
        ("一九九零零零零零零零一", "199****0001"),
        ("卡号6222 0000 0000 0000 000", "卡号***************0000"),
        ("138/0013/8000", "138****8000"),
        ("138／0013／8000", "138****8000"),
        ("138，0013，8000", "138****8000"),
        ("138   0013   8000", "138****8000"),
        ("138\u200b0013\u200b8000", "138****8000"),
        ("①③⑧⓪⓪①③⑧⓪⓪⓪", "138****8000"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0", "138****8000"),
        ("9901011984，03174214", "990***********4214"),
        ("990101年198403174214", "990***********4214"),
        ("990101-1984-03-17-4214", "990***********4214"),
        ("1990/01/01/234", "199****1234"),
        ("电话13800138000 990101198403174214", "电话138****8000 990***********4214"),
        ("13800138000，2026-11-22来", "138****8000，2026-11-22来"),
        ("12345 678 9012", "************"),
    ],
)
def test_numbers_are_masked_however_they_are_written(said, shown):
    assert mask_text(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("邮箱zhang.san@qq.com", "邮箱z********@qq.com"),
        ("我的微信是abc_12345", "我的微信是a********"),
        ("微信wx19900000001", "微信w************"),
        ("微信号：zhangsan88", "微信号：z*********"),
        ("QQ 123456789", "QQ *********"),
        ("粤B12345撞了我", "粤B*****撞了我"),
        ("车牌粤B·D12345", "车牌粤B·D*****"),
    ],
)
def test_what_else_leads_to_a_person_is_masked(said, shown):
    assert mask_text(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "办件BJ2026112200001到哪了",
        "bj 20261122 00001",
        "工单 GD-20261122-00012",
        "个人信息请求 GX2026112200012",
        "2026-11-22 09:00:00",
        "2026.11.22-2026.12.01",
        "2026年11月22日，3号窗口",
        "2026-11-22 09:00，3 个人",
        "9:00-11:30、14:00-17:30，12345",
        "要带 2 份，40 元，20 个工作日",
        "1200，1300，1500元",
        "1,234,567,890元",
        "301、302、303、304都停水",
        "1、2、3、4、5、6、7、8、9、10、11",
        "2023 2024 2025 2026",
        "打 12345 或 110、119",
        "二零二六年十一月",
        "写到 bgs@example.gov.cn",
        "微信小程序上办",
        "C1驾照换证",
    ],
)
def test_what_is_nobodys_number_stays(said):
    assert mask_text(said) == said


GROUPS = st.lists(st.integers(1, 4), min_size=1, max_size=18)
BETWEEN = st.text(alphabet=" -/.，,、：_年月日\u200b\u2060\u00ad·—", min_size=0, max_size=3)
SPELLINGS = st.sampled_from(
    ["0123456789", "０１２３４５６７８９", "⓪①②③④⑤⑥⑦⑧⑨", "零一二三四五六七八九"]
)


def _written(digits: str, groups: list[int], between: list[str], spelling: str) -> str:
    """Return digits in groups of some sizes, with something between and other signs for them."""
    pieces, left = [], digits.translate(str.maketrans("0123456789", spelling))
    for size, gap in zip(groups, between, strict=False):
        if size < len(left):
            pieces += [left[:size], gap]
            left = left[size:]
    return "".join(pieces) + left


# The same examples each time: digits and 年, ： may also be drawn as dates and times alone.
@settings(derandomize=True)
@given(
    tail=st.integers(0, 999_999_999),
    groups=GROUPS,
    between=st.lists(BETWEEN, min_size=18, max_size=18),
    spelling=SPELLINGS,
)
def test_a_phone_is_found_over_any_short_gaps(tail, groups, between, spelling):
    phone = f"13{tail:09d}"
    assert mask_text(f"打{_written(phone, groups, between, spelling)}找我") == (
        f"打{mask_phone(phone)}找我"
    )


@settings(derandomize=True)
@given(
    month=st.integers(1, 12),
    tail=st.integers(0, 9999),
    groups=GROUPS,
    between=st.lists(BETWEEN, min_size=18, max_size=18),
    spelling=SPELLINGS,
)
def test_an_id_number_is_found_over_any_short_gaps(month, tail, groups, between, spelling):
    number = f"9901011984{month:02d}17{tail:04d}"
    assert mask_text(f"号是{_written(number, groups, between, spelling)}。") == (
        f"号是{mask_id(number)}。"
    )


@given(
    days=st.lists(st.dates(date(1950, 1, 1), date(2049, 12, 31)), min_size=1, max_size=4),
    form=st.sampled_from(["%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y.%m.%d"]),
    between=st.sampled_from(["，", "、", " 到 ", "；", "\n"]),
)
def test_dates_are_nobodys_numbers(days, form, between):
    said = between.join(day.strftime(form) for day in days)
    assert mask_text(f"时间：{said}") == f"时间：{said}"


def test_known_names_are_masked_everywhere():
    assert mask_text("李雷说李雷来", {"李雷"}) == "李*说李*来"


def test_a_message_is_masked_in_all_its_parts_but_not_in_its_addresses():
    body = {
        "kind": "card",
        "text": ID_NUMBER,
        "fields": [{"label": "手机号", "value": "19900000001"}],
        "media_ids": ["12345678901234567890abcd"],
        "image_url": "/api/v1/receipts/12345678901234567890/qr.svg",
    }
    masked = mask_document(body)
    assert masked["text"] == mask_id(ID_NUMBER)
    assert masked["fields"] == [{"label": "手机号", "value": "199****0001"}]
    assert (masked["media_ids"], masked["image_url"]) == (body["media_ids"], body["image_url"])


def test_a_name_in_a_confirmation_is_masked_by_its_kind():
    body = {
        "kind": "card",
        "text": "都填好了",
        "fields": [{"label": "老人姓名", "value": "王秀英", "kind": "name"}],
        "items": [{"title": "老人姓名", "note": "王秀英", "payload": "/correct", "kind": "name"}],
    }
    masked = mask_document(body)
    assert masked["fields"] == [{"label": "老人姓名", "value": "王**", "kind": "name"}]
    assert masked["items"] == [body["items"][0] | {"note": "王**"}]
    assert masked["text"] == "都填好了"


@given(before=st.text(), after=st.text(), separator=st.sampled_from(["", " ", "-"]))
def test_no_surroundings_let_an_id_number_through(before, after, separator):
    written = separator.join([ID_NUMBER[:6], ID_NUMBER[6:14], ID_NUMBER[14:]])
    assert ID_NUMBER not in mask_text(before + written + after).replace(separator or "\0", "")


PUBLIC = PublicNumbers(["000-12345000", "000-12340110"])


@pytest.mark.parametrize(
    "text",
    [
        "000-12345000",
        "０００－１２３４５０００",
        "12345 12356 12338",
        "000-12345000 110",
    ],
)
def test_a_public_number_that_stands_alone_is_readable(text):
    assert mask_text(f"打{text}吧", public=PUBLIC) == f"打{text}吧"


@pytest.mark.parametrize(
    "text", ["138 12345 678", "000-12345001", "000-12345000 13800000000", "110000199001010028"]
)
def test_a_public_number_within_another_one_hides_nothing_less(text):
    masked = mask_text(f"打{text}吧", public=PUBLIC)
    assert text not in masked
    assert "*" in masked
