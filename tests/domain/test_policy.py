"""The table of fields, held against what it is to mean: who is never shown what, and what leaves by other ways."""

from collections.abc import Mapping
from itertools import product

import pytest

from domain.access import Reach, Role, Viewer
from domain.permits import allowing, may, may_no_more, reaches, sees, shown
from domain.policy import (
    ACTS,
    DISCLOSURE,
    FIELDS,
    MASKS,
    ON_THE_BOARD,
    ONESELF,
    OPEN_ACTS,
    OWN_ACTS,
    OWN_WAYS,
    READ,
    TO_ONESELF,
    DataClass,
    Shown,
    best,
    disclosed,
)
from domain.sentences import SHOWN

PERSONAL = (DataClass.NAME, DataClass.CONTACT, DataClass.HOUSEHOLD, DataClass.WRITTEN, DataClass.INSIDE)
HERE: Mapping[Reach, str | None] = {reach: f"{reach}_here" for reach in Reach} | {
    Reach.OUTSIDE: "compound_here",
    Reach.PRESENT: "compound_here",
    Reach.OFFICE: "organisation_here",
}


def holder(*roles: Role, **ids: str) -> Viewer:
    """A viewer of these roles, each of which reaches these ids (``compound="…"``), or all of HERE."""
    reach = {Reach(way): (id_,) for way, id_ in ids.items()} or {way: (str(id_),) for way, id_ in HERE.items()}
    return Viewer("acc_me", reach=dict.fromkeys(roles, reach))


def test_every_class_says_how_it_is_shown_and_what_is_masked_has_a_mask() -> None:
    assert set(DISCLOSURE) == set(DataClass)
    for data, (roles, own) in DISCLOSURE.items():
        assert Shown.MASKED not in {*roles.values(), own} or data in MASKS


def test_what_is_plain_is_plain_to_all_and_what_is_ones_own_to_nobody_else() -> None:
    for role, way in product(Role, Reach):
        assert disclosed(DataClass.OPEN, role, way) is Shown.VISIBLE
        assert disclosed(DataClass.OWN, role, way) is (Shown.VISIBLE if way in OWN_WAYS else Shown.HIDDEN)


def test_administrators_are_shown_nothing_personal_of_others() -> None:
    for data, way in product(PERSONAL, set(Reach) - OWN_WAYS):
        assert disclosed(data, Role.ADMINISTRATOR, way) is not Shown.VISIBLE


def test_machines_are_shown_no_persons() -> None:
    assert READ["Account"][Role.INTEGRATION] == (Reach.ACCOUNT,)
    for data in (DataClass.NAME, DataClass.CONTACT, DataClass.HOUSEHOLD, DataClass.INSIDE):
        assert disclosed(data, Role.INTEGRATION, Reach.COMPOUND) is not Shown.VISIBLE


def test_auditors_read_all_but_what_takes_an_act_to_unmask() -> None:
    for data in set(DataClass) - {DataClass.OWN, DataClass.CONTACT}:
        assert disclosed(data, Role.AUDITOR, Reach.STREET) is Shown.VISIBLE
    assert disclosed(DataClass.CONTACT, Role.AUDITOR, Reach.STREET) is Shown.MASKED


def test_nobody_is_shown_a_whole_telephone_number() -> None:
    assert {disclosed(DataClass.CONTACT, role, way) for role, way in product(Role, Reach)} == {Shown.MASKED, Shown.HIDDEN}


@pytest.mark.parametrize("role", [Role.COMMITTEE_MEMBER, Role.RESIDENT, Role.INTEGRATION, Role.ADMINISTRATOR])
def test_what_is_said_inside_is_for_those_on_duty(role: Role) -> None:
    for way in Reach:
        assert disclosed(DataClass.INSIDE, role, way) is Shown.HIDDEN
    for type_name in ("TicketComment", "Fact"):
        assert Reach.COMPOUND not in READ[type_name].get(role, ())


def test_nobody_acts_on_themselves_by_being_themselves() -> None:
    for act, role, type_name in product(ACTS, Role, ONESELF):
        assert not may(holder(role, account="account_here"), act, type_name, HERE)
    assert may(holder(Role.ADMINISTRATOR, street="street_here"), "accountDisable", "Account", HERE)


