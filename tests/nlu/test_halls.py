"""What the trained ear hears of questions about halls that nobody has learnt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from components.project_files import data_folder
from dialogue.state import DialogueState
from understand import Ear

ASKED = {
    "hours": ["元宵节那天你们开不开门", "下礼拜四去你们那有人上班吗", "傍晚五点半赶到还办得了不",
              "柳塘便民中心礼拜六上午办公不", "大年初二窗口有人没", "你们办公到啥时候"],
    "phone": ["东岭街道便民服务中心的联系号码", "我打哪个号问大厅", "书院那个站的电话报给我"],
    "where": ["柳塘街道的便民中心在哪条路", "你们大厅在啥位置嘛", "望岭服务站地址是啥"],
    "parking": ["大厅门口车停得下不", "去政务中心停车收费不", "便民中心有免费车位没"],
    "route": ["去政务大厅要坐哪趟公交", "从客运站咋坐车到大厅", "大厅旁边有地铁站没"],
    "nursing": ["带着吃奶的娃去，大厅有喂奶间不", "政务中心设母婴间没得"],
    "access": ["坐轮椅的老人进大厅方便不", "大厅门口有坡道没得"],
    "window": ["税务窗口在政务中心几楼", "民政那块在大厅哪层"],
    "nearest": ["我家在河湾社区，就近该去哪个大厅", "哪个办事大厅离我最近"],
    "which": ["有哪几个便民中心礼拜六开门", "你们全区有多少个办事大厅"],
    "closes": ["大厅下午几点停止办业务", "窗口晚上几点下班"],
    "opens": ["大厅上午几点开门办事", "窗口早晨几点上班"],
}  # fmt: skip
BOOKED = {
    "book": ["给我约一个后天下午的号嘛", "星期五上午帮我预约去大厅"],
    "cancel": ["约的那个号我去不了，取消掉", "预约的时间我不来了"],
    "change": ["我预约的时间能往后改一天不", "约好的号想换到下午"],
    "mine": ["我预约的是哪天几点"],
    "ask": ["去大厅办事非要预约不可吗", "预约要带啥证件"],
}  # fmt: skip
AT_LEAST = {"ask_office": 0.85, "book_appointment": 0.75}
"""Of nine questions for an appointment seven are heard."""


@pytest.fixture(scope="module")
def watch(model: Path) -> Any:
    """What stands before the gate, with what was learnt."""
    from dialogue.agent import project_reader

    return project_reader(data_folder(), ThreadPoolExecutor(1), model)


async def heard(watch: Any, ear: Ear, text: str) -> tuple[str, str]:
    """Return intent and topic of a text that nothing came before."""
    parsed = await watch({"kind": "text", "text": text}, DialogueState(), ear.parse)
    return parsed["intent"]["name"], parsed.get("follow") or ""


@pytest.mark.parametrize(("intent", "asked"), [("ask_office", ASKED), ("book_appointment", BOOKED)])
async def test_intent_and_topic_of_questions_nobody_has_learnt(
    watch: Any, ear: Ear, intent: str, asked: dict[str, list[str]]
) -> None:
    wanted = [(text, topic) for topic, texts in asked.items() for text in texts]
    found = [(text, topic, await heard(watch, ear, text)) for text, topic in wanted]
    print(*(line for line in found if line[2] != (intent, line[1])), sep="\n")
    meant = sum(one[0] == intent for _, _, one in found) / len(found)
    right = sum(one == (intent, topic) for _, topic, one in found) / len(found)
    assert meant >= AT_LEAST[intent]
    assert right >= AT_LEAST[intent]


def test_what_is_asked_here_was_not_learnt() -> None:
    learnt = {
        text
        for name in ("hall", "appointment")
        for texts in yaml.safe_load(
            (data_folder() / "follow_ups" / f"{name}.yml").read_text(encoding="utf-8")
        ).values()
        for text in texts
    }
    assert not learnt & {text for texts in (*ASKED.values(), *BOOKED.values()) for text in texts}


@pytest.mark.parametrize(("name", "least"), [("hall", 150), ("appointment", 50)])
def test_there_is_text_enough_and_every_fact_has_its_words(name: str, least: int) -> None:
    learnt = yaml.safe_load(
        (data_folder() / "follow_ups" / f"{name}.yml").read_text(encoding="utf-8")
    )
    texts = [text for phrases in learnt.values() for text in phrases]
    assert len(texts) == len(set(texts)) >= least
    if name == "hall":
        said = yaml.safe_load((data_folder() / "replies" / "halls.yml").read_text(encoding="utf-8"))
        told = {"hours", "opens", "closes", "where", "phone", "nearest", "which", "queue"}
        assert set(learnt) == told | set(said["thing"])
