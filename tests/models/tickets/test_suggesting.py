"""Suggestions from text: how well they fit what people really report, and that nobody is told of what they do not see."""

import time

from hypothesis import given
from hypothesis import strategies as st

from domain.access import Role
from domain.facilities import FacilityKind
from domain.refusals import RefusalCode
from domain.tickets import TicketKind, TicketPriority, TicketState
from domain.tickets.categories import TicketCategory
from domain.tickets.matching import Report, suggest_categories, suggest_kind
from models import Fact, Ticket, tickets
from models.tickets.suggesting import likeness
from tests.builders import a_facility, a_ticket
from tests.models.ticket_world import World, a_world, refusal, somebody

_C, _K = TicketCategory, TicketKind

#: What people report, in their own words; written down after the cues, not before.
REPORTS = (
    (_K.REPAIR, _C.LIFT, "12栋的电梯门老是关不上"),
    (_K.REPAIR, _C.WATER_SUPPLY, "家里水压太小，热水器打不着火"),
    (_K.REPAIR, _C.WATER_SUPPLY, "自来水发黄，有铁锈味"),
    (_K.REPAIR, _C.DRAINAGE, "一楼厨房返水，污水流了一地"),
    (_K.REPAIR, _C.DRAINAGE, "下雨后小区门口积水很深"),
    (_K.REPAIR, _C.ELECTRICITY, "整个单元突然停电了"),
    (_K.REPAIR, _C.LIGHTING, "三楼楼道灯坏了，晚上摸黑"),
    (_K.REPAIR, _C.LIGHTING, "小区路灯有好几盏不亮"),
    (_K.REPAIR, _C.GAS, "楼道里闻到煤气味"),
    (_K.REPAIR, _C.FIRE_EQUIPMENT, "灭火器过期没有更换"),
    (_K.REPAIR, _C.SURVEILLANCE, "车库摄像头坏了"),
    (_K.REPAIR, _C.ENTRANCE, "单元门门禁刷卡没反应"),
    (_K.REPAIR, _C.ENTRANCE, "道闸不起杆，堵了一排车"),
    (_K.REPAIR, _C.CHARGING, "充电桩扫码后不通电"),
    (_K.REPAIR, _C.GROUNDS, "花园里的长椅断了一根木条"),
    (_K.REPAIR, _C.BUILDING_FABRIC, "楼顶漏水，天花板都湿了"),
    (_K.REPAIR, _C.ROADS, "车库地面破损，路面坑洼"),
    (_K.COMPLAINT, _C.PARKING, "外来车辆乱停，业主没有车位"),
    (_K.COMPLAINT, _C.COMMON_AREAS, "垃圾桶满了好几天没人清运"),
    (_K.COMPLAINT, _C.COMMON_AREAS, "楼道堆放杂物，又脏又乱"),
    (_K.COMPLAINT, _C.CHARGES, "物业费涨价没有公示"),
    (_K.COMPLAINT, _C.CHARGES, "公摊水电费收得不明不白"),
    (_K.COMPLAINT, _C.SERVICE, "保安态度恶劣，还骂人"),
    (_K.COMPLAINT, _C.NEIGHBOURS, "楼上深夜跳绳，吵得睡不着"),
    (_K.COMPLAINT, _C.DECORATION, "隔壁装修周末还在打钻"),
    (_K.COMPLAINT, _C.UNLAWFUL_ACTS, "顶楼业主私搭阳光房，是违建"),
    (_K.COMPLAINT, _C.SAFETY, "有人把电动车推上楼飞线充电"),
    (_K.COMPLAINT, _C.SAFETY, "高空抛物差点砸到人"),
    (_K.COMPLAINT, _C.OWNERS_COMMITTEE, "业委会换届选举不公开"),
    (_K.COMPLAINT, _C.FACILITY_UPKEEP, "健身器材年久失修，没人维护"),
    (_K.SUGGESTION, _C.COMMON_AREAS, "建议多种点树，增加绿化"),
    (_K.SUGGESTION, _C.PARKING, "希望划几个临时停车位"),
    (_K.ENQUIRY, _C.CHARGES, "请问物业费怎么缴纳"),
    (_K.ENQUIRY, _C.OWNERS_COMMITTEE, "咨询业主大会什么时候召开"),
)


def test_of_what_people_report_nine_in_ten_are_suggested_the_right_category_and_most_first():
    found = [[each.word for each in suggest_categories(Report(text), kind, None, likeness)] for kind, _, text in REPORTS]
    missed = [text for (_, category, text), words in zip(REPORTS, found, strict=True) if category not in words]
    first = sum(category in words[:1] for (_, category, _), words in zip(REPORTS, found, strict=True))
    assert len(missed) <= len(REPORTS) // 10, missed
    assert first >= len(REPORTS) * 0.8
    kinds = [(suggest_kind(Report(text), likeness) or [None])[0] for _, _, text in REPORTS]
    right = sum(each is not None and each.word is kind for each, (kind, _, _) in zip(kinds, REPORTS, strict=True))
    assert right >= len(REPORTS) * 0.9


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_the_same_both_ways_and_whole_for_the_same_text(one: str, other: str):
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1


async def test_what_is_reported_twice_is_found_and_nothing_is_changed(world: World):
    lift = await a_facility(world.compound, kind=FacilityKind.LIFT)
    first = await a_ticket(world.compound, title="3栋电梯停运", facility_id=lift.id, category=_C.LIFT)
    await a_ticket(world.compound, title="垃圾清运不及时", kind=_K.COMPLAINT)
    await a_ticket(world.compound, title="3栋电梯停运", state=TicketState.CANCELLED)
    await a_ticket(world.unserved, title="3栋电梯停运")
    found = await tickets.suggest(world.manager, world.compound.id, title="三栋电梯又停运了，有人被困", facility_id=lift.id)
    assert [(ticket.id, score > 0.6) for ticket, score in found.duplicates] == [(first.id, True)]
    assert found.categories[0].word is _C.LIFT
    assert found.priority.word is TicketPriority.EMERGENCY
    assert (found.organisation_id, found.assignee_id) == (world.company.id, None)
    again = await tickets.suggest_for_ticket(world.manager, first.id)
    assert again.duplicates == []
    assert (await Ticket.all().count(), await Fact.all().count()) == (4, 0)


async def test_nobody_is_told_of_tickets_organisations_and_people_that_they_do_not_see(world: World):
    await a_ticket(world.compound, title="3栋电梯停运")
    resident = await somebody(Role.RESIDENT, home=world.home)
    found = await tickets.suggest(resident, world.compound.id, title="3栋电梯停运")
    assert found.duplicates == []
    clerk = await somebody(Role.COMMUNITY_STAFF, place=(await a_world()).community)
    refused = await refusal(tickets.suggest(clerk, world.compound.id, title="3栋电梯停运"))
    assert refused.code is RefusalCode.NOT_FOUND


async def test_long_texts_are_looked_at_in_part_so_that_nobody_waits(world: World):
    long = "电梯停运，水管爆裂，路灯不亮，垃圾清运不及时，保安态度恶劣。" * 150
    for n in range(40):
        await a_ticket(world.compound, title=f"{n}号楼电梯停运", description=long)
    began = time.process_time()
    await tickets.suggest(world.manager, world.compound.id, title="电梯停运", description=long)
    await tickets.suggest(world.manager, world.compound.id, title=long * 60, description=long)
    assert time.process_time() - began < 1
