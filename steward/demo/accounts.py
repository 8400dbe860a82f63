"""Accounts of the demo street: the eight that people try it with, and staff whom tickets can be assigned to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from domain.access import Role
from domain.organisations import OrganisationKind
from domain.words import Text
from models import Account
from models.accounts import hash_password
from models.phones import names as phone_columns
from settings import Settings

from . import names, phones
from .ids import Ids, lots
from .organisations import Bodies, OrganisationPlan
from .plans import StreetPlan
from .territory import homes_of

ACCOUNT = ("id", "login", "name", "password_hash", "created_at", "street_id", "organisation_id", *phone_columns("phone"))
ROLE_BINDING = (
    *("id", "role", "starts_on", "ends_on", "account_id"),
    *("place_id", "organisation_id", "compound_id", "home_id", "street_id"),
)

_SINCE = date(2023, 6, 1)
_CREATED = datetime(2023, 6, 1, tzinfo=UTC)
_STAFF = {OrganisationKind.PROPERTY_COMPANY: 4, OrganisationKind.COMMUNITY_OFFICE: 3, OrganisationKind.GRID_TEAM: 1}


@dataclass(frozen=True)
class DemoLogin:
    """A log-in for trying the demo. Its password is public: demo data only."""

    login: str
    role: Role
    name: str
    description: Text

    @property
    def password(self) -> str:
        return f"{self.login}-demo"


DEMO_LOGINS = (
    DemoLogin(
        "street", Role.STREET_OFFICER, "街道值班员", Text("street office: sees the whole street", "街道办事处：查看全街道")
    ),
    DemoLogin(
        *("community", Role.COMMUNITY_STAFF, "棠城社区值班员"),
        Text("Tangcheng community: its own compounds", "棠城社区：本社区各小区"),
    ),
    DemoLogin(
        *("grid", Role.GRID_WORKER, "棠城社区第1网格网格员"),
        Text("the grid that holds Kangqiao Life Park", "康桥生活公园所在网格"),
    ),
    DemoLogin(
        *("company", Role.COMPANY_MANAGER, "康桥项目经理"),
        Text("the property company that serves Kangqiao and others", "服务康桥生活公园等小区的物业公司"),
    ),
    DemoLogin(
        *("committee", Role.COMMITTEE_MEMBER, "康桥业委会委员"),
        Text("owners' committee of Kangqiao Life Park", "康桥生活公园业主委员会"),
    ),
    DemoLogin(
        *("resident", Role.RESIDENT, "康桥业主"),
        Text("lives in building 24 of Kangqiao Life Park", "住在康桥生活公园24幢"),
    ),
    DemoLogin("auditor", Role.AUDITOR, "审计员", Text("reads the whole street, changes nothing", "查看全街道，不作任何修改")),
    DemoLogin(
        *("administrator", Role.ADMINISTRATOR, "系统管理员"),
        Text("keeps accounts and settings, sees no personal data", "维护账号与设置，不查看个人信息"),
    ),
)


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """An account with one role, bound to the one of place, organisation and home that is given."""

    id: str
    login: str
    name: str
    role: Role
    organisation_id: str | None
    place_id: str | None = None
    bound_organisation_id: str | None = None
    home_id: str | None = None


@dataclass(frozen=True)
class People:
    """The street's accounts by login, and each organisation's staff by its id."""

    accounts: Mapping[str, AccountPlan]
    staff: Mapping[str, Sequence[AccountPlan]]

    @property
    def roles(self) -> dict[str, Role]:
        """Each account's role, by its id."""
        return {account.id: account.role for account in self.accounts.values()}


def hashes() -> dict[str, str]:
    """The password hash of each demo log-in. Slow by design: run it in a thread."""
    return {demo.login: hash_password(demo.password) for demo in DEMO_LOGINS}


def people(plan: StreetPlan, of_street: Bodies) -> People:
    """Every account; staff cannot log in until an administrator gives them a password."""
    ids, random = Ids(plan.seed, "accounts"), lots(plan.seed, "accounts")
    accounts = {account.login: account for account in _demo(plan, of_street, ids)}
    staff = {account.organisation_id: [account] for account in accounts.values() if account.organisation_id is not None}
    for body in of_street.by_code.values():
        for n in range(1, _STAFF.get(body.kind, 0) + 1):
            account = _staff(body, n, ids.new("acc"), names.person(random))
            accounts[account.login] = account
            staff.setdefault(body.id, []).append(account)
    return People(accounts, staff)


def accounts(
    plan: StreetPlan, of_street: People, password_hashes: Mapping[str, str], settings: Settings
) -> Iterator[tuple[Any, ...]]:
    """Rows of accounts."""
    for n, a in enumerate(of_street.accounts.values()):
        phone = phones.columns(n, Account, a.id, "phone", settings)
        yield a.id, a.login, a.name, password_hashes.get(a.login), _CREATED, plan.street.id, a.organisation_id, *phone


def role_bindings(plan: StreetPlan, of_street: People) -> Iterator[tuple[Any, ...]]:
    """Rows of role bindings."""
    new = Ids(plan.seed, "roles").new
    for a in of_street.accounts.values():
        yield new("rol"), a.role, _SINCE, None, a.id, a.place_id, a.bound_organisation_id, None, a.home_id, plan.street.id


def _demo(plan: StreetPlan, of_street: Bodies, ids: Ids) -> Iterator[AccountPlan]:
    kangqiao, bodies = plan.kangqiao, of_street.by_code
    company = of_street.serving(kangqiao)
    home_id = next(row[0] for row in homes_of(plan, kangqiao) if row[1].startswith("KQ-24-1-"))
    bound: dict[str, tuple[str | None, dict[str, str]]] = {
        "street": (bodies[plan.street.code].id, {"place_id": plan.street.id}),
        "community": (bodies[f"{kangqiao.community.code}-OFFICE"].id, {"place_id": kangqiao.community.id}),
        "grid": (bodies[f"{kangqiao.grid.code}-TEAM"].id, {"place_id": kangqiao.grid.id}),
        "company": (company.id, {"bound_organisation_id": company.id}),
        "committee": (bodies["KQ-OC"].id, {"bound_organisation_id": bodies["KQ-OC"].id}),
        "resident": (None, {"home_id": home_id}),
        "auditor": (None, {"place_id": plan.street.id}),
        "administrator": (None, {"place_id": plan.street.id}),
    }
    for demo in DEMO_LOGINS:
        organisation_id, binding = bound[demo.login]
        yield AccountPlan(ids.new("acc"), demo.login, demo.name, demo.role, organisation_id, **binding)


def _staff(body: OrganisationPlan, number: int, account_id: str, name: str) -> AccountPlan:
    """The first of a company is its manager; a community's and a grid's staff are bound to the place."""
    login = f"{body.code}-{number}".lower()
    match body.kind:
        case OrganisationKind.PROPERTY_COMPANY:
            role = Role.COMPANY_MANAGER if number == 1 else Role.COMPANY_STAFF
            return AccountPlan(account_id, login, name, role, body.id, bound_organisation_id=body.id)
        case OrganisationKind.COMMUNITY_OFFICE:
            return AccountPlan(account_id, login, name, Role.COMMUNITY_STAFF, body.id, place_id=body.place_id)
        case _:
            return AccountPlan(account_id, login, name, Role.GRID_WORKER, body.id, place_id=body.place_id)
