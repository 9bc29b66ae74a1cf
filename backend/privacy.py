"""脱敏 mask, seal and look up personal data: the office's one place for it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable

from cryptography.fernet import Fernet, MultiFernet

from backend import contacts, digits, homes
from backend import names as name_places
from backend.document import Document

_COMPOUND_SURNAMES = frozenset(
    re.findall("..", "欧阳司马上官诸葛东方皇甫尉迟公孙令狐慕容司徒夏侯端木百里南宫独孤长孙宇文")
)
_PHONE = re.compile(r"(?:(?:00)?86)?(1[3-9]\d{9})")
_ID = re.compile(r"\d{17}[\dXx]|\d{15}")
_HOUSE_NUMBER = re.compile(r"[0-9０-９一二三四五六七八九十百零〇]+(?=[号栋幢楼室户单弄组座层#-]|$)")
_ADDRESS_KEPT = 6
_BANK_CARD = re.compile(r"\d{16,19}")


class PublicNumbers:
    """公开电话: what stands in the catalogue and on the halls' doors is nobody's personal data."""

    def __init__(self, numbers: Iterable[str] = ()) -> None:
        """Take the numbers as they are written; the hotlines of the country are known."""
        self.pattern = digits.ordinary_numbers(tuple(numbers))


_HOTLINES = PublicNumbers()


class IndexKey:
    """One key of `BLIND_INDEX_KEY`."""

    def __init__(self, key: str) -> None:
        """Take a hex HMAC key."""
        self._key = bytes.fromhex(key)

    def of(self, purpose: str, value: str) -> str:
        """Return the keyed hash of `value` for a purpose."""
        message = f"{purpose}\0{value}".encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


class Privacy:
    """Seals with the office's keys."""

    def __init__(self, data_keys: str, blind_index_key: str) -> None:
        """Take comma-separated Fernet keys and comma-separated hex HMAC keys.

        The first one of each writes; what an earlier one wrote still opens and is still found.
        """
        self._envelope = MultiFernet([Fernet(key.strip()) for key in data_keys.split(",")])
        self.index_keys = tuple(IndexKey(key) for key in blind_index_key.split(","))

    def seal(self, value: bytes) -> bytes:
        """Return `value` encrypted."""
        return self._envelope.encrypt(value)

    def unseal(self, sealed: bytes) -> bytes:
        """Return what `seal` was given.

        Raises:
            cryptography.fernet.InvalidToken: sealed by a key that is not ours, or changed.
        """
        return self._envelope.decrypt(sealed)

    def seal_text(self, value: str) -> bytes:
        """Return `value` encrypted."""
        return self.seal(value.encode())

    def unseal_text(self, sealed: bytes) -> str:
        """Return what `seal_text` was given."""
        return self.unseal(sealed).decode()

    def seal_document(self, value: Document) -> bytes:
        """Return a JSON object encrypted."""
        return self.seal(json.dumps(value, ensure_ascii=False).encode())

    def unseal_document(self, sealed: bytes) -> Document:
        """Return what `seal_document` was given."""
        document: Document = json.loads(self.unseal(sealed))
        return document

    def blind_index(self, purpose: str, value: str) -> str:
        """Return a keyed hash of `value` for equality look-ups, different for every purpose."""
        return self.index_keys[0].of(purpose, value)

    def blind_indexes(self, purpose: str, value: str) -> tuple[str, ...]:
        """Return under which hashes `value` may stand, the one that is written now first.

        There are several while `BLIND_INDEX_KEY` is replaced.
        """
        return tuple(key.of(purpose, value) for key in self.index_keys)


def mask_id(value: str) -> str:
    """身份证号 脱敏: keep the first three and the last four characters."""
    return value[:3] + "*" * (len(value) - 7) + value[-4:] if len(value) > 7 else "*" * len(value)


