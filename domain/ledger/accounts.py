"""The chart of accounts (科目表): the same in every book, so that books can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.words import Word


class AccountType(Word):
    """What an account tells of."""

    ASSET = "ASSET", "资产", "What there is, and what is owed to the book."
    LIABILITY = "LIABILITY", "负债", "What the book owes."
    FUND = "FUND", "净资产", "What is left when all debts are paid, and whose it is."
    INCOME = "INCOME", "收入", "What came in for good."
    EXPENSE = "EXPENSE", "支出", "What was spent for good."


class Fund(Word):
    """Whose money it is."""

    COMPANY = "COMPANY", "物业账目", "Of whoever keeps the book; the owners', where the regime says so."
    COMMON_AREA = "COMMON_AREA", "公共收益", "The owners': what the common parts bring in (Civil Code art. 282)."
    MAINTENANCE_FUND = "MAINTENANCE_FUND", "维修资金", "The owners' maintenance fund (Civil Code art. 281)."


class AccountCode(Word):
    """An account of the chart."""

    CASH = "CASH", "库存现金", "Cash in the till."
    BANK = "BANK", "银行存款", "The bank account of whoever keeps the book."
    ONLINE = "ONLINE", "在线支付待结算", "Paid online, and not yet settled by the provider."
    COMMON_BANK = "COMMON_BANK", "公共收益专户", "The bank account of the common-area income."
    FUND_BANK = "FUND_BANK", "维修资金专户", "The bank account of the maintenance fund."
    RECEIVABLE = "RECEIVABLE", "应收账款", "What homes owe on bills."
    PREPAID = "PREPAID", "预收账款", "What homes paid that no bill has used yet."
    DEPOSIT = "DEPOSIT", "押金保证金", "Deposits to give back."
    SUSPENSE = "SUSPENSE", "待认领款", "Money that came in, and nobody knows yet whose."
    PAYABLE = "PAYABLE", "应付账款", "Approved, and not yet paid."
    COLLECTED_FOR_OTHERS = "COLLECTED_FOR_OTHERS", "代收代付", "Collected for the suppliers of water, power and gas."
    COMMON_AREA_FUND = "COMMON_AREA_FUND", "公共收益结余", "Common-area income kept from before."
    MAINTENANCE_FUND = "MAINTENANCE_FUND", "维修资金结余", "The maintenance fund that was paid in."
    OPENING_EQUITY = "OPENING_EQUITY", "期初结余", "What was there when the book was opened."
    SERVICE_INCOME = "SERVICE_INCOME", "物业服务收入", "Property service fees."
    PARKING_INCOME = "PARKING_INCOME", "停车服务收入", "Service of parking spaces that are somebody's."
    LATE_FEE_INCOME = "LATE_FEE_INCOME", "违约金收入", "Late fees that a contract has."
    OTHER_INCOME = "OTHER_INCOME", "其他收入", "Anything else that came in."
    COMMON_ADVERTISING = "COMMON_ADVERTISING", "公共广告收入", "Advertisements in lifts and on walls."
    COMMON_PARKING = "COMMON_PARKING", "公共停车收入", "Parking on common ground."
    COMMON_RENT = "COMMON_RENT", "公共场地出租收入", "Rent of common rooms and ground."
    COMMON_CHARGING = "COMMON_CHARGING", "公共充电收入", "Charging of e-bikes and cars on common ground."
    COMMON_OTHER = "COMMON_OTHER", "其他公共收益", "Anything else that the common parts bring in."
    STAFF = "STAFF", "人员费用", "Wages and social insurance."
    CLEANING = "CLEANING", "清洁费用", "Cleaning and waste."
    GREENING = "GREENING", "绿化费用", "Trees and gardens."
    SECURITY = "SECURITY", "秩序维护费用", "Guards and patrols."
    LIFT = "LIFT", "电梯费用", "Upkeep, inspection and repair of lifts."
    FIRE_SAFETY = "FIRE_SAFETY", "消防费用", "Upkeep, tests and repair of fire facilities."
    REPAIRS = "REPAIRS", "维修费用", "Repair and upkeep of everything else."
    UTILITIES = "UTILITIES", "公共水电费", "Power and water of the common parts."
    WATER_SUPPLY = "WATER_SUPPLY", "二次供水费用", "Tanks and pumps of the water supply, and its tests."
    INSURANCE = "INSURANCE", "保险费用", "Insurance of common parts and of the public."
    OFFICE = "OFFICE", "办公费用", "The office."
    TAX = "TAX", "税费", "Taxes."
    OTHER_EXPENSE = "OTHER_EXPENSE", "其他支出", "Anything else that was spent."
    COMMON_COST = "COMMON_COST", "公共收益成本", "What it cost to earn the common-area income (Civil Code art. 282)."
    COMMON_USE = "COMMON_USE", "公共收益使用", "What the common-area income was used for."
    FUND_USE = "FUND_USE", "维修资金使用", "What the maintenance fund was used for."
    BAD_DEBT = "BAD_DEBT", "坏账损失", "Bills that are lost."


@dataclass(frozen=True)
class Account:
    """An account's type, and whose money it is."""

    type: AccountType
    fund: Fund = Fund.COMPANY


