"""The builders: what tests stand on must itself hold."""

import pytest

from domain.access import Role
from domain.alerts import AlertState
from domain.tickets import TicketState
from models import Account, Alert, Compound, Device, Mandate, RoleBinding, Ticket
from settings import Settings
from tests.builders import (
    a_community,
    a_company_serving,
    a_compound,
    a_device,
    a_facility,
    a_home,
    a_ticket,
    an_account,
    an_alert,
    an_organisation,
)


async def test_a_home_brings_everything_above_it(database: Settings):
    home = await a_home()

    compound = await Compound.get(id=home.compound_id)
    assert compound.street_id == home.street_id


async def test_a_company_serves_each_compound_it_is_given(database: Settings):
    community = await a_community()
    first, second = await a_compound(community), await a_compound(community)

    company = await a_company_serving(first, second)

    served = await Mandate.filter(organisation_id=company.id).values_list("compound_id", flat=True)
    assert set(served) == {first.id, second.id}


async def test_a_device_of_a_facility_stands_in_its_compound(database: Settings):
    facility = await a_facility()

    device = await Device.get(id=(await a_device(facility=facility)).id)

    assert (device.facility_id, device.compound_id) == (facility.id, facility.compound_id)


async def test_an_account_has_its_role_where_it_is_bound(database: Settings):
    company = await an_organisation()

    account = await an_account(Role.COMPANY_MANAGER, organisation=company, password="correct horse")

    binding = await RoleBinding.get(account_id=account.id)
    assert (binding.role, binding.organisation_id) == (Role.COMPANY_MANAGER, company.id)
    assert (await Account.get(id=account.id)).password_hash


@pytest.mark.parametrize("state", TicketState)
async def test_a_ticket_can_stand_in_any_state(database: Settings, state: TicketState):
    assert (await Ticket.get(id=(await a_ticket(state=state)).id)).state == state


@pytest.mark.parametrize("state", AlertState)
async def test_an_alert_can_stand_in_any_state(database: Settings, state: AlertState):
    assert (await Alert.get(id=(await an_alert(state=state)).id)).state == state
