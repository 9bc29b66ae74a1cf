"""Bodies and queries checked by pydantic; an error names the fields and never repeats the input."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from backend.errors import InvalidError, MalformedError

M = TypeVar("M", bound=BaseModel)

MAX_SAFE_INTEGER = 2**53 - 1


class Body(BaseModel):
    """What a request sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """What a route answers."""

    model_config = ConfigDict(frozen=True)


class Page(Body):
    """Which page of a list, from 1."""

    page: int = Field(default=1, ge=1, le=10_000)
    limit: int = Field(default=20, ge=1, le=100)


# Letters of their scripts that show nothing: fillers of Hangul, the empty pattern of Braille.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})
_TURNS_ROUND = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


class BlankError(ValueError):
    """A text in which nothing is seen."""


def _readable(text: str) -> str:
    """Drop characters that turn the reading direction round; refuse what no screen shows."""
    if "\0" in text:
        raise ValueError("holds a NUL character")
    text = _TURNS_ROUND.sub("", text).strip()
    if not any(_shows(letter) for letter in text):
        raise BlankError
    return text


def _shows(letter: str) -> bool:
    """Say whether a character puts something on the screen by itself."""
    return unicodedata.category(letter) not in _UNSEEN and letter not in _BLANK


IDENTIFIER = re.compile(r"[\w.:@+\-/=]{1,200}")
Identifier = Annotated[str, StringConstraints(pattern=rf"^{IDENTIFIER.pattern}$")]
ShortText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_readable),
]
LongText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(_readable),
]
After = Annotated[int, Field(ge=0, le=MAX_SAFE_INTEGER)]


async def read_body(request: web.Request, model: type[M]) -> M:
    """Read the request's JSON body as `model`.

    Raises:
        MalformedError: the body is not JSON.
        InvalidError: it breaks the model's rules; the detail names the fields.
    """
    content = await request.read()
    try:
        return model.model_validate_json(content or b"{}")
    except ValidationError as error:
        raise _refusal(error, model) from None


def read_query(request: web.Request, model: type[M]) -> M:
    """Read the request's query as `model`; of a repeated name the last one counts.

    Raises:
        InvalidError: it breaks the model's rules; the detail names the fields.
    """
    try:
        return model.model_validate(dict(request.query.items()))
    except ValidationError as error:
        raise _refusal(error, model) from None


def _refusal(error: ValidationError, model: type[BaseModel]) -> MalformedError | InvalidError:
    """Return the refusal of a request, without anything the request said."""
    problems = error.errors(include_input=False, include_url=False)
    if any(problem["type"] == "json_invalid" for problem in problems):
        return MalformedError("request.not_json")
    fields = {
        (_known(problem["loc"], model), problem["type"].replace("_", " ")) for problem in problems
    }
    blank = all(isinstance(problem.get("ctx", {}).get("error"), BlankError) for problem in problems)
    return InvalidError(
        "request.blank" if blank else "request.invalid",
        fields=[{"field": field, "problem": problem} for field, problem in sorted(fields)],
    )


def _known(location: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """Return the top field of an error's place, or "?" where the name itself came from outside."""
    name = str(location[0]) if location else ""
    names = set(model.model_fields) | {field.alias for field in model.model_fields.values()}
    return name if name in names else "?"
