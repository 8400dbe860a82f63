"""Offices, elections, papers and handovers with hostile texts and ties."""

from __future__ import annotations

from datetime import date

import models
from domain.handovers import HandoverItem
from domain.offices import OfficeEnd, OfficeKind
from domain.papers import PaperKind

from .hostile import MOMENTS, Making

_DAYS = (date(2024, 2, 29), date(2024, 2, 29), date(2026, 12, 31), date(2999, 12, 31))


async def bodies(m: Making, organisations: list[models.Organisation], compounds: list[models.Compound]) -> None:
    """Some of everything in each organisation; a handover of every other mandate."""
    accounts = await models.Account.all().order_by("id").limit(5)
    for organisation in organisations:
        of = {"organisation_id": organisation.id, "street_id": organisation.street_id}
        theirs = [compound.id for compound in compounds if compound.street_id == organisation.street_id]
        term = {"held_on": date(2020, 1, 1), "term_starts_on": date(2020, 1, 1), "term_ends_on": m.of(_DAYS)}
        election = await models.Election.create(id=m.id(models.Election), **term, **of)
        for _ in range(m.of([1, 3])):
            ends_on = m.maybe(_DAYS)
            await models.Office.create(
                id=m.id(models.Office),
                kind=m.of(OfficeKind),
                single=False,
                holder=m.text(),
                starts_on=m.of([date(2020, 1, 1), date(2024, 2, 29)]),
                ends_on=ends_on,
                how_ended=m.of(OfficeEnd) if ends_on else None,
                end_note=m.text(),
                election_id=m.maybe([election.id]),
                account_id=m.maybe([account.id for account in accounts]),
                compound_id=m.maybe(theirs),
                **of,
            )
            paper = await models.Paper.create(
                id=m.id(models.Paper),
                kind=m.of(PaperKind),
                number=m.text(),
                issuer=m.text(120),
                valid_from=date(2024, 2, 29),
                valid_to=m.maybe(_DAYS),
                withdrawn_at=m.maybe(MOMENTS),
                **of,
            )
            await models.File.create(
                id=m.id(models.File),
                subject_id=paper.id,
                name=m.text(),
                media_type="application/pdf",
                size=m.of([1, 2147483647]),
                sha256=f"{m.random.getrandbits(256):064x}",
                uploaded_at=m.moment(),
                **of,
            )
    for mandate in (await models.Mandate.all().order_by("id"))[::2]:
        signed = m.of([{}, {"from_signed_at": m.moment(), "from_signed_by_id": accounts[0].id}])
        await models.MandateHandover.create(
            id=m.id(models.MandateHandover),
            handed_over_on=m.of(_DAYS),
            handed=[m.of(HandoverItem)],
            missing=m.of([[], [m.text()]]),
            open_points=m.text(),
            mandate_id=mandate.id,
            from_organisation_id=mandate.organisation_id,
            to_organisation_id=next(body.id for body in organisations if body.id != mandate.organisation_id),
            compound_id=mandate.compound_id,
            street_id=mandate.street_id,
            **signed,
        )
