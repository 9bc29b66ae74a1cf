"""A name is masked by where it stands, whatever the surname; what is none stays readable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.names import find_answered
from backend.privacy import mask_text

QUESTIONS = Path(__file__).resolve().parents[1] / "nlu/questions"

NAMED = [
    "我叫[瞿霜凛]",
    "我叫[覃小美]，住一楼",
    "我叫[张三]，住一楼",
    "姓名：[阮大伟]",
    "姓名：[王建国]，男",
    "姓名[逄锦聚]，身份证在下面",
    "姓名 [仉四愿]",
    "我叫[买买提·艾力]",
    "我叫[迪丽热巴·迪力木拉提]，帮我查",
    "姓名：[阿卜杜热西提]",
    "我叫[扎西多吉]",
    "我叫[尹力]今年六十",
    "我叫[王招弟]",
    "我叫[李爱民]",
    "我叫[钱多多]，电话不变",
    "我叫[车小满]想问低保",
    "我叫[付强]要补身份证",
    "我叫[费小米]是本村的",
    "我的名字叫[瞿霜凛]",
    "名字是[亓官文]",
    "名字叫[㛃小云]",
    "联系人：[洪七]",
    "联系人是[冼星海]，电话晚点给",
    "申请人：[谌容]",
    "监护人：[佘太君]",
    "患者：[卜算子]",
    "委托人：[习小明]",
    "户主是[闵行知]",
    "她叫[瞿小凛]，电话没有",
    "他叫[阿木]，今年九岁",
    "我妈叫[骆玉珠]，今年八十",
    "我儿子叫[单小宇]",
    "我女儿叫[宓可]，在一小",
    "我爸叫[上官云]",
    "我是[瞿霜凛]",
    "我是[覃小美]，住三栋",
    "您好，我是[欧阳修文]，想补证",
    "我是[王小美]来办社保",
    "[张小红]的身份证丢了",
    "帮[瞿霜凛]的户口本补办",
    "这是[覃大山]的驾照",
    "查一下[闵三]的社保卡",
    "给[买买提·艾力]的护照换一本",
    "我丢了[张小红]的结婚证",
    "姓名：[张 三]",
    "我叫[来喜]",
    "邻居叫[赵四]，能作证",
    "我是[曾国藩]的孙子",
    "我来帮[李国强]补办身份证",
    "帮我爸[李国强]补身份证",
    "法定代表人：[麦克·史密斯]",
    "[丁谷雨]，990101198403174214",
    "[瞿霜凛] 13800138000",
    "我是3栋的[张建国]",
    "我是三栋二单元的[张建国]，楼上漏水",
    "您好，我是住在清水社区的[欧阳霜凛]，想问",
    "我是隔壁的[赵四]",
    "我是河南的[李秀英]",
    "我是物业的[冼星海]",
    "我是他女儿[段丽]",
    "您好，我是他女儿[段丽]，想问高龄津贴",
    "我是老人的儿子[厉霜弦]。",
    "他是我爸[段志高]",
    "她是我妈妈[宓可]，八十了",
    "这是我妈[欧阳兰]",
    "这位是我外婆[瞿小凛]，腿脚不好",
    "我是她老公[买买提·艾力]",
    "那个叫[张建国]的",
    "有位叫[上官云]，住三楼",
]
# Whoever names a surname alone means one person: nothing of it is shown.
SURNAMES = {
    "姓欧阳的那个老人": "姓**的那个老人",
    "有个姓张的老人晕倒了": "有个姓*的老人晕倒了",
    "找一下姓刘的工作人员": "找一下姓*的工作人员",
    "我姓欧阳，复姓": "我姓**，复姓",
    "姓亓官，电话没有": "姓**，电话没有",
    "我姓张，名建国": "我姓*，名**",
    "我姓张，叫建国": "我姓*，叫**",
    "我姓张，张建国": "我姓*，***",
    "姓王先生": "姓*先生",
    "姓赵不姓曹": "姓*不姓*",
}
NOT_NAMED = [
    "我是老人",
    "我是来办社保的",
    "我叫救护车",
    "我是来补身份证的",
    "我是残疾人，想问补贴",
    "我是低保户",
    "我是外地的，能办吗",
    "我是本地人",
    "我是退役军人，有什么优待",
    "我是大学生，毕业了",
    "我是他儿子",
    "我是他女儿同学",
    "我是他女儿老师",
    "我是他儿子监护人",
    "我是他女儿的同学",
    "他是我儿子班主任",
    "他是我爸战友，能作证吗",
    "她是我妈表妹",
    "我是我妈闺蜜",
    "我是他爸爸护工",
    "我是孩子妈妈",
    "我是孩子他爸",
    "我是她女儿来代办的",
    "我是他儿子代办",
    "我是他老婆陪同",
    "我是他女儿在外地",
    "这是我儿子照片",
    "这是我妈病历，您看看",
    "这是我儿子户口",
    "这是我女儿情况",
    "他是我儿子在读大学",
    "我是第一次办",
    "我是个体户",
    "我是河南的",
    "我是汉族",
    "我是租客，房东不让上户口",
    "我是村里的会计",
    "我是老师，问问职称",
    "我是党员，组织关系怎么转",
    "我是想问一下低保",
    "我是从外省搬来的",
    "我是一个人住",
    "我叫了车",
    "我叫不到人",
    "我叫保安来也没用",
    "他叫我去窗口",
    "你们叫号太慢",
    "楼上叫了一晚上",
    "叫什么名字都行",
    "名字写错了",
    "名字叫什么",
    "姓名变更要什么材料",
    "姓名和身份证不一致",
    "申请人要本人去吗",
    "联系人填谁",
    "申请人：本人",
    "我的身份证丢了",
    "孩子的户口本在老家",
    "老人的社保卡怎么领",
    "我妈的身份证过期了",
    "丢失的身份证捡回来了",
    "过期的驾照能换吗",
    "新生儿的户口怎么上",
    "本人的身份证带上",
    "外地的驾照能换吗",
    "别人的身份证能用吗",
    "父母的户口本原件",
    "我是张老师",
    "我是厨师",
    "我是博士",
    "我是海归，想落户",
    "我是老兵",
    "我是月嫂",
    "我是二婚",
    "我是尿毒症，透析",
    "姓名保密",
    "患者：高血压",
    "集体的户口本怎么迁",
    "捡到的身份证",
    "帮家里老人办",
    "帮我预约办事大厅",
    "漏水，138****8000",
    "联系电话 138****8000",
    "您好，我是跑一次，帮您办事的。",
    "我是二楼的租客",
    "我是12栋的业主",
    "我是2号楼的住户",
    "我是社区的网格员",
    "我是村里的会计",
    "我是公司的员工，代办可以吗",
    "我是学校的老师",
    "这个叫低保的怎么申请",
    "孩子跟妈姓，要她同意吗",
    "孩子跟我姓行吗",
    "随父姓可以吗",
    "改姓要什么材料",
    "姓什么都行",
    "姓氏能改吗",
    "同姓的人一起修渠",
    "我姓啥你猜",
    "老百姓的事",
]


def _shown(said: str) -> str:
    """Return what is shown of a sentence whose name stands in brackets."""
    before, _, rest = said.partition("[")
    name, _, after = rest.partition("]")
    kept = 2 if name[:2] in {"欧阳", "上官"} else 1
    return before + name[:kept] + "*" * (len(name) - kept) + mask_text(after)


@pytest.mark.parametrize("said", NAMED)
def test_a_name_is_masked_where_it_stands(said):
    assert mask_text(said.replace("[", "").replace("]", "")) == _shown(said)


@pytest.mark.parametrize(("said", "shown"), SURNAMES.items())
def test_a_surname_alone_is_masked(said, shown):
    assert mask_text(said) == shown
    assert mask_text(shown) == shown


@pytest.mark.parametrize("said", NOT_NAMED)
def test_what_is_no_name_stays(said):
    assert mask_text(said) == said


def test_what_citizens_ask_without_naming_anybody_stays():
    asked = {
        json.loads(line).get("text", "")
        for path in sorted(QUESTIONS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert len(asked) > 3000
    changed = [text for text in asked if mask_text(text) != text]
    # One of them does name a child: 取名叫念声.
    assert len(changed) <= len(asked) / 1000, changed


def test_what_was_masked_once_stays_as_it_is():
    once = mask_text("我叫瞿霜凛，电话138，0013，8000，身份证990101198403174214")
    assert mask_text(once) == once


@pytest.mark.parametrize(
    "said", ["厉霜弦", "老人叫厉霜弦。", "她叫厉霜弦", "就是厉霜弦", " 厉 霜 弦 "]
)
def test_a_name_that_was_asked_for_is_found(said):
    assert "".join((find_answered(said) or "").split()) == "厉霜弦"


@pytest.mark.parametrize(
    "said", ["转人工", "不办了", "要什么材料", "跳过", "990101198403174214", ""]
)
def test_what_answers_something_else_is_no_name(said):
    assert find_answered(said) is None
