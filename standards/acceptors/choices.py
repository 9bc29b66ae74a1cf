"""选择 Which of the choices is meant: by its place (第二个, 最后一个, 选2) or by its words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence

from standards.acceptors import Accepted
from standards.acceptors.numerals import value
from standards.acceptors.plain import masked, plain

Alike = Mapping[str, Sequence[str]]
_N = r"(?P<n>\d{1,2}|十[一二三四五六七八九]?|[一二三四五六七八九])"
_UNIT = r"(?:选?个|选?项|条|种|号|样)"
_PLACE = re.compile(
    rf"倒数第?(?P<back>\d|[一二三四五六七八九])(?:{_UNIT})?"
    rf"|第{_N}(?:{_UNIT})?"
    r"|(?:头|首)(?P<first>一?)(?:个|项|条|种)"
    r"|最?(?P<side>上面|上头|上边|前面|前头|前边|中间|当中|下面|下头|下边|后面|后头|后边|最后|末尾|后|末|头)"
    r"(?:那|这|一|的)*(?:个|项|条|种)?"
)
# Without 第 a number or a letter is a place only where nothing else is said.
_BARE = re.compile(
    rf"(?<![A-Za-z\d一二三四五六七八九十])(?:{_N.replace('<n>', '<bare>')}(?:{_UNIT})?"
    r"|(?P<letter>[a-fA-F])(?:选?项|个)?)(?![A-Za-z\d一二三四五六七八九十])"
)
_SIDES = {"上": "first", "前": "first", "头": "first", "中": "middle", "当": "middle"}
_FILLING = re.compile(
    r"我们?|你|您|他|她|那个|这个|那一?|这一?|就要?|要|选项?|挑|是|想|的|了|吧|嘛|啊|呀|噻|哈|呢|咯|呗|得|办|来|个|和|跟|与|还是|及"
    r"|[,，。.!！?？、;；:：~…\s\"“”]"
)
_NO = re.compile(r"不是|不要|不选|别选|莫选|不想要|并非|排除")
_DENIES = re.compile(rf"(?:{_NO.pattern})$")
_DENIED_WORDS = re.compile(
    r"(?:不是|不要|不选|别选|并非)(?P<what>[^,，。;；是]+)(?:[,，。;；]|而?是)(?P<rest>.+)$"
)
_ALL = re.compile(
    r"^(?:我|就|想)*(?:[两二三俩几]个?|全部?|所有的?)?(?:都|全)(?:要|选|办|是|行要)(?:了|的|吧|嘛|啊)*$|^(?:两|二|三)个一起(?:办|要)?$"
)
_SOFT = re.compile(r"[\s,，。.!！?？、；;的了吧嘛]")
CLOSE = 0.6
PAIR = 2


def accept(text: str, choices: Sequence[str], *, alike: Alike | None = None) -> Accepted:
    """Read which one of `choices` is meant.

    Args:
        text: the answer.
        choices: what stands on the buttons.
        alike: words people use for a choice, by a word that stands in the choice.

    Returns:
        The choice as it stands. Problems: `choice_missing` and `choice_several` (both with
        `choices`, as one text).
    """
    said = plain(text)
    whole = (0, len(text))
    if text.strip() in choices:
        return Accepted(text.strip(), *whole)
    places = pointed_at(text, len(choices))
    if places is not None and len(places) != 1:
        return _unclear("choice_several" if places else "choice_missing", choices)
    if places is not None:
        return Accepted(choices[places[0]], *whole)
    chosen = _named(said.text, choices, alike or {})
    if chosen is not None:
        return Accepted(chosen, *whole)
    # 第二个 beside other words points all the same, unless the words name another choice.
    beside = _references(said.text, len(choices))
    if len(beside) == 1 and "第" in said.text:
        return Accepted(choices[beside[0]], *whole)
    return _unclear("choice_missing", choices)


def place_of(text: str, count: int) -> int | None:
    """Return the one place (from 0) among `count` that a text points at, and says no more than."""
    places = pointed_at(text, count)
    return places[0] if places is not None and len(places) == 1 else None


def points(text: str) -> bool:
    """Tell whether a text does nothing but point at a place in a list."""
    return pointed_at(text, 99) is not None


def pointed_at(text: str, count: int) -> list[int] | None:
    """Return the places (from 0) that a text points at; None where it does not only point.

    An empty list says that it points at none there is (第四个 of three), or only at what is not
    meant; of two choices the other one is meant then.
    """
    said = plain(text).text
    if _ALL.match(said):
        return list(range(count))
    pattern = _PLACE if _PLACE.search(said) else _BARE
    wanted: list[int | None] = []
    denied: list[int | None] = []
    for match in pattern.finditer(said):
        no = _DENIES.search(said[: match.start()])
        (denied if no else wanted).append(_place(match, count))
    rest = masked(said, [match.span() for match in pattern.finditer(said)])
    if not (wanted or denied) or _FILLING.sub("", _NO.sub("", rest)):
        return None
    if not wanted and count == PAIR and denied[0] is not None:
        return [1 - denied[0]]
    return sorted({place for place in wanted if place is not None})


def _place(match: re.Match[str], count: int) -> int | None:
    """Return the place a reference stands for; None where the list has none such."""
    groups = match.groupdict()
    if groups.get("letter"):
        place = "abcdef".index(groups["letter"].lower()) + 1
    elif groups.get("back"):
        place = count + 1 - int(value(groups["back"]) or 0)
    elif groups.get("side"):
        return _side(groups["side"], count)
    else:
        place = int(value(groups.get("n") or groups.get("bare") or "一") or 0)
    return place - 1 if 1 <= place <= count else None


def _side(said: str, count: int) -> int | None:
    side = "last" if said == "最后" else _SIDES.get(said[0], "last")
    if side == "middle":
        return count // 2 if count % 2 else None
    return 0 if side == "first" else count - 1


def _references(text: str, count: int) -> list[int]:
    """Return the places that a text points at among other words."""
    found = (_place(match, count) for match in _PLACE.finditer(text) if match.groupdict().get("n"))
    return sorted({place for place in found if place is not None})


def _named(text: str, choices: Sequence[str], alike: Alike) -> str | None:
    """Return the one choice that is named by its words, by words like them, or nearly so."""
    if denied := _DENIED_WORDS.search(text):
        text = denied["rest"]
    elif re.match(r"(?:不是|不要|不选)", text) and text not in choices:
        others = [choice for choice in choices if choice not in text]
        return others[0] if len(choices) == 2 and len(others) == 1 else None
    soft = _SOFT.sub("", text)
    if not soft:
        return None
    for matches in _ways(soft, choices, alike):
        found = list(matches)
        if len(found) == 1:
            return found[0]
    close = difflib.get_close_matches(soft, list(choices), n=2, cutoff=CLOSE)
    return close[0] if len(close) == 1 else None


def _ways(soft: str, choices: Sequence[str], alike: Alike) -> Iterator[Iterator[str]]:
    yield (choice for choice in choices if _SOFT.sub("", choice) == soft)
    yield (choice for choice in choices if _SOFT.sub("", choice) in soft)
    yield (choice for choice in choices if len(soft) > 1 and soft in choice)
    yield (choice for choice in choices if _means(soft, choice, alike))


def _means(soft: str, choice: str, alike: Alike) -> bool:
    """Tell whether a word that people use for `choice` stands in an answer."""
    return any(
        word in soft for key, words in alike.items() if key in choice for word in (key, *words)
    )


def _unclear(problem: str, choices: Sequence[str]) -> Accepted:
    return Accepted(problem=problem, shown={"choices": "、".join(choices)})
