"""认领 Find what belongs to one person, and what of it is still under way.

A link is a person *with a phone*: who proves one phone is given, and can erase, what was applied
for with that phone. A talk in which somebody handed in for others too is theirs alone where they
proved who they are; else it is nobody's but its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from backend.cases import personal as cases
from backend.conversations import personal as conversations
from backend.conversations import service as talks
from backend.handoffs import personal as handoffs
from backend.office import Office
from backend.people import service as people
from backend.people.model import Identity, Link
from backend.personal.subject import Subject
from backend.reports import personal as reports


async def of_link(office: Office, link: Link) -> Subject:
    """Return what belongs to a person with a phone."""
    proven = await people.identities_of(office, link)
    first = Subject(links=(link,), identities=tuple(proven))
    applied = await cases.of_subject(office, first)
    reported = await reports.of_subject(office, first)
    guessed = {entry.identity.key for entry in applied if entry.link == link}
    guessed |= {entry.identity.key for entry in reported if entry.link == link}
    guessed -= set(proven)
    identities = {*proven, *guessed} - await _of_others(office, link, guessed)
    theirs = replace(first, identities=tuple(sorted(identities)))
    return await _with_the_rest(office, theirs, only=link)


async def of_conversation(office: Office, conversation_id: str) -> Subject:
    """Return what belongs to whoever holds a conversation; proven, also what is theirs elsewhere.

    Raises:
        NotFoundError: there is no such conversation.
    """
    talk = await talks.get(office, conversation_id)
    key = Identity(talk.channel, talk.identity).key
    link = (await people.known_as(office, [key])).get(key)
    known = await of_link(office, link) if link else Subject()
    here = replace(
        known,
        identities=_merged(known.identities, [key]),
        conversations=_merged(known.conversations, [conversation_id]),
    )
    return await _with_the_rest(office, here)


async def under_way(office: Office, subject: Subject) -> list[str]:
    """Return the numbers that somebody still works on, and `talk` where a person is asked for."""
    numbers = await cases.under_way(office, subject) + await reports.under_way(office, subject)
    return [*numbers, "talk"] if await handoffs.under_way(office, subject) else numbers


async def _of_others(office: Office, link: Link, identities: Iterable[str]) -> set[str]:
    """Return the identities that proved to be, or handed in for, somebody else too."""
    keys = sorted(identities)
    proven = await people.known_as(office, keys)
    handed_in = await cases.of_subject(office, Subject(identities=tuple(keys)))
    others = {entry.identity.key for entry in handed_in if entry.link not in (None, link)}
    return others | {key for key, known in proven.items() if known != link}


async def _with_the_rest(office: Office, subject: Subject, only: Link | None = None) -> Subject:
    """Return the subject with its cases, reports, talks, handoffs and files.

    Args:
        office: the office.
        subject: links and identities, and the conversations that are known.
        only: leave cases and reports of other persons aside, though an identity handed them in.
    """
    applied = {
        entry.number: entry
        for entry in await cases.of_subject(office, subject)
        if only is None or entry.link in (None, only)
    }
    reported = {
        entry.number: entry
        for entry in await reports.of_subject(office, subject)
        if only is None or entry.link in (None, only)
    }
    here = {*subject.identities}
    talked = [one.conversation_id for one in applied.values() if one.identity.key in here]
    talked += [one.conversation_id for one in reported.values() if one.identity.key in here]
    talked += await conversations.of_identities(office, subject.identities)
    whole = replace(
        subject,
        conversations=_merged(subject.conversations, talked),
        cases=tuple(sorted(applied)),
        reports=tuple(sorted(reported)),
    )
    typed = {entry.link for entry in applied.values() if entry.link} - {*whole.links}
    whole = replace(
        whole, links=(*whole.links, *[link for link in typed if await _holds(office, whole, link)])
    )
    waited = await handoffs.of_subject(office, whole)
    files = [paper.media_id for entry in applied.values() for paper in entry.media]
    files += [id for entry in reported.values() for id in entry.media_ids]
    files += [id for entry in reported.values() for note in entry.notes for id in note.media_ids]
    files += await conversations.files_in(office, whole)
    return replace(
        whole,
        handoffs=tuple(sorted(handoff.id for handoff in waited)),
        media=_merged((), files),
    )


async def _holds(office: Office, subject: Subject, link: Link) -> bool:
    """Tell whether nothing of a link lies outside a subject.

    Somebody else's ID number and phone can be typed into a form; that gives no right to them.
    """
    its = Subject(links=(link,))
    return (
        {entry.number for entry in await cases.of_subject(office, its)} <= {*subject.cases}
        and {entry.number for entry in await reports.of_subject(office, its)} <= {*subject.reports}
        and {*await people.identities_of(office, link)} <= {*subject.identities}
    )


def _merged(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*known, *more} - {""}))
