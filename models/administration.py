"""What administrators do with accounts: make them, close them, open them again."""

from datetime import UTC, datetime

from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.accounts import AccountKind, is_login
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .accounts import Account, RoleBinding, check_unerased, hashed
from .calendar import today
from .connection import constrained
from .facts import Actor, record
from .organisations import Organisation
from .passwords import temporary_password
from .permits import actor_of, found, permit, permitted
from .roles import check_role, found_bound
from .sessions import revoke_sessions
from .territory import Compound, Home, Place

NAME_MAX = 60


async def create_account(
    login: str,
    name: str,
    role: Role,
    bound: Place | Organisation | Compound | Home,
    actor: Actor,
    *,
    kind: AccountKind = AccountKind.PERSON,
    password_hash: str | None = None,
    must_change_password: bool = False,
    action: str = "accountCreate",
) -> Account:
    """A new account with one role from today on, bound to a place, organisation, compound or home.

    Refuses INVALID (login, name, or a role that is not held over that) and CONFLICT (the login is taken).
    """
    if not is_login(login):
        raise Refused(
            RefusalCode.INVALID,
            Text("This cannot be a log-in name.", "登录名格式不正确。"),
            path=("login",),
            hint=Text(
                "3 to 40 small letters, digits, dots, hyphens, underscores.",
                "请使用 3 至 40 个小写字母、数字、点、横线或下划线。",
            ),
        )
    name = written(name, "name", NAME_MAX)
    check_role(role, bound, kind)
    async with in_transaction():
        async with constrained(
            Refused(
                RefusalCode.CONFLICT,
                Text("This log-in name is taken.", "该登录名已被使用。"),
                path=("login",),
                hint=Text("Choose another.", "请更换一个登录名。"),
            )
        ):
            account = await Account.create(
                login=login,
                name=name,
                kind=kind,
                password_hash=password_hash,
                must_change_password=must_change_password,
                street_id=bound.street_id,
                organisation_id=bound.id if isinstance(bound, Organisation) else None,
            )
        await RoleBinding.create(
            account_id=account.id,
            role=role,
            starts_on=today(),
            street_id=bound.street_id,
            **RoleBinding.over(bound),
        )
        await record(actor, action, account, after={"kind": kind, "role": role, "bound": bound.id})
        return account


async def create_service_account(viewer: Viewer, organisation_id: str, login: str, name: str) -> Account:
    """A service account with the role INTEGRATION for an organisation: it may do nothing until it has a token.

    Refuses NOT_FOUND, FORBIDDEN, INVALID and CONFLICT.
    """
    async with in_transaction():
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        permit(viewer, "serviceAccountCreate", organisation)
        return await create_account(
            *(login, name, Role.INTEGRATION, organisation, actor_of(viewer)),
            kind=AccountKind.SERVICE,
            action="serviceAccountCreate",
        )


async def create_person(viewer: Viewer, login: str, name: str, role: Role, bound_id: str) -> tuple[Account, str]:
    """A person's account with one role from today on; and a temporary password, to be changed at the first log-in.

    Refuses NOT_FOUND, FORBIDDEN, INVALID and CONFLICT.
    """
    permit(viewer, "accountCreate", await found_bound(viewer, bound_id))  # hashing takes long: not for whoever may not
    password = temporary_password()
    password_hash = await hashed(password)
    async with in_transaction():
        bound = await found_bound(viewer, bound_id)
        permit(viewer, "accountCreate", bound)
        given = (login, name, role, bound, actor_of(viewer))
        return await create_account(*given, password_hash=password_hash, must_change_password=True), password


async def disable_account(viewer: Viewer, account_id: str) -> Account:
    """Close an account: from the next request on it is nobody, and its sessions are over. A closed one stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (one's own).
    """
    async with in_transaction():
        account = await permitted(Account, account_id, viewer, "accountDisable")
        if account.id == viewer.account_id:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                Text("You cannot close your own account.", "不能停用自己的账号。"),
                path=("id",),
                hint=Text("Ask another administrator.", "请联系其他管理员。"),
            )
        if account.disabled_at is None:
            account.disabled_at = datetime.now(UTC)
            await account.save(update_fields=["disabled_at"])
            await record(actor_of(viewer), "accountDisable", account, after={"disabled_at": account.disabled_at.isoformat()})
            await revoke_sessions(account, actor_of(viewer), "sessionRevoke")
        return account


async def enable_account(viewer: Viewer, account_id: str) -> Account:
    """Open a closed account again; its sessions stay over. Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (erased)."""
    async with in_transaction():
        account = await permitted(Account, account_id, viewer, "accountEnable")
        check_unerased(account)
        if account.disabled_at is not None:
            account.disabled_at = None
            await account.save(update_fields=["disabled_at"])
            await record(actor_of(viewer), "accountEnable", account, after={"disabled_at": None})
        return account
