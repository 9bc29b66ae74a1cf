"""换钥匙 The chain of the access log, vouched for anew with the first key.

What a record was vouched for with before stays beside it, so that a code that somebody noted of an
earlier look is still found. A record that no key vouches for, and all after it, stay as they are.
"""

from __future__ import annotations

from backend.office import Office
from backend.rewriting import Tally
from backend.supervision import store
from backend.supervision.model import START, Link, vouched
from backend.supervision.service import COUNTER, vouches


async def renew(office: Office) -> Tally:
    """Vouch anew for every record that is vouched for with an earlier key."""
    ends_at, _ = await office.transact(lambda tx: store.extent(office.database, tx, COUNTER))
    tally, before = Tally(), START
    for begins in range(1, ends_at + 1, store.BATCH):
        ends = min(ends_at, begins + store.BATCH - 1)
        records = await store.numbered(office.database, begins, ends)
        for seq, record in enumerate(records, begins):
            if record is None or not vouches(office, record, seq, before):
                tally.left = ends_at - seq + 1
                return tally
            access, link = record
            mac = office.privacy.blind_index("access_log", vouched(access, seq, before.mac))
            if mac != link.mac:
                tally.changed += await store.vouch_anew(office.database, link, mac)
                link = Link(seq, mac, (*link.earlier, link.mac))
            before = link
    return tally
