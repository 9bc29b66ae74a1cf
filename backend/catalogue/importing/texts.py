"""清洗文字 Cleans what stands in a cell: remnants of web pages, stray signs, numbers in words."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any

# Only tags a web page has: "<18 周岁" is text.
_TAG = re.compile(
    r"</?(?:p|br|div|span|table|tbody|thead|tr|td|th|a|b|i|u|em|strong|font|img|ul|ol|li|h[1-6]"
    r"|o:p|style|script|sup|sub|input|button)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_NEW_LINE = re.compile(r"<(?:br\s*/?|/p|/div|/tr|/li|/h[1-6])>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|nbsp|amp|lt|gt|quot|ldquo|rdquo|mdash|middot);", re.I)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[\n ]*")
_PHONE = re.compile(
    r"(?<![\d-])(?:0\d{2,3}[-\s]?\d{7,8}(?:-\d{1,4})?|1[3-9]\d{9}"
    r"|400[-\s]?\d{3}[-\s]?\d{4}|12\d{3})(?![\d-])"
)
# "30 天" counts holidays too: it is no number of working days.
_DAYS = re.compile(r"^(\d{1,4})(?:\.0)?\s*(?:个?工作[日天])?(?:以?内)?$")
_COUNT = re.compile(r"^(\d{1,4})(?:\.0)?\s*[份张个套]?$")
_AMOUNT = re.compile(r"^(\d{1,9}(?:\.\d{1,2})?)\s*元?$")
_AT_ONCE = frozenset({"即办", "即办件", "即时", "即时办结", "当场", "当场办结", "当天", "立等可取"})
_YES = frozenset({"是", "有", "true", "yes", "y", "1", "√"})
_NO = frozenset({"否", "无", "没有", "false", "no", "n", "0", "×"})
SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def text_of(value: Any) -> str:
    """Return a cell as text, whatever its type."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def clean(text: str) -> tuple[str, bool]:
    """Return the text without web page remnants and stray signs, and whether it had remnants."""
    bare, had_markup = _without_markup(text)
    bare = bare.replace("\r\n", "\n").replace("\r", "\n").replace("\u3000", " ")
    bare = "".join(sign for sign in bare if sign == "\n" or _is_writing(sign))
    return _LINES.sub("\n", _BLANKS.sub(" ", bare)).strip(), had_markup


def _without_markup(text: str) -> tuple[str, bool]:
    if "<" not in text and "&" not in text:
        return text, False
    if not (_TAG.search(text) or _ENTITY.search(text)):
        return text, False
    bare = _TAG.sub("", _NEW_LINE.sub("\n", _HIDDEN.sub("", text)))
    return html.unescape(bare), True


def _is_writing(sign: str) -> bool:
    """Control signs and invisible marks are no writing; rare characters of names are."""
    return sign == "\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}


def days(text: str) -> int | None:
    """时限 Return working days: `20`, `20个工作日`, `即办`; None where it says something else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in _AT_ONCE:
        return 0
    found = _DAYS.match(plain)
    return int(found[1]) if found else None


def whole_number(text: str) -> int | None:
    """Return a count such as `2` or `2份`; None where it says something else."""
    found = _COUNT.match(unicodedata.normalize("NFKC", text).strip())
    return int(found[1]) if found else None


def amount(text: str) -> float | int | None:
    """收费 Return an amount such as `40`, `12.5` or `40元`; None where it says something else."""
    found = _AMOUNT.match(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    number = float(found[1])
    return int(number) if number.is_integer() else number


def yes_or_no(text: str) -> bool | None:
    """Return whether a cell says yes; None where it says neither."""
    word = unicodedata.normalize("NFKC", text).strip().lower()
    return True if word in _YES else False if word in _NO else None


def phone(text: str) -> str | None:
    """Return the first telephone number in a text."""
    found = _PHONE.search(unicodedata.normalize("NFKC", text).replace("—", "-"))
    return re.sub(r"\s", "", found[0]) if found else None
