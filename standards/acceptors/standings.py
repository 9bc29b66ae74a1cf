"""身份 Where somebody's hukou is, which level they have, how many and how much of something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from standards.acceptors.numerals import NUMERAL, between
from standards.acceptors.told import Told

_N = NUMERAL
_HERE = r"(?:我?们?本区|本地|当地|这里|这边|这儿|此地|我们区|咱们?区|你们区|云溪区?|区里|区内)"
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南"
    "|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古?|广西|西藏|宁夏|新疆|香港|澳门"
)
_ELSEWHERE = (
    r"(?:外[省市地区县]|异地|别的?(?:区|市|省|地方)|其[他它](?:区|市|省|地方)|隔壁区?|邻[市区县]|(?:农村)?老家"
    rf"|乡下|(?:{_PROVINCES})省?|[^,。不没本]{{1,3}}省)"
)
_HUKOU = re.compile(
    rf"(?P<not>户[口籍]?(?:还|都|也|又|现在)?(?:(?:不在|没在|没迁|没有迁|没转)(?!(?:在|到|去)?{_ELSEWHERE}){_HERE}?|不是(?:{_HERE}|(?=$|[,。!?])))(?:的|过来|来|进来)?)"
    rf"|(?:户[口籍])(?:簿|本)?(?:是|在|还|都|就|也|落|迁|上|到|的|我们|咱们?|(?P<deny>不是|不在|没在|没迁|没有迁|没转))*(?:(?P<a1>{_ELSEWHERE})|(?P<h1>{_HERE}))"
    rf"|(?P<a2>{_ELSEWHERE})(?:的)?(?:户[口籍]|人|来的)|(?P<h2>{_HERE})(?:的)?(?:户[口籍]|人(?!民|社|才|员|口))"
    rf"|是(?P<h3>{_HERE})的(?=[,。!?]|$)"
    r"|(?P<rural>(?:农村|农业|村里的?)(?:的)?户[口籍]?)|(?P<urban>(?:城镇|城市|非农业?|居民)(?:的)?户[口籍])"
    r"|(?P<nopermit>(?:没|没有|没得|没办)居住证)|(?P<permit>(?:有|办了|拿了|持有?)(?:本地|这里|云溪)?的?居住证(?!明)|居住证(?:有|办了|是有))"
)
_DENIED = re.compile(r"(?:不是|不算|并非|非|不|没有?|没得|莫得|无|冇)(?:个|什么)?$")
# What is asked about, or asked for by a rule, is told of nobody.
_ASKED = re.compile(
    r"(?:是不是|有没有|是否|有无|要不要|要求|需要?|必须|须|(?<![没莫])得|不用|不要|限|凭|仅|要|非得?要)(?:是|有)?$"
)
_LEVEL = re.compile(
    r"(?P<putonghua>[一二三1-3](?:级)?[甲乙](?:等)?)"
    r"|(?P<numbered>(?<![年\d第])(?:10|十|[一二三四五六七八九1-9])级(?!别|以上|以下|公路|市|火|文物|消防|医院|[甲乙建造注]))"
    r"|(?P<lettered>[A-Da-d]级)"
    r"|(?:上|读|念|是|才)?(?P<schooling>小学|初中|高中|中专|职高|技校|大专|专科|本科|硕士|研究生|博士)(?=毕业|学历|文凭|文化|水平|的?学历|生?$|[,。])"
)
_MONEY = r"(?P<money>万(?:元|块钱?)?|块钱?|元|圆)"
_AMOUNT = re.compile(
    rf"(?P<n>{_N})(?:多|来)?(?:{_MONEY}|(?P<floor>平方米?|平米?|㎡)|(?P<weight>吨)|(?P<share>%))"
    rf"|百分之(?P<p>{_N})"
)
_COUNT = re.compile(
    rf"(?P<n>{_N}|俩|仨)(?P<c>个|套|处|座|张|台|辆|次|分|名|位|家|块|口|匹|头|只|条|本)(?P<of>[一-鿿]{{0,4}})"
)
_NOT_COUNTED = re.compile(r"^(?:月|多月|半月|星期|礼拜|小时|钟|工作日|人去|问题|意思)")
_PAIRED = {"俩": Decimal(2), "仨": Decimal(3)}
_TEN_THOUSAND = Decimal(10_000)


def hukou(text: str) -> Iterator[Told]:
    """Yield where the hukou of somebody is, as far as it is said in a plain text."""
    for match in _HUKOU.finditer(text):
        if value := _standing(match, text):
            yield Told("hukou", *match.span(), value=value)


def _standing(match: re.Match[str], text: str) -> str:
    groups = match.groupdict()
    before = text[: match.start()]
    if _ASKED.search(before):
        return ""
    denied = bool(groups["deny"] or _DENIED.search(before))
    if groups["rural"] or groups["urban"]:
        return "rural" if bool(groups["rural"]) != denied else "urban"
    if groups["permit"]:
        return "permit"
    if groups["nopermit"]:
        return ""
    away = bool(groups["not"] or groups["a1"] or groups["a2"])
    return "elsewhere" if away != denied else "local"


def levels(text: str) -> Iterator[Told]:
    """Yield the levels in a plain text."""
    for match in _LEVEL.finditer(text):
        name = str(match.lastgroup)
        start, end = match.span(name)
        of = {"putonghua": "普通话", "schooling": "学历"}.get(name, "")
        yield Told("level", start, end, of=of, value=match[name])


def amounts(text: str) -> Iterator[Told]:
    """Yield amounts of money, floor, weight and shares in a plain text."""
    for match in _AMOUNT.finditer(text):
        limits = between(match["n"] or match["p"])
        if limits is None:
            continue
        unit = (
            "元"
            if match["money"]
            else "平方米"
            if match["floor"]
            else "吨"
            if match["weight"]
            else "%"
        )
        each = _TEN_THOUSAND if (match["money"] or "").startswith("万") else Decimal(1)
        low, high = (limit * each for limit in limits)
        yield Told("amount", *match.span(), low=low, high=high, unit=unit)


def counts(text: str) -> Iterator[Told]:
    """Yield how many there are of something in a plain text."""
    for match in _COUNT.finditer(text):
        if _NOT_COUNTED.match(match["of"]):
            continue
        pair = _PAIRED.get(match["n"])
        limits = (pair, pair) if pair is not None else between(match["n"])
        if limits is None:
            continue
        told = Told("count", match.start(), match.end("c"), unit=match["c"], of=match["of"])
        yield replace(told, low=limits[0], high=limits[1])
