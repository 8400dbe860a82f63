"""Acts on organisations: founding one, naming it anew, saying where its office is, ending it."""

from datetime import date
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from domain.access import Viewer
from domain.credit_codes import credit_code as checked_credit_code
from domain.offices import OfficeEnd
from domain.organisations import OF_A_COMPOUND, SEATED_IN, OrganisationKind, office_telephone
from domain.refusals import RefusalCode, Refused
from domain.territory import PlaceKind
from domain.texts import written
from domain.words import Text
from models.calendar import today
from models.connection import query
from models.facts import record
from models.permits import actor_of, found, permitted, unchanged
from models.territory import Compound, Place

from .rows import Mandate, Organisation

CODE_MAX, NAME_MAX, ADDRESS_MAX, HOURS_MAX = 40, 120, 200, 120

#: $1: organisation, $2: its last day, $3: how it ended. Those who hold an office then hold it no longer.
_END_OFFICES = """
WITH begun AS (
    UPDATE office SET ends_on = $2, how_ended = $3 WHERE organisation_id = $1 AND starts_on <= $2 AND lasts_to > $2
)
DELETE FROM office WHERE organisation_id = $1 AND starts_on > $2
"""


def _refused(code: RefusalCode, field: str, message: Text, hint: Text) -> Refused:
    return Refused(code, message, path=(field,), hint=hint)


def check_going_on(organisation: Organisation, field: str = "id") -> None:
    """Refuses (ILLEGAL_MOVE) an organisation that has ended, or will."""
    if organisation.ended_on is not None:
        raise _refused(
            RefusalCode.ILLEGAL_MOVE,
            field,
            Text(f"The organisation's last day is {organisation.ended_on}.", f"该组织已定于 {organisation.ended_on} 撤销。"),
            Text("Name another, or found a new one.", "请选择其他组织，或新建组织。"),
        )


async def create(
    viewer: Viewer,
    place_id: str,
    *,
    kind: OrganisationKind,
    code: str,
    name: str,
    functional: bool = False,
    credit_code: str | None = None,
    compound_id: str | None = None,
    founded_on: date | None = None,
) -> Organisation:
    """A new organisation of a place; given a street, it is of no one place, unless it is the street's own office.

    ``functional``: a Party branch across units of work. ``compound_id``: the compound whose own body it is.
    Refuses NOT_FOUND (place, compound), FORBIDDEN, INVALID (texts, a kind that is not of such a place or of a compound, a code
    that is none), ILLEGAL_MOVE (the place has ended) and CONFLICT (a code that is taken).
    """
    async with in_transaction():
        place = await permitted(Place, place_id, viewer, "organisationCreate", path=("place_id",))
        place.check_living("place_id")
        compound = await found(Compound, compound_id, viewer, path=("compound_id",)) if compound_id else None
        _check_seat(kind, place, compound, functional)
        organisation = Organisation(
            code=written(code, "code", CODE_MAX),
            kind=kind,
            name=written(name, "name", NAME_MAX),
            functional=functional,
            credit_code=checked_credit_code(credit_code) if credit_code and credit_code.strip() else None,
            founded_on=founded_on,
            street_id=place.street_id,
            place_id=place.id if place.kind is not PlaceKind.STREET or kind is OrganisationKind.STREET_OFFICE else None,
            compound_id=compound.id if compound else None,
        )
        await _save(organisation)
        told = {"kind": kind, "code": organisation.code, "place_id": place.id, "compound_id": organisation.compound_id}
        await record(actor_of(viewer), "organisationCreate", organisation, after=told)
        return await Organisation.get(id=organisation.id)


def _check_seat(kind: OrganisationKind, place: Place, compound: Compound | None, functional: bool) -> None:
    if place.kind not in SEATED_IN[kind]:
        kinds = [each for each in PlaceKind if each in SEATED_IN[kind]]
        raise _refused(
            RefusalCode.INVALID,
            "place_id",
            Text(f"A {_words(kind)} is not of a {_words(place.kind)}.", f"{kind.zh}不能设在{place.kind.zh}。"),
            Text(f"Name one of these: {', '.join(kinds)}.", f"可选：{'、'.join(each.zh for each in kinds)}。"),
        )
    if compound is not None and (kind not in OF_A_COMPOUND or compound.street_id != place.street_id):
        raise _refused(
            RefusalCode.INVALID,
            "compound_id",
            Text(f"A {_words(kind)} of this place is no body of that compound.", f"该{kind.zh}不能是此小区的自有组织。"),
            Text("Leave the compound out, and record a mandate for it instead.", "请去掉小区，改为登记服务与治理关系。"),
        )
    if functional and kind is not OrganisationKind.PARTY_BRANCH:
        raise _refused(
            RefusalCode.INVALID,
            "functional",
            Text(f"A {_words(kind)} is no functional Party branch.", f"{kind.zh}不是功能型党支部。"),
            Text("Leave it out.", "请去掉该项。"),
        )


