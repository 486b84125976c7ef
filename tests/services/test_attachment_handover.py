"""The contents of files follow a referral once it is accepted, part by part, and never before."""

from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from contracts.attachments import PART_BYTES
from contracts.dossier import Dossier
from contracts.envelope import Envelope
from contracts.events import AttachmentPart
from contracts.subjects import subject
from services.kit.delivery import Delivery, Forged
from services.kit.files import part_context
from services.kit.inbox import Inbox
from services.kit.keyring import CannotOpen, load_keyring
from services.kit.sealing import unseal
from services.referral.context import Receiving
from services.referral.handlers import handlers
from tests.nodes import Network, Office, eventually
from tests.services.database import change, road_clear, road_closed, rows
from tests.services.files import pdf, png
from tests.services.steps import SOON, club, delivered, done, refused
from tests.services.test_attachments import PARTS, uploaded


async def _with_files(sender: Office, receiver: str, *ids: str) -> str:
    return await delivered(sender, receiver, attachments=list(ids))


async def _opened(office: Office, referral: str, attachment: str) -> bytes:
    """The content, once all of it is there."""
    address = f"/referrals/{referral}/attachments/{attachment}/content"

    async def whole() -> bytes | None:
        answer = await office.http.get(address)
        return answer.content if answer.status_code == 200 else None

    content: bytes = await eventually(whole)
    return content


async def _parts(network: Network, node: str, referral: str) -> int:
    query = "select count(*) as count from referral.attachment_part where referral_id = $1"
    count: int = (await rows(network, node, query, referral))[0]["count"]
    return count


