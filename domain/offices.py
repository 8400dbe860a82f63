"""Offices in organisations (任职): which there are, who may hold them side by side, and for how long one is elected.

An office says who answers to people, and lets nobody do anything: what an account may do follows from its roles alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .organisations import OrganisationKind
from .refusals import RefusalCode, Refused
from .words import Text, Word

#: Characters of a name and of a note; people that one election fills offices with.
HOLDER_MAX, NOTE_MAX, ELECTED_MAX = 60, 500, 50


class OfficeKind(Word):
    """What somebody is in an organisation."""

    SECRETARY = "SECRETARY", "书记", "Heads a Party branch."
    DEPUTY_SECRETARY = "DEPUTY_SECRETARY", "副书记", "Stands in for its head."
    CHAIR = "CHAIR", "主任", "Heads a committee."
    VICE_CHAIR = "VICE_CHAIR", "副主任", "Stands in for its head."
    MEMBER = "MEMBER", "委员", "Sits in a committee or branch."
    DIRECTOR = "DIRECTOR", "负责人", "Heads an office or a company."
    DEPUTY_DIRECTOR = "DEPUTY_DIRECTOR", "副职负责人", "Stands in for its head."
    MANAGER = "MANAGER", "项目经理", "Runs a company's work in a compound."
    SAFETY_MANAGER = "SAFETY_MANAGER", "安全管理员", "Answers for the safety of lifts and fire facilities."
    GRID_LEADER = "GRID_LEADER", "网格长", "Heads a grid's team."
    GRID_WORKER = "GRID_WORKER", "网格员", "Looks after a grid."
    CONTACT = "CONTACT", "联络员", "Whom to ask for."


class OfficeEnd(Word):
    """How somebody's time in an office came to its end."""

    TERM_OVER = "TERM_OVER", "届满", "The next term began."
    SUCCEEDED = "SUCCEEDED", "接任", "Somebody else took over."
    RESIGNED = "RESIGNED", "辞职", "They gave it up."
    REMOVED = "REMOVED", "罢免", "It was taken from them."
    MOVED_ON = "MOVED_ON", "调离", "They went elsewhere."
    BODY_ENDED = "BODY_ENDED", "组织撤销", "The organisation ended."


#: What people say of an end; all others follow from what else is done.
BY_HAND = frozenset({OfficeEnd.RESIGNED, OfficeEnd.REMOVED, OfficeEnd.MOVED_ON})

_K, _O = OrganisationKind, OfficeKind
_COMMITTEE = {_O.CHAIR: True, _O.VICE_CHAIR: False, _O.MEMBER: False, _O.CONTACT: False}
_HEADED = {_O.DIRECTOR: True, _O.DEPUTY_DIRECTOR: False, _O.MEMBER: False, _O.CONTACT: False}

#: Per kind of organisation: its offices, and whether one person at a time holds each (a manager: in one compound).
OFFICES_OF: Mapping[OrganisationKind, Mapping[OfficeKind, bool]] = {
    _K.PARTY_BRANCH: {_O.SECRETARY: True, _O.DEPUTY_SECRETARY: False, _O.MEMBER: False, _O.CONTACT: False},
    _K.OWNERS_COMMITTEE: _COMMITTEE,
    _K.PROPERTY_MANAGEMENT_COMMITTEE: _COMMITTEE,
    _K.SELF_GOVERNANCE_COMMITTEE: _COMMITTEE,
    _K.PROPERTY_COMPANY: {_O.DIRECTOR: True, _O.MANAGER: True, _O.SAFETY_MANAGER: False, _O.CONTACT: False},
    _K.STREET_OFFICE: _HEADED,
    _K.COMMUNITY_OFFICE: _HEADED,
    _K.GRID_TEAM: {_O.GRID_LEADER: True, _O.GRID_WORKER: False, _O.CONTACT: False},
}

#: Per kind of organisation: the years of a term at most; None: it is not elected. Owners' and property management committees
#: have what the settings say instead (local codes); residents' committees sit five years (their Organic Law), Party branches
#: three, those of communities and villages five.
TERM_YEARS: Mapping[OrganisationKind, int | None] = {
    _K.PARTY_BRANCH: 5,
    _K.OWNERS_COMMITTEE: 5,
    _K.PROPERTY_MANAGEMENT_COMMITTEE: 3,
    _K.SELF_GOVERNANCE_COMMITTEE: 5,
    _K.PROPERTY_COMPANY: None,
    _K.STREET_OFFICE: None,
    _K.COMMUNITY_OFFICE: 5,
    _K.GRID_TEAM: None,
}


