"""Silences: what people keep quiet for a while, and why."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.transactions import in_transaction

from domain.access import Reach, Viewer
from domain.alerts import Severity
from domain.alerts.silences import REASON_MAX, Matcher, SilenceStanding, check_matcher, check_window, standing
from domain.refusals import RefusalCode, Refused
from domain.steward import Rulebook
from domain.territory import PlaceKind
from domain.texts import written
from domain.words import Text
from models.calendar import now
from models.connection import query
from models.facilities import Device
from models.facts import record
from models.permits import actor_of, found, permit, permitted
from models.rows import Row
from models.territory import Compound, Place

from .rules import rules_of


class Silence(Row):
    """From ``starts_at`` until ``ends_at`` (not included; earlier, if somebody ended it) what it names is kept quiet.

    What is null is not asked about. ``worst``: it covers nothing worse than this, and nothing that is CRITICAL.
    """

    prefix = "sil"
    belonging = {Reach.STREET: "street_id", Reach.COMPOUND: "compound_id"}

    id = fields.CharField(max_length=30, primary_key=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    why = fields.CharField(max_length=500)
    module = fields.CharField(max_length=40, null=True)
    rule = fields.CharField(max_length=60, null=True)
    worst = fields.CharEnumField(Severity, max_length=40)
    created_at = fields.DatetimeField(auto_now_add=True)
    created_by_id = fields.CharField(max_length=30, null=True)
    ended_by_id = fields.CharField(max_length=30, null=True)
    device_id = fields.CharField(max_length=30, null=True)
    compound_id = fields.CharField(max_length=30, null=True)
    street_id = fields.CharField(max_length=30)

    class Meta:
        table = "silence"

    @property
    def matcher(self) -> Matcher:
        return Matcher(self.street_id, self.compound_id, self.module, self.rule, self.device_id, self.worst)


#: Until whoever asks has written down what they keep quiet, nobody ends one of them.
_RUNNING = """
SELECT id FROM silence WHERE street_id = ANY($1::text[]) AND starts_at <= $2 AND ends_at > $2 ORDER BY id FOR SHARE
"""
#: What somebody else is looking at now is passed over: they wait for the silence, and will find that it has ended.
_TAKE_UP = """
UPDATE alert_care SET look_at = $2 WHERE id IN (
    SELECT id FROM alert_care WHERE silence_id = $1 AND standing = 'SILENCED' ORDER BY id FOR UPDATE SKIP LOCKED
)
"""
#: The same: whoever looks at an alert later sees the silence too.
_LOOK_AGAIN = """
UPDATE alert_care SET look_at = least(look_at, $2) WHERE id IN (
    SELECT c.id FROM alert_care c JOIN silence s ON s.id = $1 AND s.street_id = c.street_id JOIN alert a ON a.id = c.alert_id
    WHERE c.look_at IS NOT NULL AND (s.compound_id IS NULL OR s.compound_id = c.compound_id)
        AND (s.module IS NULL OR s.module = c.module) AND (s.rule IS NULL OR s.rule = c.rule)
        AND (s.device_id IS NULL OR s.device_id = a.device_id)
    ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
)
"""


async def running(street_ids: list[str], moment: datetime) -> list[Silence]:
    """The streets' silences that run at a moment, those that last longest first; none ends before the transaction does."""
    ids = [row["id"] for row in await query(_RUNNING, street_ids, moment)]
    return await Silence.filter(id__in=ids).order_by("-ends_at", "id") if ids else []


