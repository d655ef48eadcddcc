"""The first set-up: an empty installation becomes somebody's company, all at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from alawael.accounts.models import User
from alawael.accounts.services import create_first_administrator
from alawael.core.errors import Invalid
from alawael.core.unit_of_work import unit_of_work
from alawael.parties import services as parties


@unit_of_work
def set_up(*, company: Mapping[str, Any], admin: Mapping[str, Any], at: datetime) -> User:
    """Create the administrator and the company. Raises AlreadySetUp when that was done before.

    The chart of accounts, this year's periods and the number series are there since the start.
    """
    with _naming("/admin"):
        user = create_first_administrator(
            email=admin["email"],
            name_en=admin["name_en"],
            name_ar=admin["name_ar"],
            password=admin["password"],
            language=admin["language"],
            at=at,
        )
    with _naming("/company"):
        parties.set_up_company(company, by=user, at=at)
    return user


@contextmanager
def _naming(part: str) -> Iterator[None]:
    """Put the part of the form in front of the places that a refusal names."""
    try:
        yield
    except Invalid as error:
        raise Invalid(
            errors=[replace(wrong, pointer=part + wrong.pointer) for wrong in error.errors]
        ) from error
