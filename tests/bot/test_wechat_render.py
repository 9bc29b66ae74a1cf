"""How a Reply looks as text, and how texts become few messages: pure decisions."""

from __future__ import annotations

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechat.errcodes import Course, course_of, delay_after
from bot.channels.wechat.plan import LIMIT, Piece, merge, plan, size
from bot.channels.wechat.render import Rendered, pressed_in_wechat, render, said_in_words
from bot.channels.wechat.words import ChannelWords

WORDS = ChannelWords.load(ROOT / "data").labels
ORIGIN = "https://office.invalid"
MORE = '<a href="https://office.invalid/channels/wechat/h5">更多</a>'
LAST = '<a href="https://office.invalid/channels/wechat/h5">最后</a>'


def shown(reply, press=said_in_words):
    """Return how a reply looks."""
    return render(reply, WORDS, ORIGIN, press)


def test_a_card_shows_answer_fields_steps_and_where_the_rule_comes_from():
    reply = {
        "kind": "card",
        "text": "补身份证带户口簿。",
        "title": "居民身份证丢失补领",
        "fields": [{"label": "时限", "value": "20 个工作日"}],
        "sections": [{"title": "要带的材料", "lines": ["户口簿", "照片"]}],
        "timeline": [{"at": "2026-11-22T09:00:00+08:00", "label": "已提交"}],
        "source": {"item_code": "GA004", "item_name": "补领", "basis": "《居民身份证法》"},
        "chips": [{"title": "找人工", "payload": "/ask_human"}],
    }
    assert shown(reply).text.splitlines() == [
        "补身份证带户口簿。",
        "【居民身份证丢失补领】",
        "时限：20 个工作日",
        "【要带的材料】",
        "1. 户口簿",
        "2. 照片",
        "2026-11-22 09:00 已提交",
        "事项：补领（GA004），《居民身份证法》",
        "▸ 找人工",
    ]


def test_a_list_is_numbered_and_each_entry_can_be_pressed():
    items = [
        {"title": "补领", "note": "身份证", "payload": "/a"},
        {"title": "换领", "payload": "/b"},
    ]
    rendered = shown({"kind": "list", "text": "哪一个？", "items": items}, pressed_in_wechat)
    first, second = rendered.offers
    assert (first.number, second.number) == (1, 2)
    assert rendered.text.splitlines()[1:] == [
        f'<a href="weixin://bizmsgmenu?msgmenucontent=补领&msgmenuid={first.id}">1. 补领</a>'
        "（身份证）",
        f'<a href="weixin://bizmsgmenu?msgmenucontent=换领&msgmenuid={second.id}">2. 换领</a>',
    ]


def test_a_picture_and_a_link_lead_to_the_public_origin():
    text = shown(
        {
            "kind": "image", "text": "回执", "image_url": "/api/v1/receipts/t/qr.png",
            "image_alt": "二维码", "link_url": "https://x.invalid/?a=\"b", "link_title": "看",
        }
    ).text  # fmt: skip
    assert '<a href="https://office.invalid/api/v1/receipts/t/qr.png">二维码</a>' in text
    assert '<a href="https://x.invalid/?a=%22b">看</a>' in text


def test_a_payload_never_leaves_the_house():
    chip = {"title": "交", "payload": '/inform{"value": "秘密"}'}
    assert "秘密" not in shown({"text": "好", "chips": [chip]}, pressed_in_wechat).text


@pytest.mark.parametrize("reply", [{}, {"kind": "text"}, {"text": None, "chips": None}])
def test_a_reply_that_lacks_everything_is_empty_and_not_an_error(reply):
    assert shown(reply).text == ""


TEXTS = st.text(alphabet="长a😀\n", min_size=1, max_size=900)
PIECES = st.lists(
    st.builds(
        lambda head, detail, apology, notice: (Rendered(head, detail), apology, notice),
        TEXTS, st.one_of(st.just(""), TEXTS), st.booleans(), st.booleans(),
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip


def pieces_of(made):
    """Return pieces with ids."""
    return [Piece(str(n), *one) for n, one in enumerate(made)]


@settings(deadline=None)
@given(PIECES, st.integers(0, 6))
def test_no_plan_exceeds_the_quota_or_the_length_and_none_repeats_a_reply(made, left):
    parcels = plan(pieces_of(made), left, MORE, LAST)
    assert len(parcels) <= min(left, 2)
    assert all(size(parcel.text) <= LIMIT for parcel in parcels)
    ids = [id for parcel in parcels for id in parcel.reply_ids]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids, key=int)


@settings(deadline=None)
@given(PIECES)
def test_an_answer_is_in_the_plan_as_long_as_one_message_is_left(made):
    pieces = pieces_of(made)
    answers = {piece.reply_id for piece in pieces if not (piece.apology or piece.notice)}
    parcels = plan(pieces, 1, MORE, LAST)
    assert answers == {id for parcel in parcels for id in parcel.reply_ids}
    assert all(parcel.text.endswith(LAST) for parcel in parcels)


@settings(deadline=None)
@given(PIECES)
def test_merging_keeps_every_reply_in_order(made):
    parcels = merge(pieces_of(made), MORE)
    assert [id for one in parcels for id in one.reply_ids] == [str(n) for n in range(len(made))]
    assert all(size(one.text) <= LIMIT for one in parcels)


def test_what_is_cut_says_where_it_stands_and_keeps_the_entries_to_press():
    rendered = Rendered("答案", "细节" * 900, "▸ 找人工")
    (parcel,) = merge([Piece("1", rendered)], MORE)
    assert parcel.text.startswith("答案\n细节")
    assert parcel.text.endswith(f"…\n{MORE}\n▸ 找人工")


def test_apologies_and_notices_leave_room_for_answers():
    apology = Piece("1", Rendered("稍等"), apology=True)
    notice = Piece("2", Rendered("已受理"), notice=True)
    assert plan([apology], 2, MORE, LAST) == []
    assert plan([notice], 1, MORE, LAST) == []
    assert [one.reply_ids for one in plan([apology, notice], 3, MORE, LAST)] == [("1", "2")]


@pytest.mark.parametrize(
    ("code", "course"),
    [
        (-1, Course.RETRY), (0, Course.RETRY), (40001, Course.RENEW_TOKEN),
        (42001, Course.RENEW_TOKEN), (45015, Course.MERGE), (45047, Course.MERGE),
        (48001, Course.GIVE_UP), (43101, Course.GIVE_UP), (99999, Course.GIVE_UP),
    ],
)  # fmt: skip
def test_each_errcode_has_its_course(code, course):
    assert course_of(code) is course


@settings(deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0, -1, 45009]))
def test_a_delay_grows_and_ends(attempts, code):
    assert 1 <= delay_after(attempts, code).total_seconds() <= 300
    assert delay_after(attempts, code) <= delay_after(attempts + 1, code)
