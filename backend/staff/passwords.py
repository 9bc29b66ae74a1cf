"""口令强度 Which passwords are too easily guessed: pure."""

from __future__ import annotations

from zxcvbn import zxcvbn

# Of zxcvbn's 0 to 4: more than a hundred million guesses.
_LEAST_SCORE = 3
_PRODUCT = ("paoyici", "跑一次")
# What stands beyond makes a password no weaker, and its check takes seconds of a core.
_LOOKED_AT = 24


def weak(password: str, *about: str) -> bool:
    """Tell whether a password is too easily guessed; up to a quarter of a second of a core.

    Args:
        password: what somebody wants to have.
        about: what a guesser knows of them, such as their user name.
    """
    known = [*_PRODUCT, *about]
    return int(zxcvbn(password[:_LOOKED_AT], user_inputs=known)["score"]) < _LEAST_SCORE
