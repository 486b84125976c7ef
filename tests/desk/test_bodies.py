"""The body of a form: bounded, and in memory only."""

import tempfile
from collections.abc import AsyncIterator

import pytest

from services.desk.bodies import LARGEST
from tests.desk.attaching import send_with
from tests.desk.conftest import SignedIn

MEGABYTE = 1_000_000


async def test_a_form_that_is_too_large_is_refused_whether_it_says_so_or_not(at_desk: SignedIn) -> None:
    ala = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    announced = await ala.http.post("/imports/new", headers={**kind, "Content-Length": str(LARGEST + 1)}, content=b"")

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(LARGEST // MEGABYTE + 1):
            yield b"x" * MEGABYTE

    streamed = await ala.http.post("/imports/new", headers=kind, content=endless())
    assert (announced.status_code, streamed.status_code) == (413, 413)


async def test_a_file_of_a_form_never_lies_on_the_disk(at_desk: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    ala = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    form = (await ala.open("/imports/new")).form("/imports/new")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened on the disk")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    page = await send_with(ala, form, ("duzy.csv", b"\x00" * 3 * MEGABYTE))
    assert page.status == 415
