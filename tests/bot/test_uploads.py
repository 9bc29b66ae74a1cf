"""Files take no more of the disk than is allowed in a day, and go when nobody sends them."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from citizen import Answer, Citizen
from eventually import eventually

from bot.errors import OfficeAwayError

A_DAY = 24 * 3600
MB = 1024 * 1024


async def upload(citizen: Citizen, size: int, *, headers: dict[str, str] | None = None) -> Answer:
    """Upload a photo of so many bytes."""
    form = aiohttp.FormData()
    form.add_field("file", b"\xff\xd8" + bytes(size - 2), filename="a.jpg")
    return await citizen.request("POST", "/media", data=form, headers=headers)


async def counted(door) -> list[int]:
    """Return what is counted, smallest first."""
    return sorted([row["bytes"] async for row in door.door.database["upload_days"].find({})])


async def test_a_conversation_stores_so_much_a_day_and_more_the_next(start_door, http, clock):
    door = await start_door(upload_conversation_bytes=3 * MB)
    citizen = await Citizen.arrive(http, door.url)
    clock.stop()
    assert [(await upload(citizen, MB - 1000)).status for _ in range(3)] == [201] * 3
    refused = await upload(citizen, MB)
    assert (refused.status, refused.error) == (429, "media.too_many")
    assert (await citizen.say("那就算了")).status == 200, "words are still taken"
    other = await Citizen.arrive(http, door.url)
    assert (await upload(other, MB)).status == 201
    clock.forward(A_DAY)
    assert (await upload(citizen, MB)).status == 201


async def test_an_address_stores_so_much_a_day_whatever_conversation_it_opens(start_door, http):
    door = await start_door(upload_address_bytes=2 * MB)
    here, there = ({"X-Forwarded-For": f"203.0.113.{number}"} for number in (7, 8))
    statuses = []
    for _ in range(3):
        citizen = await Citizen.arrive(http, door.url)
        statuses.append((await upload(citizen, MB - 1000, headers=here)).status)
    assert statuses == [201, 201, 429]
    assert (await upload(citizen, MB - 1000, headers=there)).status == 201
    rows = [row async for row in door.door.database["upload_days"].find({})]
    assert "203.0.113" not in str(rows)


async def test_the_count_outlives_the_door_and_redis(start_door, http, free_redis):
    door = await start_door(upload_conversation_bytes=MB)
    citizen = await Citizen.arrive(http, door.url)
    assert (await upload(citizen, MB - 1000)).status == 201
    another = await start_door(upload_conversation_bytes=MB, redis_url=free_redis)
    citizen.url = another.url
    assert (await upload(citizen, MB - 1000)).status == 429


async def test_uploads_at_once_pass_no_limit(start_door, http):
    door = await start_door(upload_conversation_bytes=3 * MB)
    citizen = await Citizen.arrive(http, door.url)
    answers = await asyncio.gather(*(upload(citizen, MB - 1000) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [201] * 3 + [429] * 3


async def test_only_what_is_stored_counts(door, citizen, office):
    assert (await upload(citizen, 5000)).status == 201
    office.away = True
    assert (await upload(citizen, MB)).status == 503
    office.away = False
    for body in (b"garbage", b""):
        refused = await citizen.request("POST", "/media", data=body)
        assert refused.status == 400
    assert await counted(door) == [5000, 5000]


async def test_whoever_uploads_slowly_keeps_nobody_else_waiting(start_door, http, office):
    door = await start_door(uploads_at_once=2)
    go_on = asyncio.Event()

    async def slow():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\xff\xd8'
        await go_on.wait()
        yield b"\r\n--x--\r\n"

    def slowly(citizen: Citizen) -> asyncio.Task[Answer]:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        upload = citizen.request("POST", "/media", data=slow(), headers=headers)
        return asyncio.create_task(upload)

    slow_ones = [slowly(await Citizen.arrive(http, door.url)) for _ in range(3)]
    await asyncio.sleep(0.3)
    other = await Citizen.arrive(http, door.url)
    elsewhere = {"X-Forwarded-For": "203.0.113.8"}
    answer = await asyncio.wait_for(upload(other, 100, headers=elsewhere), 5)
    assert (answer.status, len(office.media)) == (201, 1)
    go_on.set()
    assert [answer.status for answer in await asyncio.gather(*slow_ones)] == [201] * 3
    assert door.door.channels["web"]._places._own == {}


async def test_a_file_that_does_not_arrive_gives_its_place_back(start_door, http, monkeypatch):
    monkeypatch.setattr("bot.channels.web._UPLOAD_SECONDS", 0.2)
    door = await start_door(uploads_at_once=1)
    citizen = await Citizen.arrive(http, door.url)

    async def never():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\xff\xd8'
        await asyncio.sleep(20)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    refused = await citizen.request("POST", "/media", data=never(), headers=headers)
    assert (refused.status, refused.error) == (400, "media.missing")
    assert (await upload(citizen, 100)).status == 201
    assert await counted(door) == [100, 100]


async def test_whoever_has_used_the_day_up_is_told_until_when(start_door, http):
    door = await start_door(upload_conversation_bytes=10)
    citizen = await Citizen.arrive(http, door.url)
    headers = {"Authorization": f"Bearer {citizen.token}"}
    form = aiohttp.FormData()
    form.add_field("file", b"\xff\xd8" + bytes(100), filename="a.jpg")
    path = f"{door.url}/channels/web/media"
    async with http.post(path, data=form, headers=headers) as answer:
        assert answer.status == 429
        assert 5 < int(answer.headers["Retry-After"]) <= A_DAY + 1


async def test_photos_sent_in_a_messaging_app_count_too(start_wechat, office):
    wechat = await start_wechat(door={"upload_conversation_bytes": 100})
    for number in range(3):
        media = wechat.upload(b"\xff\xd8" + bytes(58))
        await wechat.send("oA", {"MsgType": "image", "PicUrl": "http://x", "MediaId": media})
        assert len(office.media) == 1, number
    assert "今天发的文件太多了" in wechat.follower("oA").texts[-1]


@pytest.fixture
def sweep(door):
    """Remove what nobody sent, as the door does from time to time."""
    (work,) = [
        work for work in door.door.channels["web"]._background if work.work_name == "loose-files"
    ]
    return work.sweep


async def test_a_file_nobody_sent_is_removed_after_a_day(door, citizen, office, clock, sweep):
    sent = (await upload(citizen, 100)).json["media_id"]
    loose = (await upload(citizen, 100)).json["media_id"]
    assert (await citizen.send({"kind": "photo", "media_ids": [sent]})).status == 200
    clock.forward(A_DAY - 60)
    await sweep()
    assert set(office.media) == {sent, loose}
    clock.forward(120)
    await sweep()
    assert set(office.media) == {sent}
    assert (await citizen.request("GET", f"/media/{loose}")).error == "media.not_found"
    late = await citizen.send({"kind": "photo", "media_ids": [loose]})
    assert late.error == "media.not_found"
    assert await door.door.database["web_media"].count_documents({}) == 1


async def test_a_file_the_office_could_not_remove_is_removed_later(
    door, citizen, office, clock, sweep
):
    await upload(citizen, 100)
    clock.forward(A_DAY)
    office.away = True
    with pytest.raises(OfficeAwayError):
        await sweep()
    office.away = False
    await sweep()
    assert office.media == {}
    assert await door.door.database["web_media"].count_documents({}) == 0


async def test_a_file_of_an_earlier_version_stays(door, citizen, office, clock, sweep):
    media_id = (await upload(citizen, 100)).json["media_id"]
    files = door.door.database["web_media"]
    await files.update_one({}, {"$unset": {"state": 1, "media_id": 1}})
    clock.forward(A_DAY * 40)
    await sweep()
    assert set(office.media) == {media_id}
    assert await files.count_documents({}) == 1


async def test_files_are_swept_from_the_opening_of_the_door_on(start_door, http, office, clock):
    citizen = await Citizen.arrive(http, (await start_door()).url)
    await upload(citizen, 100)
    clock.forward(A_DAY)
    await start_door()
    await eventually(lambda: not office.media)


async def test_a_file_whose_door_died_before_writing_whose_it_is_is_removed(
    door, citizen, office, sweep
):
    sent = (await upload(citizen, 100)).json["media_id"]
    loose = (await upload(citizen, 100)).json["media_id"]
    assert (await citizen.send({"kind": "photo", "media_ids": [sent]})).status == 200
    strays = [(await upload(citizen, 100)).json["media_id"] for _ in range(3)]
    files = door.door.database["web_media"]
    await files.delete_many({"media_id": {"$in": strays}})
    # The message with one of them may wait here while the office knows nothing of it.
    office.unsent = [sent, loose, *strays]
    await sweep()
    assert set(office.media) == {sent, loose}
    assert await files.count_documents({}) == 2