def mask_phone(value: str) -> str:
    """手机号 脱敏: keep the first three and the last four digits."""
    return value[:3] + "****" + value[-4:] if len(value) == 11 else "*" * len(value)


def mask_name(value: str) -> str:
    """姓名 脱敏: keep the family name, 张* or 欧阳**."""
    kept = 2 if value[:2] in _COMPOUND_SURNAMES and len(value) > 2 else 1
    return value[:kept] + "*" * (len(value) - kept)


def mask_address(value: str) -> str:
    """地址 脱敏: keep the first six characters, and of those no house number."""
    kept = _HOUSE_NUMBER.sub(lambda found: "*" * len(found[0]), value[:_ADDRESS_KEPT])
    return kept + "*" * max(len(value) - _ADDRESS_KEPT, 0)


def mask_text(text: str, names: Iterable[str] = (), public: PublicNumbers = _HOTLINES) -> str:
    """脱敏 of free text: ID numbers, phones, bank cards, other long numbers, names, contacts.

    Digits may be look-alikes (①, full-width, 一三八…) or separated, and characters that nobody
    sees are dropped. Case and report numbers, dates and times stay, and public numbers where they
    stand alone. A name is known from `names` or from where it stands, an address by being told as
    somebody's home.
    """
    shown = digits.seen(text)
    shown = _masked(shown, contacts.find(shown), _mask_contact)
    numbers = digits.find(shown, public.pattern)
    shown = _with(shown, [(one.start, one.end, _mask_digits(one.digits)) for one in numbers])
    shown = _masked(shown, homes.find(shown), mask_address)
    shown = _masked(shown, name_places.find(shown), mask_name)
    shown = _masked(shown, name_places.find_surnames(shown), lambda alone: "*" * len(alone))
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        shown = shown.replace(name, mask_name(name))
    return shown


def _masked(text: str, places: Iterable[tuple[int, int]], mask: Callable[[str], str]) -> str:
    """Return a text with what stands at some places masked."""
    return _with(text, [(start, end, mask(text[start:end])) for start, end in places])


def _with(text: str, places: Iterable[tuple[int, int, str]]) -> str:
    """Return a text with others in some places; of two that overlap the first counts."""
    pieces: list[str] = []
    end = 0
    for start, stop, shown in sorted(places):
        if start >= end:
            pieces += [text[end:start], shown]
            end = stop
    return "".join(pieces) + text[end:]


def _mask_contact(value: str) -> str:
    kept = 1 if value[0].isalpha() else 0
    return value[:kept] + "*" * (len(value) - kept)


# Where a confirmation holds an answer: a card's field, a list's item.
_ANSWERS = ("value", "note")
# Identifiers and addresses inside messages, which a mask would only break.
_NOT_TEXT = frozenset({"media_ids", "image_url", "link_url"})


def mask_document(
    value: Document, names: Iterable[str] = (), public: PublicNumbers = _HOTLINES
) -> Document:
    """脱敏 of every text inside a message's body; what is marked as a name is masked as one."""
    known = tuple(names)
    if value.get("kind") == "name":
        known += tuple(str(value[key]) for key in _ANSWERS if value.get(key))
    return {
        key: item if key in _NOT_TEXT else _mask_value(item, known, public)
        for key, item in value.items()
    }


def _mask_value(value: object, names: tuple[str, ...], public: PublicNumbers) -> object:
    if isinstance(value, str):
        return mask_text(value, names, public)
    if isinstance(value, dict):
        return mask_document(value, names, public)
    if isinstance(value, list):
        return [_mask_value(item, names, public) for item in value]
    return value


def _mask_digits(number: str) -> str:
    """Return the masked form of a run of eleven or more digits."""
    if phone := _PHONE.fullmatch(number):
        return mask_phone(phone[1])
    if _ID.fullmatch(number):
        return mask_id(number)
    if _BANK_CARD.fullmatch(number):
        return "*" * (len(number) - 4) + number[-4:]
    return "*" * len(number)
