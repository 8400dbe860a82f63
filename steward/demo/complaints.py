"""What people of the demo street report: the wordings of its tickets."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.facilities import FacilityKind
from domain.tickets import TicketKind, TicketPriority
from domain.tickets.categories import TicketCategory


class Wording(NamedTuple):
    """A ticket's words. ``{}`` in the title stands for the facility's or home's name; ``weight``: how common it is."""

    kind: TicketKind
    priority: TicketPriority
    weight: int
    title: str
    description: str
    category: TicketCategory
    facility: FacilityKind | None = None


_K, _P, _F, _C = TicketKind, TicketPriority, FacilityKind, TicketCategory

#: About a facility of the given kind, or about the compound, or about a home (the title begins with ``{}``).
WORDINGS: Sequence[Wording] = (
    Wording(_K.REPAIR, _P.EMERGENCY, 2, "{}困人", "电梯突然停住，轿厢内有人，请立即救援。", _C.LIFT, _F.LIFT),
    Wording(_K.REPAIR, _P.URGENT, 6, "{}停运", "电梯停在一楼不动，老人上下楼不便。", _C.LIFT, _F.LIFT),
    Wording(_K.REPAIR, _P.ORDINARY, 5, "{}运行异响", "运行到中间楼层有明显异响和抖动。", _C.LIFT, _F.LIFT),
    Wording(_K.REPAIR, _P.ORDINARY, 8, "{}不亮", "夜间照明不足，路过不安全。", _C.LIGHTING, _F.LAMP),
    Wording(_K.REPAIR, _P.ORDINARY, 5, "{}无法开启", "刷卡没有反应，出入不便。", _C.ENTRANCE, _F.GATE),
    Wording(_K.REPAIR, _P.ORDINARY, 4, "{}不抬杆", "车辆排队，需要保安手动抬杆。", _C.ENTRANCE, _F.BARRIER),
    Wording(_K.REPAIR, _P.ORDINARY, 3, "{}黑屏", "监控画面缺失，请检查线路。", _C.SURVEILLANCE, _F.CAMERA),
    Wording(_K.REPAIR, _P.URGENT, 3, "{}松动翻起", "井盖移位，夜间有跌落危险。", _C.DRAINAGE, _F.MANHOLE),
    Wording(_K.REPAIR, _P.URGENT, 3, "{}渗水", "消火栓箱内漏水，地面湿滑。", _C.FIRE_EQUIPMENT, _F.HYDRANT),
    Wording(_K.REPAIR, _P.ORDINARY, 3, "{}压力不足", "指针在红区，请更换。", _C.FIRE_EQUIPMENT, _F.EXTINGUISHER),
    Wording(_K.REPAIR, _P.ORDINARY, 4, "{}破损", "木条断裂，容易划伤。", _C.GROUNDS, _F.BENCH),
    Wording(_K.REPAIR, _P.URGENT, 4, "{}跳闸", "单元停电，请尽快恢复。", _C.ELECTRICITY, _F.DISTRIBUTION_BOX),
    Wording(_K.REPAIR, _P.ORDINARY, 4, "{}插座无法充电", "扫码后无法通电。", _C.CHARGING, _F.CHARGING_SHED),
    Wording(_K.REPAIR, _P.EMERGENCY, 2, "{}水管爆裂", "水已流到楼道，请立即关闭总阀。", _C.WATER_SUPPLY),
    Wording(_K.REPAIR, _P.ORDINARY, 8, "{}厨房下水堵塞", "公共立管返水，请疏通。", _C.DRAINAGE),
    Wording(_K.REPAIR, _P.ORDINARY, 6, "{}外墙渗水", "下雨后墙面发霉。", _C.BUILDING_FABRIC),
    Wording(_K.REPAIR, _P.ORDINARY, 5, "{}楼道灯坏", "声控灯不亮。", _C.LIGHTING),
    Wording(_K.COMPLAINT, _P.ORDINARY, 7, "车辆占用消防通道", "晚上八点以后经常停满，救援车辆进不来。", _C.PARKING, _F.FIRE_LANE),
    Wording(_K.COMPLAINT, _P.ORDINARY, 8, "电瓶车停放楼道充电", "飞线充电，存在火灾隐患。", _C.SAFETY),
    Wording(_K.COMPLAINT, _P.ORDINARY, 6, "垃圾清运不及时", "垃圾桶满溢，异味明显。", _C.COMMON_AREAS),
    Wording(_K.COMPLAINT, _P.ORDINARY, 5, "楼上装修噪声扰民", "中午和夜间仍在施工。", _C.DECORATION),
    Wording(_K.COMPLAINT, _P.ORDINARY, 5, "物业收费明细不清", "公摊电费没有公示，请说明。", _C.CHARGES),
    Wording(_K.COMPLAINT, _P.ORDINARY, 3, "保洁频次减少", "楼道一周未清扫。", _C.COMMON_AREAS),
    Wording(_K.COMPLAINT, _P.ORDINARY, 3, "报修后无人回复", "三天前报修，至今没有回音。", _C.SERVICE),
    Wording(_K.SUGGESTION, _P.ORDINARY, 3, "建议增设休息座椅", "老年人散步途中没有休息的地方。", _C.COMMON_AREAS),
    Wording(_K.SUGGESTION, _P.ORDINARY, 3, "建议增加晾晒区", "低层住户没有晾晒位置。", _C.COMMON_AREAS),
    Wording(_K.SUGGESTION, _P.ORDINARY, 2, "建议公布院坝会议事结果", "希望张贴在公告栏。", _C.OWNERS_COMMITTEE),
    Wording(_K.ENQUIRY, _P.ORDINARY, 3, "咨询停车月租办理", "需要哪些材料？", _C.PARKING),
    Wording(_K.ENQUIRY, _P.ORDINARY, 3, "咨询维修资金使用流程", "外墙维修能否使用维修资金？", _C.HOUSE_REPAIR),
    Wording(_K.ENQUIRY, _P.ORDINARY, 2, "咨询业主大会召开时间", "今年是否召开？", _C.OWNERS_COMMITTEE),
)

DONE = (
    "已更换损坏部件，现场测试正常。",
    "已到场处理，恢复正常。",
    "已与相关住户沟通，问题解决。",
    "已疏通并清理现场。",
    "已答复来电人。",
)
INSIDE = ("需协调厂家备件，预计两天到货。", "现场无人，已电话约定上门时间。", "与社区联合处理，待会议确认。")
THANKS = ("处理及时，谢谢。", "已恢复，辛苦了。", "希望以后再快一些。")
