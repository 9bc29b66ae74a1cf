"""Labelled text that stands in for public sets which may not be kept here.

`questions`: every item of the catalogue is a label, two of its written questions are held out.
`stories`: the seven largest classes of city reports are labels; each report's few words stand
somewhere in a long letter whose other sentences say nothing about the class.
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
CLASSES = 7
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


def questions() -> tuple[Pairs, Pairs]:
    """Give (train, test) of one label an item."""
    chance = random.Random(1)
    train, test = [], []
    for item in read_catalogue(data_folder()):
        asked = chance.sample(item.questions, len(item.questions))
        test += [(text, item.code) for text in asked[:2]]
        train += [(text, item.code) for text in (item.name, *item.aliases, *asked[2:])]
    return train, test


def stories() -> tuple[Pairs, Pairs]:
    """Give (train, test) of long letters; a third of the phrases is held out."""
    chance = random.Random(2)
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
    held = len(phrases) // 3
    return _letters(phrases[held:], chance), _letters(phrases[:held], chance)


def _letters(phrases: Pairs, chance: random.Random) -> Pairs:
    """Write three letters around each phrase, so that no other sentence tells the class."""
    return [(_letter(phrase, chance), name) for phrase, name in phrases for _ in range(3)]


def _letter(phrase: str, chance: random.Random) -> str:
    around = chance.sample(_LETTER, chance.randrange(4, 9))
    around.insert(chance.randrange(len(around) + 1), phrase)
    return "。".join(around)


def main() -> int:
    """Write NAME.train.jsonl and NAME.test.jsonl of both sets into a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for name, pair in (("questions", questions()), ("stories", stories())):
        for part, rows in zip(("train", "test"), pair, strict=True):
            lines = [json.dumps({"text": text, "label": label}) for text, label in rows]
            (folder / f"{name}.{part}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
