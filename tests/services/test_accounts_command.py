"""`sciezka accounts` on a node: what the command says, and that it does it."""

from collections.abc import Iterator

import pytest
import structlog

from services.kit.clock import DatabaseClock
from stack import accounts
from stack.credentials import register
from stack.errors import StackError
from stack.institutions import read_directory
from tests.nodes import Network
from tests.services.steps import refused

OPS, KIS = "ops-zdunska-wola", "kis-zdunska-wola"


@pytest.fixture(autouse=True)
def logs_go_where_they_went() -> Iterator[None]:
    """The command sends the logs of its process elsewhere; this process is that of all tests."""
    yield
    structlog.reset_defaults()


async def _sign_in(network: Network, login: str, password: str | None) -> int:
    body = {"login": login, "password": password}
    return (await network.client_of(OPS).post("/session", json=body)).status_code


async def test_a_person_is_added_given_a_second_institution_and_shut_out(network: Network) -> None:
    data = network.data
    added = await accounts.add(data, OPS, "ewa.polecona", "Ewa Próbna", "OPS_SOCIAL_WORKER")
    login = added.account.login
    assert login == "ewa.polecona@ops-zdunska-wola"
    given = await accounts.give(data, KIS, login, "KIS_COORDINATOR")
    assert [post.role for post in given.posts] == ["KIS_COORDINATOR"]
    assert login in [each.login for each in await accounts.list_(data, KIS)]
    assert await _sign_in(network, login, added.password) == 201
    renewed = await accounts.change(data, OPS, login, "new_password")
    assert [await _sign_in(network, login, each) for each in (added.password, renewed.password)] == [401, 201]
    await accounts.change(data, OPS, login, "disable")
    answer = await network.client_of(OPS).post("/session", json={"login": login, "password": renewed.password})
    assert refused(answer) == (403, "account_disabled")
    await accounts.change(data, OPS, login, "enable")
    assert await _sign_in(network, login, renewed.password) == 201


@pytest.mark.parametrize(
    ("login", "institution", "role", "sentence"),
    [
        ("Łucja", OPS, "OPS_HEAD", "Login to małe litery"),
        ("lucja", OPS, "CIS_HEAD", "Takiej roli nie ma w tej instytucji."),
        ("admin", OPS, "OPS_HEAD", "Taki login już jest."),
        ("lucja", "ops-nigdzie", "OPS_HEAD", "Nie ma instytucji ops-nigdzie."),
    ],
)
async def test_what_cannot_be_is_told_in_a_sentence(
    network: Network, login: str, institution: str, role: str, sentence: str
) -> None:
    with pytest.raises(StackError) as caught:
        await accounts.add(network.data, institution, login, "Łucja Próbna", role)
    assert caught.value.sentence.startswith(sentence)


async def test_an_account_of_another_institution_is_not_changed_from_here(network: Network) -> None:
    with pytest.raises(StackError, match="Nie ma konta"):
        await accounts.change(network.data, KIS, "ops-head@ops-zdunska-wola", "disable")


async def test_a_post_that_was_taken_away_is_not_given_back_by_the_next_start(network: Network) -> None:
    deputy, worker = f"ops-deputy@{OPS}", f"ops-social-worker@{OPS}"
    agencies = [read_directory(network.data)[slug] for slug in (OPS, KIS)]
    await accounts.change(network.data, OPS, deputy, "take_post", role="OPS_DEPUTY")
    await accounts.change(network.data, KIS, worker, "take_post", role="KIS_COORDINATOR")
    await register(network.bases["ops"].database("edge"), DatabaseClock(), agencies, network.credentials)
    held = {each.login: [post.role for post in each.posts] for each in await accounts.list_(network.data, OPS)}
    lent = [each.login for each in await accounts.list_(network.data, KIS)]
    await accounts.give(network.data, OPS, deputy, "OPS_DEPUTY")
    await accounts.give(network.data, KIS, worker, "KIS_COORDINATOR")
    assert (held[deputy], worker in lent) == ([], False)
