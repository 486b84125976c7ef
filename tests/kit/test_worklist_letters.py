"""What the list shows of a letter: everything in the clear, nothing of what is sealed."""

from contracts.envelope import FIRST_LINK
from services.kit.letters import EVERY, Place, detail, letters
from tests.kit.examples import body, envelope, requested, submitted
from tests.kit.road import TARGET, Road
from tests.kit.worklists import Poison, failing, the_letter
from tests.nodes import eventually


async def test_a_letter_shows_what_travels_in_the_clear_and_of_what_is_sealed_its_size_only(road: Road) -> None:
    event = submitted(sealed="eyJ" + "x" * 97)
    road.effects.trouble = Poison(event.referral_id, 1)
    await road.put(envelope(event, link=(17, FIRST_LINK)).headers() | {"X-Odd": "Jan Kowalski"}, body(event))
    async with road.reading():
        await road.finished()
    shown = detail(await the_letter(road), Place(TARGET, "referral"), "en")
    assert str(shown.link) == "ops→cis intake #17"
    assert shown.event is not None
    assert (shown.event["sealed"], shown.event["receiver"]) == ({"size": 100}, "cis-poraj")
    assert shown.headers["ce-type"] == event.type()
    assert "eyJ" not in shown.model_dump_json()
    assert "Kowalski" not in shown.model_dump_json()


async def test_of_a_body_that_keeps_no_contract_nothing_is_shown_but_size_and_hash(road: Road) -> None:
    await road.put(envelope(submitted()).headers(), b'{"name": "Jan Kowalski"}')
    async with road.reading():
        await road.finished()
    shown = detail(await the_letter(road), Place(TARGET, "referral"), "pl")
    assert (shown.event, shown.body.size) == (None, 24)
    assert "Kowalski" not in shown.model_dump_json()


async def test_letters_come_oldest_first_and_failing_ones_on_request_only(road: Road) -> None:
    for content in (b"{", b"[", b'"'):
        await road.put(envelope(submitted()).headers(), content)
    event = requested()
    road.effects.trouble = Poison(event.referral_id, 1)
    await road.put(envelope(event).headers(), body(event))
    async with road.reading((0.01, 60.0)):
        await eventually(lambda: failing(road))
    async with road.receiver.transaction() as session:
        dead = await letters(session)
        every = await letters(session, states=EVERY)
    assert {found.letter.body for found in dead} == {b"{", b"[", b'"'}
    assert [found.letter.first_at for found in dead] == sorted(found.letter.first_at for found in dead)
    assert {found.letter.state for found in every} == {"dead", "failing"}
