"""Letters to print and sign, as PDF: each made anew from what the interface gives the person, and kept nowhere."""

from uuid import UUID

from fastapi import APIRouter, HTTPException, Response

from contracts.api import Referral
from contracts.applications import Application
from contracts.receipts import HandoverReceipt
from services.desk.api import Calls
from services.desk.case.around import path_of
from services.desk.context import At
from services.desk.letters.opinion import opinion_of_referral, opinion_on_application
from services.desk.letters.receipt import receipt_letter
from services.desk.letters.referral import referral_letter
from services.desk.now import now_of
from services.desk.visitors import Visitor, Who
from services.kit.paper.answer import called, pdf_answer
from services.kit.paper.press import pdf
from services.kit.paper.sheet import Sheet

router = APIRouter()


@router.get("/referrals/{referral_id}/letter.pdf")
async def letter_of_referral(desk: At, who: Who, referral_id: UUID) -> Response:
    """The referral as its sender's letter to the receiver."""
    referral = await _sent(who, who.calls(desk), referral_id)
    return await _shown(referral_letter(desk.directory, referral), "skierowanie", referral.number)


@router.get("/referrals/{referral_id}/opinion.pdf")
async def opinion_with_referral(desk: At, who: Who, referral_id: UUID) -> Response:
    """The opinion that went with a referral of an OPS."""
    referral = await _sent(who, who.calls(desk), referral_id)
    return await _shown(opinion_of_referral(desk.directory, referral), "opinia", referral.number)


@router.get("/referrals/{referral_id}/receipt.pdf")
async def receipt_of_referral(desk: At, who: Who, referral_id: UUID) -> Response:
    """What became of a sent referral so far."""
    calls = who.calls(desk)
    referral = await _sent(who, calls, referral_id)
    handover = await calls.get(f"/referrals/{referral_id}/receipt", HandoverReceipt)
    path = await path_of(calls, referral.path_id)
    sheet = receipt_letter(desk.directory, referral, handover, path, await now_of(desk))
    return await _shown(sheet, "potwierdzenie", referral.number)


@router.get("/applications/{application_id}/opinion.pdf")
async def opinion_with_application(desk: At, who: Who, application_id: UUID) -> Response:
    """The opinion given on an application."""
    application = await who.calls(desk).get(f"/applications/{application_id}", Application)
    return await _shown(opinion_on_application(desk.directory, application), "opinia", application.number)


@router.get("/notices/{notice_id}/letter.pdf")
async def letter_of_notice(desk: At, who: Who, notice_id: UUID) -> Response:
    """The notice as the interface prints it."""
    answer = await who.calls(desk).raw("GET", f"/notices/{notice_id}/print")
    return pdf_answer(answer.content, answer.headers["content-disposition"])


async def _sent(who: Visitor, calls: Calls, referral_id: UUID) -> Referral:
    """A referral of the person's own institution: only the sender's letters are the sender's to print."""
    referral = await calls.get(f"/referrals/{referral_id}", Referral)
    if referral.sender != who.agency.slug:
        raise HTTPException(404)
    return referral


async def _shown(sheet: Sheet | None, name: str, number: str) -> Response:
    if sheet is None:
        raise HTTPException(404)
    return pdf_answer(await pdf(sheet), called(f"{name}-{number}"))
