"""Places in speech: addresses down to the community, and phrases such as "beside the bus stop"."""

from __future__ import annotations

import statistics
import time

import pytest
from components.places import PlaceFinder, load_finder
from components.project_files import data_folder, dictionary_folder
from components.yaml_files import read_yaml
from hypothesis import given
from hypothesis import strategies as st
from scoring import read_questions


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    return load_finder(data_folder())


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("我在人民路口那个公交站旁边看到一个坑", "place_phrase", "人民路口那个公交站旁边"),
        ("幸福路12号门口路灯不亮", "place_phrase", "幸福路12号门口"),
        ("锦绣花园5栋楼下有人打麻将", "place_phrase", "锦绣花园5栋楼下"),
        ("解放路和建设路交叉口红绿灯坏了", "place_phrase", "解放路和建设路交叉口红绿灯"),
        ("学校门口有人摆摊", "place_phrase", "学校门口"),
        ("和平路36号", "address", "和平路36号"),
        ("搬到书香苑2栋1单元302室", "address", "书香苑2栋1单元302室"),
    ],
)
def test_a_place_is_read_without_what_stands_around_it(
    finder: PlaceFinder, said: str, kind: str, value: str
) -> None:
    assert [(span.kind, span.value) for span in finder(said)] == [(kind, value)]


def test_an_address_names_its_community_with_the_grids_code(finder: PlaceFinder) -> None:
    address, community = finder("地址改到柳塘街道荷塘社区书香苑2栋1单元302室")
    assert (address.kind, address.value) == ("address", "柳塘街道荷塘社区书香苑2栋1单元302室")
    assert (community.kind, community.value) == ("community", "荷塘社区")
    assert community.more == {"code": "999901002001", "street": "柳塘街道"}


@pytest.mark.parametrize(
    "said",
    [
        "路灯不亮",
        "道路破损",
        "马路上有个坑",
        "身份证掉了咋个补嘛",
        "社区开证明要啥",
        "离婚怎么走",
        "电子社保卡怎么弄",
    ],
)
def test_what_names_no_certain_place_is_none(finder: PlaceFinder, said: str) -> None:
    assert finder(said) == []


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("楼下有人在石桥路打架", "石桥路"),
        ("文学路上有个井盖没了", "文学路"),
        ("就在东街，路灯坏了", "东街"),
        ("在清河村三组", "清河村三组"),
        ("就是青石路中段", "青石路中段"),
        ("张家湾村村口", "张家湾村村口"),
        ("青石菜市场门口那根路上", "青石菜市场门口"),
        ("和谐家园C区8栋", "和谐家园C区8栋"),
        ("红星厂宿舍3栋漏水", "红星厂宿舍3栋"),
        ("政务大厅3楼社保窗口", "政务大厅3楼社保窗口"),
        ("火车站外面有人睡地上", "火车站外面"),
        ("跳广场舞太吵，就在文化广场", "文化广场"),
    ],
)
def test_a_place_somebody_could_be_sent_to_is_named(
    finder: PlaceFinder, said: str, place: str
) -> None:
    found = finder.named(said)
    assert found is not None
    assert found.startswith(place)


@pytest.mark.parametrize(
    "said", ["我们小区楼下", "学校门口", "家门口的路烂了", "坐15路公交", "隔壁化工厂", "小区3栋"]
)
def test_a_place_of_anybodys_is_not_one_to_go_to(finder: PlaceFinder, said: str) -> None:
    assert finder.named(said) is None


def test_what_people_say_of_a_trouble_is_hardly_ever_taken_for_a_place(
    finder: PlaceFinder,
) -> None:
    phrases = [
        phrase
        for said in read_yaml(dictionary_folder() / "report_phrases.yml").values()
        for phrase in said
    ]
    taken = [phrase for phrase in phrases if finder.named(phrase)]
    assert len(taken) <= len(phrases) * 0.005, taken


_PIECES = st.sampled_from(
    [
        *"路街村桥号栋楼室幢一二三0159一-， 的我在",
        "人民",
        "社区",
        "石桥社区",
        "门口",
        "公交站",
        "单元",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=24).map("".join)))
def test_any_text_gives_spans_that_stand_in_it(finder: PlaceFinder, text: str) -> None:
    for span in finder(text):
        assert 0 <= span.start < span.end <= len(text)
        assert span.value


def test_a_text_costs_less_than_a_millisecond(finder: PlaceFinder) -> None:
    taken = []
    for question in read_questions("dev"):
        begun = time.process_time()
        finder(question["text"])
        taken.append(time.process_time() - begun)
    assert statistics.median(taken) < 0.001


@pytest.mark.parametrize("sign", ["路", "一", "1", "人民路", "3号", "石桥社区", "的"])
def test_a_very_long_text_is_no_burden(finder: PlaceFinder, sign: str) -> None:
    begun = time.process_time()
    finder(sign * 100_000)
    assert time.process_time() - begun < 0.1
