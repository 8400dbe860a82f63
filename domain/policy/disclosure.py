"""What kinds of things fields tell, and how each is shown to whom."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from domain.access import Reach, Role
from domain.words import Word

from .groups import COMPANY, LOCAL, STAFF

_R = Role


class DataClass(Word):
    """What kind of thing a field tells; decides how it is shown to whom."""

    OPEN = "OPEN", "一般信息", "Places, things, states and times: plain to all who see the row."
    NAME = "NAME", "姓名", "The name of a person."
    CONTACT = "CONTACT", "联系方式", "How to reach a person: stored encrypted, shown masked, unmasked by an act of its own."
    HOUSEHOLD = "HOUSEHOLD", "住户信息", "How a household lives."
    WRITTEN = "WRITTEN", "填写内容", "What people wrote in their own words; it may speak of persons."
    INSIDE = "INSIDE", "内部记录", "Working remarks among those on duty."
    TECHNICAL = "TECHNICAL", "技术信息", "Sources, targets and faults of machines."
    ACCESS = "ACCESS", "登录信息", "Log-in names and hints of keys."
    PAYER = "PAYER", "付款户信息", "Which home it is that pays or owes."
    OWN = "OWN", "本人信息", "What is told to the person or machine whom it is about, and to nobody else."


class Shown(StrEnum):
    """How a field is shown, the most first: as it is, masked, or not at all (null)."""

    VISIBLE = "VISIBLE"
    MASKED = "MASKED"
    HIDDEN = "HIDDEN"


class Mask(StrEnum):
    """How a text is masked."""

    #: The first character, then ``**``: 王小明 → 王**.
    FIRST = "FIRST"
    #: Stored masked in a column of its own (138****0000); what is stored encrypted is never read here.
    STORED = "STORED"


#: The classes that can be masked, and how.
MASKS: Mapping[DataClass, Mask] = {DataClass.NAME: Mask.FIRST, DataClass.CONTACT: Mask.STORED}

#: A row that is reached in one of these ways is the viewer's own: about them, by them, or where they live.
OWN_WAYS = frozenset({Reach.ACCOUNT, Reach.HOME})


def _disclosure(
    visible: tuple[Role, ...] = (), masked: tuple[Role, ...] = (), *, own: Shown = Shown.VISIBLE
) -> tuple[Mapping[Role, Shown], Shown]:
    """How a class is shown to roles, hidden from all others; and on the viewer's own rows."""
    return {**dict.fromkeys(visible, Shown.VISIBLE), **dict.fromkeys(masked, Shown.MASKED)}, own


_READERS = (*STAFF, _R.AUDITOR)

#: Per class: how it is shown to whom. An administrator knows accounts by their log-in names, and of their people the
#: first character: so it need not be asked of each account whether it is a resident's or an officer's.
DISCLOSURE: Mapping[DataClass, tuple[Mapping[Role, Shown], Shown]] = {
    DataClass.OPEN: _disclosure(tuple(Role)),
    DataClass.NAME: _disclosure((*_READERS, _R.COMMITTEE_MEMBER), (_R.RESIDENT, _R.INTEGRATION, _R.ADMINISTRATOR)),
    DataClass.CONTACT: _disclosure((), _READERS, own=Shown.MASKED),
    DataClass.HOUSEHOLD: _disclosure(_READERS),
    DataClass.WRITTEN: _disclosure((*_READERS, _R.COMMITTEE_MEMBER, _R.RESIDENT, _R.INTEGRATION)),
    DataClass.INSIDE: _disclosure(_READERS, own=Shown.HIDDEN),
    DataClass.TECHNICAL: _disclosure((*_READERS, _R.INTEGRATION, _R.ADMINISTRATOR), own=Shown.HIDDEN),
    DataClass.ACCESS: _disclosure((_R.AUDITOR, _R.ADMINISTRATOR)),
    DataClass.PAYER: _disclosure((_R.AUDITOR, *LOCAL, *COMPANY, _R.COMMITTEE_MEMBER, _R.INTEGRATION)),
    DataClass.OWN: _disclosure(),
}

#: Per class: ways of reaching a row in which nobody is told, whatever their role: only those who keep the books know the homes.
KEPT_FROM: Mapping[DataClass, frozenset[Reach]] = {DataClass.PAYER: frozenset({Reach.OUTSIDE})}


def disclosed(data: DataClass, role: Role, way: Reach) -> Shown:
    """How data of a class is shown to a holder of ``role`` on a row that the role reaches in this ``way``."""
    if way in KEPT_FROM.get(data, ()):
        return Shown.HIDDEN
    roles, own = DISCLOSURE[data]
    return best([roles.get(role, Shown.HIDDEN), own if way in OWN_WAYS else Shown.HIDDEN])


def best(shown: Iterable[Shown]) -> Shown:
    """The most that one of them shows; HIDDEN where there is none."""
    return min(shown, key=list(Shown).index, default=Shown.HIDDEN)
