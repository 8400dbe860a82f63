"""Duty rosters: who of an organisation answers at a given moment, for its compounds or for some of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.duty import NAME_MAX, DutyLevel, OnShift, ShiftEffect, ShiftMove, Span, check_free, check_span, effect, nearest
from domain.organisations import OrganisationKind
from domain.permits import may, reaches
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .accounts import Account
from .calendar import now, zone
from .connection import query
from .facts import record
from .organisations import Organisation
from .permits import actor_of, found, permit, permitted
from .rows import Row
from .territory import Compound
from .viewers import viewers_of

#: Compounds that one roster may name.
COMPOUNDS_MAX = 100
#: What whoever is on duty must be able to do.
ANSWERING = "alertAcknowledge"


class DutyRoster(Row):
    """A post of an organisation that somebody holds at a time. ``compound_ids``: the compounds it is for; none: all of its."""

    prefix = "dro"
    belonging = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    name = fields.CharField(max_length=60)
    level = fields.CharEnumField(DutyLevel, max_length=40)
    compound_ids: fields.JSONField[list[str]] = fields.JSONField(db_default="[]")
    created_at = fields.DatetimeField(auto_now_add=True)
    ended_at = fields.DatetimeField(null=True)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "duty_roster"


class DutyShift(Row):
    """Somebody's time on a roster, ``ends_at`` not included. No two of a roster overlap: the database sees to it."""

    prefix = "dsh"
    belonging = {Reach.STREET: "street_id", Reach.ORGANISATION: "organisation_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    roster: fields.ForeignKeyRelation[DutyRoster] = fields.ForeignKeyField(
        "models.DutyRoster", related_name=False, on_delete=fields.CASCADE
    )
    roster_id: str
    account_id = fields.CharField(max_length=30)
    organisation_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "duty_shift"

    @property
    def span(self) -> Span:
        return Span(self.starts_at.astimezone(zone()), self.ends_at.astimezone(zone()))


#: $1: organisation, $2: compound, $3: moment, $4: level. One row for each shift that runs then.
_ON_DUTY = """
SELECT s.account_id, r.compound_ids ? $2 AS near FROM duty_roster r JOIN duty_shift s ON s.roster_id = r.id
WHERE r.organisation_id = $1 AND r.level = $4 AND (r.ended_at IS NULL OR r.ended_at > $3)
    AND (r.compound_ids = '[]' OR r.compound_ids ? $2) AND s.starts_at <= $3 AND s.ends_at > $3
ORDER BY r.id
"""

_OF_A_PLACE = f"'{OrganisationKind.COMMUNITY_OFFICE}', '{OrganisationKind.GRID_TEAM}'"
#: $1: organisation, $2: compounds, $3: today. Those of them that it looks after: by mandate (now or to come), or by place.
_LOOKED_AFTER = f"""
SELECT c.id FROM compound c JOIN organisation o ON o.id = $1 AND o.street_id = c.street_id
WHERE c.id = ANY($2::text[]) AND (
    o.kind = '{OrganisationKind.STREET_OFFICE}' OR o.kind IN ({_OF_A_PLACE}) AND o.place_id IN (c.community_id, c.grid_id)
    OR EXISTS (
        SELECT FROM mandate m WHERE m.organisation_id = o.id AND m.compound_id = c.id AND (m.ends_on IS NULL OR m.ends_on >= $3)
    )
)
"""


async def on_duty(
    organisation_id: str, compound_id: str, moment: datetime | None = None, level: DutyLevel = DutyLevel.DUTY
) -> tuple[str, ...]:
    """The accounts that answer for the organisation in the compound at a moment (default: now), nearest roster first.

    Rosters that name the compound come before those for all compounds, which are only asked where nobody is on duty by
    the former. Left out is whoever cannot act on the compound's alerts any more; empty: nobody is on duty.
    """
    rows = await query(_ON_DUTY, organisation_id, compound_id, moment or now(), level)
    able = await _able(sorted({row["account_id"] for row in rows}), [compound_id]) if rows else set[str]()
    return nearest(OnShift(row["account_id"], row["near"]) for row in rows if row["account_id"] in able)


