"""Labelled text that stands in for public sets which may not be kept here.

`questions`: neighbouring items of the catalogue are joined into 101 labels, some large, most small,
and each keeps a part of its written questions; asked are the test questions of other hands.
`stories`: the seven largest classes of city reports are labels; each report's few words stand in a
letter as offices get them, whose title often says nothing and whose other sentences belong to
every class. A third of the phrases is held out.
Both are made of this project's own text, so they flatter: they show changes, not public accuracy.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections import Counter
from pathlib import Path

from components.catalogue import read_catalogue
from components.project_files import data_folder, dictionary_folder
from components.yaml_files import read_yaml

Pairs = list[tuple[str, str]]
CLASSES, INTENTS = 7, 101
QUESTIONS = Path(__file__).resolve().parents[1] / "nlu" / "questions"
_OPENINGS = ("尊敬的领导：您好！", "领导好，", "", "    ", "您好，\t", "书记，")
_CLOSINGS = ("望领导重视，谢谢！", "盼复！！", "请政府为民做主", "此致\n敬礼", "")
_TITLES = ("反映{}的问题", "求助{}领导", "关于{}的情况请领导关注", "给{}的一封信")
_TOWNS = ("A市B2区", "K市", "C4县星河镇", "D7县幸福小区", "A市A3区人民路", "M市E8县石桥村")
_OF_OTHERS = (
    "我家旁边就是小学",
    "路上车很多灰尘也大",
    "孩子马上要高考，晚上要睡觉",
    "楼下是一家饭店",
    "物业说这事不归他们管",
    "城管和环保都去过了",
    "我每天坐公交车上下班",
    "小区是十年前建的，树都长高了",
    "门口的路灯倒是亮的",
    "水电费我们从来没有拖欠",
)
_LETTER = (
    "尊敬的领导您好，我是本区的一名普通居民，今天写信反映一个困扰大家很久的问题",
    "我在这里住了十多年，以前一直都很好，从去年下半年开始情况就变了",
    "我们几户人商量了好几次，都觉得不能再拖下去了",
    "之前给好几个部门打过电话，每次都说会转给相关单位，后来就没有下文了",
    "家里有八十岁的老人和刚上小学的孩子，每天进出都担心",
    "附近的住户意见都很大，业主群里天天有人说这个事",
    "上个月也有工作人员来看过，拍了照片就走了，到现在没有人回复",
    "希望相关部门能够重视，尽快派人到现场看看，给我们一个明确的答复",
    "我们理解基层工作很辛苦，但是群众的事情再小也是大事",
    "如果需要了解情况可以随时打电话给我，我可以带你们到现场",
    "此致敬礼，盼复，感谢你们的辛苦付出",
)


def questions(seed: int) -> tuple[Pairs, Pairs]:
    """Give (train, test) of long-tailed intents, the test asked by other hands."""
    chance = random.Random(seed)
    items = sorted(read_catalogue(data_folder()), key=lambda item: item.code)
    weights = [(place + 1) ** -0.7 for place in chance.sample(range(INTENTS), INTENTS)]
    places = [*range(INTENTS), *chance.choices(range(INTENTS), weights, k=len(items) - INTENTS)]
    label = {item.code: str(place) for item, place in zip(items, sorted(places), strict=True)}
    share = [chance.uniform(0.1, 0.8) for _ in range(INTENTS)]
    written: dict[str, list[str]] = {}
    for item in items:
        written.setdefault(label[item.code], []).extend((*item.questions, *item.aliases[:3]))
    train = [
        (text, name)
        for name, texts in written.items()
        for text in chance.sample(texts, max(1, round(len(texts) * share[int(name)])))
    ]
    asked = [
        json.loads(line)
        for name in ("test", "strangers_test")
        for line in (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    test = [(ask["text"], label[ask["item"]]) for ask in asked if ask.get("item") in label]
    return train, test


def stories(seed: int) -> tuple[Pairs, Pairs]:
    """Give (train, test) of letters, one around each phrase."""
    chance = random.Random(seed)
    with (data_folder() / "report_categories.csv").open(encoding="utf-8-sig") as file:
        classes = {row["code"]: row["class"] for row in csv.DictReader(file)}
    kept = {name for name, _ in Counter(classes.values()).most_common(CLASSES)}
    phrases = [
        (phrase, classes[code])
        for code, written in read_yaml(dictionary_folder() / "report_phrases.yml").items()
        for phrase in written
        if classes[code] in kept
    ]
    chance.shuffle(phrases)
    letters = [(_letter(phrase, chance), name) for phrase, name in phrases]
    held = len(letters) // 3
    return letters[held:], letters[:held]


def _letter(phrase: str, chance: random.Random) -> str:
    """Write a letter in which nothing but the phrase tells the class."""
    town = chance.choice(_TOWNS)
    title = phrase if chance.random() < 0.4 else chance.choice(_TITLES).format(town)
    around = chance.sample(_LETTER, chance.randrange(1, 9))
    around += chance.sample(_OF_OTHERS, chance.randrange(4))
    around.insert(chance.randrange(len(around) + 1), phrase)
    body = chance.choice("，。\n ").join(around)
    return f"{title}\n\t\t\t{chance.choice(_OPENINGS)}{town}{body}。{chance.choice(_CLOSINGS)}\t\t"


def main() -> int:
    """Write NAME.train.jsonl and NAME.test.jsonl of both sets, drawn anew, into a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("seed", type=int)
    options = parser.parse_args()
    folder = options.folder
    for name, pair in (
        ("questions", questions(options.seed)),
        ("stories", stories(options.seed)),
    ):
        for part, rows in zip(("train", "test"), pair, strict=True):
            lines = [json.dumps({"text": text, "label": label}) for text, label in rows]
            (folder / f"{name}.{part}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
