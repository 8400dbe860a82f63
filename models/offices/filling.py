"""One office: somebody takes it up, by-election and succession included; somebody leaves it."""

from datetime import date, timedelta

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.offices import HOLDER_MAX, NOTE_MAX, OfficeEnd, OfficeKind, check_by_hand, check_office
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.connection import constrained
from models.facts import record
from models.organisations import Mandate, Organisation
from models.organisations.keeping import check_going_on
from models.permits import actor_of, found, permitted
from models.roles import check_days, check_no_longer
from models.territory import Compound

from .holders import check_account, of, refused
from .rows import Office

_DAY = timedelta(days=1)


async def fill_office(
    viewer: Viewer,
    organisation_id: str,
    kind: OfficeKind,
    holder: str,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    compound_id: str | None = None,
    account_id: str | None = None,
    succeeds_id: str | None = None,
) -> Office:
    """Somebody in one office from ``starts_on`` (default: today) on, to the end of the term where the body has one.

    ``compound_id``: where a company's manager runs its work. ``succeeds_id``: the office of whoever they take over from (接任),
    which ends the day before.
    Refuses NOT_FOUND, FORBIDDEN, INVALID, ILLEGAL_MOVE (the organisation has ended) and CONFLICT (somebody holds it then).
    """
    first = starts_on or today()
    async with in_transaction():
        body = await permitted(Organisation, organisation_id, viewer, "officeFill", path=("organisation_id",))
        check_going_on(body, "organisation_id")
        single = check_office(body.kind, kind)
        await check_account(viewer, account_id, body, ("account_id",))
        last = _within_term(body, kind, first, ends_on)
        check_days(first, last)
        office = Office(
            kind=kind,
            single=single,
            holder=written(holder, "holder", HOLDER_MAX),
            starts_on=first,
            ends_on=last,
            compound_id=await _compound(viewer, body, compound_id, first),
            account_id=account_id,
            **of(body),
        )
        if succeeds_id is not None:
            await _succeed(viewer, office, succeeds_id)
        await _check_free(office)
        async with constrained(_held(kind, first, last)):
            await office.save()
        told = {"office": office.id, "kind": kind, "starts_on": first.isoformat(), "ends_on": last and last.isoformat()}
        await record(actor_of(viewer), "officeFill", body, after=told | {"succeeds": succeeds_id})
        return await Office.get(id=office.id)


def _within_term(body: Organisation, kind: OfficeKind, first: date, ends_on: date | None) -> date | None:
    """The last day of the office: within the term, where it is one that is elected to."""
    term = None if kind is OfficeKind.CONTACT else body.term_ends_on
    if term is None:
        return ends_on
    field, day = ("starts_on", first) if first > term else ("ends_on", ends_on or term)
    if day > term:
        raise refused(
            RefusalCode.INVALID,
            (field,),
            Text(f"The term ends on {term}, before {day}.", f"本届任期至 {term}，早于 {day}。"),
            Text("Give a day within the term, or hold the election first.", "请填写本届任期内的日期，或先换届。"),
        )
    return ends_on or term


async def _compound(viewer: Viewer, body: Organisation, compound_id: str | None, first: date) -> str | None:
    if compound_id is None:
        return body.compound_id
    compound = await found(Compound, compound_id, viewer, path=("compound_id",))
    theirs = Mandate.filter(organisation_id=body.id, compound_id=compound.id, lasts_to__gte=first)
    if compound.id != body.compound_id and not await theirs.exists():
        raise refused(
            RefusalCode.INVALID,
            ("compound_id",),
            Text("The organisation has no mandate for this compound then.", "该组织届时与此小区没有服务与治理关系。"),
            Text("Start the mandate first, or leave the compound out.", "请先登记关系，或不填小区。"),
        )
    return compound.id


async def _succeed(viewer: Viewer, office: Office, succeeds_id: str) -> None:
    """Let whoever they take over from hold it until the day before."""
    before = await found(Office, succeeds_id, viewer, path=("succeeds_id",), lock=True)
    same = (before.organisation_id, before.kind) == (office.organisation_id, office.kind)
    if not same or before.starts_on >= office.starts_on or before.lasts_to < office.starts_on - _DAY:
        raise refused(
            RefusalCode.INVALID,
            ("succeeds_id",),
            Text("That is not the same office held until then.", "该任职并非同一组织在此之前的同一职务。"),
            Text("Name the office that they take over, or leave it out.", "请选择所接任的任职，或留空。"),
        )
    if before.lasts_to >= office.starts_on:
        before.ends_on, before.how_ended = office.starts_on - _DAY, OfficeEnd.SUCCEEDED
        await before.save(update_fields=["ends_on", "how_ended"])


async def _check_free(office: Office) -> None:
    """Refuses (CONFLICT) a second one in what one person holds at a time. The organisation is locked."""
    others = Office.filter(organisation_id=office.organisation_id, kind=office.kind, compound_id=office.compound_id)
    last = office.ends_on or date.max
    rival = await others.filter(starts_on__lte=last, lasts_to__gte=office.starts_on).order_by("starts_on").first()
    if office.single and rival is not None:
        raise _held(office.kind, rival.starts_on, rival.ends_on)


def _held(kind: OfficeKind, first: date, last: date | None) -> Refused:
    until = last or "…"
    return refused(
        RefusalCode.CONFLICT,
        ("starts_on",),
        Text(
            f"There is a {kind} from {first} to {until}, and one at a time.",
            f"{first} 至 {until} 已有“{kind.zh}”，同时只能一人担任。",
        ),
        Text(
            "Name their office in succeedsId, or end it with officeEnd.",
            "请在 succeedsId 中指明所接任的任职，或先用 officeEnd 终止。",
        ),
    )


async def end_office(viewer: Viewer, office_id: str, how: OfficeEnd, *, ends_on: date | None = None, note: str = "") -> Office:
    """Let somebody's time in an office end on a day (default: today): they resigned, were removed or went elsewhere.

    Refuses NOT_FOUND, FORBIDDEN, INVALID (how, day, note) and ILLEGAL_MOVE (it is over).
    """
    async with in_transaction():
        office = await permitted(Office, office_id, viewer, "officeEnd")
        last = ends_on or today()
        check_by_hand(how)
        if office.lasts_to < today():
            raise refused(
                RefusalCode.ILLEGAL_MOVE,
                ("id",),
                Text(f"It has been over since {office.ends_on}.", f"该任职已于 {office.ends_on} 结束。"),
                Text("Nothing is left to be ended.", "无需再次终止。"),
            )
        check_days(office.starts_on, last)
        check_no_longer(last, office.ends_on)
        before = {"ends_on": office.ends_on and office.ends_on.isoformat()}
        office.ends_on, office.how_ended, office.end_note = last, how, written(note, "note", NOTE_MAX, least=0)
        await office.save(update_fields=["ends_on", "how_ended", "end_note"])
        body = await Organisation.get(id=office.organisation_id)
        after = {"office": office.id, "kind": office.kind, "ends_on": last.isoformat(), "outcome": how}
        await record(actor_of(viewer), "officeEnd", body, before=before, after=after)
        return await Office.get(id=office.id)
