"""Handover of a mandate: what the leaving organisation gave to the next, signed by both; its open tickets go along."""

from collections.abc import Iterable, Sequence
from datetime import date

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.handovers import OPEN_POINTS_MAX, HandoverItem, missing
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .calendar import now, today
from .connection import constrained, query
from .facts import record
from .organisations import Mandate, Organisation
from .permits import actor_of, found, permitted
from .rows import Row
from .tickets.handing_over import leave as leave_tickets
from .work import ringing


class MandateHandover(Row):
    """What was handed over when a mandate ended. ``handed`` and ``missing``: words of HandoverItem; ``open_points``: what is left
    to be settled. Each side's signature is somebody who works for it, and a moment.
    """

    prefix = "mho"
    belonging = {
        Reach.STREET: "street_id",
        Reach.COMPOUND: "compound_id",
        Reach.ORGANISATION: "from_organisation_id",
        Reach.OFFICE: "to_organisation_id",
    }

    id = fields.CharField(max_length=30, primary_key=True)
    handed_over_on = fields.DateField()
    handed: fields.JSONField[list[str]] = fields.JSONField(db_default="[]")
    missing: fields.JSONField[list[str]] = fields.JSONField(db_default="[]")
    open_points = fields.TextField(db_default="")
    from_signed_at = fields.DatetimeField(null=True)
    to_signed_at = fields.DatetimeField(null=True)
    from_signed_by_id = fields.CharField(max_length=30, null=True)
    to_signed_by_id = fields.CharField(max_length=30, null=True)
    mandate: fields.OneToOneRelation[Mandate] = fields.OneToOneField(
        "models.Mandate", related_name=False, on_delete=fields.RESTRICT
    )
    mandate_id: str
    from_organisation_id = fields.CharField(max_length=30)
    to_organisation_id = fields.CharField(max_length=30)
    compound_id = fields.CharField(max_length=30)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "mandate_handover"


#: $1: mandate, $2: the day. Who comes after: whoever has such a mandate on or after the day, else the office of the community,
#: else the street's.
_NEXT = """
SELECT id FROM (
    SELECT o.organisation_id AS id, 0 AS rank, o.starts_on FROM mandate m
        JOIN mandate o ON o.compound_id = m.compound_id AND o.role = m.role AND o.service IS NOT DISTINCT FROM m.service
    WHERE m.id = $1 AND o.organisation_id <> m.organisation_id AND o.lasts_to >= $2 AND o.starts_on >= m.starts_on
    UNION ALL
    SELECT o.id, CASE o.kind WHEN 'COMMUNITY_OFFICE' THEN 1 ELSE 2 END, NULL
    FROM mandate m JOIN compound c ON c.id = m.compound_id
        JOIN organisation o ON o.kind = 'COMMUNITY_OFFICE' AND o.place_id = c.community_id
            OR o.kind = 'STREET_OFFICE' AND o.street_id = c.street_id
    WHERE m.id = $1 AND o.id <> m.organisation_id AND o.ended_on IS NULL
) AS candidate ORDER BY rank, starts_on, id
"""


def _refused(code: RefusalCode, field: str, message: Text, hint: Text) -> Refused:
    return Refused(code, message, path=(field,), hint=hint)


async def hand_over(
    viewer: Viewer,
    mandate_id: str,
    *,
    handed_over_on: date | None = None,
    to_organisation_id: str | None = None,
    handed: Sequence[HandoverItem] = (),
    open_points: str = "",
) -> MandateHandover:
    """Record the handover of a mandate that has a last day; the open tickets of whoever leaves go to whoever comes.

    ``to_organisation_id``: by default whoever has such a mandate next, else the community's office.
    Refuses NOT_FOUND, FORBIDDEN, INVALID (a day to come or before the mandate, an organisation that does not come after, text),
    ILLEGAL_MOVE (the mandate has no last day) and CONFLICT (it was recorded before, or nobody is there to take it).
    """
    day = handed_over_on or today()
    async with ringing(), in_transaction():
        mandate = await permitted(Mandate, mandate_id, viewer, "mandateHandOver")
        _check_day(mandate, day)
        if await MandateHandover.exists(mandate_id=mandate.id):
            raise _before()
        to = await _next(viewer, mandate, day, to_organisation_id)
        made = MandateHandover(
            handed_over_on=day,
            open_points=written(open_points, "open_points", OPEN_POINTS_MAX, least=0),
            mandate_id=mandate.id,
            from_organisation_id=mandate.organisation_id,
            to_organisation_id=to,
            compound_id=mandate.compound_id,
            street_id=mandate.street_id,
            **_items(mandate, handed),
        )
        async with constrained(_before()):
            await made.save()
        told = {"starts_on": day.isoformat(), "handed": made.handed, "missing": made.missing, "to": to}
        await record(actor_of(viewer), "mandateHandOver", made, after=told)
        await leave_tickets(mandate.compound_id, mandate.organisation_id)
        return made


