"""The referral that an application would become, as its letter: to be read before it is issued."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.api import Referral, Times
from contracts.applications import Application
from contracts.directory import Agency, Directory
from rules.kinds import kind_between
from services.desk.letters.referral import referral_letter
from services.kit.paper.sheet import Sheet

NAME = "Podgląd skierowania"


def preview(
    directory: Directory, application: Application, receiver: Agency, told: dict[str, Any], now: datetime
) -> Sheet | None:
    """`told`: what was typed for the issue, as the interface takes it. It has no number of its own yet."""
    client = application.client.model_copy(
        update={
            "opinion": application.opinion,
            "opinion_result": application.opinion.result if application.opinion else None,
            "case_mark": told.get("case_mark"),
            "reason": told.get("reason") or application.client.reason or application.client.expectations,
            "preferred_workshop": told.get("preferred_workshop") or application.client.preferred_workshop,
            "attachments": None,
        }
    )
    sheet = referral_letter(
        directory,
        Referral(
            id=application.id,
            path_id=application.path_id,
            number=application.number,
            sender=application.agency,
            receiver=receiver.slug,
            unit=told.get("unit"),
            kind=kind_between(directory[application.agency].kind, receiver.kind),
            urgency=application.urgency,
            status="submitted",
            version=1,
            custodian=application.agency,
            available_actions=(),
            times=Times(submitted=now),
            client=client,
        ),
    )
    return None if sheet is None else replace(sheet, name=NAME, title=f"{sheet.title} (podgląd)")
