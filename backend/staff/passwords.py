"""口令强度 Which passwords are too easily guessed: pure."""

from __future__ import annotations

import threading

from zxcvbn import zxcvbn

# Of zxcvbn's 0 to 4: more than a hundred million guesses.
_LEAST_SCORE = 3
_PRODUCT = ("paoyici", "跑一次")
# What stands beyond makes a password no weaker, and its check takes seconds of a core.
_LOOKED_AT = 24
# The library keeps what it is told of a person in one place for all threads.
_ONE_AT_A_TIME = threading.Lock()


def weak(password: str, *about: str) -> bool:
    """Tell whether a password is too easily guessed; takes up to 0.3 s of a core, so in a thread.

    Args:
        password: what somebody wants to have.
        about: what a guesser knows of them, such as their user name.
    """
    known = [*_PRODUCT, *about]
    with _ONE_AT_A_TIME:
        return int(zxcvbn(password[:_LOOKED_AT], user_inputs=known)["score"]) < _LEAST_SCORE