def _items(mandate: Mandate, handed: Iterable[HandoverItem]) -> dict[str, list[str]]:
    there = set(handed)
    return {
        "handed": [item.value for item in HandoverItem if item in there],
        "missing": [item.value for item in missing(mandate.service, there)],
    }


def _check_day(mandate: Mandate, day: date) -> None:
    if mandate.ends_on is None:
        raise _refused(
            RefusalCode.ILLEGAL_MOVE,
            "id",
            Text("The mandate has no last day: nothing is handed over.", "该关系尚未设定结束日期，不能交接。"),
            Text("End it first, with mandateEnd.", "请先用 mandateEnd 设定结束日期。"),
        )
    if not mandate.starts_on <= day <= today():
        raise _refused(
            RefusalCode.INVALID,
            "handed_over_on",
            Text(f"It was not handed over on {day}.", f"交接日期 {day} 不正确。"),
            Text(f"Give a day from {mandate.starts_on} to today.", f"请填写 {mandate.starts_on} 至今天之间的日期。"),
        )


def _before() -> Refused:
    return _refused(
        RefusalCode.CONFLICT,
        "id",
        Text("The handover of this mandate was recorded before.", "该关系的交接已登记。"),
        Text("Amend that one, with handoverAmend.", "请用 handoverAmend 补充。"),
    )


async def _next(viewer: Viewer, mandate: Mandate, day: date, named_id: str | None) -> str:
    """Who takes it over."""
    named = await found(Organisation, named_id, viewer, path=("to_organisation_id",)) if named_id else None
    after = [row["id"] for row in await query(_NEXT, mandate.id, day)]
    if named is not None and named.id not in after:
        raise _refused(
            RefusalCode.INVALID,
            "to_organisation_id",
            Text("That organisation does not come after this one in the compound.", "该组织不是此小区的接任单位。"),
            Text("Start its mandate first, or leave it out.", "请先登记其服务与治理关系，或留空。"),
        )
    if not after:
        raise _refused(
            RefusalCode.CONFLICT,
            "to_organisation_id",
            Text("Nobody is there to take it over.", "没有可接收的单位。"),
            Text("Start the mandate of whoever comes next.", "请先登记接任单位的关系。"),
        )
    return named.id if named else after[0]


async def amend(viewer: Viewer, handover_id: str, *, handed: Sequence[HandoverItem], open_points: str = "") -> MandateHandover:
    """Say anew what was handed over and what is left; whoever has signed signs anew.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (text) and ILLEGAL_MOVE (both have signed).
    """
    async with in_transaction():
        handover = await permitted(MandateHandover, handover_id, viewer, "handoverAmend")
        if handover.from_signed_at is not None and handover.to_signed_at is not None:
            raise _refused(
                RefusalCode.ILLEGAL_MOVE,
                "id",
                Text("Both sides have signed.", "双方均已签字。"),
                Text("What is settled later stands in its open points.", "后续事项以遗留问题为准。"),
            )
        changes = {
            **_items(await Mandate.get(id=handover.mandate_id), handed),
            "open_points": written(open_points, "open_points", OPEN_POINTS_MAX, least=0),
            **dict.fromkeys(("from_signed_at", "to_signed_at", "from_signed_by_id", "to_signed_by_id")),
        }
        handover.update_from_dict(changes)
        await handover.save(update_fields=list(changes))
        told = {"handed": handover.handed, "missing": handover.missing}
        await record(actor_of(viewer), "handoverAmend", handover, after=told)
        return handover


async def sign(viewer: Viewer, handover_id: str) -> MandateHandover:
    """Sign for the side, or the sides, that the viewer works for. Signed again, nothing happens.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (they work for neither side).
    """
    async with in_transaction():
        handover = await permitted(MandateHandover, handover_id, viewer, "handoverSign")
        own = {id_ for role in viewer.roles for id_ in viewer.ids(role, Reach.ORGANISATION)}
        sides = [side for side in ("from", "to") if getattr(handover, f"{side}_organisation_id") in own]
        if not sides:
            raise _refused(
                RefusalCode.INVALID,
                "id",
                Text("You work for neither side.", "您不属于交接双方单位。"),
                Text("Leave it to those who do.", "请由交接双方人员签字。"),
            )
        moment = now()
        for side in sides:
            if getattr(handover, f"{side}_signed_at") is not None:
                continue
            changes = {f"{side}_signed_at": moment, f"{side}_signed_by_id": viewer.account_id}
            handover.update_from_dict(changes)
            await handover.save(update_fields=list(changes))
            organisation_id = getattr(handover, f"{side}_organisation_id")
            told = {"organisation_id": organisation_id, "signed_off_at": moment.isoformat()}
            await record(actor_of(viewer), "handoverSign", handover, after=told)
        return handover
