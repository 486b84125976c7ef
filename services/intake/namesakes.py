"""Finding clients by names alone, as whoever has somebody at the desk types them: in any order, with a typing error.

Each word of a name is stored under keys that nobody can read: how it sounds, and that without each of its letters, so
that two words with one error between them have a key in common. What is found is compared once it is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import ARRAY, Integer, LargeBinary, bindparam, text
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.clients import Known, PossibleDuplicate, Why
from contracts.form import Person
from services.intake.alike import link
from services.intake.context import Intake
from services.intake.names import parts, sound
from services.kit.sealing import unseal

NAMES = bindparam("names", type_=ARRAY(LargeBinary))

MOST = 50
"""Clients compared at most: those who fit best by their keys, of equals the newest."""

WORDS = 4
"""Words of a question that are looked at: more than a double name has."""

_SHORT = 4
"""Letters; shorter words are found without an error only."""

_FIND = text(f"""
    select client.id, coalesce(merged_into, client.id) as kept, sealed_known
    from client join (
        select client_id, count(distinct word) as words from client_name
        join unnest(:keys, :words) as wanted (key, word) using (key)
        where agency = :agency group by client_id having count(distinct word) = :all
        order by client_id desc limit {MOST}
    ) as hit on hit.client_id = client.id
    where sealed_known is not null
""").bindparams(bindparam("keys", type_=ARRAY(LargeBinary)), bindparam("words", type_=ARRAY(Integer)))


@dataclass(frozen=True)
class _Like:
    score: int
    exact: bool


def names_of(intake: Intake, agency: str, person: Person) -> list[bytes]:
    """The keys of a record as they are stored: different at each institution."""
    return [intake.keyring.index("name", agency, key) for key in sorted(keys(person))]


def keys(person: Person) -> set[str]:
    """What this person can be found by."""
    return {key for word in _words(person) for key in near(word)}


def near(word: str) -> set[str]:
    """The word as it sounds, and without each of its letters."""
    said = sound(word)
    fewer = {said[:place] + said[place + 1 :] for place in range(len(said))} if len(said) >= _SHORT else set()
    return {said, *fewer}


async def named(intake: Intake, session: AsyncSession, agency: str, typed: str) -> tuple[PossibleDuplicate, ...]:
    """Clients who have every word of this in their names, best first; none for no word."""
    words = parts(typed)[:WORDS]
    if not words:
        return ()
    wanted = [
        (intake.keyring.index("name", agency, key), place) for place, word in enumerate(words) for key in near(word)
    ]
    values = {
        "agency": agency,
        "keys": [key for key, _ in wanted],
        "words": [place for _, place in wanted],
        "all": len(words),
    }
    found: dict[UUID, PossibleDuplicate] = {}
    for row in (await session.execute(_FIND, values)).all():
        like = resemblance(words, unseal(intake.keyring, Known, row.sealed_known, context=row.id).person)
        if like is not None and (row.kept not in found or found[row.kept].score < like.score):
            why: Why = "same_name" if like.exact else "similar_name"
            found[row.kept] = PossibleDuplicate(client_id=row.kept, link=link(row.kept), score=like.score, why=(why,))
    return tuple(sorted(found.values(), key=lambda each: (-each.score, each.client_id)))


def resemblance(words: Sequence[str], person: Person) -> _Like | None:
    """How well these words fit the names of a person; None when one of them does not."""
    likes = [max((_alike(word, name) for name in _words(person)), default=0) for word in words]
    if min(likes) == 0:
        return None
    return _Like(min(likes), min(likes) == 100)


def _alike(word: str, name: str) -> int:
    if word == name:
        return 100
    if sound(word) == sound(name):
        return 90
    return 80 if min(len(word), len(name)) >= _SHORT and DamerauLevenshtein.distance(word, name) <= 1 else 0


def _words(person: Person) -> set[str]:
    names = (person.given_name, person.family_name, person.previous_family_name or "")
    return {part for name in names for part in parts(name)}