_A, _T, _F = AccountCode, AccountType, Fund
_COMMON_INCOME = (_A.COMMON_ADVERTISING, _A.COMMON_PARKING, _A.COMMON_RENT, _A.COMMON_CHARGING, _A.COMMON_OTHER)
_EXPENSES = (
    *(_A.STAFF, _A.CLEANING, _A.GREENING, _A.SECURITY, _A.LIFT, _A.FIRE_SAFETY, _A.REPAIRS, _A.UTILITIES),
    *(_A.WATER_SUPPLY, _A.INSURANCE, _A.OFFICE, _A.TAX, _A.OTHER_EXPENSE, _A.BAD_DEBT),
)

#: Every account of every book.
CHART: Mapping[AccountCode, Account] = {
    **dict.fromkeys((_A.CASH, _A.BANK, _A.ONLINE, _A.RECEIVABLE), Account(_T.ASSET)),
    _A.COMMON_BANK: Account(_T.ASSET, _F.COMMON_AREA),
    _A.FUND_BANK: Account(_T.ASSET, _F.MAINTENANCE_FUND),
    **dict.fromkeys((_A.PREPAID, _A.DEPOSIT, _A.SUSPENSE, _A.PAYABLE, _A.COLLECTED_FOR_OTHERS), Account(_T.LIABILITY)),
    _A.COMMON_AREA_FUND: Account(_T.FUND, _F.COMMON_AREA),
    _A.MAINTENANCE_FUND: Account(_T.FUND, _F.MAINTENANCE_FUND),
    _A.OPENING_EQUITY: Account(_T.FUND),
    **dict.fromkeys((_A.SERVICE_INCOME, _A.PARKING_INCOME, _A.LATE_FEE_INCOME, _A.OTHER_INCOME), Account(_T.INCOME)),
    **dict.fromkeys(_COMMON_INCOME, Account(_T.INCOME, _F.COMMON_AREA)),
    **dict.fromkeys(_EXPENSES, Account(_T.EXPENSE)),
    **dict.fromkeys((_A.COMMON_COST, _A.COMMON_USE), Account(_T.EXPENSE, _F.COMMON_AREA)),
    _A.FUND_USE: Account(_T.EXPENSE, _F.MAINTENANCE_FUND),
}

#: Where what a fund had before the book was opened stands.
EQUITY: Mapping[Fund, AccountCode] = {
    _F.COMPANY: _A.OPENING_EQUITY,
    _F.COMMON_AREA: _A.COMMON_AREA_FUND,
    _F.MAINTENANCE_FUND: _A.MAINTENANCE_FUND,
}
#: Accounts that always agree with bills and payments, and are touched by nothing else.
CONTROLLED = frozenset({_A.RECEIVABLE, _A.PREPAID, _A.SUSPENSE})


def debit_grows(code: AccountCode) -> bool:
    """Whether the account grows by its debits: what there is, and what was spent."""
    return CHART[code].type in {_T.ASSET, _T.EXPENSE}
