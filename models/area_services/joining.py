"""Area-wide services begun and ended, and the compounds that join and leave: with each goes the mandate of the company."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.area_services import NAME_MAX, check_area, check_kind, check_services, check_within
from domain.organisations import MandateBasis, MandateRole, MandateService, OrganisationKind
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.connection import constrained, query
from models.facts import record
from models.mandates import BASIS_NUMBER_MAX, end_mandate, start_mandate
from models.organisations import Mandate, Organisation
from models.organisations.keeping import check_going_on
from models.permits import actor_of, found, permitted
from models.roles import check_days, check_no_longer
from models.territory import Compound

from .rows import AreaService, AreaServiceMember


async def begin(
    viewer: Viewer,
    organisation_id: str,
    name: str,
    services: Collection[MandateService],
    *,
    contract_number: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> AreaService:
    """An area-wide service by a property company, from ``starts_on`` (default: today) to ``ends_on`` (none: open).

    ``services``: what it does in every compound that joins. Refuses NOT_FOUND, FORBIDDEN, INVALID (a name of 1 to 120 characters,
    services, days, an organisation that is no property company) and ILLEGAL_MOVE (the company has ended).
    """
    first, kept = starts_on or today(), check_services(services)
    check_days(first, ends_on)
    async with in_transaction():
        company = await permitted(Organisation, organisation_id, viewer, "areaServiceBegin", path=("organisation_id",))
        check_going_on(company, "organisation_id")
        if company.kind is not OrganisationKind.PROPERTY_COMPANY:
            raise Refused(
                RefusalCode.INVALID,
                Text("An area-wide service is given by a property company.", "区域化物业服务由物业公司承担。"),
                path=("organisation_id",),
                hint=Text("Name a property company.", "请选择物业公司。"),
            )
        made = await AreaService.create(
            name=written(name, "name", NAME_MAX),
            services=kept,
            contract_number=written(contract_number, "contract_number", BASIS_NUMBER_MAX, least=0),
            starts_on=first,
            ends_on=ends_on,
            organisation_id=company.id,
            street_id=company.street_id,
        )
        told = {"services": kept, "starts_on": first.isoformat(), "ends_on": ends_on and ends_on.isoformat()}
        await record(actor_of(viewer), "areaServiceBegin", made, after=told)
        return made


async def join(
    viewer: Viewer,
    area_service_id: str,
    compound_id: str,
    *,
    area_m2: Decimal | None = None,
    joins_on: date | None = None,
) -> AreaServiceMember:
    """Let a compound join from ``joins_on`` (default: today), and the company serve it from that day: a mandate by entrustment
    for each of the services. ``area_m2``: by which it shares; default: what its homes come to.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (a compound with a contract of its own, no area, a day outside the service's) and
    CONFLICT (it is in one on some of these days, or somebody else does such a service there).
    """
    first = joins_on or today()
    async with in_transaction():
        service = await permitted(AreaService, area_service_id, viewer, "areaServiceJoin", path=("area_service_id",))
        compound = await found(Compound, compound_id, viewer, path=("compound_id",))
        check_kind(compound.kind)
        check_within(first, "joins_on", service.starts_on, service.ends_on)
        member = AreaServiceMember(
            area_m2=check_area(await _area(compound.id) if area_m2 is None else area_m2),
            joins_on=first,
            leaves_on=service.ends_on,
            area_service_id=service.id,
            compound_id=compound.id,
            street_id=compound.street_id,
        )
        async with constrained(_taken()):
            await member.save(force_create=True)
        for each in service.services:
            await start_mandate(
                *(viewer, service.organisation_id, compound.id, MandateRole.SERVES),
                service=MandateService(each),
                basis=MandateBasis.ENTRUSTMENT,
                basis_number=service.contract_number,
                starts_on=first,
                ends_on=service.ends_on,
            )
        told = {"starts_on": first.isoformat(), "area_m2": str(member.area_m2)}
        await record(actor_of(viewer), "areaServiceJoin", member, after=told)
        return member


async def leave(viewer: Viewer, member_id: str, *, leaves_on: date | None = None) -> AreaServiceMember:
    """Let a compound leave, ``leaves_on`` (default: today) being its last day, and the company's mandates end on it. Without a
    day, one that has left stays as it is. What was shared before stays as it was shared.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (a last day before the first, or after the present one).
    """
    async with in_transaction():
        member = await permitted(AreaServiceMember, member_id, viewer, "areaServiceLeave")
        if leaves_on is None and member.leaves_on is not None and member.leaves_on <= today():
            return member
        service = await AreaService.get(id=member.area_service_id)
        await _leave(viewer, service, member, leaves_on or max(today(), member.joins_on))
        return member


async def end(viewer: Viewer, area_service_id: str, *, ends_on: date | None = None) -> AreaService:
    """The area-wide service with an earlier last day (default: today); whoever is in, leaves on it. Without a day, one that is
    over stays as it is.

    Refuses NOT_FOUND, FORBIDDEN and INVALID (a last day before the first, after the present one, or before a compound joins).
    """
    async with in_transaction():
        service = await permitted(AreaService, area_service_id, viewer, "areaServiceEnd")
        if ends_on is None and service.ends_on is not None and service.ends_on <= today():
            return service
        last = ends_on or max(today(), service.starts_on)
        check_days(service.starts_on, last)
        check_no_longer(last, service.ends_on)
        for member in await AreaServiceMember.filter(area_service_id=service.id).order_by("id"):
            if member.leaves_on is None or member.leaves_on > last:
                await _leave(viewer, service, member, last)
        before = {"ends_on": service.ends_on and service.ends_on.isoformat()}
        service.ends_on = last
        service.version += 1
        await service.save(update_fields=["ends_on", "version"])
        await record(actor_of(viewer), "areaServiceEnd", service, before=before, after={"ends_on": last.isoformat()})
        return service


async def _leave(viewer: Viewer, service: AreaService, member: AreaServiceMember, last: date) -> None:
    check_days(member.joins_on, last)
    check_no_longer(last, member.leaves_on)
    before = {"ends_on": member.leaves_on and member.leaves_on.isoformat()}
    member.leaves_on = last
    await member.save(update_fields=["leaves_on"])
    mandates = await Mandate.filter(
        organisation_id=service.organisation_id,
        compound_id=member.compound_id,
        role=MandateRole.SERVES,
        service__in=list(service.services),
        starts_on=member.joins_on,
    ).order_by("id")
    for mandate in mandates:
        if mandate.ends_on is None or mandate.ends_on > last:
            await end_mandate(viewer, mandate.id, ends_on=last)
    await record(actor_of(viewer), "areaServiceLeave", member, before=before, after={"ends_on": last.isoformat()})


async def _area(compound_id: str) -> Decimal | None:
    rows = await query("SELECT sum(area_m2) AS area FROM home WHERE compound_id = $1", compound_id)
    return rows[0]["area"]


def _taken() -> Refused:
    return Refused(
        RefusalCode.CONFLICT,
        Text("The compound is in an area-wide service on some of these days.", "该小区在此期间已参加区域化物业服务。"),
        path=("joins_on",),
        hint=Text("Let it leave that one first: areaServiceLeave.", "请先登记退出（areaServiceLeave）。"),
    )
