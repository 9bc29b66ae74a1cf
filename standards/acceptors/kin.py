"""亲属称谓 What people call those near to them: each person once, with every word for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from standards.acceptors.told import Role, Sex

Whose = Literal["child", "spouse", "elder", "other", ""]


@dataclass(frozen=True)
class Kin:
    """One person.

    Attributes:
        sex: where the words say it.
        role: by what guides tell apart.
        whose: of whom a name is asked for (`names.whose_of`); empty where the word alone says not.
        words: as patterns without groups, the first one stands for the person.
        one: whether it is one of the family, who counts for one (`heads`).
    """

    sex: Sex
    role: Role
    whose: Whose
    words: tuple[str, ...]
    one: bool = True


def _kin(sex: Sex, role: Role, whose: Whose, words: str, *, one: bool = True) -> Kin:
    return Kin(sex, role, whose, tuple(words.split()), one)


KIN = (
    _kin("female", "elder", "elder", "妈 妈妈 老妈 阿妈 姆妈 母亲 老母亲 老母 老娘 娘"),
    _kin("male", "elder", "elder", "爸 爸爸 老爸 阿爸 父亲 老父亲 老父 老爹 爹 老汉儿 老汉"),
    _kin("", "elder", "elder", "父母 爸妈 爹娘", one=False),
    _kin("female", "old", "elder", "奶奶"),
    _kin("female", "old", "elder", "外婆 姥姥 阿婆"),
    _kin("male", "old", "elder", "爷爷"),
    _kin("male", "old", "elder", "外公 姥爷 阿公"),
    _kin("female", "elder", "elder", "婆婆 岳母 丈母娘"),
    _kin("male", "elder", "elder", "公公 岳父 老丈人"),
    _kin("female", "old", "elder", "老太太 老奶奶 老太婆"),
    _kin("male", "old", "elder", "老爷子 老倌子 老头子 老头"),
    _kin("", "old", "elder", "老人 老人家 老年人 老两口"),
    _kin("", "grown", "spouse", "爱人 老伴儿 老伴 对象 另一半 配偶 屋头人 那口子"),
    _kin("female", "grown", "spouse", "老婆 妻子 媳妇儿 媳妇"),
    _kin("male", "grown", "spouse", "老公 丈夫"),
    _kin("female", "grown", "", "女方 女的 女朋友 未婚妻", one=False),
    _kin("male", "grown", "", "男方 男的 男朋友 未婚夫", one=False),
    _kin("female", "grown", "other", "前妻", one=False),
    _kin("male", "grown", "other", "前夫", one=False),
    _kin("female", "grown", "other", "儿媳妇 儿媳"),
    _kin("male", "grown", "other", "女婿"),
    _kin("female", "grown", "other", "姐 姐姐"),
    _kin("female", "grown", "other", "妹 妹妹"),
    _kin("male", "grown", "other", "哥 哥哥"),
    _kin("male", "grown", "other", "弟 弟弟"),
    _kin("female", "grown", "other", "嫂子"),
    _kin("female", "grown", "other", "姑 姑姑 阿姨 姨 姨妈"),
    _kin("male", "grown", "other", "叔 叔叔 伯伯 伯 舅舅 舅"),
    _kin("", "grown", "other", "邻居 朋友 同事 房东 老板", one=False),
    _kin("female", "child", "child", "女儿 闺女 幺女 女孩 女生 妹子"),
    _kin("male", "child", "child", "儿子 幺儿 男孩 男生"),
    _kin("female", "child", "child", "孙女 孙女儿 外孙女"),
    _kin("male", "child", "child", "孙子 孙儿 外孙子 外孙"),
    _kin("", "child", "child", "孩子 娃娃 娃儿 娃 小孩儿 小孩 宝宝 宝贝 小朋友 崽崽 崽 细伢子"
         " 伢子 毛毛 婴儿 新生儿 幺娃 老大 老二 小家伙"),
)  # fmt: skip


def alternatives(kin: Iterable[Kin], *more: str) -> str:
    """Return a pattern for the words of some people and for some others, the longest word first.

    So 妈妈 is not read as 妈 twice, nor 孙女婿 as 孙女.
    """
    words = [word for one in kin for word in one.words]
    return "|".join(sorted((*words, *more), key=lambda word: -len(word)))
