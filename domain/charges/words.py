"""The words of fee items: kinds, grounds of a price, what is wrong with a charge."""

from collections.abc import Mapping

from domain.bills import FeeUnit
from domain.ledger import AccountCode
from domain.words import Word


class FeeKind(Word):
    """By what a fee is reckoned."""

    AREA = "AREA", "按面积", "By square metre and month."
    UNIT = "UNIT", "按户", "By home and month."
    FIXED = "FIXED", "定额", "A fixed amount a month, times the quantity that was agreed."
    METERED = "METERED", "按表计量", "By what the home's meters count."
    SHARED = "SHARED", "公摊", "A common cost of the period, shared by a formula."
    PARKING = "PARKING", "停车", "By parking space and month."


class ShareBy(Word):
    """By what a common cost is shared."""

    AREA = "AREA", "按面积分摊", "By square metre."
    HOMES = "HOMES", "按户分摊", "The same for each home."
    RESIDENTS = "RESIDENTS", "按人口分摊", "By how many live there, as the register says."
    QUANTITY = "QUANTITY", "按约定份额分摊", "By the quantity that was agreed for each home."


class TierBasis(Word):
    """Over what time the tiers of a price are counted."""

    MONTH = "MONTH", "按月分档", "By month: a bill of several months has that many times the limits."
    YEAR = "YEAR", "按年分档", "By calendar year, whatever the bills of it."


class FeeBasis(Word):
    """On what ground a price stands."""

    CONTRACT = "CONTRACT", "物业服务合同", "The property service contract, or another with the payer."
    OWNERS_VOTE = "OWNERS_VOTE", "业主共同决定", "A vote of the owners."
    GOVERNMENT_PRICE = "GOVERNMENT_PRICE", "政府定价", "A price that an authority fixed."
    SUPPLIER_BILL = "SUPPLIER_BILL", "供应单位账单", "What the supplier of water, power or gas asks for, and no more."


class ExemptionReason(Word):
    """Why a home does not pay an item."""

    CONTRACT = "CONTRACT", "合同约定", "The contract says so."
    OWNERS_VOTE = "OWNERS_VOTE", "业主共同决定", "The owners decided so."
    HARDSHIP = "HARDSHIP", "困难减免", "It could not bear it."
    PUBLIC_USE = "PUBLIC_USE", "公共用房", "It serves everybody."
    VACANT = "VACANT", "空置", "Nobody lives there."
    OTHER = "OTHER", "其他", "Anything else."


class ChargeFault(Word):
    """Why an item could not be charged to a home."""

    NO_PRICE = "NO_PRICE", "缺少价格", "No price is in force on some day of the period."
    NO_METER = "NO_METER", "缺少计量表", "The home has no meter for it."
    NO_READING = "NO_READING", "缺少读数", "A meter was not read in the period."
    NO_COST = "NO_COST", "缺少公摊总额", "It was not said what there is to share."
    NO_WEIGHT = "NO_WEIGHT", "缺少分摊权重", "By this formula the home bears nothing, and nobody exempted it."


#: What each kind counts; metered items count what their meters do.
UNITS: Mapping[FeeKind, FeeUnit] = {
    FeeKind.AREA: FeeUnit.M2,
    FeeKind.UNIT: FeeUnit.HOME,
    FeeKind.FIXED: FeeUnit.PIECE,
    FeeKind.METERED: FeeUnit.M3,
    FeeKind.SHARED: FeeUnit.PIECE,
    FeeKind.PARKING: FeeUnit.SPACE,
}
SHARE_UNITS: Mapping[ShareBy, FeeUnit] = {
    ShareBy.AREA: FeeUnit.M2,
    ShareBy.HOMES: FeeUnit.HOME,
    ShareBy.RESIDENTS: FeeUnit.PERSON,
    ShareBy.QUANTITY: FeeUnit.PIECE,
}
METERED_UNITS = frozenset({FeeUnit.M3, FeeUnit.KWH})

_A, _B = AccountCode, FeeBasis
#: What a fee may be income of, and on what grounds its price may stand there: the first price, and one that is higher than
#: the price before. The service fee is part of the contract, and is raised by a vote or an authority (Civil Code art. 278, 943);
#: what is collected for suppliers is passed on as it is (Property Management Regulations art. 44); common parts are used for
#: business by a vote (Civil Code art. 278 (8)).
GROUNDS: Mapping[AccountCode, tuple[frozenset[FeeBasis], frozenset[FeeBasis]]] = {
    _A.SERVICE_INCOME: (
        frozenset({_B.CONTRACT, _B.OWNERS_VOTE, _B.GOVERNMENT_PRICE}),
        frozenset({_B.OWNERS_VOTE, _B.GOVERNMENT_PRICE}),
    ),
    _A.PARKING_INCOME: (
        frozenset({_B.CONTRACT, _B.OWNERS_VOTE, _B.GOVERNMENT_PRICE}),
        frozenset({_B.CONTRACT, _B.OWNERS_VOTE, _B.GOVERNMENT_PRICE}),
    ),
    _A.OTHER_INCOME: (
        frozenset({_B.CONTRACT, _B.OWNERS_VOTE, _B.GOVERNMENT_PRICE}),
        frozenset({_B.CONTRACT, _B.OWNERS_VOTE, _B.GOVERNMENT_PRICE}),
    ),
    _A.COLLECTED_FOR_OTHERS: (
        frozenset({_B.GOVERNMENT_PRICE, _B.SUPPLIER_BILL}),
        frozenset({_B.GOVERNMENT_PRICE, _B.SUPPLIER_BILL}),
    ),
    **dict.fromkeys(
        (_A.COMMON_PARKING, _A.COMMON_RENT, _A.COMMON_CHARGING, _A.COMMON_ADVERTISING, _A.COMMON_OTHER),
        (frozenset({_B.OWNERS_VOTE}), frozenset({_B.OWNERS_VOTE})),
    ),
}
