"""Rasa projects to compare, each in a folder of its own; runs in the ear's environment.

A copy has no vectors and no caches of earlier trainings, so every training is one from scratch.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterable
from pathlib import Path

import jieba
from components.catalogue import Item, read_catalogue
from components.catalogue_linker import labelled_phrases
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from components.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
# The usual Chinese project. Most words have two or three characters, so one and two of them are
# nearly all there is inside a word; longer pieces would only make the training longer.
STOCK = """recipe: default.v1
assistant_id: stock
language: zh
pipeline:
  - name: JiebaTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 2
  - name: DIETClassifier
    epochs: {epochs}
    constrain_similarities: true
"""


def copy_ours(folder: Path, data: Path | None = None) -> Path:
    """Copy the ear's project; with `data`, it learns from another data folder."""
    project = folder / "nlu"
    shutil.copytree(ROOT / "nlu" / "components", project / "components")
    shutil.copy(ROOT / "nlu" / "config.yml", project)
    shutil.copytree(data or data_folder(), folder / "data")
    shutil.copytree(ROOT / "data" / "training" / "intents", project / "data")
    return project


def write_stock(project: Path, examples: Iterable[tuple[str, str]], epochs: int) -> Path:
    """Write a stock project that learns (text, label) pairs as intents."""
    (project / "data").mkdir(parents=True)
    (project / "config.yml").write_text(STOCK.format(epochs=epochs), encoding="utf-8")
    grouped: dict[str, list[str]] = {}
    for text, label in examples:
        grouped.setdefault(label, []).append(" ".join(text.split()))
    lines = ['version: "3.1"', "nlu:"]
    for label, texts in grouped.items():
        lines += [f"- intent: {label}", "  examples: |", *(f"    - {text}" for text in texts)]
    (project / "data" / "nlu.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return project


def intent_examples() -> list[tuple[str, str]]:
    """Give the written examples of the project's intents, as `rasa train` reads them."""
    return [
        (line.removeprefix("- "), str(entry["intent"]))
        for path in sorted((data_folder() / "training" / "intents").glob("*.yml"))
        for entry in read_yaml(path)["nlu"]
        for line in str(entry["examples"]).splitlines()
        if line.strip()
    ]


def item_examples() -> list[tuple[str, str]]:
    """Give the phrases the ear's linker learns from, each with its item."""
    normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
    return list(zip(*labelled_phrases(read_catalogue(data_folder()), normaliser), strict=True))


def grown_data(folder: Path, count: int, names: list[str]) -> Path:
    """Copy the data folder and lay beside it what an office exported: `count` items in all.

    Real names come first, as bare as offices have them; the rest are copies with changed words.
    """
    shutil.copytree(data_folder(), folder)
    items = read_catalogue(folder)
    taken = {item.name for item in items}
    real = [Item("", name, "", "guide") for name in dict.fromkeys(names) if name not in taken]
    taken |= {item.name for item in real}
    wanted = count - len(items)
    added = [*real, *_changed(items, wanted - len(real), taken)][:wanted]
    with (folder / "published.jsonl").open("w", encoding="utf-8") as file:
        for number, item in enumerate(added):
            entry = {"code": f"ZZ{number:05d}", "name": item.name, "aliases": item.aliases}
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return folder


def _changed(items: list[Item], count: int, taken: set[str]) -> list[Item]:
    """Make items by putting a word of one into another's name and aliases."""
    chance = random.Random(7)
    words = [[word for word in jieba.lcut(item.name) if len(word) > 1] for item in items]
    changed: dict[str, Item] = {}
    while len(changed) < count:
        here, other = chance.choices(range(len(items)), k=2)
        if not words[here] or not words[other]:
            continue
        old, new = chance.choice(words[here]), chance.choice(words[other])
        name = items[here].name.replace(old, new)
        if name not in taken:
            aliases = [alias.replace(old, new) for alias in items[here].aliases if old in alias]
            changed[name] = Item("", name, "", "guide", tuple(aliases[:2]))
    return list(changed.values())
