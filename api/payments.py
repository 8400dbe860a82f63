"""Payments, where they went, their receipts and refunds; orders that are paid online; files of banks and providers."""

import models
from api.read.declare import column, many, node, one


@node(models.Payment, "Payment (收款): money that came. It never changes, but for whose it is and what became of it.")
class Payment:
    method = column("How it came (收款方式).", filter=True)
    state = column("Where it stands (状态).", filter=True)
    matched_by = column("How it was found whose it is (认领方式), null in suspense.")
    amount = column("What came (金额).")
    allocated = column("What of it went to bills (已核销).")
    refunded = column("What of it went back (已退款).")
    charged_back = column("What of it was taken back by the bank (已拒付).")
    unallocated = column("What is left (余额): a prepayment, or in suspense.")
    received_on = column("Day on which it came (收款日期).")
    entered_at = column("When it was entered (登记时间).", sort=True)
    reference = column("The bank's or the slip's number (流水号); may be empty.")
    voided_at = column("When it was found to be a mistake (作废时间).")
    void_reason = column("Why (作废原因).")
    version = column("Version, for expectedVersion.")
    entered_by = one("Account", "Who entered it (登记人), where the viewer may know.")
    order = one("PaymentOrder", "The order that it paid (支付订单).")
    bank_file = one("BankFile", "The bank's statement that it was found in (银行对账文件).")
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Whose it is (房屋), null in suspense.", filter=True)
    allocations = many("Allocation", "Where it went (核销明细), the newest first.", by="payment_id", sort="-made_at")
    receipts = many("Receipt", "Its receipts (收据): one holds.", by="payment_id", sort="-number")
    refunds = many("Refund", "What was asked back of it (退款), newest first.", by="payment_id", sort="-requested_at")


@node(models.Allocation, "What of a payment went to a bill (核销).")
class Allocation:
    amount = column("How much (金额).")
    made_at = column("When (核销时间).", sort=True)
    undone_at = column("When it was undone (撤销时间), null while it holds.")
    undone_why = column("Why (撤销原因).")
    payment = one("Payment", "Payment (收款).")
    bill = one("Bill", "Bill (账单).")
    home = one("Home", "Home (房屋).")


@node(models.Receipt, "Receipt (收据): numbered without gaps by the organisation that gives it.")
class Receipt:
    number = column("Number (收据号); never used again.", sort=True)
    state = column("Whether it holds (状态).", filter=True)
    amount = column("What was paid (金额).")
    issued_at = column("When it was given (开具时间).")
    voided_at = column("When it became void (作废时间).")
    void_reason = column("Why (作废原因).")
    payment = one("Payment", "Payment (收款).")
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋).", filter=True)
    invoice_request = one("InvoiceRequest", "Request for an invoice (开票申请), null: none.", by="receipt_id")


@node(models.Refund, "Refund (退款): asked for by one person, decided by another.")
class Refund:
    state = column("Where it stands (状态).", filter=True)
    amount = column("How much (金额).")
    why = column("Why (退款原因).")
    answer = column("Why it was not done (驳回或失败原因).")
    requested_at = column("When it was asked for (申请时间).", sort=True)
    decided_at = column("When it was decided (审批时间).")
    done_at = column("When the money went (退款时间).")
    version = column("Version, for expectedVersion.")
    requested_by = one("Account", "Who asked for it (申请人), where the viewer may know.")
    decided_by = one("Account", "Who decided (审批人), where the viewer may know.")
    payment = one("Payment", "Payment (收款).")
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋), null of what was in suspense.")


@node(models.PaymentMerchant, "Contract of an organisation with a payment provider (支付商户), for a book.")
class PaymentMerchant:
    provider = column("Provider (支付机构).")
    number = column("The merchant's number there (商户号).")
    set_at = column("Since when (启用时间).", sort=True)
    ended_at = column("Until when (停用时间), null while it holds.")
    book = one("Book", "Book (账套).", filter=True)
    reconciliations = many("Reconciliation", "Days that were compared (对账), newest first.", by="merchant_id", sort="-day")


@node(models.PaymentOrder, "Order (支付订单) to pay bills online, at the provider's page.")
class PaymentOrder:
    state = column("Where it stands (状态).", filter=True)
    amount = column("What is to be paid (应付金额).")
    paid = column("What came, where it was another amount (实付金额).")
    late = column("Whether the money came when its time was over (逾期到账).")
    bill_ids = column("Ids of its bills (账单).")
    number = column("The provider's number (支付机构订单号).")
    pay_url = column("The provider's page (支付页面), empty until there is one.")
    problem = column("Why the provider did not take it (失败原因), a code.")
    opened_at = column("When it was opened (创建时间).", sort=True)
    expires_at = column("Until when it can be paid (过期时间).")
    ended_at = column("When it came to its end (结束时间).")
    opened_by = one("Account", "Who opened it (创建人), where the viewer may know.")
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋).", filter=True)


@node(models.Reconciliation, "Comparison of a day with the provider's file (对账).")
class Reconciliation:
    day = column("Day (日期).", sort=True)
    state = column("What came of it (结果).", filter=True)
    their_count = column("Movements that the provider has (对方笔数).")
    our_count = column("Movements that we have (我方笔数).")
    their_total = column("Their sum at the provider (对方合计).")
    our_total = column("Their sum here (我方合计).")
    fee = column("What the provider kept (手续费).")
    settled = column("What the provider pays out (结算金额).")
    differences = column("What differs (差异明细): kind, key, order, theirs, ours.")
    compared_at = column("When (对账时间).")
    merchant = one("PaymentMerchant", "Merchant (商户).")
    book = one("Book", "Book (账套).", filter=True)


@node(models.BankFile, "Bank's statement that was entered (银行对账文件); the file itself is not kept.")
class BankFile:
    state = column("Whether all of it is entered (状态).")
    sha256 = column("SHA-256 of the file, in hex (校验值).")
    lines = column("Lines of money that came (收款笔数).")
    matched = column("Of which it is known whose they are (已认领).")
    suspense = column("Which wait in suspense (待认领).")
    known = column("Which were known from other files (重复).")
    total = column("What came that was not known (新增金额).")
    entered_at = column("When it was entered (导入时间).", sort=True)
    entered_by = one("Account", "Who entered it (导入人), where the viewer may know.")
    book = one("Book", "Book (账套).", filter=True)


@node(models.InvoiceRequest, "Request for an electronic invoice (开票申请).")
class InvoiceRequest:
    state = column("Where it stands (状态).", filter=True)
    buyer_kind = column("For whom (购买方类型).")
    buyer_code = column("The organisation's credit code (统一社会信用代码), null of a person.")
    amount = column("Amount (金额).")
    requested_at = column("When it was asked for (申请时间).", sort=True)
    exported_at = column("When it was handed over (导出时间).")
    ended_at = column("When it was known what came of it (完成时间).")
    invoice_number = column("The invoice's number (发票号码).")
    problem = column("Why none was made (失败原因).")
    receipt = one("Receipt", "Receipt (收据).")
    book = one("Book", "Book (账套).", filter=True)
    home = one("Home", "Home (房屋).", filter=True)
