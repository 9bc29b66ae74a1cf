"""相近 How near items are to each other by their names and aliases: character n-grams, TF-IDF."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from backend.catalogue.linting.findings import Finding, Written, plain

SIZES = (1, 2, 3)
Vector = dict[str, float]


def near_items(items: Sequence[Written], threshold: float) -> Iterator[Finding]:
    """Return the pairs of items whose words are as near as `threshold` (cosine, 0–1)."""
    vectors = _vectors([(item.name, *item.aliases) for item in items])
    for (first, second), nearness in sorted(
        _nearness(vectors).items(), key=lambda pair: (-pair[1], pair[0])
    ):
        if nearness >= threshold:
            one, other = items[first], items[second]
            values = {"nearness": f"{nearness:.2f}", "names": f"{one.name} / {other.name}"}
            yield Finding("items_near", False, (one.code, other.code), values)


def _vectors(texts: Sequence[Sequence[str]]) -> list[Vector]:
    counts = [Counter(gram for text in group for gram in _grams(plain(text))) for group in texts]
    spread = Counter(gram for count in counts for gram in count)
    return [_weighed(count, spread, len(counts)) for count in counts]


def _grams(text: str) -> Iterator[str]:
    for size in SIZES:
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def _weighed(count: Counter[str], spread: Counter[str], documents: int) -> Vector:
    weights = {
        gram: (1 + math.log(times)) * (1 + math.log((1 + documents) / (1 + spread[gram])))
        for gram, times in count.items()
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {gram: weight / length for gram, weight in weights.items()}


def _nearness(vectors: Sequence[Vector]) -> dict[tuple[int, int], float]:
    """Return the cosine of every pair that shares a gram, by way of each gram's holders."""
    holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    sums: dict[tuple[int, int], float] = defaultdict(float)
    for place, vector in enumerate(vectors):
        for gram, weight in vector.items():
            for earlier, other in holders[gram]:
                sums[earlier, place] += weight * other
            holders[gram].append((place, weight))
    return sums
