"""Files of the institution that sends: uploaded, opened, deleted; what cannot be attached is refused."""

from typing import Any

import httpx2
import pytest

from rules.limits import limit
from services.edge.bodies import LARGER
from services.kit import retention
from tests.nodes import TODAY, Network, Office
from tests.services.database import change, rows
from tests.services.files import jpeg, pdf, png
from tests.services.steps import PROBLEM, errors, refused

PARTS = pdf(b"x" * 600_000)
"""A file of three parts."""


async def upload(office: Office, content: bytes, name: str = "wniosek.pdf", **headers: str) -> httpx2.Response:
    return await office.http.post("/attachments", files={"file": (name, content)}, headers=headers)


async def uploaded(office: Office, content: bytes = PARTS, name: str = "wniosek.pdf") -> dict[str, Any]:
    answer = await upload(office, content, name)
    assert answer.status_code == 201, answer.text
    attachment: dict[str, Any] = answer.json()
    return attachment


async def test_what_was_uploaded_is_given_back_byte_by_byte(network: Network) -> None:
    poraj = network.office("ops-poraj")
    answer = await upload(poraj, PARTS, "Orzeczenie łódzkie.pdf")
    kept = answer.json()
    assert answer.headers["Location"] == f"/api/v1/attachments/{kept['id']}"
    assert (kept["name"], kept["media_type"]) == ("Orzeczenie łódzkie.pdf", "application/pdf")
    assert (kept["size"], kept["in_use"]) == (len(PARTS), False)
    assert (await poraj.http.get(f"/attachments/{kept['id']}")).json() == kept
    opened = await poraj.http.get(f"/attachments/{kept['id']}/content")
    assert opened.content == PARTS


async def test_a_file_is_sent_so_that_no_browser_runs_it(network: Network) -> None:
    poraj = network.office("ops-poraj")
    kept = await uploaded(poraj, png(), "zdjęcie;1.png")
    headers = (await poraj.http.get(f"/attachments/{kept['id']}/content")).headers
    assert headers["content-disposition"] == (
        "attachment; filename=\"zdjecie_1.png\"; filename*=UTF-8''zdj%C4%99cie%3B1.png"
    )
    assert (headers["content-type"], headers["x-content-type-options"]) == ("image/png", "nosniff")
    assert (headers["cache-control"], "sandbox" in headers["content-security-policy"]) == ("no-store", True)


async def test_the_type_told_by_the_sender_does_not_count(network: Network) -> None:
    poraj = network.office("ops-poraj")
    answer = await poraj.http.post("/attachments", files={"file": ("x.exe", jpeg(), "text/html")})
    assert (answer.json()["media_type"], answer.json()["name"]) == ("image/jpeg", "x.exe.jpg")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (pdf()[:-6], 422, "file_damaged"),
        (b"MZ\x90\0", 415, "file_type"),
        (pdf(b"x" * 10_000_000), 413, "file_too_large"),
    ],
)
async def test_a_file_that_cannot_be_attached_is_refused(
    network: Network, content: bytes, status: int, code: str
) -> None:
    answer = await upload(network.office("ops-poraj"), content)
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"{PROBLEM}{code}" or errors(answer) == [("file", code)]


