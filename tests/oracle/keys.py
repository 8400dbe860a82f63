"""Tokens, keys, invitations, rosters and facts of the nasty database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import models
from domain.access import Scope
from domain.accounts import AccountKind
from domain.audit import Door
from domain.duty import DutyLevel
from domain.events import EventDoor
from tests import builders as build

from .hostile import MOMENTS, STRAY, Making


async def keys_and_facts(m: Making, streets: list[models.Place], organisations: list[models.Organisation]) -> None:
    """Tokens of machines, keys of intake, and what was done to tickets and devices."""
    for street in streets:
        service = {"street_id": street.id, "kind": AccountKind.SERVICE}
        account = await build.an_account(id=m.id(models.Account), login=m.code(), name=m.text(), **service)
        for scope in (Scope.READ, Scope.WRITE):
            moments = {"created_at": MOMENTS[-3], "expires_at": MOMENTS[-1], "revoked_at": m.maybe(MOMENTS)}
            given = {"digest": m.code(64), "hint": m.text(12), "account_id": account.id, "street_id": street.id}
            await models.ApiToken.create(id=m.id(models.ApiToken), scope=scope, **given, **moments)
    for number, organisation in enumerate(organisations):
        given = {
            "digest": bytes([number]),
            "hint": m.text(12),
            "door": m.of(EventDoor),
            "source_prefix": m.maybe([m.text()]),
            "expires_at": m.maybe(MOMENTS),
        }
        place = {"organisation_id": organisation.id, "street_id": organisation.street_id}
        await models.IntakeKey.create(id=m.id(models.IntakeKey), **given, **place)
    accounts = await models.Account.all().order_by("id").values_list("id", flat=True)
    kinds: list[tuple[Any, int]] = [(models.Ticket, 12), (models.Device, 8), (models.Alert, 8), (models.Facility, 4)]
    for subject in [row for kind, most in kinds for row in await kind.all().order_by("id").limit(most)]:
        told = {"state": m.text(), "title": m.text(), "opened_at": m.json(), "due_at": None}
        await models.Fact.create(
            id=m.id(models.Fact),
            at=m.moment(),
            actor=m.of([*accounts, "system:clock"]),
            roles=m.of(["", "RESIDENT", "COMPANY_STAFF,GRID_WORKER"]),
            door=m.of(Door),
            action=m.text(),
            subject_id=m.of([subject.id] * 4 + [subject.compound_id, *STRAY]),
            before=m.maybe([told, m.json()]),
            after=m.maybe([told, {}, {"internal": True}, {"internal": m.json()}]),
            words=m.words(),
            compound_id=subject.compound_id,
            street_id=subject.street_id,
            audience_id=m.maybe(accounts),
        )


async def invitations(m: Making, homes: list[models.Home]) -> None:
    accounts = [account.id for account in await models.Account.all().order_by("id")]
    for home in homes:
        used_at = m.maybe(MOMENTS)
        given = {"used_at": used_at, "account_id": used_at and m.maybe(accounts), "invited_by_id": m.of(accounts)}
        moments = {"created_at": MOMENTS[m.of([0, 3])], "expires_at": MOMENTS[-1]}
        place = {"home_id": home.id, "compound_id": home.compound_id, "street_id": home.street_id}
        await models.Invitation.create(id=m.id(models.Invitation), digest=m.code(64), **given, **moments, **place)


async def duty(m: Making, organisations: list[models.Organisation]) -> None:
    """Rosters, with shifts one microsecond after the other."""
    accounts = [account.id for account in await models.Account.all().order_by("id")]
    for organisation in organisations:
        desk = {"organisation_id": organisation.id, "street_id": organisation.street_id}
        named = m.of([[], [m.text(), "\u2028"], list(STRAY)])
        given = {"name": m.text(), "level": m.of(DutyLevel), "compound_ids": named, "ended_at": m.maybe(MOMENTS)}
        roster = await models.DutyRoster.create(id=m.id(models.DutyRoster), **given, **desk)
        for starts_at in sorted({*MOMENTS[2:]})[: m.of([0, 2, 5])]:
            given = {"starts_at": starts_at, "ends_at": starts_at + timedelta(microseconds=1), "account_id": m.of(accounts)}
            await models.DutyShift.create(id=m.id(models.DutyShift), roster_id=roster.id, **given, **desk)