async def _able(account_ids: Sequence[str], compound_ids: Sequence[str]) -> set[str]:
    """Those of the accounts that may act today on alerts of all these compounds; without compounds, of any."""
    viewers = await viewers_of(account_ids)
    streets = dict(await Compound.filter(id__in=compound_ids).values_list("id", "street_id"))
    places = [{Reach.COMPOUND: compound_id, Reach.STREET: street_id} for compound_id, street_id in streets.items()]
    return {
        account_id
        for account_id, viewer in viewers.items()
        if (all(may(viewer, ANSWERING, "Alert", place) for place in places) if places else _answers_anywhere(viewer))
    }


def _answers_anywhere(viewer: Viewer) -> bool:
    ways = reaches("Alert", viewer.roles)
    return any(may(viewer, ANSWERING, "Alert", {way: id_}) for role, way in ways for id_ in viewer.ids(role, way))


async def create_roster(
    viewer: Viewer, organisation_id: str, *, name: str, level: DutyLevel, compound_ids: Sequence[str] = ()
) -> DutyRoster:
    """A roster of an organisation for these of its compounds; without any, for all.

    Refuses NOT_FOUND (organisation, compound), FORBIDDEN and INVALID (name; too many compounds, or one that the organisation
    does not look after).
    """
    named = list(dict.fromkeys(compound_ids))
    async with in_transaction():
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        roster = DutyRoster(level=level, organisation_id=organisation.id, street_id=organisation.street_id)
        permit(viewer, "dutyRosterCreate", roster)
        roster.name = written(name, "name", NAME_MAX)
        if len(named) > COMPOUNDS_MAX:
            raise _invalid(
                "compound_ids",
                Text(f"A roster names {COMPOUNDS_MAX} compounds at most.", f"一张值班表最多指定 {COMPOUNDS_MAX} 个小区。"),
                Text("Keep several rosters, or one for all compounds.", "请拆分为多张，或不指定小区。"),
            )
        for compound_id in named:
            await found(Compound, compound_id, viewer, path=("compound_ids",))
        if named and len(await query(_LOOKED_AFTER, organisation.id, named, now().date())) < len(named):
            raise _invalid(
                "compound_ids",
                Text("The organisation does not look after one of these compounds.", "该单位不负责其中某个小区。"),
                Text("Name compounds that it serves, or that lie in its place.", "请选择其服务或辖区内的小区。"),
            )
        roster.compound_ids = named
        await roster.save()
        await record(actor_of(viewer), "dutyRosterCreate", roster, after={"level": level, "compound_ids": named})
        return roster


async def end_roster(viewer: Viewer, roster_id: str) -> DutyRoster:
    """End a roster: from now on nobody is on duty by it, and what was planned is gone. One that has ended stays as it is.

    Refuses NOT_FOUND and FORBIDDEN.
    """
    async with in_transaction():
        roster = await permitted(DutyRoster, roster_id, viewer, "dutyRosterEnd")
        if roster.ended_at is None:
            roster.ended_at = moment = now()
            await roster.save(update_fields=["ended_at"])
            await DutyShift.filter(roster_id=roster.id, starts_at__gte=moment).delete()
            await DutyShift.filter(roster_id=roster.id, ends_at__gt=moment).update(ends_at=moment)
            await record(actor_of(viewer), "dutyRosterEnd", roster, after={"removed_at": moment.isoformat()})
        return roster


async def add_shift(viewer: Viewer, roster_id: str, account_id: str, starts_at: datetime, ends_at: datetime) -> DutyShift:
    """Put somebody of the roster's organisation on duty from ``starts_at`` to ``ends_at``.

    Refuses NOT_FOUND (roster, account), FORBIDDEN, INVALID (times; somebody of elsewhere, or who cannot see the place),
    ILLEGAL_MOVE (the roster has ended) and CONFLICT (somebody is on this roster then).
    """
    span = Span(starts_at, ends_at)
    async with in_transaction():
        roster = await permitted(DutyRoster, roster_id, viewer, "dutyShiftAdd", path=("roster_id",))
        account = await found(Account, account_id, viewer, path=("account_id",))
        _check_going_on(roster, "roster_id")
        check_span(span, now())
        await _check_able(account, roster)
        shift = DutyShift(
            starts_at=starts_at,
            ends_at=ends_at,
            roster_id=roster.id,
            account_id=account.id,
            organisation_id=roster.organisation_id,
            street_id=roster.street_id,
        )
        check_free(span, [other.span for other in await DutyShift.filter(roster_id=roster.id, ends_at__gt=starts_at)])
        await shift.save()
        await record(actor_of(viewer), "dutyShiftAdd", roster, after=_told(shift))
        return shift


