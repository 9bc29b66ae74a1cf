"""Media: the content decides what a file is; it lies sealed, and comes back as it was kept."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest
from phone_files import SOUNDS, heic, locked_pdf, pdf, photo, picture, png_of

from backend.errors import UnsupportedError
from backend.media.model import MAX_BYTES, recognise

PDF = pdf()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_are_known_by_their_content(kind: str) -> None:
    assert recognise(picture(kind)) == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + bytes(200),
        b"\x7fELF" + bytes(200),
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"PK\x03\x04" + bytes(200),
        b"just words",
    ],
)
def test_what_the_office_does_not_take_is_unsupported(content: bytes) -> None:
    with pytest.raises(UnsupportedError):
        recognise(content)


async def send(client: Any, headers: Any, content: bytes, name: str, part: str = "file") -> Any:
    form = aiohttp.FormData()
    form.add_field(part, io.BytesIO(content), filename=name, content_type="image/jpeg")
    async with client.post("/api/v1/media", data=form, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_photo_comes_back_as_it_was_kept(service: Any, client: Any) -> None:
    status, taken = await send(client, service.headers, heic(), "户口簿.jpg")
    assert (status, taken["mime"]) == (200, "image/jpeg")
    path = f"/api/v1/media/{taken['media_id']}"
    async with client.get(path, headers=service.headers) as given:
        assert (given.status, given.content_type) == (200, "image/jpeg")
        assert given.headers["X-Content-Type-Options"] == "nosniff"
        assert len(await given.read()) == taken["size"]


async def test_what_was_taken_off_a_photo_is_nowhere_in_the_store(
    service: Any, client: Any, office: Any
) -> None:
    content = photo()
    _, taken = await send(client, service.headers, content, "户口簿.jpg")
    chunks = await office.database["media.chunks"].find({}).sort("n", 1).to_list(100)
    sealed = b"".join(chunk["data"] for chunk in chunks)
    assert content[:200] not in sealed
    kept = office.privacy.unseal(sealed)
    assert b"-OF-THE-PHOTO" not in kept
    assert len(kept) == taken["size"]
    document = await office.database["media"].find_one({"_id": taken["media_id"]})
    assert (document["mime"], document["size"]) == ("image/jpeg", len(kept))


@pytest.mark.parametrize(
    ("content", "status", "key"),
    [(photo()[:2000], 415, "media.broken"), (locked_pdf(), 415, "media.paper_locked"),
     (png_of(30_000, 30_000), 413, "media.too_many_pixels")],
    ids=["truncated", "locked", "900 megapixels"],
)  # fmt: skip
async def test_whoever_sends_what_is_not_taken_is_told_why(
    service: Any, client: Any, content: bytes, status: int, key: str
) -> None:
    answered, answer = await send(client, service.headers, content, "a.jpg")
    assert (answered, answer["error"]["key"]) == (status, key)
    assert len(answer["error"]["message"]) > 10


async def test_a_file_is_removed_with_its_bytes_by_other_rooms_only(
    service: Any, client: Any, office: Any, login: Any
) -> None:
    _, kept = await send(client, service.headers, picture("PNG"), "a.png")
    _, taken = await send(client, service.headers, picture("JPEG"), "b.jpg")
    path = f"/api/v1/media/{taken['media_id']}"
    admin = await login("admin")
    async with client.delete(path, headers=admin.headers) as answer:
        assert answer.status == 403
    for _ in range(2):
        async with client.delete(path, headers=service.headers) as answer:
            assert (answer.status, await answer.json()) == (200, {"removed": True})
    async with client.get(path, headers=service.headers) as answer:
        assert answer.status == 404
    for collection in ("media", "media.files", "media.chunks"):
        assert await office.database[collection].count_documents({}) == 1
    async with client.get(f"/api/v1/media/{kept['media_id']}", headers=service.headers) as answer:
        assert answer.status == 200


async def test_a_removal_that_was_cut_short_is_finished_by_the_next(
    service: Any, client: Any, office: Any
) -> None:
    _, taken = await send(client, service.headers, picture("JPEG"), "b.jpg")
    await office.database["media.files"].delete_many({})
    path = f"/api/v1/media/{taken['media_id']}"
    async with client.delete(path, headers=service.headers) as answer:
        assert answer.status == 200
    assert await office.database["media"].count_documents({}) == 0


async def test_a_pdf_called_jpg_is_taken_as_the_pdf_it_is(service: Any, client: Any) -> None:
    status, taken = await send(client, service.headers, PDF, "photo.jpg")
    assert (status, taken["mime"]) == (200, "application/pdf")


async def test_an_executable_called_jpg_is_unsupported(service: Any, client: Any) -> None:
    status, answer = await send(client, service.headers, b"MZ" + bytes(500), "photo.jpg")
    assert (status, answer["error"]["key"]) == (415, "media.unsupported")


async def test_a_file_of_fifty_megabytes_is_too_large(service: Any, client: Any) -> None:
    status, answer = await send(client, service.headers, bytes(50 * 1024**2), "big.jpg")
    assert (status, answer["error"]["key"]) == (413, "media.too_large")


async def test_a_large_file_without_a_length_is_stopped_while_it_arrives(
    service: Any, client: Any
) -> None:
    async def endless() -> Any:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(MAX_BYTES // 1024**2 + 2):
            yield bytes(1024**2)
        yield b"\r\n--b--\r\n"

    headers = {**service.headers, "Content-Type": "multipart/form-data; boundary=b"}
    async with client.post("/api/v1/media", data=endless(), headers=headers) as answer:
        assert answer.status == 413
        assert (await answer.json())["error"]["key"] == "media.too_large"


async def test_a_file_of_exactly_ten_megabytes_is_taken(
    service: Any, client: Any, office: Any
) -> None:
    content = (SOUNDS["audio/wav"] + bytes(MAX_BYTES))[:MAX_BYTES]
    status, taken = await send(client, service.headers, content, "a.wav")
    assert (status, taken["size"]) == (200, MAX_BYTES)
    async with client.get(f"/api/v1/media/{taken['media_id']}", headers=service.headers) as given:
        assert await given.read() == content


async def test_an_empty_file_and_a_missing_part_are_refused(service: Any, client: Any) -> None:
    status, answer = await send(client, service.headers, b"", "x.jpg")
    assert (status, answer["error"]["key"]) == (422, "media.empty")
    status, answer = await send(client, service.headers, PDF, "x.jpg", part="other")
    assert (status, answer["error"]["key"]) == (400, "media.no_file")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"garbage \xff\xfe"),
        ("multipart/form-data; boundary=b", b"--b\r\nnonsense\r\n\r\n"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="f'),
    ],
)
# The parser warns of a header it cannot read; here that is the point.
@pytest.mark.filterwarnings("ignore::aiohttp.BadContentDispositionHeader")
async def test_a_broken_upload_is_a_polite_refusal(
    service: Any, client: Any, content_type: str, body: bytes
) -> None:
    headers = {**service.headers, "Content-Type": content_type}
    async with client.post("/api/v1/media", data=body, headers=headers) as answer:
        assert answer.status in (400, 422)
        assert (await answer.json())["error"]["message"]


async def test_bytes_lie_sealed_in_the_database(service: Any, client: Any, office: Any) -> None:
    await send(client, service.headers, PDF, "x.pdf")
    chunks = await office.database["media.chunks"].find({}).to_list(10)
    assert chunks
    assert all(b"%PDF" not in chunk["data"] for chunk in chunks)


async def test_a_look_by_staff_is_noted_and_a_stranger_sees_nothing(
    service: Any, stranger: Any, client: Any, login: Any, office: Any, citizen: Any
) -> None:
    _, taken = await send(client, service.headers, PDF, "x.pdf")
    await service.post("/reports", citizen.report(media_ids=[taken["media_id"]]))
    path = f"/api/v1/media/{taken['media_id']}"
    dispatcher = await login("dispatcher")
    async with client.get(path, headers=dispatcher.headers) as given:
        assert await given.read() == PDF
    log = await office.database["access_log"].find({"entity": "media"}).to_list(10)
    assert [look["entity_id"] for look in log] == [taken["media_id"]]
    assert (await stranger.get(f"/media/{taken['media_id']}"))[0] == 401


async def test_a_file_that_does_not_exist_is_not_found(service: Any) -> None:
    status, answer = await service.get("/media/0123456789abcdef01234567")
    assert (status, answer["error"]["key"]) == (404, "media.not_found")


async def test_a_photo_attached_to_an_application_reaches_the_desk(
    service: Any, client: Any, citizen: Any, login: Any
) -> None:
    _, taken = await send(client, service.headers, picture("PNG"), "x.png")
    application = await citizen.application("MZ001")
    application["media"] = [{"name": "photo_hukou", "media_id": taken["media_id"]}]
    _, case = await service.post("/cases", application)
    approver = await login("approver")
    _, seen = await approver.get(f"/desk/cases/{case['number']}")
    assert seen["media"] == [
        {"name": "photo_hukou", "label": "户口簿照片", "media_id": taken["media_id"]}
    ]