def test_what_hangs_on_the_notice_board_is_read_by_all_and_acted_on_by_those_who_keep_it() -> None:
    here = {**dict.fromkeys(Reach), Reach.STREET: "street_here"}
    for type_name, role in product(ON_THE_BOARD, Role):
        reader = holder(role, street="street_here", organisation="elsewhere")
        assert sees(reader, type_name, here)
        assert may(reader, "stationClose", type_name, here) == (role is Role.STREET_OFFICER)
        assert not may_no_more(reader, "stationClose", type_name, here)
    for way in (Reach.ORGANISATION, Reach.OFFICE):
        kept = {**here, way: "organisation_here"}
        assert may(holder(Role.COMMUNITY_STAFF, organisation="organisation_here"), "stationClose", "Station", kept)


def test_acts_have_one_rule_each() -> None:
    assert not set(ACTS) & OWN_ACTS
    assert not (set(ACTS) | OWN_ACTS) & OPEN_ACTS
    assert set(ACTS) > TO_ONESELF
    assert all(ACTS.values())


# fields on rows


def test_a_field_is_shown_as_the_best_of_the_ways_that_see_the_row() -> None:
    both = Viewer(
        reach={
            Role.ADMINISTRATOR: {Reach.STREET: ("street_here",)},
            Role.COMPANY_STAFF: {Reach.ORGANISATION: ("organisation_here",)},
        }
    )
    colleague, other = HERE, {**HERE, Reach.ORGANISATION: None}
    assert shown(both, "Account", "name", colleague) is Shown.VISIBLE
    assert shown(both, "Account", "name", other) is Shown.MASKED
    assert shown(both, "Account", "login", other) is Shown.VISIBLE


def test_ones_own_account_is_plain_to_oneself_whatever_ones_role() -> None:
    for role in Role:
        own = holder(role, account="account_here", street="street_here")
        assert {shown(own, "Account", name, HERE) for name in ("name", "login", "kind")} == {Shown.VISIBLE}


def test_what_is_not_seen_or_not_known_is_hidden() -> None:
    elsewhere = dict.fromkeys(Reach, "elsewhere")
    for type_name, field in [(name, field) for name in READ for field in FIELDS[name]]:
        assert shown(holder(*Role), type_name, field, elsewhere) is Shown.HIDDEN
    assert shown(holder(*Role), "Account", "diary", HERE) is Shown.HIDDEN
    assert shown(holder(*Role), "Diary", "id", HERE) is Shown.HIDDEN
    assert shown(holder(Role.RESIDENT), "Ticket", "id", HERE) is Shown.VISIBLE
    assert best([]) is Shown.HIDDEN


# other ways out


def test_what_facts_tell_of_a_change_is_plain_wherever_it_is_a_field() -> None:
    told = [(name, field) for name in READ for field in FIELDS[name] if field in SHOWN]
    assert [pair for pair in told if FIELDS[pair[0]][pair[1]] is not DataClass.OPEN] == []


# handover


def test_what_is_read_only_is_seen_and_allows_no_act() -> None:
    late = Viewer(
        reach={
            Role.COMPANY_MANAGER: {Reach.COMPOUND: ("compound_here", "other")},
            Role.RESIDENT: {Reach.ACCOUNT: ("account_here",)},
        },
        read_only={Role.COMPANY_MANAGER: frozenset({"compound_here"})},
    )
    other: dict[Reach, str | None] = {Reach.COMPOUND: "other"}
    assert sees(late, "Ticket", HERE)
    assert shown(late, "Ticket", "title", HERE) is Shown.VISIBLE
    assert not may(late, "ticketAccept", "Ticket", HERE)
    assert may_no_more(late, "ticketAccept", "Ticket", HERE)
    assert may(late, "ticketAccept", "Ticket", other)
    assert not may_no_more(late, "ticketAccept", "Ticket", other)
    assert allowing(late, "ticketConfirm", "Ticket", HERE) == (Role.RESIDENT,)
    assert not may_no_more(late, "ticketConfirm", "Ticket", HERE)
    assert not may_no_more(late, "accountDisable", "Ticket", HERE)


def test_whoever_sees_a_thing_and_has_the_role_may_act_unless_it_is_read_only() -> None:
    for act, type_name, role in product(ACTS, READ, Role):
        viewer = holder(role)
        read = {Reach.ACCOUNT} if type_name in ONESELF else {Reach.STREET} if type_name in ON_THE_BOARD else set[Reach]()
        read -= {Reach.STREET} if role in {Role.STREET_OFFICER, Role.AUDITOR} else set[Reach]()
        ways = [way for _, way in reaches(type_name, frozenset({role})) if way not in read]
        assert may(viewer, act, type_name, HERE) == (role in ACTS[act] and bool(ways))
        assert not may_no_more(viewer, act, type_name, HERE)