async def test_an_institution_keeps_only_so_much_that_nothing_names(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("ops-myszkow")
    kept = await uploaded(poraj)
    most = limit("unused_attachments_bytes", TODAY)
    await change(network, "ops", "update intake.attachment set size = $2 where id = $1", kept["id"], most)
    assert refused(await upload(poraj, pdf())) == (409, "attachments_unused")
    await uploaded(myszkow, pdf())
    draft = await poraj.send("cis-poraj", draft=True, attachments=[kept["id"]])
    await uploaded(poraj, pdf())
    assert (await poraj.http.delete(f"/referrals/{draft['id']}")).status_code == 204
    assert (await poraj.http.delete(f"/attachments/{kept['id']}")).status_code == 204


async def test_what_is_no_form_with_one_file_is_refused(network: Network) -> None:
    http = network.office("ops-poraj").http
    assert refused(await http.post("/attachments", json={})) == (415, "not_a_form")
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert refused(await http.post("/attachments", content=b"nothing", headers=form)) == (400, "malformed_form")
    two = [("file", ("a.pdf", pdf())), ("file", ("b.pdf", pdf()))]
    assert refused(await http.post("/attachments", files=two)) == (400, "malformed_form")
    assert errors(await http.post("/attachments", files={"scan": ("a.pdf", pdf())})) == [("file", "missing")]


async def test_nobody_uploads_without_a_token_and_nothing_is_read_of_more_than_may_be(network: Network) -> None:
    http = network.client_of("ops-poraj")
    assert refused(await http.post("/attachments", files={"file": ("a.pdf", pdf())})) == (401, "not_authenticated")
    larger = b"x" * (LARGER["POST", "/api/v1/attachments"] + 1)
    answer = await http.post("/attachments", content=larger, headers={"Accept-Language": "en"})
    assert (refused(answer), answer.headers["content-language"]) == ((413, "too_large"), "en")


async def test_a_file_is_its_institution_s_own(network: Network) -> None:
    kept = await uploaded(network.office("ops-poraj"))
    other = network.office("ops-kozieglowy")
    for answer in (
        await other.http.get(f"/attachments/{kept['id']}"),
        await other.http.get(f"/attachments/{kept['id']}/content"),
        await other.http.delete(f"/attachments/{kept['id']}"),
    ):
        assert refused(answer) == (404, "not_found")
    named = await other.create("cis-kozieglowy", attachments=[kept["id"]])
    assert ("attachments.0", "attachment_unknown") in errors(named)


async def test_a_file_that_nothing_names_can_be_deleted_and_one_that_is_named_cannot(network: Network) -> None:
    poraj = network.office("ops-poraj")
    loose, named = await uploaded(poraj), await uploaded(poraj)
    assert (await poraj.http.delete(f"/attachments/{loose['id']}")).status_code == 204
    assert (await poraj.http.get(f"/attachments/{loose['id']}")).status_code == 404
    await poraj.send("cis-poraj", attachments=[named["id"]])
    assert refused(await poraj.http.delete(f"/attachments/{named['id']}")) == (409, "attachment_in_use")
    assert (await poraj.http.get(f"/attachments/{named['id']}")).json()["in_use"]


async def test_what_is_wrong_with_attachments_is_told_with_everything_else(network: Network) -> None:
    poraj = network.office("ops-poraj")
    kept = (await uploaded(poraj))["id"]
    answer = await poraj.create("cis-poraj", attachments=[kept, kept], route="C")
    assert set(errors(answer)) >= {("attachments.1", "attachment_twice"), ("route", "route_c_only_pup")}


async def test_files_together_have_a_limit_too(network: Network) -> None:
    poraj = network.office("ops-poraj")
    large = pdf(b"x" * 7_600_000)
    ids = [(await uploaded(poraj, large))["id"] for _ in range(4)]
    answer = await poraj.create("cis-poraj", attachments=ids)
    assert errors(answer) == [("attachments", "attachments_too_large")]


async def test_it_is_kept_who_opened_what(network: Network) -> None:
    worker = await network.person("ops-poraj", "OPS_SOCIAL_WORKER")
    kept = await uploaded(worker)
    await worker.http.get(f"/attachments/{kept['id']}/content")
    query = "select actor from intake.attachment_access where attachment_id = $1"
    (opened,) = await rows(network, "ops", query, kept["id"])
    assert "@" in opened["actor"]


async def test_a_file_that_nothing_names_goes_after_its_time(network: Network) -> None:
    poraj = network.office("ops-poraj")
    loose, named, fresh = [(await uploaded(poraj))["id"] for _ in range(3)]
    await poraj.send("cis-poraj", attachments=[named])
    for old in (loose, named):
        await change(
            network, "ops", "update intake.attachment set uploaded_at = now() - interval '8 days' where id = $1", old
        )
    await retention.prune(network.bases["ops"].service("intake"), [retention.LOOSE_ATTACHMENTS])
    left = await rows(network, "ops", "select id from intake.attachment where id = any($1)", [loose, named, fresh])
    assert {str(row["id"]) for row in left} == {named, fresh}
    assert await rows(network, "ops", "select 1 from intake.attachment_part where attachment_id = $1", loose) == []
