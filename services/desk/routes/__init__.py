"""The pages, one file per group of them."""

from fastapi import APIRouter

from services.desk.routes.about import router as about
from services.desk.routes.accounts import router as accounts
from services.desk.routes.application_steps import router as application_steps
from services.desk.routes.application_unfinished import router as application_unfinished
from services.desk.routes.applications import router as applications
from services.desk.routes.applications_new import router as applications_new
from services.desk.routes.clients import router as clients
from services.desk.routes.drafts import router as drafts
from services.desk.routes.home import router as home
from services.desk.routes.imports import router as imports
from services.desk.routes.inbox import router as inbox
from services.desk.routes.institutions import router as institutions
from services.desk.routes.letters import router as letters
from services.desk.routes.live import router as live
from services.desk.routes.merges import router as merges
from services.desk.routes.new import router as new
from services.desk.routes.notices import router as notices
from services.desk.routes.of_cases import OF_CASES
from services.desk.routes.operator import router as operator
from services.desk.routes.paths import router as paths
from services.desk.routes.places import router as places
from services.desk.routes.receipt import router as receipt
from services.desk.routes.referrals import router as referrals
from services.desk.routes.rules import router as rules
from services.desk.routes.sent import router as sent
from services.desk.routes.session import router as session
from services.desk.routes.signing_in import router as signing_in
from services.desk.routes.withdrawal import router as withdrawal
from services.desk.routes.work import router as work
from services.desk.static import router as static

cases = APIRouter(dependencies=OF_CASES)
for router in (
    new,
    drafts,
    receipt,
    letters,
    applications_new,
    applications,
    application_steps,
    application_unfinished,
    notices,
    places,
    imports,
    work,
    inbox,
    sent,
    live,
    referrals,
    clients,
    merges,
    withdrawal,
    paths,
    rules,
):
    cases.include_router(router)

ROUTERS = (static, about, home, signing_in, session, accounts, institutions, operator, cases)
