"""Elections: a new term, and who was elected to what; the term before ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.offices import HOLDER_MAX, TERM_YEARS, Elected, OfficeEnd, OfficeKind, check_elected, check_office, check_term
from domain.organisations import OrganisationKind
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.connection import constrained
from models.facts import record
from models.organisations import Organisation
from models.organisations.keeping import check_going_on
from models.permits import actor_of, permitted
from settings import Settings, load

from .holders import check_account, of, refused
from .rows import Election, Office

_DAY = timedelta(days=1)


def term_years(kind: OrganisationKind, settings: Settings) -> int | None:
    """The years of a term at most, as the settings say; None: it is not elected."""
    own = {
        OrganisationKind.OWNERS_COMMITTEE: settings.committee_term_years,
        OrganisationKind.PROPERTY_MANAGEMENT_COMMITTEE: settings.management_committee_term_years,
    }
    return own.get(kind, TERM_YEARS[kind])


async def hold_election(
    viewer: Viewer,
    organisation_id: str,
    elected: Sequence[Elected],
    *,
    held_on: date,
    term_ends_on: date,
    term_starts_on: date | None = None,
    settings: Settings | None = None,
) -> Election:
    """Record an election: a new term from ``term_starts_on`` (default: the day it was held) to ``term_ends_on``, and who was
    elected to what. The term before ends the day before, and with it all its offices but those of contacts.

    Refuses NOT_FOUND (organisation, account), FORBIDDEN, INVALID (days, a term too long, who was elected to what), ILLEGAL_MOVE
    (the organisation has ended) and CONFLICT (a later term is there).
    """
    first = term_starts_on or held_on
    async with in_transaction():
        body = await permitted(Organisation, organisation_id, viewer, "electionHold", path=("organisation_id",))
        check_going_on(body, "organisation_id")
        check_term(body.kind, first, term_ends_on, term_years(body.kind, settings or load()))
        _check_held(held_on, first)
        check_elected(body.kind, elected)
        for number, each in enumerate(elected):
            await check_account(viewer, each.account_id, body, ("elected", str(number), "account_id"))
        await _end_terms(body, first)
        election = Election(held_on=held_on, term_starts_on=first, term_ends_on=term_ends_on, **of(body))
        async with constrained(_later_term()):
            await election.save()
            for each in elected:
                await Office.create(
                    kind=each.kind,
                    single=check_office(body.kind, each.kind),
                    holder=written(each.holder, "elected", HOLDER_MAX),
                    starts_on=first,
                    ends_on=term_ends_on,
                    election_id=election.id,
                    compound_id=body.compound_id,
                    account_id=each.account_id,
                    organisation_id=body.id,
                    street_id=body.street_id,
                )
        body.term_ends_on, body.version = term_ends_on, body.version + 1
        await body.save(update_fields=["term_ends_on", "version"])
        told: dict[str, Any] = {"held_on": held_on, "term_starts_on": first, "term_ends_on": term_ends_on}
        after = {name: day.isoformat() for name, day in told.items()} | {"count": len(elected)}
        await record(actor_of(viewer), "electionHold", body, after=after)
        return election


def _check_held(held_on: date, first: date) -> None:
    if held_on > today():
        raise refused(
            RefusalCode.INVALID,
            ("held_on",),
            Text(f"The election of {held_on} has not been held yet.", f"{held_on} 的选举尚未举行。"),
            Text("Record it on the day or after.", "请在选举当日或之后登记。"),
        )
    if first < held_on:
        raise refused(
            RefusalCode.INVALID,
            ("term_starts_on",),
            Text(f"The term would start before the election of {held_on}.", f"任期开始早于 {held_on} 的选举。"),
            Text("Give the day of the election or a later one.", "请填写选举当日或之后的日期。"),
        )


def _later_term() -> Refused:
    return refused(
        RefusalCode.CONFLICT,
        ("term_starts_on",),
        Text("There is a term from that day or a later one on already.", "该日或之后已有任期开始。"),
        Text("Give a later day, or look for that term.", "请填写更晚的日期，或查看已有任期。"),
    )


async def _end_terms(body: Organisation, first: date) -> None:
    """Let what lasts into the new term end the day before it. The organisation is locked."""
    last = first - _DAY
    if await Election.filter(organisation_id=body.id, term_starts_on__gte=first).exists():
        raise _later_term()
    await Election.filter(organisation_id=body.id, term_ends_on__gte=first).update(term_ends_on=last)
    elective = Office.filter(organisation_id=body.id, lasts_to__gte=first).exclude(kind=OfficeKind.CONTACT)
    await elective.filter(starts_on__gte=first).delete()
    await elective.update(ends_on=last, how_ended=OfficeEnd.TERM_OVER)
