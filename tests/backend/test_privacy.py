"""Personal data is sealed, found by blind index, and masked wherever people read along."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from backend.privacy import (
    Privacy,
    PublicNumbers,
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
        ("微信wx19900000001", "微信wx199****0001"),
        ("我叫张三，住一楼", "我叫张*，住一楼"),
        ("姓名：欧阳修文", "姓名：欧阳**"),
    ],
)
def test_free_text_is_masked_however_it_is_written(said, shown):
    assert mask_text(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "办件BJ2026112200001到哪了",
        "bj 20261122 00001",
        "工单 GD-20261122-00012",
        "2026-11-22 09:00:00",
        "要带 2 份，40 元，20 个工作日",
        "打 12345 或 110、119",
        "我是来补身份证的",
        "二零二六年十一月",
    ],
)
def test_what_is_nobodys_number_stays(said):
    assert mask_text(said) == said


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
