"""A server whose disk is full, without filling a disk."""

from __future__ import annotations

import resource


def fill(pid: int) -> None:
    """Refuse a process every further byte on disk.

    The limit stands in for the disk: `RLIMIT_FSIZE` lets every write that makes a file longer
    fail (EFBIG), which a storage engine takes as it takes ENOSPC.
    """
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))


def make_room(pid: int) -> None:
    """Let a process write again."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
