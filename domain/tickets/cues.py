"""Words by which reports are told apart: what they are about, what they ask for, how urgent they are.

A cue is looked for in the text as it is written; one of four characters or more is also found where it is nearly so.
"""

from collections.abc import Mapping
from typing import TypeVar

from .categories import TicketCategory
from .words import TicketKind, TicketPriority

_C, _K, _P = TicketCategory, TicketKind, TicketPriority
W = TypeVar("W", TicketKind, TicketCategory, TicketPriority)


def _cues(table: Mapping[W, str]) -> dict[W, tuple[str, ...]]:
    return {word: tuple(cues.split()) for word, cues in table.items()}


#: Per category: its cues, by blanks. English ones are for street offices with foreign residents.
CATEGORY_CUES: Mapping[TicketCategory, tuple[str, ...]] = _cues(
    {
        _C.SERVICE: "服务态度 态度差 态度恶劣 无人回复 没人管 不作为 推诿 不接电话 保安 门岗 客服 管家 没有回音 上门慢 service",
        _C.FACILITY_UPKEEP: "设施 设备 年久失修 老化 维护 保养 电梯 健身器材 长期不修 没人维修 坏了很久 upkeep",
        _C.CHARGES: "收费 物业费 公摊 费用 涨价 乱收费 账单 发票 公示 水电费 停车费 收支 明细 押金 fee",
        _C.PARKING: "停车 车位 乱停 违停 占道 车辆 僵尸车 地锁 月租 堵车 挡住出口 parking",
        _C.COMMON_AREAS: "垃圾 清运 异味 保洁 清扫 卫生 楼道堆放 杂物 绿化 草坪 树木 蚊虫 老鼠 宠物粪便 烟头"
        " 脏 广场 座椅 晾晒 rubbish",
        _C.HOUSE_REPAIR: "外墙 渗水 漏水 屋顶 墙皮 脱落 维修资金 下水 管道 返修 房屋质量 裂缝 补漏 leak",
        _C.SAFETY: "消防通道 消防 火灾 隐患 电瓶车 电动车 飞线 充电 高空抛物 坠物 安全 燃气味 堵塞通道 起火 应急 危险 fire",
        _C.DECORATION: "装修 敲墙 承重墙 拆改 建渣 装修噪声 装修垃圾 打钻 电钻 施工时间 冲击钻 decoration",
        _C.NEIGHBOURS: "邻居 楼上 楼下 隔壁 扰民 噪声 噪音 吵闹 广场舞 狗叫 犬吠 纠纷 滴水 麻将 跳绳 深夜 noise",
        _C.UNLAWFUL_ACTS: "违建 违章搭建 违法 私搭 乱建 占用公共 群租 赌博 传销 无证 违规经营 打架 偷盗 被盗 unlawful",
        _C.OWNERS_COMMITTEE: "业委会 业主大会 业主委员会 选举 换届 表决 投票 候选人 物管委 院坝会 议事 罢免 committee",
        _C.OTHER: "其他 other",
        _C.LIFT: "电梯 困人 被困 轿厢 梯门 平层 梯内 lift elevator",
        _C.WATER_SUPPLY: "停水 水压 没水 水泵 水箱 二次供水 水质 水浑 水黄 自来水 水管 爆管 water",
        _C.DRAINAGE: "下水 堵塞 返水 反水 污水 井盖 化粪池 排水 积水 疏通 管网 溢出 drain manhole",
        _C.ELECTRICITY: "停电 跳闸 没电 配电 电表 电线 漏电 触电 短路 电压 空开 power",
        _C.LIGHTING: "路灯 楼道灯 不亮 声控灯 照明 灯坏 感应灯 灯泡 很黑 太暗 light",
        _C.GAS: "燃气 煤气 天然气 气味 阀门 gas",
        _C.FIRE_EQUIPMENT: "消火栓 灭火器 烟感 喷淋 消防栓 消防门 防火门 报警器 应急灯 消防箱 hydrant extinguisher",
        _C.SURVEILLANCE: "监控 摄像头 黑屏 画面 录像 camera",
        _C.ENTRANCE: "门禁 刷卡 单元门 道闸 抬杆 不抬杆 对讲 闸机 门锁 大门 岗亭 人脸识别 gate barrier",
        _C.CHARGING: "充电桩 充电棚 插座 扫码充电 无法充电 充电口 不通电 charging",
        _C.ROADS: "路面 坑洼 地砖 车库 地面破损 减速带 塌陷 道路 划线 台阶 消防通道 garage road",
        _C.GROUNDS: "座椅 长椅 凉亭 喷泉 健身器材 晾衣 晾晒 花坛 儿童 滑梯 大树 树枝 围栏 栏杆 bench fountain",
        _C.BUILDING_FABRIC: "外墙 墙面 屋顶 楼顶 渗水 漏水 墙皮 脱落 窗户 玻璃 瓷砖 裂缝 发霉 天花板 roof wall",
        _C.INSIDE_HOME: "我家 家里 厨房 卫生间 水龙头 马桶 户内 入户门 阳台 开关 kitchen",
        _C.OTHER_REPAIR: "其他报修",
    }
)

#: Per kind of ticket.
KIND_CUES: Mapping[TicketKind, tuple[str, ...]] = _cues(
    {
        _K.REPAIR: "坏 坏了 报修 维修 损坏 漏水 渗水 停运 不亮 不抬杆 无法开启 堵塞 破损 脱落 跳闸 停水 停电 困人 爆裂 异响 失灵",
        _K.COMPLAINT: "投诉 举报 扰民 占用 不及时 无人回复 态度 乱收费 违建 不满 没人管 太差 占道 不清 减少 一直不 噪声 违停",
        _K.SUGGESTION: "建议 希望 增设 能否增加 提议 最好 增加 改进 公布",
        _K.ENQUIRY: "咨询 请问 如何 怎么办理 流程 材料 什么时候 是否 哪里 多少钱 能否 吗",
    }
)

#: Per priority, those that are more than ordinary.
PRIORITY_CUES: Mapping[TicketPriority, tuple[str, ...]] = _cues(
    {
        _P.EMERGENCY: "困人 被困 爆管 爆裂 起火 着火 冒烟 燃气泄漏 煤气味 燃气味 漏气 触电 漏电 坠落 有人受伤 晕倒 烧焦 喷水"
        " 坍塌 火警",
        _P.URGENT: "停水 停电 停运 漏水 渗水 跳闸 翻起 返水 反水 没水 没电 井盖 打不开门 无法出入 老人上下楼 高空 掉落 松动 危险",
    }
)

#: What takes a cue back when it stands right before it.
DENIALS = ("没有", "没", "未", "无人", "无", "并非", "不是", "不再", "no ", "not ")
