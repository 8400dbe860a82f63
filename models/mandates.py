"""Acts on mandates: from the first day to the last the organisation's people see the compound, and not a day longer."""

from datetime import date

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.organisations import MandateRole
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .calendar import today
from .facts import record
from .organisations import Mandate, Organisation
from .permits import actor_of, found, permitted
from .roles import check_days, check_no_longer, check_street
from .territory import Compound


async def start_mandate(
    viewer: Viewer,
    organisation_id: str,
    compound_id: str,
    role: MandateRole,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Mandate:
    """A mandate from ``starts_on`` (default: today) to ``ends_on`` (none: open), both included.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (a last day before the first, another street) and CONFLICT (somebody serves the compound
    on some of these days, or the same mandate is there already).
    """
    first = starts_on or today()
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "mandateStart", path=("compound_id",))
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        check_street(organisation, compound.street_id, ("organisation_id",))
        check_days(first, ends_on)
        await _check_free(compound.id, organisation.id, role, first, ends_on)
        mandate = await Mandate.create(
            organisation_id=organisation.id,
            compound_id=compound.id,
            role=role,
            starts_on=first,
            ends_on=ends_on,
            street_id=compound.street_id,
        )
        told = {"role": role, "organisation": organisation.id, "starts_on": first.isoformat()}
        await record(actor_of(viewer), "mandateStart", mandate, after=told | {"ends_on": ends_on and ends_on.isoformat()})
        return mandate


async def end_mandate(viewer: Viewer, mandate_id: str, *, ends_on: date | None = None) -> Mandate:
    """The mandate with an earlier last day (default: today). What comes after is the handover: see ``settings.handover_days``.
    Without a day, one that is over stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (a last day before the first, or after the present one).
    """
    async with in_transaction():
        mandate = await permitted(Mandate, mandate_id, viewer, "mandateEnd")
        if ends_on is None and mandate.ends_on is not None and mandate.ends_on <= today():
            return mandate
        last = ends_on or today()
        check_days(mandate.starts_on, last)
        check_no_longer(last, mandate.ends_on)
        before = {"ends_on": mandate.ends_on and mandate.ends_on.isoformat()}
        mandate.ends_on = last
        await mandate.save(update_fields=["ends_on"])
        await record(actor_of(viewer), "mandateEnd", mandate, before=before, after={"ends_on": last.isoformat()})
        return mandate


async def _check_free(compound_id: str, organisation_id: str, role: MandateRole, first: date, last: date | None) -> None:
    """Refuses (CONFLICT) a second company serving a compound on one day, and one mandate twice. The compound is locked."""
    others = await Mandate.filter(compound_id=compound_id, role=role)
    rivals = [one for one in others if role is MandateRole.SERVES or one.organisation_id == organisation_id]
    for one in rivals:
        if (last is None or one.starts_on <= last) and (one.ends_on is None or one.ends_on >= first):
            ends = one.ends_on or "…"
            raise Refused(
                RefusalCode.CONFLICT,
                Text(
                    f"There is such a mandate from {one.starts_on} to {ends}.",
                    f"该小区在 {one.starts_on} 至 {ends} 已有同类关系。",
                ),
                path=("starts_on",),
                hint=Text("End that one first, or choose other days.", "请先终止原关系，或另选日期。"),
            )
