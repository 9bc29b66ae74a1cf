"""指南的一行 Finds the line of a guide that answers a question, in the guide as it stands today."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np
from components.embedding import Embedder, Vectors
from components.line_listener import LineState
from components.line_ranker import Asked

from reading.near import Near
from standards.guide_lines import GuideLine, lines_of, names_of, without


class LineReader:
    """Ranks the lines of guides; what is computed is remembered by the embedder."""

    def __init__(
        self,
        learnt: LineState,
        embed: Embedder,
        normalise: Callable[[str], str],
        thread: Executor,
    ) -> None:
        """Take what was learnt, and where sentence vectors are computed."""
        self._ranker = learnt.ranker
        self._known = learnt.vectors
        self._embed = embed
        self._normalise = normalise
        self._thread = thread

    async def near(
        self, question: str, item: Mapping[str, Any], element: str | None = None
    ) -> Near:
        """Rank the lines of an item.

        Args:
            question: what was said, in the citizen's words.
            item: the item as the office tells it.
            element: the element that is asked for, if the ear hears one.
        """
        return await self.near_lines(question, names_of(item), lines_of(item), element)

    async def near_lines(
        self, question: str, names: Sequence[str], lines: Sequence[GuideLine],
        element: str | None = None,
    ) -> Near:  # fmt: skip
        """Rank lines as `near` does those of an item that is called by one of the names."""
        if not lines or not question.strip():
            return Near()
        asked = Asked(without(question, names), "", tuple(lines), (), element)
        covered = self._ranker.covered(question, [*names, *(line.heard for line in lines)])
        loop = asyncio.get_running_loop()
        near = await loop.run_in_executor(self._thread, self._rank, asked)
        return replace(near, covered=covered)

    async def part(self, question: str, line: GuideLine) -> str:
        """Return what of a line is nearest to a question, where it says several things."""
        if len(line.parts) == 1:
            return line.parts[0]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._nearest, question, line.parts)

    def _rank(self, asked: Asked) -> Near:
        lines = asked.lines
        vector = self._embed([self._normalise(asked.text)])[0]
        vectors = self._vectors([line.heard for line in lines])
        chances, told = self._ranker.rank(asked, vector, vectors)
        order = np.argsort(-chances)
        ranked = tuple((lines[place], float(chances[place])) for place in order)
        return Near(ranked, told, likeness=float((vectors @ vector).max()))

    def _nearest(self, question: str, parts: Sequence[str]) -> str:
        vector = self._embed([self._normalise(question)])[0]
        return parts[int(np.argmax(self._embed(list(parts)) @ vector))]

    def _vectors(self, texts: list[str]) -> Vectors:
        """Return the vectors of lines: those the model knows, and those of edited guides."""
        edited = [text for text in texts if text not in self._known]
        fresh = dict(zip(edited, self._embed(edited), strict=True)) if edited else {}
        return np.stack([
            fresh[text] if text in fresh else self._known[text].astype(np.float32)
            for text in texts
        ])  # fmt: skip


_using: list[LineReader] = []


def use(reader: LineReader) -> None:
    """Let the actions of this process ask this reader."""
    _using[:] = [reader]


def line_reader() -> LineReader:
    """Return the reader that this process uses.

    Raises:
        LookupError: no model was loaded.
    """
    if not _using:
        raise LookupError("no model is loaded that can find the lines of a guide")
    return _using[0]
