"""A referral from one institution to another, over the public interface, on real NATS and PostgreSQL."""

from tests.nodes import Network


async def test_a_sent_referral_is_delivered_and_its_acceptance_reaches_the_sender(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    sent = await poraj.send("cis-poraj")
    assert (sent["status"], sent["version"], sent["custodian"]) == ("submitted", 1, "ops-poraj")
    await cis.has(sent["id"], status="delivered")
    accepted = await cis.act(sent["id"], "accept")
    assert accepted.status_code == 200, accepted.text
    known = await poraj.has(sent["id"], status="accepted")
    assert None not in known["times"].values()
