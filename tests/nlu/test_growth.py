"""A catalogue of thousands: the linker's own part, small enough for every run."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import pytest
from components.calibration import Calibration
from components.catalogue import Item, read_catalogue
from components.catalogue_linker import labelled_phrases
from components.item_ranker import ItemRanker, ItemRankerSettings
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from components.vector_store import training_vectors
from scoring import read_questions

GROWN = 2_000
NORMALISER = Normaliser(Dictionaries.read(dictionary_folder()))
PLACES = ("港口", "渔船", "林场", "水库", "矿山", "码头", "茶园", "牧场", "景区", "口岸")


@dataclass(frozen=True)
class Asked:
    """What a ranker said to the development questions about the 312."""

    right: float
    among_three: float
    milliseconds: float


def grown(items: list[Item]) -> list[Item]:
    """Add copies whose names begin with another place."""
    copies = []
    for number in range(GROWN - len(items)):
        again, place = divmod(number, len(items))
        copies.append(Item(f"ZZ{number:05d}", PLACES[again] + items[place].name, "", "guide"))
    return items + copies


def trained(items: list[Item]) -> ItemRanker:
    phrases, labels = labelled_phrases(items, NORMALISER)
    ranker = ItemRanker(ItemRankerSettings())
    ranker.fit(phrases, training_vectors(phrases), labels)
    return ranker


def ask(ranker: ItemRanker) -> Asked:
    questions = [q for q in read_questions("dev") if q.get("item") not in (None, "none")]
    texts = [NORMALISER(question["text"]) for question in questions]
    vectors = training_vectors(texts)
    places, taken = [], []
    for number, text in enumerate(texts):
        begun = time.process_time()
        ranking = ranker.rank([text], vectors[number : number + 1])
        taken.append(time.process_time() - begun)
        true = ranker.labels.index(questions[number]["item"])
        places.append(list(ranking.places[0]).index(true) if true in ranking.places[0] else 99)
    return Asked(
        statistics.mean(place == 0 for place in places),
        statistics.mean(place < 3 for place in places),
        statistics.median(taken) * 1000,
    )


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return read_catalogue(data_folder())


@pytest.fixture(scope="module")
def rankers(items: list[Item]) -> tuple[ItemRanker, ItemRanker]:
    return trained(items), trained(grown(items))


def test_two_thousand_items_cost_the_312_little(rankers: tuple[ItemRanker, ItemRanker]) -> None:
    small, large = (ask(ranker) for ranker in rankers)
    assert small.right - large.right <= 0.03
    assert small.among_three - large.among_three <= 0.03
    assert large.milliseconds <= small.milliseconds + 1


def test_every_item_is_found_by_its_name(
    items: list[Item], rankers: tuple[ItemRanker, ItemRanker]
) -> None:
    ranker = rankers[1]
    asked = grown(items)[::7]
    names = [NORMALISER(item.name) for item in asked]
    first = ranker.rank(names, training_vectors(names)).places[:, 0]
    right = [ranker.labels[place] == item.code for place, item in zip(first, asked, strict=True)]
    assert statistics.mean(right) >= 0.99


def test_held_out_scores_are_those_of_a_ranker_that_never_learned(items: list[Item]) -> None:
    phrases, labels = labelled_phrases(items[:12], NORMALISER)
    vectors = training_vectors(phrases)
    ranker = ItemRanker(ItemRankerSettings())
    ranker.fit(phrases, vectors, labels)
    ranking, target = ranker.held_out_phrases()
    assert len(ranking.scores) == len(phrases)
    assert [ranker.labels[place] for place in target] == sorted(labels)
    # A label held out whole is the last of all, with all others in front of it.
    absent = ranker.held_out_labels()
    assert (absent.places[:, -1] == target).all()
    # What was learned by heart scores higher than what was held out.
    learned = ranker.rank(phrases, vectors)
    assert learned.scores[:, 0].mean() > ranking.scores[:, 0].mean()


def test_a_catalogue_of_bare_names_can_be_calibrated(items: list[Item]) -> None:
    names = [Item(item.code, item.name, "", "guide") for item in items[:40]]
    ranker = trained(names)
    calibration = Calibration()
    calibration.fit(ranker, ranker.rank(["今天天气很好"], training_vectors(["今天天气很好"])))
    texts = [NORMALISER(names[0].name)]
    first, present = calibration.chances(ranker.rank(texts, training_vectors(texts)))
    assert 0 <= first <= 1
    assert 0 <= present <= 1
