"""Why an action is refused. Each error carries a code for programs and a sentence for people, in both languages."""

from typing import ClassVar

from contracts.codes import Language


class RuleError(Exception):
    """The rules do not allow this. The sentence comes from the tables and never repeats what the caller sent."""

    code: ClassVar[str]

    def __init__(self, wording: dict[Language, str]) -> None:
        super().__init__(self.code)
        self.wording = wording


class IllegalAction(RuleError):
    """This side cannot do this in this state, or the action does not exist for this kind of referral."""

    code = "illegal_action"


class RoleNotAllowed(RuleError):
    """The action is possible now, but not for any of these roles."""

    code = "role_not_allowed"


class ReasonRequired(RuleError):
    """The action needs a reason from a list."""

    code = "reason_required"


class UnknownReason(RuleError):
    """The reason is not on the list of this action; an action without a list takes none."""

    code = "unknown_reason"


class NoteRequired(RuleError):
    """The reason says too little without an explanation."""

    code = "note_required"
