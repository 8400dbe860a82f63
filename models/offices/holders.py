"""What all acts on offices share."""

from domain.access import Viewer
from domain.accounts import AccountKind
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.accounts import Account
from models.organisations import Organisation
from models.permits import found


def refused(code: RefusalCode, path: tuple[str, ...], message: Text, hint: Text) -> Refused:
    return Refused(code, message, path=path, hint=hint)


def of(body: Organisation) -> dict[str, str]:
    """The columns by which what is an organisation's own belongs to it."""
    return {"organisation_id": body.id, "street_id": body.street_id}


async def check_account(viewer: Viewer, account_id: str | None, body: Organisation, path: tuple[str, ...]) -> None:
    """Refuses an account that the viewer does not see (NOT_FOUND), a machine's and one of another street (INVALID)."""
    if account_id is None:
        return
    account = await found(Account, account_id, viewer, path=path)
    if account.kind is not AccountKind.PERSON or account.street_id != body.street_id:
        raise refused(
            RefusalCode.INVALID,
            path,
            Text("This is no account of a person in the street.", "该账号不是本街道人员账号。"),
            Text("Name a person's account, or leave it out.", "请选择人员账号，或留空。"),
        )