@dataclass(frozen=True)
class Elected:
    """Somebody who was elected, and to what."""

    kind: OfficeKind
    holder: str
    account_id: str | None = None


def _invalid(path: tuple[str, ...], message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=path, hint=hint)


def check_office(body: OrganisationKind, kind: OfficeKind, path: tuple[str, ...] = ("kind",)) -> bool:
    """Whether one person at a time holds the office. Refuses (INVALID) one that such an organisation has not."""
    single = OFFICES_OF[body].get(kind)
    if single is None:
        has = tuple(OFFICES_OF[body])
        raise _invalid(
            path,
            Text(f"A {body.lower().replace('_', ' ')} has no {kind}.", f"{body.zh}没有“{kind.zh}”这一职务。"),
            Text(f"Choose one of {', '.join(has)}.", f"可选：{'、'.join(each.zh for each in has)}。"),
        )
    return single


def last_day(first: date, years: int) -> date:
    """The last day of so many years from ``first`` on."""
    try:
        return first.replace(year=first.year + years) - timedelta(days=1)
    except ValueError:  # from the 29th of February
        return first.replace(year=first.year + years, day=28)


def check_term(body: OrganisationKind, starts_on: date, ends_on: date, years: int | None) -> None:
    """Refuses (INVALID) a term of what is not elected, one that ends before it starts, and one that is too long."""
    if years is None:
        raise _invalid(
            ("organisation_id",),
            Text(f"A {body.lower().replace('_', ' ')} is not elected.", f"{body.zh}不经选举产生。"),
            Text("Fill its offices one by one with officeFill.", "请用 officeFill 逐一登记任职。"),
        )
    last = last_day(starts_on, years)
    if ends_on < starts_on:
        raise _invalid(
            ("term_ends_on",),
            Text(
                f"The term would end on {ends_on}, before it starts on {starts_on}.", f"任期结束 {ends_on} 早于开始 {starts_on}。"
            ),
            Text(f"Give a day from {starts_on} to {last}.", f"请填写 {starts_on} 至 {last} 之间的日期。"),
        )
    if ends_on > last:
        raise _invalid(
            ("term_ends_on",),
            Text(f"A term is {years} years at most: it would be over by {last}.", f"每届任期最长 {years} 年，应不晚于 {last}。"),
            Text(f"Give a day from {starts_on} to {last}.", f"请填写 {starts_on} 至 {last} 之间的日期。"),
        )


def check_elected(body: OrganisationKind, elected: Sequence[Elected]) -> None:
    """Refuses (INVALID) an election of nobody, of too many, to what is not elected there, and of two to what one holds."""
    if not 1 <= len(elected) <= ELECTED_MAX:
        raise _invalid(
            ("elected",),
            Text(f"{len(elected)} were elected.", f"共填写 {len(elected)} 人。"),
            Text(f"Name 1 to {ELECTED_MAX} who were elected.", f"请填写 1 至 {ELECTED_MAX} 名当选人员。"),
        )
    seen: set[OfficeKind] = set()
    for number, each in enumerate(elected):
        path = ("elected", str(number), "kind")
        single = check_office(body, each.kind, path)
        if each.kind is OfficeKind.CONTACT:
            raise _invalid(
                path,
                Text("Nobody is elected to be asked for.", "联络员不经选举产生。"),
                Text("Record them with officeFill.", "请用 officeFill 登记。"),
            )
        if single and each.kind in seen:
            raise _invalid(
                path,
                Text(f"There is one {each.kind} at a time, and two were elected.", f"“{each.kind.zh}”同时只能由一人担任。"),
                Text("Leave one of them.", "请只保留一人。"),
            )
        seen.add(each.kind)


def check_by_hand(how: OfficeEnd) -> None:
    """Refuses (INVALID) an end that only follows from what else is done."""
    if how not in BY_HAND:
        said = [each for each in OfficeEnd if each in BY_HAND]
        raise _invalid(
            ("how",),
            Text(f"{how} follows from what else is done.", f"“{how.zh}”由换届、接任或撤销自动产生。"),
            Text(f"Choose one of {', '.join(said)}.", f"可选：{'、'.join(each.zh for each in said)}。"),
        )
