"""Fire pacts (消防公约): by which a community keeps the fire safety of a compound together with its residents."""

from collections.abc import Collection
from datetime import date

from domain.refusals import RefusalCode, Refused
from domain.words import Text, Word

#: Nobody signed one before.
EARLIEST = date(1998, 9, 1)


class FireDuty(Word):
    """What a pact says that people do."""

    PATROL = "PATROL", "日常巡查", "Go round, and look."
    WAYS_CLEAR = "WAYS_CLEAR", "通道畅通", "Keep stairs, exits and fire lanes clear."
    EQUIPMENT = "EQUIPMENT", "器材维护", "Keep extinguishers and hydrants in order."
    EBIKES = "EBIKES", "电动车管理", "Keep e-bikes out of buildings, and charge them outside."
    HELP = "HELP", "帮扶看护", "Look after those who cannot leave by themselves."
    DRILLS = "DRILLS", "参加演练", "Take part in drills."


class FireKeeperBasis(Word):
    """On what ground somebody keeps a compound's fire safety."""

    MANDATE = "MANDATE", "物业服务", "It serves the compound."
    PACT = "PACT", "消防公约", "The compound has a fire pact with it."


def check_duties(duties: Collection[FireDuty]) -> list[FireDuty]:
    """The duties as they are kept: each once, in order. Refuses (INVALID) none."""
    if duties:
        return [duty for duty in FireDuty if duty in duties]
    raise _invalid(
        "duties",
        Text("A pact without duties is none.", "公约未约定任何事项。"),
        Text("Name what people do by it.", "请至少选择一项约定事项。"),
    )


def check_signed(day: date, today: date) -> None:
    """Refuses (INVALID) a day to come, or before there were such pacts."""
    if not EARLIEST <= day <= today:
        raise _invalid(
            "signed_on",
            Text(f"It cannot have been signed on {day}.", f"签订日期 {day} 无效。"),
            Text("Give the day on which it was signed, today or before.", "请填写实际签订日期，不晚于今天。"),
        )


def check_homes(joined: int, homes: int) -> int:
    """How many homes joined; ``homes``: how many there are by the register, 0 where it does not say. Refuses INVALID."""
    if joined >= 0 and (joined <= homes or not homes):
        return joined
    raise _invalid(
        "homes_joined",
        Text(f"{joined} homes cannot have joined.", f"参加户数 {joined} 无效。"),
        Text(f"Give 0 to {homes}: so many homes are on the register.", f"请填写 0 到 {homes} 的户数（小区登记户数）。")
        if homes
        else Text("Give 0 or more.", "请填写不小于 0 的户数。"),
    )


def _invalid(field: str, message: Text, hint: Text) -> Refused:
    return Refused(RefusalCode.INVALID, message, path=(field,), hint=hint)