async def remove_shift(viewer: Viewer, shift_id: str) -> DutyRoster:
    """Take a shift off its roster: one to come is gone, one that runs ends now. Answers the roster.

    Refuses NOT_FOUND, FORBIDDEN and ILLEGAL_MOVE (it is over).
    """
    async with in_transaction():
        shift = await permitted(DutyShift, shift_id, viewer, "dutyShiftRemove")
        before, moment = _told(shift), now()
        if effect(shift.span.standing(moment), ShiftMove.REMOVE) is ShiftEffect.GONE:
            await shift.delete()
        else:
            shift.ends_at = moment
            await shift.save(update_fields=["ends_at"])
        roster = await DutyRoster.get(id=shift.roster_id)
        await record(actor_of(viewer), "dutyShiftRemove", roster, before=before)
        return roster


async def swap_shifts(viewer: Viewer, shift_id: str, other_id: str) -> DutyShift:
    """Let two people do each other's shift; answers the first, which is the other's now.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (one of them cannot see the other's place, or works elsewhere) and ILLEGAL_MOVE
    (one has begun).
    """
    async with in_transaction():
        await DutyShift.filter(id__in=[shift_id, other_id]).order_by("id").select_for_update()
        shift = await permitted(DutyShift, shift_id, viewer, "dutyShiftSwap")
        other = await permitted(DutyShift, other_id, viewer, "dutyShiftSwap", path=("other_id",))
        moment = now()
        for each in (shift, other):
            effect(each.span.standing(moment), ShiftMove.SWAP)
        for each, given in ((shift, other), (other, shift)):
            await _check_able(await Account.get(id=given.account_id), await DutyRoster.get(id=each.roster_id), "other_id")
        before = {each.id: _told(each) for each in (shift, other)}
        shift.account_id, other.account_id = other.account_id, shift.account_id
        for each in (shift, other) if shift.id != other.id else ():
            await each.save(update_fields=["account_id"])
            roster = await DutyRoster.get(id=each.roster_id)
            await record(actor_of(viewer), "dutyShiftSwap", roster, before=before[each.id], after=_told(each))
        return shift


async def forget_shifts(account_id: str) -> None:
    """Take somebody who is leaving off all rosters: what they did stays on record, under an id that is nobody's."""
    moment = now()
    await DutyShift.filter(account_id=account_id, starts_at__gte=moment).delete()
    await DutyShift.filter(account_id=account_id, ends_at__gt=moment).update(ends_at=moment)


def _told(shift: DutyShift) -> dict[str, Any]:
    return {
        "shift": shift.id,
        "account_id": shift.account_id,
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
    }


def _check_going_on(roster: DutyRoster, field: str) -> None:
    if roster.ended_at is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            Text("The roster has ended.", "该值班表已停用。"),
            path=(field,),
            hint=Text("Make a new one.", "请新建值班表。"),
        )


async def _check_able(account: Account, roster: DutyRoster, field: str = "account_id") -> None:
    """Refuses (INVALID) somebody who works elsewhere, or who cannot act on alerts where the roster is for."""
    if account.organisation_id != roster.organisation_id:
        raise _invalid(
            field,
            Text("They do not work for the roster's organisation.", "该人员不属于值班表所属单位。"),
            Text("Name somebody of that organisation.", "请选择该单位的人员。"),
        )
    if account.id not in await _able([account.id], roster.compound_ids):
        raise _invalid(
            field,
            Text("They cannot see the place that the roster is for.", "该人员无权查看值班表所涉小区。"),
            Text("Let them be given a role there first, or name somebody else.", "请先为其授予相应任职，或选择其他人员。"),
        )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
