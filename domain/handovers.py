"""What a leaving organisation hands over to the next one in a compound."""

from collections.abc import Iterable, Mapping

from .organisations import MandateService
from .words import Word

OPEN_POINTS_MAX = 2_000


class HandoverItem(Word):
    """Something that is handed over."""

    KEYS = "KEYS", "钥匙与门禁", "Keys and cards."
    ARCHIVES = "ARCHIVES", "物业档案", "Plans, papers and the register of homes."
    FUND_BOOKS = "FUND_BOOKS", "资金账册", "Account books of common funds and income."
    FACILITY_REGISTER = "FACILITY_REGISTER", "设施设备台账", "Register and state of the facilities."
    MAINTENANCE_RECORDS = "MAINTENANCE_RECORDS", "维保记录", "Records of upkeep and inspection."
    ACCESS_DATA = "ACCESS_DATA", "系统账号与数据", "Accounts and data of gates, cameras and fire systems."
    CONTRACTS = "CONTRACTS", "在履合同", "Contracts with others that go on."
    SEALS = "SEALS", "印章", "The body's seals."


_S, _I = MandateService, HandoverItem
_LICENSED = frozenset({_I.KEYS, _I.MAINTENANCE_RECORDS, _I.ACCESS_DATA})
_PARTIAL = frozenset({_I.KEYS, _I.ARCHIVES})

#: Per service (None: of a body that governs, represents or the like): what is expected to be handed over.
EXPECTED: Mapping[MandateService | None, frozenset[HandoverItem]] = {
    _S.FULL: frozenset(_I) - {_I.SEALS},
    _S.CLEANING: _PARTIAL,
    _S.SECURITY: _PARTIAL | {_I.ACCESS_DATA},
    _S.GREENING: _PARTIAL,
    _S.REPAIRS: _PARTIAL | {_I.MAINTENANCE_RECORDS},
    _S.LIFT_MAINTENANCE: _LICENSED,
    _S.FIRE_MAINTENANCE: _LICENSED,
    None: frozenset({_I.ARCHIVES, _I.FUND_BOOKS, _I.SEALS}),
}


def missing(service: MandateService | None, handed: Iterable[HandoverItem]) -> tuple[HandoverItem, ...]:
    """What was expected and not handed over, in the order of the words."""
    there = set(handed)
    return tuple(item for item in HandoverItem if item in EXPECTED[service] and item not in there)
