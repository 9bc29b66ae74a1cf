"""What a training keeps in memory: nothing twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jieba
import pytest
from components.pinyin import PinyinReader
from components.stored_state import StatefulComponent
from components.tokenizer import CatalogueTokenizer
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


def made(kind: type[Any], storage: LocalModelStorage, name: str) -> Any:
    return kind.create(kind.get_default_config(), storage, Resource(name), None)


def test_a_component_that_only_trains_makes_no_jieba(
    storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jieba, "Tokenizer", None)
    resource = made(CatalogueTokenizer, storage, "tokenizer").train(TrainingData())
    monkeypatch.undo()
    ready = CatalogueTokenizer.load(
        CatalogueTokenizer.get_default_config(), storage, resource, None
    )
    words = ready.tokenize(Message({"text": "居民身份证丢失补领怎么办"}), "text")
    assert words[0].text == "居民身份证丢失补领"


def test_what_was_learned_is_kept_in_the_model_and_not_beside_it(
    storage: LocalModelStorage,
) -> None:
    component = made(StatefulComponent, storage, "any")
    resource = component.keep({"learned": 1})
    assert component.state is None
    assert StatefulComponent.load({}, storage, resource, None).state == {"learned": 1}


def test_learning_pinyin_leaves_the_shared_dictionary_unread() -> None:
    read = jieba.dt.initialized
    assert PinyinReader.trained(["身份证补办"])("shenfenzheng") == "身份证"
    assert jieba.dt.initialized == read
