"""危险 is heard whatever it is said in, and what only sounds like it is not."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from reading.danger import RAISED
from understand import Ear

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def reader(model: Path) -> Any:
    """What reads messages in the dialogue service, with what this model has learnt."""
    from dialogue.agent import project_reader

    return project_reader(DATA, ThreadPoolExecutor(1), model)


async def heard(reader: Any, ear: Ear, text: str, **state: Any) -> str | None:
    """Return the kind of danger that is heard in a text, or None."""
    from dialogue.state import DialogueState

    message = {"kind": "text", "text": text}
    danger = await reader.hears(message, DialogueState(**state), ear.parse)
    return danger.kind if danger else None


PLAIN = [
    ("我不想活了", "self_harm"), ("我想自杀", "self_harm"), ("老公又打我了", "violence"),
    ("他说要杀了我", "violence"), ("我爸走丢了", "lost"), ("孩子走散了找不到", "lost"),
    ("我妈晕倒了", "medical"), ("胸口好痛喘不上气", "medical"), ("着火了", "hazard"),
    ("屋头煤气漏了", "hazard"), ("电线掉下来了", "hazard"), ("井盖不见了", "hazard"),
    ("我被关电梯里了", "hazard"), ("我被骗了钱刚转过去", "fraud"),
    ("让我把钱转到安全账户", "fraud"), ("两天没饭吃了", "hunger"), ("今晚没地方睡", "hunger"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), PLAIN)
@pytest.mark.parametrize(
    "shape", ["{}", "  {}！！！", "我想问一下，{}，该咋办嘛", "{}。另外高龄津贴要什么材料"]
)
async def test_plain_words_are_heard_in_any_shape(
    reader: Any, ear: Ear, text: str, kind: str, shape: str
) -> None:
    assert await heard(reader, ear, shape.format(text)) == kind


@pytest.mark.parametrize(
    ("before", "text"), [("我不想", "活了"), ("孩子", "不见了"), ("我想", "跳河")]
)
async def test_a_danger_told_in_fragments_is_heard(
    reader: Any, ear: Ear, before: str, text: str
) -> None:
    assert await heard(reader, ear, text, before=before)
    assert await heard(reader, ear, before) is None


@pytest.mark.parametrize("text", ["自 杀", "自_杀", "我想自殺", "ＷＯ 不想活了"])
async def test_spaces_signs_and_other_characters_hide_nothing(
    reader: Any, ear: Ear, text: str
) -> None:
    assert await heard(reader, ear, text) == "self_harm"


@pytest.mark.parametrize(
    "text", ["算了我还是去跳河吧", "我还是去跳河吧", "还是死了算了吧", "我去自杀吧"]
)
async def test_a_plain_word_is_looked_at_again_though_the_ngrams_suspect_little(
    reader: Any, ear: Ear, text: str
) -> None:
    assert await heard(reader, ear, text) == "self_harm"


async def test_a_sentence_in_a_long_story_is_not_lost(reader: Any, ear: Ear) -> None:
    story = "我上个月去街道办居住证，排了两回队，窗口说材料不够，让我补租房合同。" * 6
    assert await heard(reader, ear, f"{story}说句心里话，我真的不想活了。{story}") == "self_harm"
    assert await heard(reader, ear, story) is None


@pytest.mark.parametrize(
    "text",
    ["想死你了哈哈", "火灾证明怎么开", "灭火器年检", "急死我了", "累死了", "笑死我了",
     "我妈去世了要办什么手续", "身份证走丢了", "打车去大厅多少钱", "打疫苗要预约吗",
     "饿了么骑手证怎么办", "转账交社保怎么弄", "游戏里又被杀了", "电梯年检", "燃气开户",
     "急死我了，下礼拜要出国，签证还没下来", "我填的身份证号会不会被别人看到",
     "铺子烧过，保险要的火灾证明哪里开", "99999919460305200X", "张三", "跳过", "好的", "",
     "😀", "hello"],
)  # fmt: skip
async def test_what_only_sounds_like_danger_is_none(reader: Any, ear: Ear, text: str) -> None:
    assert await heard(reader, ear, text) is None


def asked(subject: str, kind: str) -> dict[str, Any]:
    """Return the state of an application that waits for an answer."""
    awaiting = {"form": "application_form", "subject": subject, "field": "x", "kind": kind}
    return {"active_loop": "application_form", "awaiting": awaiting}


async def test_what_an_item_is_about_is_an_answer_to_its_form(reader: Any, ear: Ear) -> None:
    injury = "左手中指断了一节，现在握不住东西"
    assert await heard(reader, ear, injury) == "medical"
    assert await heard(reader, ear, injury, **asked("RS032", "text")) is None
    for text, kind in (
        ("手被机器卷进去了，血止不住", "medical"),
        ("屋里着火了快来人", "hazard"),
        ("填这些没用，我不想活了", "self_harm"),
        ("老公又打我了", "violence"),
    ):
        assert await heard(reader, ear, text, **asked("RS032", "text")) == kind


async def test_a_number_that_is_asked_for_is_no_blow(reader: Any, ear: Ear) -> None:
    said = "打我儿子的电话，13800001257，他姓李"
    assert await heard(reader, ear, said, **asked("RS032", "phone")) is None
    struck = "13800001257，他又打我了快来人"
    assert await heard(reader, ear, struck, **asked("RS032", "phone")) == "violence"


def test_items_know_the_dangers_they_have_to_do_with(model: Path) -> None:
    from reading.models import load_safety

    akin = load_safety(model).akin
    assert "medical" in akin["RS032"]
    assert {"hunger", "medical"} <= akin["MZ003"]
    assert not akin["GA001"]


async def test_a_title_that_is_offered_is_a_choice_and_no_danger(reader: Any, ear: Ear) -> None:
    offered = {"form": "application_form", "kind": "choice", "choices": ["火灾事故", "突发大病"]}
    assert await heard(reader, ear, "火灾事故", awaiting=offered) is None
    assert await heard(reader, ear, "家里着火了", awaiting=offered) == "hazard"


async def test_a_button_is_never_a_danger(reader: Any, ear: Ear) -> None:
    from dialogue.state import DialogueState

    message = {"kind": "button", "text": "着火了", "payload": "/ask_human"}
    assert await reader.hears(message, DialogueState(), ear.parse) is None


def test_the_lexicon_stays_short() -> None:
    from reading.danger import MOST_ENTRIES, DangerWords

    words = yaml.safe_load((DATA / "dictionaries" / "safety.yml").read_text(encoding="utf-8"))
    assert sum(len(entries) for ways in words.values() for entries in ways.values()) <= MOST_ENTRIES
    with pytest.raises(ValueError, match="teach the classifier"):
        DangerWords({"fire": {"now": [f"火{n}" for n in range(MOST_ENTRIES + 1)]}})


def test_every_kind_has_its_text_its_words_and_its_bar() -> None:
    replies = yaml.safe_load((DATA / "replies" / "safety.yml").read_text(encoding="utf-8"))
    for path in (DATA / "safety").glob("*.yml"):
        ways = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.stem in ("tickets", "everyday"):
            continue
        assert path.stem in RAISED
        assert sum(len(texts) for way, texts in ways.items() if way != "harmless") >= 150
        assert len(ways["harmless"]) >= 150
        assert set(replies[path.stem]["first"]) == set(ways) - {"harmless"}


def test_every_topic_of_a_danger_has_an_answer() -> None:
    replies = yaml.safe_load((DATA / "replies" / "safety.yml").read_text(encoding="utf-8"))
    for path in (DATA / "follow_ups").glob("*.yml"):
        topics = set(yaml.safe_load(path.read_text(encoding="utf-8")))
        if path.stem not in ("person", "hall", "appointment", "report"):
            answered = set(replies[path.stem]["follow"]) | {"filed", "false_alarm"}
            assert topics <= answered, path.stem


def test_recall_and_false_alarms_on_questions_nobody_has_learnt(model: Path) -> None:
    """All test splits, a kind at a time; `make safety` prints them.

    The floors are four sentences under what was measured, because another machine learns a little
    otherwise, and below what is wanted: .99 and .01 (docs/benchmarks.md).
    """
    import safety

    tallies = safety.measured(model)
    print(safety.table(tallies), file=sys.stderr)
    dangers = sum(one.dangers for one in tallies.values())
    assert all(tallies[kind].dangers >= 60 <= tallies[kind].twins for kind in safety.kinds())
    recall = sum(one.heard for one in tallies.values()) / dangers
    of_life = min(tallies[kind].heard / tallies[kind].dangers for kind in ("self_harm", "violence"))
    twins, alarms = tallies["others"].twins, tallies["others"].alarms
    assert recall >= 0.975
    assert of_life >= 0.985
    assert twins >= 1000
    assert alarms / twins <= 0.011