def _words(word: str) -> str:
    return word.lower().replace("_", " ")


async def _save(organisation: Organisation) -> None:
    """Store a new organisation; refuses (CONFLICT) codes that are taken, whoever is faster."""
    same = Organisation.filter(street_id=organisation.street_id, credit_code=organisation.credit_code, ended_on=None)
    if await Organisation.filter(code=organisation.code).exists():
        raise _code_taken("code")
    if organisation.credit_code and await same.exists():
        raise _code_taken("credit_code")
    try:
        async with in_transaction():
            await organisation.save()
    except IntegrityError as error:
        raise _code_taken("credit_code" if "credit_code" in str(error) else "code") from error


def _code_taken(field: str) -> Refused:
    return _refused(
        RefusalCode.CONFLICT,
        field,
        Text("Another organisation has this code.", "该编码已被其他组织使用。"),
        Text("Look for that one, or check the code.", "请查找已有组织，或核对编码。"),
    )


async def rename(viewer: Viewer, organisation_id: str, name: str, *, expected_version: int | None = None) -> Organisation:
    """Give an organisation another name. Refuses NOT_FOUND, FORBIDDEN, INVALID, ILLEGAL_MOVE (it has ended), STALE_VERSION."""
    return await _changed(
        viewer, organisation_id, "organisationRename", expected_version, {"name": written(name, "name", NAME_MAX)}
    )


async def set_contact(
    viewer: Viewer, organisation_id: str, *, telephone: str, address: str, hours: str, expected_version: int | None = None
) -> Organisation:
    """Say how the office is reached: its landline or service number, address and hours, in place of what was said before.

    A mobile number is a person's, and is not taken.
    Refuses NOT_FOUND, FORBIDDEN, INVALID, ILLEGAL_MOVE (it has ended) and STALE_VERSION.
    """
    changes = {
        "telephone": office_telephone(telephone),
        "address": written(address, "address", ADDRESS_MAX, least=0),
        "hours": written(hours, "hours", HOURS_MAX, least=0),
    }
    return await _changed(viewer, organisation_id, "organisationSetContact", expected_version, changes)


async def _changed(
    viewer: Viewer, organisation_id: str, act: str, expected_version: int | None, changes: dict[str, Any]
) -> Organisation:
    async with in_transaction():
        organisation = await permitted(Organisation, organisation_id, viewer, act)
        unchanged(organisation.version, expected_version)
        check_going_on(organisation)
        before = {name: getattr(organisation, name) for name in changes}
        organisation.update_from_dict({**changes, "version": organisation.version + 1})
        await organisation.save(update_fields=[*changes, "version"])
        await record(actor_of(viewer), act, organisation, before=before, after=changes | {"version": organisation.version})
        return organisation


async def end(
    viewer: Viewer, organisation_id: str, *, ended_on: date | None = None, expected_version: int | None = None
) -> Organisation:
    """Let an organisation end on a day (default: today), and with it the offices in it. One that has ended stays as it is.

    The roles of accounts stay: they are ended by themselves.
    Refuses NOT_FOUND, FORBIDDEN, INVALID (a day before it was founded), ILLEGAL_MOVE (a mandate lasts longer) and STALE_VERSION.
    """
    async with in_transaction():
        organisation = await permitted(Organisation, organisation_id, viewer, "organisationEnd")
        unchanged(organisation.version, expected_version)
        if organisation.ended_on is not None:
            return organisation
        last = ended_on or today()
        if organisation.founded_on is not None and last < organisation.founded_on:
            raise _refused(
                RefusalCode.INVALID,
                "ended_on",
                Text(
                    f"It was founded on {organisation.founded_on}, after {last}.",
                    f"该组织成立于 {organisation.founded_on}，晚于 {last}。",
                ),
                Text("Give a later day.", "请填写更晚的日期。"),
            )
        if await Mandate.filter(organisation_id=organisation.id, lasts_to__gt=last).exists():
            raise _refused(
                RefusalCode.ILLEGAL_MOVE,
                "ended_on",
                Text("One of its mandates lasts longer.", "该组织仍有未终止的服务与治理关系。"),
                Text("End its mandates first, with mandateEnd.", "请先用 mandateEnd 终止其关系。"),
            )
        organisation.ended_on = last
        organisation.version += 1
        await organisation.save(update_fields=["ended_on", "version"])
        await query(_END_OFFICES, organisation.id, last, OfficeEnd.BODY_ENDED)
        await record(actor_of(viewer), "organisationEnd", organisation, after={"ended_on": last.isoformat()})
        return organisation
