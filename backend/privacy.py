"""脱敏 mask, seal and look up personal data: the office's one place for it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable

from cryptography.fernet import Fernet, MultiFernet

from backend.document import Document

_COMPOUND_SURNAMES = frozenset(
    re.findall("..", "欧阳司马上官诸葛东方皇甫尉迟公孙令狐慕容司徒夏侯端木百里南宫独孤长孙宇文")
)
# Same-length translation, so that positions found in the translated text hold in the original.
_DIGITS = str.maketrans(
    "０１２３４５６７８９零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖ｘＸ",
    "012345678900123456789" + "1" + "123456789" + "XX",
)
_GAP = r"[\s\-—－·.]{0,2}"
# Case and report numbers are nobody's personal data: found first, and left as they are.
_RUN = re.compile(
    rf"(?P<number>(?:BJ|GD){_GAP}\d(?:{_GAP}\d){{12}}(?!\d))"
    rf"|(?<!\d)(?:\+?86{_GAP})?(?P<digits>\d(?:{_GAP}\d){{10,}}(?:{_GAP}X)?)(?!\d)",
    re.IGNORECASE,
)
# 我叫张三, 姓名：张三: up to a character that cannot be part of a name in such a sentence.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万"
)
_NAMED = re.compile(
    rf"((?:我叫|我是|叫做|姓名|名字(?:叫|是)?|联系人|申请人)[：:是为\s]*)"
    rf"((?:{'|'.join(sorted(_COMPOUND_SURNAMES))}|[{_SURNAMES}])"
    r"[\u4e00-\u9fff]{1,2}?(?=$|[^\u4e00-\u9fff]|[，。的来要想在是住今])|"
    rf"[{_SURNAMES}][\u4e00-\u9fff]{{2}})"
)
_SEPARATOR = re.compile(r"[^0-9Xx]")
_PHONE = re.compile(r"1[3-9]\d{9}")
_ID = re.compile(r"\d{17}[\dXx]|\d{15}")
_BANK_CARD = re.compile(r"\d{16,19}")


# 热线 110, 119, 120, 122; 12345 and its like; 95 and 96 with three or four more.
_HOTLINE = r"1[12]\d|12\d{3}|9[56]\d{3,4}"


class PublicNumbers:
    """公开电话: what stands in the catalogue and on the halls' doors is nobody's personal data."""

    def __init__(self, numbers: Iterable[str] = ()) -> None:
        """Take the numbers as they are written; the hotlines of the country are known."""
        spelled = [_GAP.join(re.findall(r"\d", number)) for number in numbers]
        known = "|".join([*sorted(filter(None, spelled), key=len, reverse=True), _HOTLINE])
        self._only_known = re.compile(rf"(?:{known})(?:[\s\-—－·.]{{1,2}}(?:{known}))*")

    def cover(self, run: str) -> bool:
        """Tell whether a run of digits is made of public numbers alone."""
        return bool(self._only_known.fullmatch(run))


_HOTLINES = PublicNumbers()


class Privacy:
    """Seals with the office's keys."""

    def __init__(self, data_keys: str, blind_index_key: str) -> None:
        """Take comma-separated Fernet keys (first one encrypts) and a hex HMAC key."""
        self._envelope = MultiFernet([Fernet(key.strip()) for key in data_keys.split(",")])
        self._index_key = bytes.fromhex(blind_index_key)

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
        message = f"{purpose}\0{value}".encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()


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


def mask_text(text: str, names: Iterable[str] = (), public: PublicNumbers = _HOTLINES) -> str:
    """脱敏 of free text: ID numbers, phones, bank cards, other long numbers, names.

    Digits may be full-width, Chinese (一三八…) or separated. Case and report numbers stay, and
    public numbers where they stand alone.
    """
    plain = text.translate(_DIGITS)
    pieces: list[str] = []
    end = 0
    for found in _RUN.finditer(plain):
        if found["number"] or public.cover(found["digits"]):
            continue
        masked = _mask_digits(_SEPARATOR.sub("", found["digits"]))
        pieces += [text[end : found.start()], masked]
        end = found.end()
    masked_text = "".join(pieces) + text[end:]
    masked_text = _NAMED.sub(lambda found: found[1] + mask_name(found[2]), masked_text)
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        masked_text = masked_text.replace(name, mask_name(name))
    return masked_text


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


def _mask_digits(digits: str) -> str:
    """Return the masked form of a run of eleven or more digits."""
    if _PHONE.fullmatch(digits):
        return mask_phone(digits)
    if _ID.fullmatch(digits):
        return mask_id(digits)
    if _BANK_CARD.fullmatch(digits):
        return "*" * (len(digits) - 4) + digits[-4:]
    return "*" * len(digits)
