"""Invented names for the demo street: places, compounds, companies and people. None is meant for a real one."""

from collections.abc import Iterator
from itertools import product
from random import Random

STREET = ("ZSL", "中山路街道")

#: (code, name). The first two hold the two named compounds.
COMMUNITIES = (
    ("TC", "棠城社区"),
    ("CZL", "昌州路社区"),
    ("HT", "海棠湾社区"),
    ("WC", "文昌阁社区"),
    ("YX", "玉秀社区"),
    ("QS", "青松社区"),
    ("ZX", "竹溪社区"),
    ("GH", "桂花园社区"),
    ("LL", "柳林社区"),
    ("HTG", "荷塘社区"),
    ("WT", "梧桐社区"),
    ("FL", "枫林社区"),
    ("SQ", "石桥社区"),
    ("SY", "书院社区"),
    ("NM", "南门社区"),
    ("QQ", "清泉社区"),
)
VILLAGES = (
    ("SH", "双河口村"),
    ("SB", "石坝村"),
    ("CY", "茶园村"),
    ("DY", "大堰村"),
    ("LT", "龙潭村"),
    ("ZL", "竹林村"),
)
BUSINESS_GRIDS = ("中心广场商圈", "步行街商圈", "南门商圈", "客运站商圈", "滨河商圈", "学府商圈")

ROADS = ("中山大道", "人民路", "昌州路", "文昌路", "桂山路", "玉屏街", "滨河路", "学府路", "石桥街", "南门街", "梧桐巷", "清泉路")

_ESTATE_FIRST = (
    *("锦绣", "阳光", "翠湖", "御景", "碧水", "福安", "祥和", "滨河", "香樟", "丽景", "春晖", "文昌", "长宁", "金桂", "银杏"),
    *("枫林", "云麓", "听涛", "紫薇", "玉兰", "晨曦", "和风", "星河", "兰亭", "松涛", "水岸", "名仕", "景秀", "嘉和", "东篱"),
)
_ESTATE_LAST = ("花园", "家园", "名都", "华庭", "雅苑", "新城", "华府", "公馆", "苑", "丽都")
_YARD_FIRST = (
    *("机械厂", "纺织厂", "农机站", "粮站", "供销社", "化肥厂", "丝绸厂", "运输队", "食品厂", "印刷厂", "水泥厂", "玻璃厂"),
    *("百货公司", "木器厂", "电器厂", "皮革厂", "酒厂", "轴承厂", "搪瓷厂", "建筑队", "茶厂", "制药厂", "五金厂", "被服厂"),
)
_YARD_LAST = ("家属院", "宿舍", "职工楼", "老院", "集资楼")
_RESETTLED = ("新居", "安置小区", "佳苑")

_COMPANY_FIRST = ("青檐", "禾畔", "云阶", "松屿", "澄湖", "朴园", "归野", "知檐", "栖原", "望禾")
_COMPANY_LAST = ("生活服务", "物业服务", "城市服务", "物业管理", "社区服务")

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "禾沐岚砚舟槿芃霁沅苒笙葵榆蓁昀翊晏栩渝汀澍菀棠桉予朔"


def estates(random: Random) -> Iterator[str]:
    """Names of compounds that a developer built, none twice; 300 of them."""
    names = [a + b for a, b in product(_ESTATE_FIRST, _ESTATE_LAST)]
    random.shuffle(names)
    yield from names


def yards(random: Random) -> Iterator[str]:
    """Names of old open compounds, none twice; over 500 of them."""
    names = [a + b for a, b in product(_YARD_FIRST, _YARD_LAST)]
    names += [f"{road}{number}号院" for road in ROADS for number in range(3, 120, 3)]
    random.shuffle(names)
    yield from names


def resettlements(village: str) -> Iterator[str]:
    """Names of compounds built to rehouse a village's or community's people."""
    stem = village.removesuffix("村").removesuffix("社区")
    yield from (stem + last for last in _RESETTLED)


def companies(random: Random) -> Iterator[str]:
    """Names of property companies, none twice; 50 of them."""
    names = [f"重庆{a}{b}有限公司" for a, b in product(_COMPANY_FIRST, _COMPANY_LAST)]
    random.shuffle(names)
    yield from names


def person(random: Random) -> str:
    """A person's name, drawn at random."""
    return random.choice(_SURNAMES) + "".join(random.sample(_GIVEN, 2))
