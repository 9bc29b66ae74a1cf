"""What can go wrong in the office: one hierarchy, each error with its status and its key.

The Chinese sentence of a key stands in `data/replies/office.yml`; `detail` never holds personal
data.
"""

from __future__ import annotations

from typing import ClassVar


class OfficeError(Exception):
    """An answer that is not the wished one; subclasses say which HTTP status it has."""

    status: ClassVar[int] = 500
    # Seconds after which the same request may be tried again.
    retry_after: int | None = None

    def __init__(self, key: str, **detail: object) -> None:
        """Name the error by its `key` (such as `case.not_found`) and explain it in `detail`."""
        super().__init__(key)
        self.key = key
        self.detail = detail


class MalformedError(OfficeError):
    """The request cannot be read at all."""

    status = 400


class UnauthenticatedError(OfficeError):
    """Nobody known is asking."""

    status = 401


class ForbiddenError(OfficeError):
    """The caller is known, and may not do this."""

    status = 403


class NotFoundError(OfficeError):
    """The thing does not exist, or the caller may not know that it does."""

    status = 404


class ConflictError(OfficeError):
    """The thing is not in a state that allows this, or somebody was faster."""

    status = 409


class TooLargeError(OfficeError):
    """The thing sent is larger than allowed."""

    status = 413


class UnsupportedError(OfficeError):
    """The content is of a kind the office does not take."""

    status = 415


class InvalidError(OfficeError):
    """The request was read and breaks a rule."""

    status = 422


class LockedError(OfficeError):
    """Too many tries."""

    status = 429

    def __init__(self, key: str, *, retry_after: int, **detail: object) -> None:
        """Name the error, and the seconds to wait."""
        super().__init__(key, retry_after=retry_after, **detail)
        self.retry_after = retry_after


class UnavailableError(OfficeError):
    """A part of the office is away; the same request may be sent again."""

    status = 503
    retry_after = 5
