"""姓名 Find names in free text by where they stand, whatever the surname.

A name follows 我叫, 姓名：, 我是, 我是3栋的, 我是他女儿, 那个叫, or stands before 的身份证
or a masked number; a surname follows 姓. What stands there and is none (我是老人, 孩子的户口本,
跟我姓行吗) is told by the characters and words that no name has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from standards.acceptors.kin import KIN, alternatives

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
# Between the parts of a name of many peoples: 买买提·艾力.
_DOTS = "·•・‧∙.．"
_MOST = 4
_NAME = rf"[{_HAN}]{{1,10}}(?:[{_DOTS}][{_HAN}]{{1,10}}){{1,4}}|[{_HAN}]{{2,{_MOST}}}?"
_SPACED = rf"[{_HAN}](?:[ \u3000][{_HAN}]){{1,3}}(?![{_HAN}])"
# Without a mark between its parts one is told by the characters that render sounds: 阿卜杜热西提.
_FOREIGN = (
    "[阿卜布都杜热西提买木尔艾里力古丽巴哈孜努依拉汗江玛沙克娜娅吐逊帕莱迪亚伊萨斯坦别肯叶达多吉扎次仁旦增格桑卓"
    "央宗顿珠罗平措德乌云其托雅琴娃图特迈合麦苏来曼]{5,9}"
)
# Where a name ends: at what is no word, or where the sentence goes on.
_END = (
    rf"(?=$|[^{_HAN}{_DOTS}]|我|你|您|他|她|[来要想在是住的和跟今有男女]|家住|家在|身份证|户口|电话|手机"
    r"|现在|现年|刚|本人|出生|年龄|去年|昨天|从|已经|就|也|问|咨询|办|补|申请|这里|先生|女士|同志)"
)
_LABEL = (
    "姓名|名字|联系人|申请人|经办人|代办人|办理人|被?委托人|受托人|监护人|户主|法人|法定代表人|当事人"
    "|收件人|持证人|患者|死者|逝者|配偶|本人|报案人|投诉人"
)
_WHO = (
    "我|俺|他|她|本人|名字?|真名|全名|姓名|老人"
    "|[儿女孙侄爸妈爷奶公婆哥姐弟妹父母亲孩娃伴居友事嫂]子?"
)
_OWN = (
    "身份证|户口[本簿页]|护照|驾照|驾驶证|行驶证|社保卡|医保卡|结婚证|离婚证|退休证|残疾证|居住证|出生证|老年证"
    "|房产证|不动产证|银行卡|手机号"
)
_BEFORE_OWNER = "是给帮替和跟与及拿用把为让查办补了找带有:：叫下"
_OWNER = re.compile(
    rf"(?:^|(?<=[^{_HAN}])|(?<=[{_BEFORE_OWNER}]))(?![{_BEFORE_OWNER}])(?P<name>{_NAME})"
    rf"(?:本人)?的(?:{_OWN})"
)
# What says that a name follows, and what only may.
_TOLD = (
    re.compile(rf"(?:{_LABEL})(?:信息)?\s*[:：]\s*(?P<name>{_SPACED}|{_FOREIGN}|{_NAME}){_END}"),
    re.compile(
        rf"(?:姓名|(?:名字|真名|全名|联系人|申请人|当事人|户主)(?:\s|(?=就?[叫是为])))\s*"
        rf"(?:就?[叫是为])?[做作]?\s*(?P<name>{_SPACED}|{_FOREIGN}|{_NAME}){_END}"
    ),
    re.compile(rf"(?:{_WHO})[就也都]?叫[做作]?\s*(?P<name>{_SPACED}|{_FOREIGN}|{_NAME}){_END}"),
)
# Where somebody lives or comes from: it ends with what places end with.
_FROM = (
    rf"(?:住在?|来自)?[{_HAN}\w \-—]{{0,16}}?"
    r"(?:[栋幢楼层号室户院组队村寨屯社区苑园庄里弄巷街路坊镇乡县市省]|单元|物业|学校|公司|医院|单位|工地|隔壁|对[面门]|楼[上下]|河[南北]|山[东西]"
    r"|湖[南北]|广[东西]|江[苏西]|浙江|安徽|福建|四川|贵州|云南|陕西|甘肃|青海|海南|北京|上海|天津|重庆)"
)
# 我是他女儿段丽, 这是我妈欧阳兰: the longest word for the one who is near, and then a name.
_NEAR = alternatives(KIN)
_NEAR_ONE = re.compile(
    rf"(?<![{_HAN}])(?:你好|您好)?(?:我|俺|他|她|[这那]位?)(?:就|也|都)?是"
    rf"(?:(?:我|俺|咱|你|您|他|她)们?家?|老人|孩子|本人)?的?"
    rf"(?=(?P<near>{_NEAR}))(?P=near)\s?(?P<name>{_FOREIGN}|{_NAME})(?=$|[^{_HAN}{_DOTS}])"
)
# What else stands there: somebody near to the one who is near, what these have, what they do.
_NEAR_TO_NEAR = re.compile(
    rf"(?:{_NEAR})$|[友蜜伴亲戚童恩]$|^[不没又就也都在还才刚正去来有会能要想陪照替代]|照片|相片|资料|材料|情况|签[字名]|学籍"
    r"|成绩|工资|账[号户]|东西|作业|档案|车$|房[子产]?$|名下|单独|亲自|教练|上司|搭档|护理|看护|生日|遗物|合同|发票|票据|单子?$"
)
_MAYBE = (
    _NEAR_ONE,
    re.compile(
        rf"(?<![{_HAN}])(?:你好|您好)?(?:我|俺|我就|这里|她|他)是{_FROM}的\s*(?P<name>{_NAME})"
        rf"(?=$|[^{_HAN}{_DOTS}]|[来要想住今在]|家住|家在|身份证|户口|电话|手机|现年|本人|出生|问|咨询|申请)"
    ),
    re.compile(rf"[个位]叫[做作]?\s*(?P<name>{_SPACED}|{_FOREIGN}|{_NAME})(?:的|{_END})"),
    re.compile(
        rf"(?<![{_HAN}])(?:你好|您好)?(?:我|俺|我就|这里|她|他)是\s*(?![我俺咱你您他她])(?P<name>{_FOREIGN}|{_NAME})"
        rf"(?=$|[^{_HAN}{_DOTS}]|[来要想住今在]|的(?:[儿女孙爸妈父母]|老[公婆]|家属)|家住|家在|身份证|户口|电话|手机|现年|本人|出生|问|咨询|申请)"
    ),
    _OWNER,
    re.compile(
        rf"[帮替](?:我[爸妈爷奶哥姐弟妹儿女]?)?(?P<name>[{_HAN}]{{3}})(?=[补换办查领]|申请|代办|挂失)"
    ),
    # 丁谷雨，990***********0617: what stands alone before somebody's number.
    re.compile(
        rf"(?<![{_HAN}])(?P<name>{_NAME})[\s,，、:：;；]{{0,2}}(?=1\d\d\*{{4}}|\d{{3}}\*{{11}})"
    ),
)
# 跟我姓, 改姓, 同姓 and 百姓 are followed by no surname.
_SURNAME = re.compile(
    rf"(?<![跟随改换同百复贵冠])(?<![跟随改换].)(?<![跟随改换]..)姓(?![名氏])(?P<surname>[{_HAN}]{{1,2}}?)"
    rf"(?:[,，、\s]?(?:单?名|叫|(?<=[,，、\s])(?=(?P=surname)))(?P<given>[{_HAN}]{{1,4}})(?=$|[^{_HAN}])"
    rf"|(?=$|[^{_HAN}]|的|不姓|先生|女士|小姐|老[师人伯]|师傅|大[爷妈伯叔哥姐]|阿姨|叔叔|同志))"
)
# Characters no name has.
_NEVER = frozenset(
    "的了吗呢吧啊呀们这那哪谁什怎咱俺我你您他她它没不很还被把给让跟个些每某几两件证卡办丢失掉补换领旧坏损"
    "破废填写错改孩娃爸妈爷奶姥舅婶婿媳婆父母妻娘婴户者员需做说看找卖租借拿取打骂拆搬抢偷骗欠退残病伤犯罪"
    "款岁第哑聋瞎盲痴傻位哦嗯此咨询啥绑冻屋捡磁急"
)
# Words behind 叫 and 姓名 that are no names: what somebody calls for, what is asked of one.
_CALLED = re.compile(
    r"^来(?![喜福弟娣旺财宝顺])|^[人去在从到想要会能用回开过着停醒好出等进下起住号就跑走跳坐嫁养装假留修]|^上(?!官)|^可以|^有[人时点]"
    r"|[死逝]|救护|警|急救|滴滴|出租|外卖|快递|.车|人工|客服|物流|代驾|[号苦板价门饭]$|人$|人家|多[一个少余]"
    r"|姓名|名[字称]|名$|变更|更[名改正]|修改|一致|必填|保密|拼音|[栏加]|血压|是否|正确|空白|信息|手机|电话|身份|户口|地址|号码|登记"
    r"|保安|物业|医生|老师|邻居|朋友|家[长里人属]|亲[属戚]|子女|儿子|女儿|丈夫|配偶|老[公婆]|同[事学]|宝贝|[一不]样"
    r"|本人|自己|别人|他人|代[办理表]|代替|委托|申请|监护|法人|[居农村市]民|学生|工人|单位|公司|社区|街道|村里|取名"
    r"|跑一次|机器人"
)
# Words that stand behind 我是 or before 的身份证: who somebody is, and which paper it is.
_ROLES = re.compile(
    r"老[人乡伴头太家大二三四五幺]|大人|[考新]生|研究生|毕业生|[高初]中生|大学生|实习生|[先女][生士]$|[牧渔难移灾公]民"
    r"|[退现复]役|[退离]休|军[属烈]|[烈遗]属|家庭|[党团省市县区镇乡村族农工局厅所部]$|[教律]师|会计|护士|司机|老板|经理"
    r"|领导|干部|书记|主任|保姆|房东|业主|[房车机店]主|企业|个体|商户|小区|学校|医院|银行|机构|部门|政府|中心|大厅"
    r"|窗口|本[地市省区村来]|外[地省籍国来]|异地|[国境]外|港澳|香港|澳门|台湾|[中外美英法德韩俄]国$|[广杭苏郑兰贵福]州"
    r"|低保|特困|五保|贫困|孤儿|单亲|[孕产寡]妇|妇[女联]|女[性方儿]$|男[性方]$|^[男女双对甲乙]方|孙[子女]$|侄[子女]"
    r"|[哥姐弟妹]$|夫妻|室友|双胞|宝宝|小朋友|下岗|[失无待就]业|[务打]工|临时|正式|自由|灵活|城[镇乡]|农村|个人|客户"
    r"|用户|第一|首次|头一|专门|特地|[昨今明前]天|上[次周个月年]|[去今明]年|[之以][前后]|原[来先]|现在|刚才|后来|因为"
    r"|由于|为了|关于|对于|按照|根据|通过|属于|受托|帮忙|真[的心]|认真|匿名|实名|免费|[过到]期|有效|遗失|作废|挂失"
    r"|电子|纸质|[一二]代|全[部家套]|所有|任何|相[关应]|完整|原件|复印|去世|已故|成年|年[轻老]"
    r"|^(?:北京|上海|天津|重庆|河[南北]|山[东西]|湖[南北]|广[东西]|江[苏西]|浙江|安徽|福建|四川|贵州|云南|陕西|甘肃"
    r"|青海|海南|辽宁|吉林|黑龙江|新疆|西藏|内蒙|宁夏|越南|缅甸)|汉族|少数|群众|团?代表|负责|股东|投诉|举报|来访"
    r"|[访游乘顾]客|消费|受害|当事|证人|[原被]告|[里上下头边间内外医长管店铺园班级校台]$|[一二三四五六七八九十几][楼栋室中小组队年]"
    r"|初[一二三]|高[一二三]|保洁|环卫|导游|骑手|单身|孤[老寡]|癫痫|堂客|前[夫任]|[收抱]养|抑郁|[谢感]谢|麻烦|联系|拨|收到"
    r"|[师士匠嫂侨婚症缝胞徒贩]$|老兵|知青|海归|人口|同村|[漏停断]水|集体|[一二三]胎|毕业|着急|最后|寻思|只摇|只晓|早产|公积金|寄宿|大专|路过|低视|市场|人事|办理|反映|同[性城]|残联|居委|心理|方便|合法|^种|^[问听]|再婚|离异|丧偶|听[障力]|同志|最早|时$|老赖|剧组|热线|多出|只摇|核[对实验]|[来致回]电|查|绑|备注|[新老尾]号|座机|微信|[改换]成|还有|以及|或者|另外"
)


# What is answered to the question for a name: the name alone, or little before it.
_ANSWERED = re.compile(
    rf"\s*(?:(?:老人|孩子|本人|姓名|名字|[我俺他她])?(?:就?[叫是为])?[:：]?\s*)?"
    rf"(?P<name>{_SPACED}|{_FOREIGN}|{_NAME})\s*[。.，,!！~]*\s*"
)


def find_answered(text: str) -> str | None:
    """Return the name in an answer to the question for one; None where it answers something else.

    Args:
        text: all that was said after the question.
    """
    found = _ANSWERED.fullmatch(text)
    return found["name"] if found and _may_be_name(found["name"], told=True) else None


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of what stands where a name stands.

    Args:
        text: free text in which numbers are masked.
    """
    for pattern in (*_TOLD, *_MAYBE):
        for found in pattern.finditer(text):
            start, end = found.span("name")
            if pattern is _OWNER and end - start == _MOST and text[start + 1] in _BEFORE_OWNER:
                # 查一下张三的身份证: the name begins later.
                start += 2
            if pattern is _NEAR_ONE and _NEAR_TO_NEAR.search(text[start:end]):
                continue
            if _may_be_name(text[start:end], told=pattern in _TOLD):
                yield start, end


def find_surnames(text: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of a surname that stands alone behind 姓, and of what 名 says after it.

    Args:
        text: free text.
    """
    for found in _SURNAME.finditer(text):
        for part in ("surname", "given"):
            start, end = found.span(part)
            if start >= 0 and _may_be_name(text[start:end], told=True):
                yield start, end


def _may_be_name(words: str, *, told: bool) -> bool:
    """Tell whether nothing speaks against words being a name."""
    if any(mark in words for mark in _DOTS):
        return True
    words = "".join(words.split())
    if not _NEVER.isdisjoint(words) or _CALLED.search(words):
        return False
    return told or not _ROLES.search(words)
