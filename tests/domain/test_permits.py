"""One table says who sees what, one who does what; what is in neither is for nobody."""

import re
from itertools import product

import pytest

from domain.access import ANONYMOUS, Reach, Role, Viewer
from domain.permits import may, reaches, sees
from domain.policy import ACTS, READ

STREET, COMPOUND, HOME, ORGANISATION, ACCOUNT = "plc_street", "cmp_here", "hom_here", "org_here", "acc_me"
HERE = {
    Reach.STREET: STREET,
    Reach.COMPOUND: COMPOUND,
    Reach.HOME: HOME,
    Reach.ORGANISATION: ORGANISATION,
    Reach.ACCOUNT: ACCOUNT,
}
ELSEWHERE = {reach: f"{own}_other" for reach, own in HERE.items()}
EVERYWHERE: dict[Reach, tuple[str, ...]] = {reach: (own,) for reach, own in HERE.items()}
STAFF = {Role.STREET_OFFICER, Role.COMMUNITY_STAFF, Role.GRID_WORKER, Role.COMPANY_MANAGER, Role.COMPANY_STAFF}


def holder(*roles: Role, **only: str) -> Viewer:
    reach = {Reach(name): (value,) for name, value in only.items()} if only else EVERYWHERE
    return Viewer(account_id=ACCOUNT, name="Somebody", reach=dict.fromkeys(roles, reach))


@pytest.mark.parametrize("type_name", READ)
def test_nobody_sees_anything_without_a_role(type_name: str):
    assert not sees(ANONYMOUS, type_name, HERE)
    assert not sees(Viewer(account_id=ACCOUNT), type_name, HERE)


@pytest.mark.parametrize(("type_name", "role"), list(product(READ, Role)))
def test_a_role_sees_a_row_only_through_what_the_table_names(type_name: str, role: Role):
    allowed = READ[type_name].get(role, ())
    for reach, own in HERE.items():
        viewer = holder(role, **{reach.value: own})
        assert sees(viewer, type_name, HERE) == (reach in allowed)
        assert not sees(viewer, type_name, ELSEWHERE)


def test_a_type_without_a_rule_is_seen_by_nobody():
    assert not sees(holder(*Role), "Diary", HERE)
    assert reaches("Diary", frozenset(Role)) == []


def test_an_act_without_a_rule_is_done_by_nobody():
    assert not may(holder(*Role), "ticketBurn", "Ticket", HERE)


def test_a_row_that_belongs_to_nothing_is_seen_by_nobody():
    assert not sees(holder(*Role), "Ticket", dict.fromkeys(HERE))


def test_the_role_that_allows_the_act_must_be_the_one_that_sees_the_row():
    officer_elsewhere = Viewer(
        account_id=ACCOUNT,
        reach={Role.STREET_OFFICER: {Reach.STREET: ("plc_other",)}, Role.COMMITTEE_MEMBER: {Reach.COMPOUND: (COMPOUND,)}},
    )
    assert sees(officer_elsewhere, "Ticket", HERE)
    assert not may(officer_elsewhere, "ticketAccept", "Ticket", HERE)
    assert may(officer_elsewhere, "ticketComment", "Ticket", HERE)


@pytest.mark.parametrize(
    "act", ["ticketAccept", "ticketAssign", "ticketStart", "ticketResolve", "alertAcknowledge", "alertClear"]
)
def test_only_those_on_duty_handle_tickets_and_alerts(act: str):
    assert {role for role in Role if may(holder(role), act, "Ticket", HERE)} == STAFF


def test_auditors_only_read_on_record_and_machines_bring_in_reports_and_counts():
    done = {
        role: {act for act, type_name in product(ACTS, READ) if may(holder(role), act, type_name, HERE)}
        for role in (Role.AUDITOR, Role.INTEGRATION)
    }
    assert done == {
        Role.AUDITOR: {"courtFileRead"},
        Role.INTEGRATION: {"ticketOpen", "stationVisitsAdd", "visitorPassAdmit", "visitorPassLeave"},
    }


def test_administrators_keep_accounts_tokens_and_keys_and_nobody_else_does():
    kept = {act for act, roles in ACTS.items() if Role.ADMINISTRATOR in roles and act != "checkRun"}
    assert {re.match("[a-z]+", act)[0] for act in kept} == {"account", "api", "broker", "key", "role", "service"}  # pyright: ignore[reportOptionalSubscript]
    assert all(ACTS[act] == {Role.ADMINISTRATOR} for act in kept)


def test_residents_see_their_own_home_and_their_own_tickets_only():
    resident = holder(Role.RESIDENT, street=STREET, compound=COMPOUND, home=HOME, account=ACCOUNT)
    neighbours = {**HERE, Reach.HOME: "hom_next_door", Reach.ACCOUNT: "acc_neighbour"}
    for type_name in ("Home", "Ticket", "TicketComment"):
        assert sees(resident, type_name, HERE)
        assert not sees(resident, type_name, neighbours)
    for type_name in ("Alert", "Device", "Event"):
        assert not sees(resident, type_name, HERE)
    for type_name in ("Channel", "Notice"):
        assert sees(resident, type_name, HERE)
        assert not sees(resident, type_name, neighbours)


def test_administrators_see_no_tickets_and_no_homes():
    for type_name in ("Ticket", "TicketComment", "Home", "Alert"):
        assert not sees(holder(Role.ADMINISTRATOR), type_name, HERE)
    assert not sees(holder(Role.ADMINISTRATOR), "Notice", {**HERE, Reach.ACCOUNT: "acc_neighbour"})