async def test_a_file_is_listed_after_the_claim_and_opened_after_the_acceptance(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan, photo = await uploaded(poraj), await uploaded(poraj, png(), "zdjęcie.png")
    referral = await _with_files(poraj, "cis-poraj", scan["id"], photo["id"])
    address = f"/referrals/{referral}/attachments/{scan['id']}/content"
    assert (await cis.has(referral))["client"]["attachments"] is None
    claimed = done(await cis.act(referral, "claim"))
    told = [{key: file[key] for key in ("id", "name", "media_type", "size")} for file in (scan, photo)]
    assert claimed["client"]["attachments"] == told
    assert refused(await cis.http.get(address)) == (409, "attachment_not_yet")
    assert await _parts(network, "cis", referral) == 0
    done(await cis.act(referral, "accept"))
    assert await _opened(cis, referral, scan["id"]) == PARTS
    assert await _opened(cis, referral, photo["id"]) == png()
    assert await _parts(network, "cis", referral) == 4
    query = "select actor from referral.attachment_access where attachment_id = $1"
    assert await rows(network, "cis", query, scan["id"]) == [{"actor": "cis-poraj"}]


async def test_the_sender_sees_and_opens_its_files_all_the_time(network: Network) -> None:
    poraj = network.office("ops-poraj")
    scan = await uploaded(poraj)
    referral = await _with_files(poraj, "cis-poraj", scan["id"])
    assert (await poraj.has(referral))["client"]["attachments"][0]["id"] == scan["id"]
    assert await _opened(poraj, referral, scan["id"]) == PARTS
    other = await uploaded(poraj)
    answer = await poraj.http.get(f"/referrals/{referral}/attachments/{other['id']}/content")
    assert refused(answer) == (404, "not_found")


async def test_files_follow_within_one_node_too(network: Network) -> None:
    ops, coordinator, head = await club(network)
    scan = await uploaded(ops)
    referral = await _with_files(ops, "kis-zdunska-wola", scan["id"])
    done(await coordinator.act(referral, "claim"))
    done(await head.act(referral, "accept"))
    assert await _opened(coordinator, referral, scan["id"]) == PARTS


async def test_a_draft_sent_later_takes_its_files_along(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj)
    draft = await poraj.send("cis-poraj", draft=True, attachments=[scan["id"]])
    done(await poraj.act(draft["id"], "submit"))
    await poraj.has(draft["id"], status="delivered")
    done(await cis.act(draft["id"], "accept"))
    assert await _opened(cis, draft["id"], scan["id"]) == PARTS


@pytest.mark.parametrize("receiver", ["pup-myszkow", "owes-jowes"])
async def test_to_whom_no_contents_go_no_names_go_either(network: Network, receiver: str) -> None:
    poraj, other = network.office("ops-poraj"), network.office(receiver)
    scan = await uploaded(poraj)
    referral = await _with_files(poraj, receiver, scan["id"])
    accepted = done(await other.act(referral, "accept"))
    assert accepted["client"]["attachments"] is None
    await poraj.has(referral, status="accepted")
    answer = await other.http.get(f"/referrals/{referral}/attachments/{scan['id']}/content")
    assert refused(answer) == (404, "not_found")
    ordered = await rows(network, "ops", "select 1 from intake.attachment_handover where referral_id = $1", referral)
    sent = "select 1 from intake.outbox where headers ->> 'ce-subject' = $1 and subject like '%.attachment_part'"
    assert ordered + await rows(network, "ops", sent, accepted["path_id"]) == []


async def test_a_withdrawn_referral_leaves_nothing_of_its_files_at_the_receiver(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj)
    referral = await _with_files(poraj, "cis-poraj", scan["id"])
    done(await cis.act(referral, "claim"))
    await poraj.has(referral, status="in_review")
    done(await poraj.act(referral, "withdraw", reason="person_moved"), 202)
    gone = await cis.has(referral, status="withdrawn")
    assert gone["client"] is None
    answer = await cis.http.get(f"/referrals/{referral}/attachments/{scan['id']}/content")
    assert refused(answer) == (404, "not_found")
    assert await _parts(network, "cis", referral) == 0


async def test_a_declined_referral_opens_nothing(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj)
    referral = await _with_files(poraj, "cis-poraj", scan["id"])
    done(await cis.act(referral, "claim"))
    done(await cis.act(referral, "decline", reason="no_place"))
    await poraj.has(referral, status="declined")
    answer = await cis.http.get(f"/referrals/{referral}/attachments/{scan['id']}/content")
    assert refused(answer) == (409, "attachment_not_yet")
    assert await _parts(network, "cis", referral) == 0


async def test_a_large_file_never_stands_in_the_way_and_goes_on_where_it_was(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    large = pdf(b"x" * 12 * PART_BYTES)
    scan = await uploaded(poraj, large)
    referral = await _with_files(poraj, "cis-poraj", scan["id"])
    handover = "select next_part from intake.attachment_handover where attachment_id = $1"
    waiting = "select count(*) as count from intake.outbox where sent_at is null and subject like '%.attachment_part'"

    async def stopped() -> bool:
        (unsent,) = await rows(network, "ops", waiting)
        return bool(unsent["count"] == 8)

    await road_clear(network, "ops")  # what else is on its way counts too
    async with road_closed(network, "ops"):
        done(await cis.act(referral, "accept"))
        await eventually(stopped)
        assert await rows(network, "ops", handover, scan["id"]) == [{"next_part": 9}]
    assert await _opened(cis, referral, scan["id"]) == large
    assert await rows(network, "ops", handover, scan["id"]) == []


async def test_a_file_that_cannot_be_read_is_put_aside_and_the_others_go_on(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    bad, good = [await uploaded(poraj, png()) for _ in range(2)]
    spoilt, whole = [await _with_files(poraj, "cis-poraj", file["id"]) for file in (bad, good)]
    spoil = "update intake.attachment_part set sealed = translate(sealed, '.', ',') where attachment_id = $1"
    await change(network, "ops", spoil, bad["id"])
    handover = "select attempts, due_at > now() as later from intake.attachment_handover where attachment_id = $1"

    async def put_aside() -> bool:
        return await rows(network, "ops", handover, bad["id"]) == [{"attempts": 1, "later": True}]

    done(await cis.act(spoilt, "accept"))
    await eventually(put_aside)
    done(await cis.act(whole, "accept"))
    assert await _opened(cis, whole, good["id"]) == png()
    await change(network, "ops", spoil.replace("'.', ','", "',', '.'"), bad["id"])
    again = "update intake.attachment_handover set due_at = now() where attachment_id = $1"
    await change(network, "ops", again, bad["id"])
    third = await uploaded(poraj, png())  # whose acceptance wakes the sending
    done(await cis.act(await _with_files(poraj, "cis-poraj", third["id"]), "accept"))
    assert await _opened(cis, spoilt, bad["id"]) == png()
    assert await rows(network, "ops", handover, bad["id"]) == []


class _Road:
    """The parts of one file of an accepted referral, given to the receiver by hand."""

    def __init__(self, network: Network, referral: str, path: str, attachment: str) -> None:
        self._network = network
        self._ids = {"referral_id": UUID(referral), "path_id": UUID(path), "attachment_id": UUID(attachment)}
        base = network.bases["cis"]
        receiving = Receiving(base.service("referral"), load_keyring(network.data, "cis"))
        self._inbox = Inbox(
            node="cis", database=base.database("referral"), directory=base.directory, handlers=handlers(receiving)
        )

    def event(self, part: int, parts: int, content: bytes, **changes: object) -> AttachmentPart:
        context = part_context(self._ids["attachment_id"], part)
        sealed = load_keyring(self._network.data, "ops").seal(content, to="cis", context=context)
        told = {"version": 5, "at": "2026-06-01T08:00:00Z", "sender": "ops-poraj", "receiver": "cis-poraj"}
        values = {**told, **self._ids, "sealed": sealed, "part": part, "parts": parts, **changes}
        return AttachmentPart.model_validate(values)

    async def take(self, event: AttachmentPart, source: str = "ops-poraj") -> None:
        envelope = Envelope(
            id=uuid4(),
            type=event.type(),
            source=source,
            subject=event.path_id,
            time=event.at,
            version=event.version,
            correlation_id=uuid4(),
        )
        where = subject(event, source="ops", target="cis")
        delivery = Delivery.of(where, envelope.headers(), event.model_dump_json().encode())
        await self._inbox.take(self._inbox.arrival(delivery))


async def _road(network: Network) -> tuple[_Road, str, str]:
    """A referral accepted at the receiver, whose file the sender is kept from sending."""
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj, png())
    referral = await _with_files(poraj, "cis-poraj", scan["id"])
    async with network.bases["ops"].database("intake").transaction("ops-poraj") as session:
        unshared = "update attachment_use set shared = false where used_by = :referral"
        await session.execute(text(unshared), {"referral": UUID(referral)})
    accepted = done(await cis.act(referral, "accept"))
    return _Road(network, referral, accepted["path_id"], scan["id"]), referral, scan["id"]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
async def test_parts_in_any_order_and_twice_make_the_same_file(network: Network, order: tuple[int, ...]) -> None:
    road, referral, attachment = await _road(network)
    cis = network.office("cis-poraj")
    pieces = {1: png()[:10], 2: png()[10:40], 3: png()[40:]}
    for part in (*order[:2], order[0]):
        await road.take(road.event(part, 3, pieces[part]))
    answer = await cis.http.get(f"/referrals/{referral}/attachments/{attachment}/content")
    assert refused(answer) == (409, "attachment_on_its_way")
    await road.take(road.event(order[2], 3, pieces[order[2]]))
    assert await _opened(cis, referral, attachment) == png()


async def test_no_part_is_taken_that_nobody_asked_for(network: Network) -> None:
    road, referral, _ = await _road(network)
    with pytest.raises(Forged):
        await road.take(road.event(1, 1, b"1"), source="ops-kozieglowy")
    with pytest.raises(Forged):
        await road.take(road.event(1, 1, b"1", attachment_id=uuid4()))
    with pytest.raises(Forged):
        await road.take(road.event(1, 1, b"1", referral_id=uuid4()))
    with pytest.raises(CannotOpen):
        await road.take(road.event(1, 2, b"1").model_copy(update={"part": 2}))
    with pytest.raises(CannotOpen):
        await road.take(road.event(1, 1, b"1", sealed=None))
    assert await _parts(network, "cis", referral) == 0


async def test_a_part_still_on_its_way_when_the_referral_was_voided_is_dropped(network: Network) -> None:
    road, referral, _ = await _road(network)
    await network.office("ops-poraj").has(referral, status="accepted")
    done(await network.office("ops-poraj").act(referral, "void", reason="wrong_person"), 202)
    await network.office("cis-poraj").has(referral, status="voided")
    await road.take(road.event(1, 1, b"1"))
    assert await _parts(network, "cis", referral) == 0


async def test_no_part_is_taken_before_the_acceptance(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj, png())
    referral = await _with_files(poraj, "cis-poraj", scan["id"])
    claimed = done(await cis.act(referral, "claim"))
    road = _Road(network, referral, claimed["path_id"], scan["id"])
    with pytest.raises(Forged):
        await road.take(road.event(1, 1, b"1"))


async def test_a_part_at_rest_and_on_the_road_is_sealed(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj)
    referral = await _with_files(poraj, "cis-poraj", scan["id"])
    done(await cis.act(referral, "accept"))
    await _opened(cis, referral, scan["id"])
    query = "select sealed from referral.attachment_part where referral_id = $1"
    kept = [row["sealed"] for row in await rows(network, "cis", query, referral)]
    keyring = load_keyring(network.data, "ops")
    with pytest.raises(CannotOpen):
        unseal(keyring, Dossier, kept[0], context=part_context(UUID(scan["id"]), 1))
    assert not [sealed for sealed in kept if "x" * 100 in sealed]


async def test_files_that_arrive_while_the_person_already_waits_or_is_served_are_kept(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj)
    referral = await _with_files(poraj, "cis-poraj", scan["id"])
    async with road_closed(network, "ops"):
        done(await cis.act(referral, "put_on_list", review_on=SOON))
        done(await cis.act(referral, "admit"))
        done(await cis.act(referral, "start", signed_on="2026-06-01"))
    assert await _opened(cis, referral, scan["id"]) == PARTS
