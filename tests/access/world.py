"""The story itself: two streets, four companies, and the people in and around five compounds.

North street: Lakeside community with grid one (compound K) and grid two (compound L), Hillside village with grid three
(compound M) and compound P. South street: Seaside community with compound S.

Evergreen has served K for long; it served L once. Bluewave looks after the lifts of K until some day to come, and serves M; it
will serve L. Redstone serves P; it served L until lately, so it may still look at it, and M once.
Southgate serves S; it served K once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

import models
from domain.access import Role, Scope
from domain.accounts import AccountKind
from domain.audit import Door
from domain.organisations import MandateBasis, MandateRole, MandateService, OrganisationKind
from domain.territory import HomeUse
from models.phones import kept
from models.tokens import token_digest
from settings import Settings
from tests import builders as build

from .people import COMMITTEE, OFFICE, PASSWORD, PEOPLE, TOKENS
from .story import Story, Told, a_moment, plant, planted

_TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
_ONCE = {"starts_on": date(2020, 1, 1), "ends_on": date(2022, 12, 31)}
FAR = datetime(2100, 1, 1, tzinfo=UTC)
_LATELY = {"ends_on": _TODAY - timedelta(days=5)}
_TO_COME = {"starts_on": _TODAY + timedelta(days=30)}
_STILL = {"ends_on": _TODAY + timedelta(days=30)}
_GROUND: dict[str, Any] = {"basis": MandateBasis.CONTRACT, "basis_on": date(2020, 1, 1)}

OUTLINE = {"type": "Polygon", "coordinates": [[[105.9, 29.3], [105.91, 29.3], [105.9, 29.31], [105.9, 29.3]]]}
#: What a role may be held over.
_OVER = ("place", "organisation", "compound", "home")


class Ground:
    """Builds the places, the organisations and the people in the connected database; ``things.py`` builds the rest."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.story = Story(people={person.name: person for person in PEOPLE})
        self.stored: dict[str, Any] = {}
        self.told: dict[str, Told] = {}
        self._turns: dict[Any, Iterator[Any]] = {}

    def of(self, words: Any) -> Any:
        """The next of these words, in turns."""
        return next(self._turns.setdefault(words, cycle(words)))

    def keep(self, name: str, row: Any, street: str, *compounds: str, **how: Any) -> Any:
        told = self.story.tell(row, street, *compounds, spare="spare" in name, **how)
        if isinstance(row, models.Place):
            told.values["living"] = row.ended_on is None
            told.links.update({"became": None, "splitFrom": None} | told.links)
        self.stored[name], self.told[name] = row, told
        return row

    async def phone(self, row: models.Account | models.Ticket, column: str) -> None:
        """A telephone number of the row's own."""
        number = f"13800{plant()}"
        self.story.phones.append(number)
        self.story.has_phone[number].append(row.id)
        columns = kept(f"+86{number}", row, column, self._settings)
        row.update_from_dict(columns)
        await row.save(update_fields=list(columns))

    async def territory(self) -> None:
        row, told = self.stored, self.told
        for street, community, grids in (
            ("north", "Lakeside", ("grid one", "grid two")),
            ("north", "Hillside", ("grid three",)),
            ("south", "Seaside", ("grid four",)),
        ):
            if street not in row:
                self.keep(street, await build.a_street(**planted(models.Place, {})), street, links={"parent": None})
            where = {"latitude": 29.3, "longitude": 105.9, "outline": OUTLINE} if community == "Lakeside" else {}
            above = await build.a_community(row[street], **planted(models.Place, where))
            self.keep(community, above, street, links={"parent": told[street]})
            for grid in grids:
                below = await build.a_grid(row[community], **planted(models.Place, {}))
                self.keep(grid, below, street, links={"parent": told[community]})
        past = {"ended_on": date(2024, 1, 1), "became_id": row["grid one"].id, "split_from_id": row["grid two"].id}
        links = {"parent": told["Lakeside"], "became": told["grid one"], "splitFrom": told["grid two"]}
        self.keep("grid gone", await build.a_grid(row["Lakeside"], **planted(models.Place, past)), "north", links=links)
        for name, street, community, grid in (
            ("K", "north", "Lakeside", "grid one"),
            ("L", "north", "Lakeside", "grid two"),
            ("M", "north", "Hillside", "grid three"),
            ("P", "north", "Hillside", None),
            ("S", "south", "Seaside", "grid four"),
        ):
            links = {"street": told[street], "community": told[community], "grid": told[grid] if grid else None}
            columns = {"handed_over_year": 2000, "grid_id": row[grid].id if grid else None, "outline": OUTLINE}
            made = await build.a_compound(row[community], **planted(models.Compound, columns))
            self.keep(name, made, street, name, links=links)

    async def homes(self) -> None:
        row, told = self.stored, self.told
        for home in ("K-101", "K-102", "K-201", "L-101", "L-102", "M-101", "P-101", "S-101"):
            compound, number = home.split("-")
            street = told[compound].street
            house = f"{compound} building {number[0]}"
            if house not in row:
                building = await build.a_building(row[compound], **planted(models.Building, {"storeys": 18}))
                self.keep(house, building, street, compound, links={"compound": told[compound]})
                unit = await build.a_unit(row[house], **planted(models.Unit, {}))
                self.keep(f"{house} unit", unit, street, compound, links={"building": told[house]})
            columns = {"floor": int(number[0]), "use": self.of(HomeUse)}
            made = await build.a_home(row[f"{house} unit"], **planted(models.Home, columns))
            links = {"unit": told[f"{house} unit"], "compound": told[compound]}
            self.keep(home, made, street, compound, home=home, links=links)

    async def organisations(self) -> None:
        row, told = self.stored, self.told
        serves, company = MandateRole.SERVES, OrganisationKind.PROPERTY_COMPANY
        for name, street, place, kind, mandates in (
            ("Evergreen", "north", None, company, [("K", serves, {}), ("L", serves, _ONCE)]),
            ("Bluewave", "north", None, company, [("K", serves, _STILL), ("M", serves, {}), ("L", serves, _TO_COME)]),
            ("Redstone", "north", None, company, [("P", serves, {}), ("L", serves, _LATELY), ("M", serves, _ONCE)]),
            ("Southgate", "south", None, company, [("S", serves, {}), ("K", serves, _ONCE)]),
            (OFFICE, "north", "Lakeside", OrganisationKind.COMMUNITY_OFFICE, []),
            (COMMITTEE, "north", None, OrganisationKind.OWNERS_COMMITTEE, [("K", MandateRole.REPRESENTS, {})]),
            ("former branch", "north", None, OrganisationKind.PARTY_BRANCH, []),
            ("north office", "north", "north", OrganisationKind.STREET_OFFICE, []),
        ):
            columns: dict[str, Any] = {"kind": kind, "place_id": row[place].id if place else None}
            of = "K" if name in {COMMITTEE, "former branch"} else ""
            if of:
                columns |= {"compound_id": row[of].id, "founded_on": date(2020, 1, 1), "term_ends_on": date(2099, 1, 1)}
            if name == "former branch":
                columns |= {"functional": True, "ended_on": date(2023, 1, 1), "credit_code": "911234567890123450"}
            made = await build.an_organisation(row[street], **planted(models.Organisation, columns))
            links = {"place": told[place] if place else None, "compound": told[of] if of else None}
            self.keep(name, made, street, *(m[0] for m in mandates), desk=name, links=links)
            for compound, role, days in mandates:
                how: dict[str, Any] = {"role": role, "basis_number": f"~{plant()}~", **_GROUND, **days}
                if days is _STILL:
                    how["service"] = MandateService.LIFT_MAINTENANCE
                mandate = await build.a_mandate(made, row[compound], **how)
                await mandate.refresh_from_db(fields=["lasts_to"])
                links = {"organisation": told[name], "compound": told[compound], "handover": None}
                self.keep(f"{name} {role} {compound}", mandate, told[compound].street, compound, links=links)

    async def people(self) -> None:
        """Accounts are of those who ask, and of some who do not; roles are bound to what the story says."""
        row = self.stored
        hashed = models.accounts.hash_password(PASSWORD)
        over, to_come = {"starts_on": date(2020, 1, 1), "ends_on": date(2022, 12, 31)}, {"starts_on": _TO_COME["starts_on"]}
        for name, employer, bindings in (
            ("officer of the north", "", [(Role.STREET_OFFICER, {"place": row["north"]})]),
            ("officer of the south", "", [(Role.STREET_OFFICER, {"place": row["south"]})]),
            ("auditor", "", [(Role.AUDITOR, {"place": row["north"]})]),
            ("administrator", "", [(Role.ADMINISTRATOR, {"place": row["north"]})]),
            ("clerk of Lakeside", OFFICE, [(Role.COMMUNITY_STAFF, {"place": row["Lakeside"]})]),
            ("clerk of Hillside", "", [(Role.COMMUNITY_STAFF, {"place": row["Hillside"]})]),
            ("worker of grid one", "", [(Role.GRID_WORKER, {"place": row["grid one"]})]),
            ("worker of grid two", "", [(Role.GRID_WORKER, {"place": row["grid two"]})]),
            ("former worker of grid one", "", [(Role.GRID_WORKER, {"place": row["grid one"], **over})]),
            ("manager of Evergreen", "Evergreen", [(Role.COMPANY_MANAGER, {"organisation": row["Evergreen"]})]),
            ("fitter of Evergreen", "Evergreen", [(Role.COMPANY_STAFF, {"organisation": row["Evergreen"]})]),
            ("manager of Bluewave", "Bluewave", [(Role.COMPANY_MANAGER, {"organisation": row["Bluewave"]})]),
            ("fitter of Redstone", "Redstone", [(Role.COMPANY_STAFF, {"organisation": row["Redstone"]})]),
            ("fitter of Southgate", "Southgate", [(Role.COMPANY_STAFF, {"organisation": row["Southgate"]})]),
            ("committee member of K", COMMITTEE, [(Role.COMMITTEE_MEMBER, {"organisation": row[COMMITTEE]})]),
            ("former committee member of K", COMMITTEE, [(Role.COMMITTEE_MEMBER, {"compound": row["K"], **over})]),
            ("coming committee member of K", "", [(Role.COMMITTEE_MEMBER, {"compound": row["K"], **to_come})]),
            ("resident of 101", "", [(Role.RESIDENT, {"home": row["K-101"]})]),
            ("resident of 102", "", [(Role.RESIDENT, {"home": row["K-102"]})]),
            ("resident of L", "", [(Role.RESIDENT, {"home": row["L-101"]})]),
            ("former resident of 101", "", [(Role.RESIDENT, {"home": row["K-101"], **over})]),
            ("Evergreen's machine", "Evergreen", [(Role.INTEGRATION, {"organisation": row["Evergreen"]})]),
            ("Bluewave's reader", "Bluewave", [(Role.INTEGRATION, {"organisation": row["Bluewave"]})]),
            (
                "somebody with three roles",
                "",
                [
                    (Role.RESIDENT, {"home": row["L-102"]}),
                    (Role.COMMITTEE_MEMBER, {"compound": row["K"]}),
                    (Role.GRID_WORKER, {"place": row["grid three"]}),
                ],
            ),
            (
                "officer who lives elsewhere",
                "",
                [(Role.STREET_OFFICER, {"place": row["south"]}), (Role.RESIDENT, {"home": row["K-102"]})],
            ),
            (
                "administrator who lives here",
                "",
                [(Role.ADMINISTRATOR, {"place": row["north"]}), (Role.RESIDENT, {"home": row["K-201"]})],
            ),
            ("officer with a first password", "", [(Role.STREET_OFFICER, {"place": row["north"]})]),
            ("somebody without a role", "", []),
            ("spare fitter of Evergreen", "Evergreen", [(Role.COMPANY_STAFF, {"organisation": row["Evergreen"]})]),
            ("spare clerk of the south", "", []),
        ):
            machine, south = name in TOKENS, name in {"officer of the south", "fitter of Southgate", "spare clerk of the south"}
            street = "south" if south else "north"
            columns = {
                "kind": AccountKind.SERVICE if machine else AccountKind.PERSON,
                "street_id": row[street].id,
                "organisation_id": row[employer].id if employer else None,
                "password_hash": None if machine else hashed,
                "must_change_password": name == "officer with a first password",
                "disabled_at": a_moment() if name.startswith("spare clerk") else None,
            }
            account = await build.an_account(**planted(models.Account, columns))
            await self.phone(account, "phone")
            links = {"organisation": self.told[employer] if employer else None}
            self.keep(name, account, street, person=name, desk=employer, links=links)
            for role, bound in bindings:
                held = await build.a_role(account, role, **bound)
                over = {kind: self._found(bound[kind]) if kind in bound else None for kind in _OVER}
                self.keep(f"{role} of {name}", held, street, person=name, links={"account": self.told[name], **over})
            if machine:
                await self._token(name, token_digest(TOKENS[name]), Scope.READ if "reader" in name else Scope.WRITE)
                await self._token(f"{name} spare", "0" * 54 + str(plant()) + "0000", Scope.READ)

    async def happened(self, name: str) -> None:
        """Something was done to what lies in no compound: on record for those who see all of the street."""
        row, told = self.stored[name], self.told[name]
        columns = {"subject_id": row.id, "street_id": row.street_id, "door": Door.GRAPHQL, "roles": "STREET_OFFICER"}
        columns |= {"actor": "system:clock", "words": {"en": f"~{plant()}~", "zh-CN": f"~{plant()}~"}}
        columns |= {"before": {"opens": f"~{plant()}~"}, "after": {"opens": f"~{plant()}~"}}
        fact = await models.Fact.create(**planted(models.Fact, columns))
        self.keep(f"fact {fact.id}", fact, told.street, links={"subject": told, "actor": None})
        self.told[f"fact {fact.id}"].values["role"] = "STREET_OFFICER"

    def _found(self, row: Any) -> Told:
        return self.story.rows[row.id]

    async def _token(self, name: str, token: str, scope: Scope) -> None:
        account = self.stored[name.removesuffix(" spare")]
        columns = {"digest": token, "scope": scope, "expires_at": FAR, "revoked_at": None, "account_id": account.id}
        made = await models.ApiToken.create(**planted(models.ApiToken, {**columns, "street_id": account.street_id}))
        told = self.told[name.removesuffix(" spare")]
        self.keep(f"token of {name}", made, told.street, links={"account": told})
        self.told[f"token of {name}"].values["lastUsedAt"] = ...  # whenever it was used last
