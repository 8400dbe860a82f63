"""What is looked at on a point, and what is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text, stored

from .words import RoundAnswer

ITEMS_MAX, ITEM_MAX, NOTE_MAX = 30, 120, 500


@dataclass(frozen=True)
class Item:
    """One item of a point's checklist."""

    code: str
    words: Text

    def packed(self) -> dict[str, str]:
        """As it is kept with its point."""
        return {"code": self.code, **self.words.both()}


def unpacked(items: Sequence[Mapping[str, str]]) -> list[Item]:
    """The items that ``Item.packed`` wrote."""
    return [Item(each["code"], stored(each)) for each in items]


def _items(*rows: tuple[str, str, str]) -> tuple[Item, ...]:
    return tuple(Item(code, Text(en, zh)) for code, en, zh in rows)


#: What a fire patrol looks at (MEM Order 5 art. 34; GB 25201-2010 6).
FIRE_PATROL_ITEMS = _items(
    ("exits", "Exits and stairs are free", "安全出口、疏散通道畅通"),
    ("lane", "Fire lane and fire-fighting ground are free", "消防车通道、登高场地无占用"),
    ("e-bikes", "No e-bike in lobby, corridor or stair", "门厅、走道、楼梯间无电动自行车停放充电"),
    ("doors", "Fire doors are shut and whole", "防火门常闭完好"),
    ("facilities", "Extinguishers and hydrants are in place", "灭火器、消火栓在位完好"),
    ("fire-and-power", "No unlawful fire, wiring or smoke", "无违规用火、用电、用气"),
)
#: What a fire check looks at besides (MEM Order 5 art. 35; GB 25201-2010 7).
FIRE_CHECK_ITEMS = FIRE_PATROL_ITEMS + _items(
    ("signs", "Emergency lights and signs work", "应急照明、疏散指示标志完好"),
    ("water", "Fire water and its pressure are there", "消防水源、水压正常"),
    ("alarm", "Alarm and extinguishing systems work", "火灾报警、自动灭火设施运行正常"),
    ("shafts", "Shafts and rooms of machines hold no goods", "管道井、设备用房无杂物"),
    ("outer-wall", "Insulation and hangings of outer walls are whole", "外墙保温、广告牌完好"),
    ("rectified", "What was found before is put right", "以往隐患已整改"),
)


def written_items(texts: Sequence[str]) -> list[Item]:
    """A checklist in people's own words, numbered. Refuses (INVALID) too many, and a text that cannot be kept."""
    if len(texts) > ITEMS_MAX:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"{len(texts)} items are too many.", f"检查项 {len(texts)} 个，过多。"),
            path=("items",),
            hint=Text(f"Ask {ITEMS_MAX} things of a point at most.", f"每个点位最多 {ITEMS_MAX} 项。"),
        )
    words = [written(each, "items", ITEM_MAX) for each in texts]
    return [Item(str(number), Text(each, each)) for number, each in enumerate(words, 1)]


@dataclass(frozen=True)
class Answered:
    """What was answered to one item."""

    item: str
    answer: RoundAnswer
    note: str = ""

    def packed(self) -> dict[str, Any]:
        """As it is kept with its scan."""
        return {"item": self.item, "answer": self.answer, "note": self.note}


def check_answers(checklist: Sequence[Item], answers: Sequence[Answered]) -> list[Answered]:
    """The answers in the order of the checklist.

    Refuses (INVALID, naming the field) what leaves an item out, answers one twice or one that is not there, and a NOT_OK of
    which nothing is said.
    """
    known = {item.code: item for item in checklist}
    given: dict[str, Answered] = {}
    for number, each in enumerate(answers):
        path = ("answers", str(number))
        if each.item not in known or each.item in given:
            again = each.item in given
            raise Refused(
                RefusalCode.INVALID,
                Text(
                    f"Item {each.item[:40]!r} is {'answered twice' if again else 'not on the checklist'}.",
                    f"检查项“{each.item[:40]}”{'重复' if again else '不在清单中'}。",
                ),
                path=(*path, "item"),
                hint=Text(f"The checklist has: {', '.join(known) or 'nothing'}.", f"清单项目：{'、'.join(known) or '无'}。"),
            )
        given[each.item] = _checked(known[each.item], each, path)
    if missing := [item for item in checklist if item.code not in given]:
        raise Refused(
            RefusalCode.INVALID,
            Text(
                f"Not all is answered: {', '.join(item.code for item in missing)}.",
                f"尚未填写：{'、'.join(item.words.zh for item in missing)}。",
            ),
            path=("answers",),
            hint=Text("Say of each item OK, NOT_OK or NOT_APPLICABLE.", "请逐项填写：正常、异常或不适用。"),
        )
    return [given[item.code] for item in checklist]


def _checked(item: Item, each: Answered, path: tuple[str, ...]) -> Answered:
    note = written(each.note, "answers", NOTE_MAX, least=0)
    if each.answer is RoundAnswer.NOT_OK and not note:
        raise Refused(
            RefusalCode.INVALID,
            Text(f"Nothing is said of what is wrong: {item.words.en}.", f"“{item.words.zh}”异常未说明。"),
            path=(*path, "note"),
            hint=Text("Say in a few words what is wrong.", "请简要说明异常情况。"),
        )
    return Answered(each.item, each.answer, note)
