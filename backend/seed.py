"""The sample district: what a first start finds, so that there is something to try."""

from __future__ import annotations

from pathlib import Path

from backend.office import Office
from backend.staff.samples import sample_accounts
from backend.staff.seed import seed_staff


async def seed_sample(office: Office) -> None:
    """Add the sample district's content that is not there yet."""
    await seed_staff(office)


def sample_logins(data_dir: Path) -> list[tuple[str, str, str]]:
    """Return role, user name and password of every sample account, to be shown at the start."""
    return [
        (" ".join(account["roles"]), account["username"], account["password"])
        for account in sample_accounts(data_dir)
    ]