async def create_silence(
    viewer: Viewer,
    *,
    ends_at: datetime,
    reason: str,
    starts_at: datetime | None = None,
    street_id: str | None = None,
    compound_id: str | None = None,
    device_id: str | None = None,
    module: str | None = None,
    rule: str | None = None,
    worst: Severity = Severity.MAJOR,
) -> Silence:
    """Keep quiet, until ``ends_at``, what all that is named holds of: in a compound, at a device, or in a whole street.

    Refuses NOT_FOUND, FORBIDDEN and INVALID: nothing or too much named, an unknown rule or module, no reason, no end in sight,
    and whatever is meant to hide what is CRITICAL.
    """
    reason, moment = written(reason, "reason", REASON_MAX), now()
    starts_at = starts_at or moment
    async with in_transaction():
        silence = Silence(
            starts_at=starts_at,
            ends_at=ends_at,
            why=reason,
            module=module,
            rule=rule,
            worst=worst,
            created_by_id=viewer.account_id,
        )
        compound = await found(Compound, compound_id, viewer, path=("compound_id",)) if compound_id else None
        if compound is not None:
            permit(viewer, "silenceCreate", compound)
        place = await found(Place, street_id, viewer, path=("street_id",)) if street_id else None
        device = await found(Device, device_id, viewer, path=("device_id",)) if device_id else None
        _place(silence, place, compound, device)
        permit(viewer, "silenceCreate", silence)
        book = (await rules_of([silence.street_id]))[silence.street_id]
        _check_names(book, module, rule)
        # To name a rule that is always CRITICAL would be to hide fires, or people who are trapped.
        check_matcher(silence.matcher, {each.key for each in book.rules.values() if each.severity is Severity.CRITICAL})
        check_window(starts_at, ends_at, moment)
        await silence.save()
        await record(actor_of(viewer), "silenceCreate", silence, after=_told(silence))
        await look_again(silence, starts_at)
        return silence


async def end_silence(viewer: Viewer, silence_id: str) -> Silence:
    """End a silence now: what it kept quiet and is still so is told. One that is over stays as it is.

    Refuses NOT_FOUND and FORBIDDEN.
    """
    async with in_transaction():
        silence = await permitted(Silence, silence_id, viewer, "silenceEnd")
        moment = now()
        if standing(silence.starts_at, silence.ends_at, moment) is not SilenceStanding.OVER:
            before = {"ends_at": silence.ends_at.isoformat()}
            silence.starts_at, silence.ends_at = min(silence.starts_at, moment), moment
            silence.ended_by_id = viewer.account_id
            await silence.save(update_fields=["starts_at", "ends_at", "ended_by_id"])
            await record(actor_of(viewer), "silenceEnd", silence, before=before, after={"ends_at": moment.isoformat()})
            await query(_TAKE_UP, silence.id, moment)
        return silence


async def look_again(silence: Silence, moment: datetime) -> None:
    """Have what the silence covers looked at when it begins: what was to be repeated then is not."""
    await query(_LOOK_AGAIN, silence.id, moment)


def _place(silence: Silence, place: Place | None, compound: Compound | None, device: Device | None) -> None:
    """Where it holds: at the device, in the compound, or in the street. Refuses (INVALID) none, and what does not fit."""
    if device is not None:
        silence.device_id, silence.compound_id, silence.street_id = device.id, device.compound_id, device.street_id
    elif compound is not None:
        silence.compound_id, silence.street_id = compound.id, compound.street_id
    elif place is not None:
        silence.street_id = place.street_id
    else:
        raise _invalid(
            "compound_id",
            Text("The silence has no place.", "未指定静默的范围。"),
            Text("Name a device, a compound or the street.", "请指定设备、小区或街道。"),
        )
    if place is not None and place.kind is not PlaceKind.STREET:
        raise _invalid(
            "street_id",
            Text("A silence holds in a street, a compound or at a device.", "静默范围只能是街道、小区或设备。"),
            Text("Name the street, or one compound after another.", "请选择街道，或逐个选择小区。"),
        )
    for given, mine, field in ((compound, silence.compound_id, "compound_id"), (place, silence.street_id, "street_id")):
        if given is not None and given.id != mine:
            raise _invalid(
                field,
                Text("The two do not lie in each other.", "所选范围互不包含。"),
                Text("Name the smallest place only.", "请只指定最小的范围。"),
            )


def _check_names(book: Rulebook, module: str | None, rule: str | None) -> None:
    """Refuses (INVALID, naming the field) what the street does not have."""
    for value, known, field in ((module, list(book.modules), "module"), (rule, list(book.rules), "rule")):
        if value is not None and value not in known:
            raise _invalid(
                field,
                Text(
                    f"There is no {field} {value[:60]!r}.",
                    f"没有名为 {value[:60]!r} 的{'模块' if field == 'module' else '规则'}。",
                ),
                Text(f"Use one of: {', '.join(known)}.", f"可用：{'、'.join(known)}。"),
            )


def _told(silence: Silence) -> dict[str, Any]:
    return {
        "starts_at": silence.starts_at.isoformat(),
        "ends_at": silence.ends_at.isoformat(),
        "module": silence.module,
        "rule": silence.rule,
        "severity": silence.worst,
        "device_id": silence.device_id,
    }


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
