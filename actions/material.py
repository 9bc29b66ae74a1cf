"""材料 Photos and places sent while a form is open: nothing that was sent is thrown away."""

from __future__ import annotations

import re

from actions.draft import Draft, Sheet
from actions.texts import say
from actions.turn import Turn


def media_taken(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Take a photo: for the field that waits, for the only photo field, or as a material."""
    if not turn.media_ids:
        return draft.remark("forms.media_lost")
    spec = draft.current(sheet) if draft.stage == "filling" else None
    if turn.kind == "voice":
        return draft.remark("forms.voice")
    if spec is not None and spec["kind"] == "photo":
        return draft.attached(spec, turn.media_ids).remark("forms.photo_taken")
    photos = sheet.of_kind("photo")
    if photos and photos[0].get("many"):
        return draft.attached(photos[0], turn.media_ids).remark("forms.photo_taken")
    waiting = [photo for photo in photos if not draft.media.get(photo["name"])]
    if len(waiting) == 1:
        draft = draft.attached(waiting[0], turn.media_ids)
        return draft.remark("forms.photo_as", label=waiting[0]["label"])
    return draft.having(extra=[*draft.extra, *turn.media_ids]).remark("forms.photo_kept")


def location_taken(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Take a place: a report's place at any time, an address where one is asked for."""
    point = turn.location
    if not point:
        return draft.remark("forms.location_lost")
    label = re.sub(r"\s+", "", str(point.get("label") or ""))
    place = next(iter(sheet.of_kind("place")), None)
    if place is not None:
        told = draft.values.get("place")
        pinned = draft.knowing(location=dict(point)).filled(
            sheet, place, label or told or say("forms.pinned")
        )
        return pinned.remark("forms.place_taken")
    spec = draft.current(sheet)
    if spec is not None and spec["kind"] == "address" and label:
        return draft.filled(sheet, spec, label).remark("forms.address_taken", value=label)
    return draft.remark("forms.location_unneeded")
