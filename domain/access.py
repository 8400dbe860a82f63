"""Who asks: the roles of a viewer, and what each of them reaches.

A viewer holds roles; each role reaches a set of places, compounds, homes, organisations or an account.
A row belongs to some of these. What follows from that is said by policy.py, and decided by permits.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .words import Word


class Role(Word):
    """What an account may be in a street."""

    STREET_OFFICER = "STREET_OFFICER", "街道干部", "Works for the street office; sees the whole street."
    COMMUNITY_STAFF = "COMMUNITY_STAFF", "社区工作者", "Works for a community or village."
    GRID_WORKER = "GRID_WORKER", "网格员", "Looks after a grid."
    COMPANY_MANAGER = "COMPANY_MANAGER", "物业项目经理", "Runs a property company's work."
    COMPANY_STAFF = "COMPANY_STAFF", "物业员工", "Works for a property company."
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER", "业委会成员", "Sits in a body that speaks for a compound's owners."
    RESIDENT = "RESIDENT", "居民", "Lives in a home."
    INTEGRATION = "INTEGRATION", "系统集成", "A machine acting for an organisation."
    AUDITOR = "AUDITOR", "审计员", "Reads all, changes nothing."
    ADMINISTRATOR = "ADMINISTRATOR", "系统管理员", "Keeps accounts and settings; sees no personal data."


class Scope(Word):
    """What a token is good for, whatever its account may do."""

    WRITE = "WRITE", "读写", "All that its account may see and do."
    READ = "READ", "只读", "All that its account may see."
    PASSWORD = "PASSWORD", "仅限改密", "Choosing a new password, and nothing else."


class Reach(Word):
    """The ways in which a row can belong to a viewer."""

    STREET = "street", "本街道", "What is in the street they work or live in."
    COMPOUND = "compound", "本小区", "What is in the compounds they look after or live in."
    #: A role reaches it where it reaches the compound.
    OUTSIDE = "outside", "本小区（内部内容除外）", "What is in these compounds, and not said inside, among those on duty."
    #: A role reaches it where it reaches the compound, and not for reading only.
    PRESENT = "present", "当前负责的小区", "What is in the compounds they look after now, and not in those that they have left."
    HOME = "home", "本人住房", "The home they live in."
    ORGANISATION = "organisation", "本单位", "What is of the organisation they work for."
    #: A role reaches it where it reaches the organisation.
    OFFICE = "office", "本单位协管", "What lies where the office they work for looks after it, whoever runs it."
    ACCOUNT = "account", "本人", "What is about them, or was made by or for them."


#: Ways that reach what another reaches: rows tell them apart by the column in which they belong.
_REACHED_AS = {Reach.OUTSIDE: Reach.COMPOUND, Reach.PRESENT: Reach.COMPOUND, Reach.OFFICE: Reach.ORGANISATION}


@dataclass(frozen=True)
class Via:
    """A row that belongs through another table: ``table.key`` is the row's ``own`` column, ``table.column`` the reached id."""

    table: str
    key: str
    column: str
    own: str = "id"


#: How rows of one type belong: the column compared with the viewer's set, or the table in between.
Belonging = Mapping[Reach, "str | Via"]


@dataclass(frozen=True)
class Viewer:
    """Who is asking. ``reach`` maps each role held now to the ids it reaches.

    ``read_only``: the compounds among them that the role may still read, but act on no more (a mandate that has ended).
    ``session_id``: the session whose token they sent; None for other tokens. ``scope``: what the token is good for.
    """

    account_id: str | None = None
    name: str = ""
    reach: Mapping[Role, Mapping[Reach, tuple[str, ...]]] = field(default_factory=dict[Role, Mapping[Reach, tuple[str, ...]]])
    session_id: str | None = None
    scope: Scope = Scope.WRITE
    read_only: Mapping[Role, frozenset[str]] = field(default_factory=dict[Role, frozenset[str]])

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(self.reach)

    def ids(self, role: Role, reach: Reach) -> tuple[str, ...]:
        """What the role reaches in this way; nothing for a role that the viewer does not hold."""
        reached = self.reach.get(role, {}).get(_REACHED_AS.get(reach, reach), ())
        if reach is Reach.PRESENT and role in self.read_only:
            return tuple(id_ for id_ in reached if id_ not in self.read_only[role])
        return reached

    def may_act_by(self, role: Role, reach: Reach, id_: str) -> bool:
        """Whether acts may be done on what belongs to ``id_`` in this way."""
        return id_ in self.ids(role, reach) and (
            reach not in {Reach.COMPOUND, Reach.OUTSIDE} or id_ not in self.read_only.get(role, ())
        )


ANONYMOUS = Viewer()
