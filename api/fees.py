"""Fee items and their prices, homes' parts in them, meters and readings, common costs."""

import models
from api.enums import graphql_enum
from api.read.declare import column, many, node, one
from domain.bills import FeeUnit
from domain.charges import ExemptionReason, FeeBasis, FeeKind, ShareBy, TierBasis
from domain.ledger import AccountCode
from domain.money import Rounding

for _word in (AccountCode, ExemptionReason, FeeBasis, FeeKind, FeeUnit, Rounding, ShareBy, TierBasis):
    graphql_enum(_word)


@node(models.FeeItem, "Fee item (收费项目): what homes of a compound are charged for.")
class FeeItem:
    code = column("Code (编码), one in each book.", sort=True)
    name = column("Name (名称).")
    kind = column("By what it is reckoned (计费方式).", filter=True)
    account = column("What income it is (收入科目).")
    unit = column("What its quantity counts (计量单位).")
    months = column("For how many months it is billed at once (出账周期).")
    rounding = column("How a line is rounded (取整方式).")
    share_by = column("By what a common cost is shared (分摊方式); null: it is none.")
    tier_basis = column("Over what time tiers are counted (阶梯周期).")
    starts_on = column("First day (起始日期).")
    ended_on = column("Last day (停用日期); null: it goes on.", filter=True)
    version = column("Version, for expectedVersion.")
    book = one("Book", "Book (账套).", filter=True)
    compound = one("Compound", "Compound (小区).", filter=True)
    organisation = one("Organisation", "Who charges it (收费单位).")
    prices = many("FeePrice", "Its prices (价格), the latest first.", by="fee_item_id", sort="-starts_on")
    shared_costs = many("SharedCost", "What there was to share (公摊总额).", by="fee_item_id", sort="-period_from")
    assignments = many("FeeAssignment", "Homes that have a part in it (分配).", by="fee_item_id", sort="-starts_on")


@node(models.FeePrice, "Price (价格) of a fee item from a day on, until the next.")
class FeePrice:
    starts_on = column("From when on (执行日期).", sort=True)
    price = column("What a unit costs (单价), in yuan; where it is not metered, for a month.")
    tiers = column('Tiers (阶梯): a list of {"upto", "price"}, the last without upto; none: one price for all.')
    basis = column("On what ground (依据).")
    basis_number = column("Number of that (依据文号).")
    basis_on = column("Day of that (依据日期).")
    fee_item = one("FeeItem", "Item (收费项目).")


@node(models.FeeAssignment, "A home's part (分配) in a fee item.")
class FeeAssignment:
    starts_on = column("First day (起始日期).", sort=True)
    ends_on = column("Last day (结束日期); null: open.")
    quantity = column("How much (数量).")
    discount = column("Percent less (减免比例).")
    exemption = column("Why it pays nothing (免收原因); null: it pays.")
    version = column("Version, for expectedVersion.")
    fee_item = one("FeeItem", "Item (收费项目).", filter=True)
    home = one("Home", "Home (住房).", filter=True)


@node(models.Meter, "Meter (计量表) of a home, for a metered item.")
class Meter:
    code = column("Code (表号).")
    digits = column("Figures of its dial before the point (表盘位数).")
    ratio = column("Units for one of the dial (倍率).")
    value = column("What was read last (上次读数).")
    started_on = column("Since when it counts (启用日期).", sort=True)
    ended_on = column("Until when it counted (停用日期); null: it does.", filter=True)
    read_on = column("When it was read last (上次抄表日期).")
    version = column("Version, for expectedVersion.")
    fee_item = one("FeeItem", "Item (收费项目).", filter=True)
    home = one("Home", "Home (住房).", filter=True)
    readings = many("MeterReading", "What it showed (读数), the latest first.", by="meter_id", sort="-read_on")


@node(models.MeterReading, "Reading (抄表记录) of a meter, or an estimate.")
class MeterReading:
    read_on = column("Day (抄表日期).", sort=True)
    value = column("What it showed (读数); null: it was estimated.")
    used = column("What is charged for it (计费用量).")
    estimated = column("Whether it was estimated (是否估算).")
    rolled_over = column("Whether the dial had begun again at nought (是否归零).")
    meter = one("Meter", "Meter (计量表).")


@node(models.SharedCost, "Common cost (公摊总额): what there is to share of an item in a period.")
class SharedCost:
    period_from = column("First day (起始日).", sort=True)
    period_to = column("Last day (截止日).")
    amount = column("How much (金额).")
    note = column("What it is of (说明).")
    version = column("Version, for expectedVersion.")
    fee_item = one("FeeItem", "Item (收费项目).")
