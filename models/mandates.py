"""Acts on mandates: from the first day to the last the organisation's people see the compound, and not a day longer."""

from datetime import date

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.organisations import MandateBasis, MandateRole, MandateService, check_basis, overlapping, service_of
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text

from .calendar import today
from .connection import constrained
from .facts import record
from .organisations import Mandate, Organisation
from .organisations.keeping import check_going_on
from .permits import actor_of, found, permitted
from .roles import check_days, check_no_longer, check_street
from .territory import Compound

BASIS_NUMBER_MAX = 60


async def start_mandate(
    viewer: Viewer,
    organisation_id: str,
    compound_id: str,
    role: MandateRole,
    *,
    service: MandateService | None = None,
    basis: MandateBasis | None = None,
    basis_number: str = "",
    basis_on: date | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Mandate:
    """A mandate from ``starts_on`` (default: today) to ``ends_on`` (none: open), both included.

    ``service``: of whoever serves; FULL unless said otherwise. ``basis_number`` and ``basis_on``: the number and the date of the
    contract, filing or the like.
    Refuses NOT_FOUND, FORBIDDEN, INVALID (a last day before the first, another street, a service or a ground that the role has
    not) and CONFLICT (somebody does this service there on some of these days, or the same mandate is there already).
    """
    first = starts_on or today()
    service = service_of(role, service)
    check_basis(role, basis)
    async with in_transaction():
        compound = await permitted(Compound, compound_id, viewer, "mandateStart", path=("compound_id",))
        organisation = await found(Organisation, organisation_id, viewer, path=("organisation_id",))
        check_street(organisation, compound.street_id, ("organisation_id",))
        check_going_on(organisation, "organisation_id")
        check_days(first, ends_on)
        mandate = Mandate(
            organisation_id=organisation.id,
            compound_id=compound.id,
            role=role,
            service=service,
            basis=basis,
            basis_number=written(basis_number, "basis_number", BASIS_NUMBER_MAX, least=0),
            basis_on=basis_on,
            starts_on=first,
            ends_on=ends_on,
            street_id=compound.street_id,
        )
        await _check_free(mandate)
        async with constrained(_taken(first, ends_on)):
            await mandate.save()
        told = {"role": role, "service": service, "basis": basis, "organisation": organisation.id, "starts_on": first.isoformat()}
        await record(actor_of(viewer), "mandateStart", mandate, after=told | {"ends_on": ends_on and ends_on.isoformat()})
        return mandate


async def end_mandate(viewer: Viewer, mandate_id: str, *, ends_on: date | None = None) -> Mandate:
    """The mandate with an earlier last day (default: today). What comes after is the handover: see ``settings.handover_days``.
    Without a day, one that is over stays as it is. Open tickets go to whoever comes after
    with the handover, or in the night: whoever comes may be recorded later than the end.

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


async def _check_free(mandate: Mandate) -> None:
    """Refuses (CONFLICT) two for one service in a compound on one day, and one mandate twice. The compound is locked."""
    for one in await Mandate.filter(compound_id=mandate.compound_id, role=mandate.role):
        services = [each.service for each in (mandate, one) if each.service]
        rival = overlapping(*services) if services else one.organisation_id == mandate.organisation_id
        begins_after = mandate.ends_on is not None and one.starts_on > mandate.ends_on
        if rival and not begins_after and (one.ends_on is None or one.ends_on >= mandate.starts_on):
            raise _taken(one.starts_on, one.ends_on, one.service)


def _taken(first: date, last: date | None, service: MandateService | None = None) -> Refused:
    until = last or "…"
    en, zh = (f" for {service}", f"（{service.zh}）") if service else ("", "")
    return Refused(
        RefusalCode.CONFLICT,
        Text(
            f"There is such a mandate{en} from {first} to {until}.",
            f"该小区在 {first} 至 {until} 已有同类关系{zh}。",
        ),
        path=("starts_on",),
        hint=Text("End that one first, or choose other days.", "请先终止原关系，或另选日期。"),
    )
