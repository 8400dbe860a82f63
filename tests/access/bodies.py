"""What is the organisations' own in the story: an election, two offices, a paper with a scan; and two handovers."""

from __future__ import annotations

from datetime import date
from typing import Any

import models
from domain.audit import Door
from domain.handovers import HandoverItem
from domain.offices import OfficeEnd, OfficeKind
from domain.papers import PaperKind

from .people import OFFICE
from .story import Told, a_moment, plant, planted
from .world import Ground

_TERM = {"term_starts_on": date(2020, 1, 2), "term_ends_on": date(2022, 12, 31)}
_HELD = {"starts_on": date(2020, 1, 2), "ends_on": date(2022, 12, 31)}


class Bodies(Ground):
    """Builds them, the same for every organisation."""

    async def bodies(self) -> None:
        for told in list(self.story.of_type["Organisation"]):
            await self._of_a_body(told)
        for mandate, to in (("Redstone SERVES L", "Bluewave"), ("Evergreen SERVES L", OFFICE)):
            await self._handed_over(mandate, mandate.split()[0], to)

    async def _of_a_body(self, body: Told) -> None:
        holder = next((row for row in self.story.of_type["Account"] if row.desk == body.desk), None)
        of: dict[str, Any] = {"organisation_id": body.id, "street_id": self.stored[body.desk].street_id}
        election = await self._kept_by(models.Election, body, of | {"held_on": date(2020, 1, 1), **_TERM})
        compound = body.links["compound"]
        for turn in range(2):
            columns: dict[str, Any] = {
                **({"kind": OfficeKind.CONTACT, "starts_on": date(2020, 1, 2)} if turn else _HELD),
                **({} if turn else {"kind": self.of(OfficeKind), "how_ended": self.of(OfficeEnd), "election_id": election.id}),
                "single": False,
                "account_id": holder.id if holder else None,
                "compound_id": compound.id if compound else None,
            }
            links = {"election": None if turn else election, "account": holder, "compound": compound}
            await self._kept_by(models.Office, body, of | columns, links)
        columns = {"kind": self.of(PaperKind), "valid_from": date(2020, 1, 1), "valid_to": date(2024, 1, 1)}
        paper = await self._kept_by(models.Paper, body, of | columns | {"withdrawn_at": a_moment()})
        paper.values["expired"] = True
        columns = {"subject_id": paper.id, "media_type": "application/pdf", "sha256": f"{plant():a>64}", "compound_id": None}
        columns |= {"uploaded_by_id": holder.id if holder else None, "audience_id": None}
        file = await models.File.create(**planted(models.File, of | columns))
        self.keep(file.id, file, body.street, desk=body.desk, links={"of": paper, "uploadedBy": holder})
        columns = {"subject_id": body.id, "door": Door.GRAPHQL, "roles": "STREET_OFFICER", "actor": "system:clock"}
        words = {"words": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"}}
        columns |= {"before": {"level": f"~{plant()}~"}, "after": {"level": f"~{plant()}~"}, "street_id": of["street_id"]}
        fact = await models.Fact.create(**planted(models.Fact, columns | words))
        self.keep(fact.id, fact, body.street, links={"subject": body, "actor": None})
        self.told[fact.id].values["role"] = "STREET_OFFICER"

    async def _kept_by(
        self, model: Any, body: Told, columns: dict[str, Any], links: dict[str, Told | None] | None = None
    ) -> Told:
        row = await model.create(**planted(model, columns))
        await row.refresh_from_db()
        self.keep(row.id, row, body.street, *body.compounds, desk=body.desk, links={"organisation": body, **(links or {})})
        return self.told[row.id]

    async def _handed_over(self, mandate: str, leaves: str, comes: str) -> None:
        row, told = self.stored, self.told
        (compound,) = told[mandate].compounds
        people = [next((each for each in self.story.of_type["Account"] if each.desk == name), None) for name in (leaves, comes)]
        assert people[0]
        assert people[1]
        columns: dict[str, Any] = {
            "handed_over_on": date(2022, 12, 31),
            "handed": [self.of(HandoverItem), f"~{plant()}~"],
            "missing": [f"~{plant()}~"],
            "from_signed_at": a_moment(),
            "to_signed_at": a_moment(),
            "from_signed_by_id": people[0].id,
            "to_signed_by_id": people[1].id,
            "mandate_id": row[mandate].id,
            "from_organisation_id": row[leaves].id,
            "to_organisation_id": row[comes].id,
            "compound_id": row[compound].id,
            "street_id": row[compound].street_id,
        }
        made = await models.MandateHandover.create(**planted(models.MandateHandover, columns))
        links = {
            "mandate": told[mandate],
            "fromOrganisation": told[leaves],
            "toOrganisation": told[comes],
            "fromSignedBy": people[0],
            "toSignedBy": people[1],
            "compound": told[compound],
        }
        self.keep(made.id, made, told[compound].street, compound, desk=leaves, office=comes, links=links)
        told[mandate].links["handover"] = told[made.id]
