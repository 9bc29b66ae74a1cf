"""What is kept of a file: what is to be seen or heard, and nothing that came along with it."""

from __future__ import annotations

import io
import random

import pytest
from phone_files import (
    AUTHOR,
    EICAR,
    SOUNDS,
    attached_pdf,
    gif,
    heic,
    locked_pdf,
    mp4,
    packed_pdf,
    pdf,
    photo,
    picture,
    png_of,
)
from PIL import Image

from backend.errors import OfficeError, TooLargeError, UnsupportedError
from backend.media.model import take_in
from backend.media.pictures import LONGEST_SIDE

HTML = b"<html><script>alert(1)</script></html>"


def refused(content: bytes) -> str:
    with pytest.raises(UnsupportedError) as error:
        take_in(content)
    return error.value.key


@pytest.mark.parametrize("content", [photo(), heic()], ids=["jpeg", "heic"])
def test_a_photo_is_turned_upright_and_tells_neither_place_nor_author(content: bytes) -> None:
    assert AUTHOR.encode() in content
    mime, kept = take_in(content)
    with Image.open(io.BytesIO(kept)) as image:
        assert (mime, image.format, image.size) == ("image/jpeg", "JPEG", (300, 400))
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"-OF-THE-PHOTO" not in kept


def test_a_photo_that_is_a_page_too_is_only_a_photo() -> None:
    mime, kept = take_in(photo() + HTML)
    assert mime == "image/jpeg"
    assert b"<html" not in kept


def test_a_photo_is_no_longer_than_what_can_be_read_on_it() -> None:
    _, kept = take_in(photo((4000, 3000)))
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (LONGEST_SIDE * 3 // 4, LONGEST_SIDE)


@pytest.mark.parametrize("content", [photo(), heic(), picture("PNG", (400, 300))])
def test_a_truncated_picture_is_broken(content: bytes) -> None:
    assert refused(content[: len(content) * 2 // 3]) == "media.broken"


@pytest.mark.parametrize("content", [photo((80, 60)), heic(), picture("PNG"), gif()])
# The library warns of facts beside the pixels that it cannot read; they are thrown away anyway.
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_no_damage_to_a_picture_is_more_than_a_refusal(content: bytes) -> None:
    chance = random.Random(7)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(3):
            damaged[chance.randrange(16, len(damaged))] = chance.randrange(256)
        try:
            mime, _ = take_in(bytes(damaged))
        except OfficeError:
            continue
        assert mime in ("image/jpeg", "image/png")


def test_nine_hundred_megapixels_are_refused_before_one_is_decoded() -> None:
    bomb = bytearray(heic())
    at = bomb.index(b"ispe")
    bomb[at + 8 : at + 16] = (30_000).to_bytes(4, "big") * 2
    for content in (png_of(30_000, 30_000), png_of(10_000, 9_000), bytes(bomb)):
        with pytest.raises(TooLargeError) as error:
            take_in(content)
        assert error.value.key == "media.too_many_pixels"


def test_of_a_moving_picture_the_first_frame_stays() -> None:
    mime, kept = take_in(gif())
    with Image.open(io.BytesIO(kept)) as image:
        assert (mime, getattr(image, "n_frames", 1)) == ("image/png", 1)
        assert image.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_a_transparent_picture_lies_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (30, 20), (255, 0, 0, 0)).save(out, "PNG")
    mime, kept = take_in(out.getvalue())
    with Image.open(io.BytesIO(kept)) as image:
        assert (mime, image.mode, image.getpixel((5, 5))) == ("image/png", "RGB", (255, 255, 255))


@pytest.mark.parametrize(
    "content", [pdf(), packed_pdf(b"[2 0 R /Fit]"), pdf(b"21 0 obj<</Names/JSmith>>endobj\n")]
)
def test_a_paper_that_only_shows_something_stays_as_it_is(content: bytes) -> None:
    assert take_in(content) == ("application/pdf", content)


SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
FIGURED = b"<</S/J#61vaScript/JS(app.alert\\(1\\))>>"


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"21 0 obj" + SCRIPT + b"endobj\n"),
        pdf(b"21 0 obj" + FIGURED + b"endobj\n"),
        pdf(b"21 0 obj<</S/Launch/F(calc.exe)>>endobj\n"),
        pdf(b"21 0 obj<</S/SubmitForm/F(http://x)>>endobj\n"),
        pdf(b"21 0 obj<</Type/Filespec/EF<</F 22 0 R>>>>endobj\n"),
        pdf(b"21 0 obj<</XFA 22 0 R>>endobj\n"),
        attached_pdf(),
        packed_pdf(SCRIPT),
        packed_pdf(FIGURED, b"Obj#53tm"),
        packed_pdf(SCRIPT, listed=False),
        packed_pdf(b"<</S/Launch/F(calc.exe)>>"),
    ],
)
def test_a_paper_that_acts_is_refused_however_it_is_written(content: bytes) -> None:
    assert refused(content) == "media.paper_acts"


def test_a_locked_paper_is_refused() -> None:
    assert refused(locked_pdf()) == "media.paper_locked"


@pytest.mark.parametrize(
    "content",
    [pdf()[:200], b"%PDF-1.4 nothing %%EOF", pdf() + b"PK\x03\x04 an archive too", pdf() + HTML],
)
def test_a_paper_that_is_cut_short_or_more_than_a_paper_is_broken(content: bytes) -> None:
    assert refused(content) == "media.paper_broken"


def test_the_test_string_of_virus_scanners_is_no_program_inside_a_paper() -> None:
    # There is no virus scanner: what a paper shows is taken, what it would run is refused.
    shown = pdf(b"21 0 obj<</Length 68>>stream\n" + EICAR + b"\nendstream endobj\n")
    assert take_in(shown) == ("application/pdf", shown)
    assert refused(EICAR) == "media.unsupported"


@pytest.mark.parametrize("mime", list(SOUNDS))
def test_a_recording_is_known_by_its_content(mime: str) -> None:
    assert take_in(SOUNDS[mime])[0] == mime


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(4),
        b"#!AMR\n" + bytes(40),
        mp4()[:-100],
        mp4()[:24] + bytes(2000),
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x00moov" * 5000,
    ],
)
def test_a_recording_that_says_nothing_is_broken(content: bytes) -> None:
    assert refused(content) == "media.sound_broken"


def test_a_recording_does_not_tell_where_it_was_made() -> None:
    content = mp4(beside=b"\x00\x12\x15\xc7+30.6570+104.0650/")
    mime, kept = take_in(content)
    assert (mime, len(kept)) == ("video/mp4", len(content))
    assert b"+30.6570" not in kept
