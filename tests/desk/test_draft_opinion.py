"""The social worker's opinion on a draft: asked for on its page, given in its form."""

from tests.desk.conftest import SignedIn
from tests.nodes import Network
from tests.services.steps import done


async def test_an_opinion_is_asked_for_and_given_on_the_page_of_the_draft(network: Network, at_desk: SignedIn) -> None:
    poraj = network.office("ops-poraj")
    head, worker = await at_desk("ops-poraj", "OPS_HEAD"), await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    opinion = poraj.body("cis-poraj")["opinion"]
    draft = done(await poraj.create("cis-poraj", draft=True, opinion=None), 201)["id"]
    page = await head.open(f"/drafts/{draft}")
    asked = await head.send(page.form(f"/drafts/{draft}"), do="ask_opinion")
    assert "Czeka na opinię." in asked.text
    assert draft in (await worker.open("/work")).html
    form = (await worker.open(f"/drafts/{draft}")).form(f"/drafts/{draft}")
    bare = await worker.send(form, do="give_opinion")
    assert bare.status == 422
    given = await worker.send(
        bare.form(f"/drafts/{draft}"),
        do="give_opinion",
        opinion__result=opinion["result"],
        opinion__issued_on=opinion["issued_on"],
        opinion__interview_on=opinion["interview_on"],
    )
    assert given.status == 200
    assert "Czeka na opinię." not in given.text
    known = await poraj.get(draft)
    assert known is not None
    assert known["status"] == "draft"
    assert known["opinion_asked"]["given_by"]
