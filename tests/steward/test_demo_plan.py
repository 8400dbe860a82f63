"""The plan of the demo street, before any database: its figures, its stories, and that it is always the same."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random

import pytest

from domain.alerts import Severity
from domain.alerts.conditions import Missing, Sample
from domain.alerts.tracks import Judge, unpacked
from domain.events import reading_faults
from domain.facilities import DeviceKind, FacilityKind, FacilityStatus
from domain.organisations import MandateRole, OrganisationKind
from domain.stations import PointKind
from domain.steward import RULES
from domain.territory import CompoundKind, GovernanceMode, PlaceKind
from domain.tickets import TicketState
from models.ids import ID
from steward.demo import territory
from steward.demo.accounts import DEMO_LOGINS, People, people
from steward.demo.alerts import AlertPlan, alerts
from steward.demo.devices import LETTERS as DEVICE_LETTERS
from steward.demo.equipment import Equipment
from steward.demo.facilities import LETTERS as FACILITY_LETTERS
from steward.demo.findings import find, silence
from steward.demo.organisations import Bodies, bodies
from steward.demo.plans import StreetPlan
from steward.demo.sensors import incident, quiet
from steward.demo.stations import TABLES, rows
from steward.demo.street import plan
from steward.demo.tickets import TicketPlan, tickets
from tasks.steward.telling import reading

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
TODAY = NOW.date()


@cache
def the_street() -> StreetPlan:
    return plan("street")


@cache
def its_bodies() -> Bodies:
    return bodies(the_street(), TODAY)


@cache
def its_equipment() -> Equipment:
    return Equipment(the_street(), NOW)


@cache
def its_people() -> People:
    return people(the_street(), its_bodies())


@cache
def its_alerts() -> list[AlertPlan]:
    return alerts(the_street(), its_bodies(), its_people(), its_equipment(), NOW)


@cache
def its_tickets() -> list[TicketPlan]:
    return tickets(the_street(), its_bodies(), its_people(), its_equipment(), its_alerts(), NOW)


def test_the_street_has_its_true_figures() -> None:
    street = the_street()
    assert Counter(place.kind for place in street.communities) == {PlaceKind.COMMUNITY: 16, PlaceKind.VILLAGE: 6}
    assert sum(place.kind is PlaceKind.BUSINESS_GRID for place in street.places) == 6
    assert Counter(compound.kind for compound in street.compounds) == {
        CompoundKind.PROPERTY_MANAGED: 212,
        CompoundKind.UNMANAGED: 412,
        CompoundKind.RESETTLEMENT: 11,
    }
    assert len(street.compounds) == 635
    assert street.residents == 426_000


def test_homes_add_up_to_what_their_compounds_say() -> None:
    street = the_street()
    homes, residents = Counter[str](), Counter[str]()
    for row in territory.homes(street):
        values = dict(zip(territory.HOME, row, strict=True))
        homes[values["compound_id"]] += 1
        residents[values["compound_id"]] += values["residents"]
    assert homes == {compound.id: compound.homes for compound in street.compounds}
    assert residents == {compound.id: compound.residents for compound in street.compounds}
    assert residents.total() == 426_000
    assert homes.total() == 150_000


@pytest.mark.parametrize("scale", ["street", "small"])
def test_kangqiao_and_shuren_carry_their_figures_at_either_scale(scale: str) -> None:
    street = plan("street" if scale == "street" else "small")
    kangqiao, shuren = street.kangqiao, street.shuren
    assert (kangqiao.code, kangqiao.name, kangqiao.community.name) == ("KQ", "康桥生活公园", "棠城社区")
    assert (kangqiao.homes, kangqiao.year, len(kangqiao.buildings)) == (1_504, 2008, 26)
    assert kangqiao.residents > 3_000
    assert (shuren.code, shuren.name, shuren.community.name) == ("SR", "树人大院", "昌州路社区")
    assert (shuren.homes, shuren.residents, len(list(shuren.units))) == (47, 89, 4)
    assert shuren.governance is GovernanceMode.SELF_RUN


def test_the_small_street_is_the_two_and_a_dozen_more_of_all_kinds() -> None:
    small = plan("small")
    assert len(small.compounds) == 14
    assert {compound.kind for compound in small.compounds} == set(CompoundKind)
    assert {place.kind for place in small.places} == set(PlaceKind)


def test_codes_names_and_ids_are_used_once() -> None:
    street, equipment = the_street(), its_equipment()
    facilities = [facility for compound in street.compounds for facility in equipment.facilities_of(compound)]
    devices = [device for compound in street.compounds for device in equipment.devices_of(compound)]
    assert len({compound.name for compound in street.compounds}) == 635
    for things in (street.places, street.compounds, list(its_bodies().by_code.values()), facilities, devices):
        assert len({thing.code for thing in things}) == len(things)
        assert len({thing.id for thing in things}) == len(things)
        assert all(ID.match(thing.id) for thing in things)
    homes = [row[:2] for row in territory.homes(street)]
    assert len({code for _, code in homes}) == len({home_id for home_id, _ in homes}) == len(homes)


def test_the_same_seed_plans_the_same_street_and_another_seed_another() -> None:
    again = plan("small")
    assert again == plan("small")
    assert list(territory.homes(again)) == list(territory.homes(plan("small")))
    assert plan("small", seed=7) != again
    assert plan("small", seed=7).kangqiao.id != again.kangqiao.id


def test_the_named_compounds_have_the_same_ids_at_either_scale() -> None:
    small, street = plan("small"), the_street()
    assert (small.kangqiao.id, small.shuren.id) == (street.kangqiao.id, street.shuren.id)
    homes = list(territory.homes_of(street, street.kangqiao))
    assert [row[0] for row in territory.homes_of(small, small.kangqiao)] == [row[0] for row in homes]


def test_each_managed_compound_and_no_other_is_served_and_never_by_two_at_once() -> None:
    street, of_street = the_street(), its_bodies()
    serving = [term for term in of_street.terms if term.role is MandateRole.SERVES]
    current = [term for term in serving if term.current(TODAY)]
    managed = {compound.id for compound in street.compounds if compound.kind is CompoundKind.PROPERTY_MANAGED}
    assert {term.compound.id for term in current} == managed
    assert len(current) == 212
    for compound_id in managed:
        own = sorted((term for term in serving if term.compound.id == compound_id), key=lambda term: term.starts_on)
        for before, after in pairwise(own):
            assert before.ends_on is not None
            assert before.ends_on < after.starts_on
    assert sum(term.ends_on is not None and term.ends_on < TODAY for term in serving) > 20
    assert sum(term.starts_on > TODAY for term in serving) > 3


def test_the_bodies_are_those_of_a_street() -> None:
    kinds = Counter(body.kind for body in its_bodies().by_code.values())
    assert kinds[OrganisationKind.STREET_OFFICE] == 1
    assert kinds[OrganisationKind.COMMUNITY_OFFICE] == 22
    assert 40 <= kinds[OrganisationKind.PROPERTY_COMPANY] <= 45
    assert set(kinds) == set(OrganisationKind)


def test_kangqiao_changed_its_company_and_has_three_parties_now() -> None:
    own = [term for term in its_bodies().terms if term.compound is the_street().kangqiao]
    served = sorted((term.starts_on.year, term.organisation.code) for term in own if term.role is MandateRole.SERVES)
    assert served == [(2008, "KQ-DEV"), (2023, "WY-01")]
    current = {term.role for term in own if term.current(TODAY)}
    assert {MandateRole.SERVES, MandateRole.GUIDES, MandateRole.REPRESENTS} <= current


def test_devices_are_about_sixty_thousand_of_all_kinds_and_mostly_smoke_detectors() -> None:
    street, equipment = the_street(), its_equipment()
    kinds = Counter(device.kind for compound in street.compounds for device in equipment.devices_of(compound))
    assert 55_000 < kinds.total() < 65_000
    assert set(kinds) == set(DEVICE_LETTERS) == set(DeviceKind) - {DeviceKind.GATEWAY}
    assert kinds.most_common(1)[0][0] is DeviceKind.SMOKE
    assert kinds[DeviceKind.SMOKE] > kinds.total() / 2
    fitted = {facility.kind for compound in street.compounds for facility in equipment.facilities_of(compound)}
    assert fitted == set(FacilityKind) == set(FACILITY_LETTERS)
    assert "KQ-SMK-00123" in {device.code for device in equipment.devices_of(street.kangqiao)}


def test_the_lift_of_building_24_stood_still_for_over_a_year_and_runs_again() -> None:
    facilities = its_equipment().facilities_of(the_street().kangqiao)
    lift = next(facility for facility in facilities if facility.code == "KQ-LFT-24-1")
    since = {status: at for status, at, _ in lift.history[1:]}
    assert lift.name == "24幢电梯"
    assert since[FacilityStatus.IN_SERVICE] - since[FacilityStatus.OUT_OF_SERVICE] > timedelta(days=365)
    assert lift.history[-1][0] is FacilityStatus.IN_SERVICE


def test_status_histories_go_forward_and_end_before_now() -> None:
    for compound in the_street().compounds:
        for facility in its_equipment().facilities_of(compound):
            moments = [since for _, since, _ in facility.history]
            assert moments == sorted(moments)
            assert moments[-1] < NOW


def test_log_ins_are_bound_to_the_places_of_the_story() -> None:
    street, accounts = the_street(), its_people().accounts
    assert [demo.login for demo in DEMO_LOGINS] == [
        *("street", "community", "grid", "company", "committee", "resident", "auditor", "administrator")
    ]
    assert accounts["street"].place_id == street.street.id
    assert accounts["community"].place_id == street.kangqiao.community.id
    assert accounts["grid"].place_id == street.kangqiao.grid.id
    assert accounts["company"].bound_organisation_id == its_bodies().by_code["WY-01"].id
    assert accounts["committee"].bound_organisation_id == its_bodies().by_code["KQ-OC"].id
    home = next(row for row in territory.homes_of(street, street.kangqiao) if row[0] == accounts["resident"].home_id)
    assert home[2].startswith("24幢")
    assert all(demo.password == f"{demo.login}-demo" for demo in DEMO_LOGINS)


@pytest.mark.parametrize("kind", list(DeviceKind))
def test_what_devices_report_is_known_and_plausible(kind: DeviceKind) -> None:
    draws = Random(kind)
    for _ in range(50):
        assert reading_faults(quiet(kind, draws)) == []
        assert all(reading_faults(readings) == [] for _, readings in incident(kind, draws))


@pytest.mark.parametrize("kind", list(DeviceKind))
def test_a_quiet_device_breaks_no_rule_and_every_incident_breaks_one(kind: DeviceKind) -> None:
    draws = Random(kind)
    sampled = [(rule, rule.limits(kind)) for rule in RULES.values() if kind in rule.kinds and rule.metric]
    for _ in range(50):
        readings = quiet(kind, draws)
        for rule, limits in sampled:
            assert not isinstance(rule.condition, Missing)
            if rule.metric in readings:
                assert Judge(rule.condition, limits).quiet([Sample(NOW, float(readings[rule.metric]))])
        assert (find(kind, NOW, draws) is not None) == bool(incident(kind, draws))


def test_findings_keep_readings_as_live_alerts_do() -> None:
    for kind in DeviceKind:
        finding = find(kind, NOW, Random(kind))
        if finding:
            sight = finding.sights[-1]
            assert sight.reading == reading(finding.rule, Sample(sight.at, sight.value))


def test_who_was_silent_too_long_is_found() -> None:
    finding = silence(DeviceKind.SMOKE, NOW, Random(1))
    assert finding is not None
    assert NOW - finding.heard[-1][0] > timedelta(hours=26)
    assert silence(DeviceKind.GATE_STATE, NOW, Random(1)) is None


def test_alerts_are_open_once_per_rule_and_device_and_a_good_reading_ends_them() -> None:
    open_ = [alert for alert in its_alerts() if alert.is_open]
    assert len(its_alerts()) == 200
    assert len({(alert.finding.rule.key, alert.device.id) for alert in open_}) == len(open_) == 60
    assert {alert.finding.severity for alert in its_alerts()} == set(Severity)
    for alert in open_:
        track, condition = alert.finding.track, alert.finding.rule.condition
        if track is None or isinstance(condition, Missing):
            continue
        kept, metric = unpacked(track.packed()), alert.finding.rule.metric
        good = quiet(alert.device.kind, Random(1))[metric or ""]
        limits = alert.finding.rule.limits(alert.device.kind)
        verdict = Judge(condition, limits).advance(kept, alert.finding.heard[-1][0], [Sample(NOW, float(good))])
        assert verdict.after[-1].cleared is not None


def test_nothing_happens_in_the_future_and_every_course_goes_forward() -> None:
    for alert in its_alerts():
        course = alert.course
        moments = [sight.at for sight in alert.finding.sights]
        moments += [at for at in (course.acknowledged_at, course.cleared_at, course.outcome_at) if at]
        assert moments == sorted(moments)
        assert moments[-1] <= NOW
    for ticket in its_tickets():
        moments = [step.at for step in ticket.steps]
        assert moments == sorted(moments)
        assert moments[-1] <= NOW
        assert NOW - moments[0] <= timedelta(days=91)


def test_tickets_are_in_every_state_and_half_of_them_come_from_a_ninth_of_the_compounds() -> None:
    opened = its_tickets()
    assert len(opened) >= 3_000
    assert {ticket.state for ticket in opened} == set(TicketState)
    assert [ticket.number for ticket in opened] == [f"T{n:09}" for n in range(1, len(opened) + 1)]
    hottest = Counter(ticket.compound.id for ticket in opened).most_common(round(0.11 * 635))
    assert 0.42 < sum(number for _, number in hottest) / len(opened) < 0.6
    critical = [alert.id for alert in its_alerts() if alert.ticket_title]
    assert sorted(critical) == sorted(ticket.alert.id for ticket in opened if ticket.alert)
    assert critical
    assert any(ticket.opened_by is its_people().accounts["resident"] for ticket in opened)


def test_the_same_seed_and_moment_give_the_same_alerts_and_tickets() -> None:
    street = plan("small")

    def told() -> tuple[list[AlertPlan], list[TicketPlan]]:
        of_street, equipment = bodies(street, TODAY), Equipment(street, NOW)
        who = people(street, of_street)
        raised = alerts(street, of_street, who, equipment, NOW)
        return raised, tickets(street, of_street, who, equipment, raised, NOW)

    assert told() == told()


def test_every_business_grid_has_a_station_whose_stock_is_what_its_movements_say() -> None:
    made = {
        table: [dict(zip(TABLES[table], row, strict=True)) for row in found]
        for table, found in rows(the_street(), its_bodies(), NOW).items()
    }
    grids = {place.id for place in the_street().places if place.kind is PlaceKind.BUSINESS_GRID}
    assert {station["grid_id"] for station in made["station"]} == grids
    assert len(made["station"]) == 6
    moved, lent = Counter[str](), Counter[str]()
    for movement in made["station_movement"]:
        moved[movement["item_id"]] += movement["amount"]
        assert moved[movement["item_id"]] == movement["in_stock"] >= 0
    lent.update(loan["item_id"] for loan in made["station_loan"] if loan["closed_at"] is None)
    for item in made["station_item"]:
        assert (moved[item["id"]], lent[item["id"]]) == (item["in_stock"], item["lent"])
        assert (item["low_since"] is not None) == (item["in_stock"] < item["minimum"])
    assert sum(item["low_since"] is not None for item in made["station_item"]) == 1
    for station in made["station"]:
        assert {point["kind"] for point in made["station_point"] if point["station_id"] == station["id"]} == set(PointKind)
    assert rows(the_street(), its_bodies(), NOW) == rows(the_street(), its_bodies(), NOW)
