"""单独同意 Before the first ID number or photo of a paper a form asks once for a separate consent.

《个人信息保护法》第十四、十七、二十九条. Without it the form rests. The office keeps who agreed to
which notice; the slot `consent` and the draft only remember that, and are asked again otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions import office, reply
from actions.draft import Draft, Field, Sheet
from actions.office import BackendRefusedError, BackendUnavailableError
from actions.reply import Reply
from actions.texts import entry, say
from actions.turn import Turn

NOTICE = "/privacy"
SENSITIVE = ("id_number", "photo")
# A photo of a broken lamp is no paper of anybody's.
WITHOUT_PAPERS = "report_form"
_ID_LIKE = re.compile(r"(?<!\d)\d{14,19}[\dXx]?(?!\d)")


def version() -> str:
    """Return the version of the notice that is shown."""
    return str(entry("privacy.version"))


def due(sheet: Sheet, draft: Draft) -> bool:
    """Tell whether a consent is needed before the form may go on."""
    if draft.facts.get("consent") or sheet.form == WITHOUT_PAPERS:
        return False
    asked = draft.current(sheet)
    return bool(asked and _sensitive(asked)) or any(
        spec["name"] in draft.values or draft.media.get(spec["name"])
        for spec in sheet.fields
        if _sensitive(spec)
    )


def asked_first(sheet: Sheet, draft: Draft) -> Draft:
    """Return the draft at the question for consent, where that comes next."""
    fills = draft.stage in ("filling", "confirm")
    return draft.having(stage="consent", misses=0) if fills and due(sheet, draft) else draft


def answered(draft: Draft, turn: Turn) -> Draft | None:
    """Return the draft after a yes, a no or a look at the notice; None after anything else."""
    if turn.intent == "affirm" or turn.word == "yes":
        return draft.having(stage="filling", misses=0).knowing(consent="said")
    if turn.intent == "deny" or turn.word == "no":
        return draft.having(stage="refused")
    if turn.values.get("about") == "notice":
        return draft.remark("privacy.notice")
    return None


def sent(spec: Field | None, turn: Turn) -> bool:
    """Tell whether somebody has sent an ID number, though perhaps a mistyped one."""
    return (
        spec is not None
        and spec["kind"] == "id_number"
        and bool(_ID_LIKE.search(re.sub(r"\s+", "", turn.text)))
    )


def asked_with(asked: Reply, spec: Field | None, lead: str) -> Reply:
    """Return a form's question with the question for consent above it.

    Args:
        asked: the form's own question.
        spec: the field it asks for.
        lead: what is said before both.
    """
    told = spec["label"] if spec and _sensitive(spec) else say("privacy.papers")
    words = [lead, say("privacy.ask", what=told), asked["text"]]
    chips = [reply.chip("agree", "affirm"), reply.chip("disagree", "deny")]
    chips += [reply.chip("notice", "inform", about="notice"), *asked.get("chips", ())]
    return {**asked, "text": "\n".join(filter(None, words)), "chips": chips[: reply.MAX_CHIPS],
            "link_url": NOTICE, "link_title": say("privacy.link")}  # fmt: skip


async def settle(draft: Draft, turn: Turn, known: str | None) -> tuple[Draft, str | None]:
    """Return the draft, and the version agreed to, once the office knows or was told of it.

    Args:
        draft: at the question for consent, or right after a yes to it; any other stays as it is.
        turn: of whom.
        known: slot `consent`, the version they are known to have agreed to.
    """
    said = draft.facts.get("consent") == "said"
    if not said and draft.stage != "consent":
        return draft, known
    try:
        agreed = await _agree(turn) if said else known or await _agreed(turn.identity)
    except (BackendUnavailableError, BackendRefusedError):
        # Whether somebody agrees is asked once too often rather than taken for granted.
        again = draft.knowing(consent=False).having(stage="consent")
        return (again.remark("privacy.not_kept") if said else again), None
    if agreed != version():
        return draft, None
    stage = "filling" if draft.stage == "consent" else draft.stage
    return draft.knowing(consent=True).having(stage=stage), agreed


async def _agree(turn: Turn) -> str:
    body = {
        "conversation_id": turn.conversation_id,
        "identity": dict(turn.identity),
        "version": version(),
    }
    await office.post("personal", "consents", body=body, key=f"{turn.key}:consent")
    return version()


async def _agreed(identity: Mapping[str, str]) -> str | None:
    who = {"identity": dict(identity)}
    standing: dict[str, Any] = await office.ask("personal", "standing", body=who)
    agreed = standing.get("consent")
    return str(agreed) if agreed else None


def _sensitive(spec: Field) -> bool:
    return spec["kind"] in SENSITIVE
