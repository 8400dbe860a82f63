"""What administrators do with roles: who holds which, over what, from when to when. The next request obeys."""

from datetime import date, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Role, Viewer
from domain.accounts import AccountKind
from domain.refusals import RefusalCode, Refused
from domain.roles import HELD_OVER, Bound
from domain.words import Text

from .accounts import Account, RoleBinding, check_unerased
from .calendar import today
from .employment import employ
from .facts import record
from .organisations import Organisation
from .permits import actor_of, found, not_found, permit, permitted
from .territory import Compound, Home, Place

#: What a role may be held over; told from each other by the prefix of an id.
Held = Place | Organisation | Compound | Home
_ROWS: dict[str, type[Held]] = {row.prefix: row for row in (Place, Organisation, Compound, Home)}


def check_role(role: Role, bound: Held, kind: AccountKind, path: tuple[str, ...] = ("role",)) -> None:
    """Refuses INVALID (a role over what it is not held over, one of a machine's for a person or the other way round) and
    ILLEGAL_MOVE (a place that has ended)."""
    if isinstance(bound, Place):
        bound.check_living("bound_id")
    over = bound.kind if isinstance(bound, Place | Organisation) else Bound[type(bound).__name__.upper()]
    if over not in HELD_OVER[role]:
        kinds = sorted(HELD_OVER[role])
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{role} is not held over a {over.lower().replace('_', ' ')}.", f"{role.zh}不能任职于{over.zh}。"),
            path=path,
            hint=Text(f"Name one of these: {', '.join(kinds)}.", f"可选：{'、'.join(one.zh for one in kinds)}。"),
        )
    if (role is Role.INTEGRATION) != (kind is AccountKind.SERVICE):
        raise Refused(
            RefusalCode.INVALID,
            Text(
                "INTEGRATION is for service accounts, and they hold nothing else.",
                "系统集成角色仅限服务账号，且服务账号仅可持有该角色。",
            ),
            path=path,
            hint=Text("Choose another role, or make a service account.", "请选择其他角色，或创建服务账号。"),
        )


def check_days(starts_on: date, ends_on: date | None, path: tuple[str, ...] = ("ends_on",)) -> None:
    """Refuses (INVALID) a last day before the first."""
    if ends_on is not None and ends_on < starts_on:
        raise Refused(
            RefusalCode.INVALID,
            Text(
                f"It would end on {ends_on}, before it starts on {starts_on}.", f"结束日期 {ends_on} 早于开始日期 {starts_on}。"
            ),
            path=path,
            hint=Text("Give a last day on or after the first, or none.", "请填写不早于开始日期的结束日期，或留空。"),
        )


def check_no_longer(last: date, ends_on: date | None) -> None:
    """Refuses (INVALID) a last day after the present one: what goes on is begun anew, and checked as such."""
    if ends_on is not None and last > ends_on:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"It ends on {ends_on} already, before {last}.", f"已定于 {ends_on} 结束，早于 {last}。"),
            path=("ends_on",),
            hint=Text("Give an earlier day, or begin it anew from the day after.", "请填写更早的日期，或自次日起重新设定。"),
        )


def check_street(bound: Held, street_id: str, path: tuple[str, ...]) -> None:
    """Refuses (INVALID) what is of another street."""
    if bound.street_id != street_id:
        raise Refused(
            RefusalCode.INVALID,
            Text("The two are of different streets.", "两者不属于同一街道。"),
            path=path,
            hint=Text("Name one of the same street.", "请选择同一街道的对象。"),
        )


async def found_bound(viewer: Viewer, row_id: str) -> Held:
    """What a role is to be held over; a place locked, so that it does not end before the role is there.

    Refuses NOT_FOUND (what the viewer does not see).
    """
    row = _ROWS.get(row_id.partition("_")[0])
    if row is None:
        raise not_found(("bound_id",))
    return await found(row, row_id, viewer, path=("bound_id",), lock=row is Place)


async def grant_role(
    viewer: Viewer, account_id: str, role: Role, bound_id: str, *, starts_on: date | None = None, ends_on: date | None = None
) -> Account:
    """The account with one more role over a place, organisation, compound or home, from ``starts_on`` (default: today) to
    ``ends_on`` (none: open), both included.

    Refuses NOT_FOUND, FORBIDDEN, INVALID, ILLEGAL_MOVE (one's own account, an erased one, an ended place) and CONFLICT (held).
    """
    first = starts_on or today()
    async with in_transaction():
        permit(viewer, "roleGrant", await found(Account, account_id, viewer, path=("account_id",)))
        bound = await found_bound(viewer, bound_id)  # before the account, as where grids merge
        account = await permitted(Account, account_id, viewer, "roleGrant", path=("account_id",))
        check_unerased(account)
        _not_oneself(viewer, account, ("account_id",))
        permit(viewer, "roleGrant", bound)
        check_street(bound, account.street_id, ("bound_id",))
        check_role(role, bound, account.kind)
        check_days(first, ends_on)
        given: dict[str, Any] = {"account_id": account.id, "role": role, **RoleBinding.over(bound)}
        held = await RoleBinding.filter(**given)
        if any((ends_on is None or one.starts_on <= ends_on) and (one.ends_on is None or one.ends_on >= first) for one in held):
            raise Refused(
                RefusalCode.CONFLICT,
                Text("The account holds this role on some of these days already.", "该账号在此期间已持有该角色。"),
                path=("starts_on",),
                hint=Text("Start after the other one ends, or end that first.", "请在原任职结束后开始，或先终止原任职。"),
            )
        await RoleBinding.create(**given, starts_on=first, ends_on=ends_on, street_id=account.street_id)
        await employ(today(), account.id)
        told = {"role": role, "bound": bound.id, "starts_on": first.isoformat(), "ends_on": ends_on and ends_on.isoformat()}
        await record(actor_of(viewer), "roleGrant", account, after=told)
        return account


async def end_role(viewer: Viewer, binding_id: str, *, ends_on: date | None = None) -> Account:
    """The account after a role of it was given an earlier last day. Without one it is over at once: yesterday was the last day,
    and a role that had not begun by then is gone, but for the record; one that is over stays as it is.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (a last day before the first, or after the present one) and ILLEGAL_MOVE (one's own).
    """
    async with in_transaction():
        binding = await permitted(RoleBinding, binding_id, viewer, "roleEnd")
        account = await Account.get(id=binding.account_id)
        _not_oneself(viewer, account, ("id",))
        yesterday = today() - timedelta(days=1)
        if ends_on is None and binding.ends_on is not None and binding.ends_on <= yesterday:
            return account
        last = ends_on or yesterday
        told = {"role": binding.role, "ends_on": last.isoformat()}
        before = {"ends_on": binding.ends_on and binding.ends_on.isoformat()}
        if ends_on is None and last < binding.starts_on:
            await binding.delete()
        else:
            check_days(binding.starts_on, last)
            check_no_longer(last, binding.ends_on)
            binding.ends_on = last
            await binding.save(update_fields=["ends_on"])
        await employ(today(), account.id)
        await record(actor_of(viewer), "roleEnd", account, before=before, after=told)
        return account


def _not_oneself(viewer: Viewer, account: Account, path: tuple[str, ...]) -> None:
    if account.id == viewer.account_id:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("Nobody gives or takes their own roles.", "不能变更本人的角色。"),
            path=path,
            hint=Text("Ask another administrator.", "请联系其他管理员。"),
        )
