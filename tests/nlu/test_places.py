"""Places in speech: addresses down to the community, and phrases such as "beside the bus stop"."""

from __future__ import annotations

import statistics
import time
from datetime import date

import pytest
from components.dates import find_dates
from components.money import find_money
from components.places import PlaceFinder
from components.project_files import data_folder, dictionary_folder
from components.speech_extractors import read_communities
from components.times import find_times
from components.yaml_files import read_yaml
from hypothesis import given
from hypothesis import strategies as st
from scoring import read_questions


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    communities = read_communities(sorted((data_folder() / "grid").glob("*.geojson")))
    return PlaceFinder(read_yaml(dictionary_folder() / "places.yml"), communities)


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


def test_all_rules_together_cost_less_than_a_millisecond(finder: PlaceFinder) -> None:
    today = date(2026, 11, 22)
    taken = []
    for question in read_questions("dev"):
        begun = time.process_time()
        find_money(question["text"])
        find_dates(question["text"], today)
        find_times(question["text"])
        finder(question["text"])
        taken.append(time.process_time() - begun)
    assert statistics.median(taken) < 0.001


@pytest.mark.parametrize("sign", ["路", "一", "1", "人民路", "3号", "石桥社区", "的"])
def test_a_very_long_text_is_no_burden(finder: PlaceFinder, sign: str) -> None:
    begun = time.process_time()
    finder(sign * 100_000)
    assert time.process_time() - begun < 0.1
