"""What one institution tells another about a person: the only message that holds personal data.

It travels sealed (JWE) and cut to the fields that `rules/sharing.toml` allows for the pair of institutions.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from contracts.base import Message, Told
from contracts.codes import Ground


class Address(Message):
    street: str | None = Field(default=None, max_length=200)
    postal_code: str | None = Field(default=None, pattern=r"^\d{2}-\d{3}$")
    town: str = Field(min_length=1, max_length=100)


class Opinion(Message):
    """Opinia pracownika socjalnego, after a family interview (Act on social employment, art. 12 ust. 2)."""

    result: Literal["positive", "negative", "with_conditions"]
    issued_on: date
    interview_on: date
    conditions: str | None = Field(default=None, max_length=2000)
    reasons: str | None = Field(default=None, max_length=4000)


class Dossier(Told):
    """Every field is optional here, because the sharing matrix may remove any of them.

    What a referral must hold before it may be sent is the business of `services/intake/domain.py`.
    """

    given_name: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    sex: Literal["female", "male"] | None = None
    pesel: str | None = None
    phone: str | None = None
    email: str | None = None
    address: Address | None = None
    grounds: tuple[Ground, ...] | None = None
    person_at_risk: bool | None = None
    reason: str | None = None
    expectations: str | None = None
    accessibility_needs: str | None = None
    opinion: Opinion | None = None
    opinion_result: Literal["positive", "negative", "with_conditions"] | None = None
