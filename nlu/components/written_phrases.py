"""Vectors of what is written down for a training beside its examples of intents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.catalogue import known_catalogue
from components.catalogue_linker import labelled_phrases
from components.elsewhere import known_elsewhere
from components.line_listener import Guide, pairs, read_guides
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from components.report_categoriser import report_phrases
from components.safety_listener import written
from components.vector_store import training_vectors
from components.yaml_files import read_yaml
from standards.guide_lines import without

PORTION = 1000
"""Whoever needs other vectors meanwhile waits for one portion at most."""


def embed_ahead() -> None:
    """Embed what items, categories, elements, dangers and lines are called, ahead of need."""
    normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
    asked = read_yaml(dictionary_folder() / "elements.yml")["examples"]
    guides = read_guides(data_folder())
    phrases = [
        *labelled_phrases([*known_catalogue(), *known_elsewhere()], normaliser)[0],
        *report_phrases(normaliser)[0],
        *(text for texts in asked.values() for text in texts),
        *(normaliser(text) for text, label in written(data_folder()) if label),
        *(line.heard for guide in guides.values() for line in guide.lines),
        *(normaliser(text) for text in _questions(guides)),
    ]
    for at in range(0, len(phrases), PORTION):
        training_vectors(phrases[at : at + PORTION])


def _questions(guides: Mapping[str, Guide]) -> Iterator[str]:
    """Yield the questions about lines, with and without what their item is called."""
    for one in pairs(data_folder(), guides):
        yield one.text
        yield without(one.text, guides[one.item].names)
