"""归属 A file belongs to the cases, reports and talks it was sent to; their readers may see it."""

from __future__ import annotations

from datetime import timedelta

from backend.cases import service as cases
from backend.cases.desk_routes import READ as READS_CASES
from backend.errors import ForbiddenError, NotFoundError
from backend.handoffs import service as handoffs
from backend.handoffs.desk_routes import READ as READS_TALKS
from backend.media import store
from backend.office import Office
from backend.reports import service as reports
from backend.reports.desk_routes import READ as READS_REPORTS
from backend.staff.model import StaffMember
from backend.supervision import service as supervision

REVEAL_OPENS = timedelta(minutes=10)
"""How long the papers of a case are open to whoever said why they look at its matter in clear."""

UNSENT_FOR = timedelta(days=2)
"""After which nobody will send a file any more: the door lets go of one after a day."""

_LOOKS_SEARCHED = 100
_UNSENT_AT_ONCE = 200


async def require_sight(office: Office, member: StaffMember, media_id: str) -> None:
    """Let a member of staff pass who may see a file.

    A paper of a case (an ID card, a household register) opens like personal data in clear: after
    a reveal, with its reason, of a matter it belongs to. Of a file of an earlier version, which no
    case or report is known to have, it is only known that it was sent in a talk or with a note.

    Raises:
        NotFoundError: there is no such file.
        ForbiddenError: the member may see none of its matters, or did not say why.
    """
    document = await store.get(office.database, media_id)
    if document is None:
        raise NotFoundError("media.not_found")
    papers_of = await cases.with_file(office, media_id)
    seen = list(papers_of) if member.roles & READS_CASES.roles else []
    shown_in = await reports.with_file(office, media_id)
    if member.roles & READS_REPORTS.roles:
        seen += shown_in
    if member.roles & READS_TALKS.roles:
        seen += await handoffs.of_conversations(office, document.get("conversations", ()))
    earlier = "conversations" not in document and not papers_of and not shown_in
    if not seen and not (earlier and member.roles & (READS_TALKS.roles | READS_REPORTS.roles)):
        raise ForbiddenError("auth.forbidden")
    if papers_of and not await _said_why(office, member, seen):
        raise ForbiddenError("media.reason_needed")


async def held(office: Office, media_id: str) -> bool:
    """Say whether a case, a report or a talk has a file."""
    document = await store.get(office.database, media_id) or {}
    return bool(
        document.get("conversations")
        or await cases.with_file(office, media_id)
        or await reports.with_file(office, media_id)
    )


async def unsent(office: Office, after: str) -> tuple[list[str], str | None]:
    """Return old files that no matter has, and from where to go on.

    Whether the door has a message that carries one is the door's to know.

    Args:
        office: the office.
        after: go on after this id; empty to begin.
    """
    before = office.clock.now() - UNSENT_FOR
    found = await store.unsent(office.database, before, after, _UNSENT_AT_ONCE)
    free = [media_id for media_id in found if not await held(office, media_id)]
    return free, found[-1] if found else None


async def _said_why(office: Office, member: StaffMember, matters: list[str]) -> bool:
    """Tell whether somebody revealed one of these matters a moment ago."""
    since = office.clock.now() - REVEAL_OPENS
    for matter in matters:
        looks, _ = await supervision.accesses(office, member.id, matter, 1, _LOOKS_SEARCHED)
        if any(look.action.endswith(".reveal") and look.at >= since for look in looks):
            return True
    return False
