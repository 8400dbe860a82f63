"""Mutations on requests for electronic invoices; the acts are in models/payments/invoices.py."""

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.mutations.payloads import OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from domain.payments import BuyerKind, ExportFormat
from models.payments import invoices

for _word in (BuyerKind, ExportFormat):
    graphql_enum(_word)

_REQUEST = "The request as it is now (开票申请); null when refused."


@strawberry.input(description="A receipt for which an invoice is wanted.")
class InvoiceRequestInput(OnceInput):
    receipt_id: strawberry.ID = strawberry.field(description="Receipt (收据).")
    buyer_kind: BuyerKind = strawberry.field(description="For whom (购买方类型); a person is not named.")
    buyer_code: str | None = strawberry.field(
        description="Of an organisation, its credit code (统一社会信用代码).", default=strawberry.UNSET
    )


@bound("What invoiceRequest answers.")
class InvoiceRequestPayload(Payload):
    invoice_request = by_id("InvoiceRequest", "subject_id", description=_REQUEST)


@mutation("Ask for an electronic invoice for a receipt (申请开票).")
async def invoice_request(context: Context, given: InvoiceRequestInput) -> InvoiceRequestPayload:
    made = await invoices.request_invoice(context.viewer, given.receipt_id, given.buyer_kind, buyer_code=given.buyer_code)
    return InvoiceRequestPayload(subject_id=made.id)


@strawberry.input(description="Requests to hand to the invoicing software.")
class InvoiceExportInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    format: ExportFormat = strawberry.field(description="In which form (格式).")


@strawberry.type(description="What is handed over.")
class _ContentPayload(Payload):
    content: str | None = strawberry.field(
        description="The requests (导出内容), a thousand at most: id, receipt, amount, buyer_kind, buyer_code, requested_on. Null"
        " on a retry and when refused.",
        default=None,
    )


@bound("What invoiceExport answers.")
class InvoiceExportPayload(_ContentPayload):
    book = by_id("Book", "subject_id", description="The book (账套); null when refused.")


@mutation("Hand over the requests that are to be made (导出开票申请): they count as exported.")
async def invoice_export(context: Context, given: InvoiceExportInput) -> InvoiceExportPayload:
    book_id, rows = await invoices.export_invoices(context.viewer, given.book_id)
    content = invoices.as_csv(rows) if given.format is ExportFormat.CSV else invoices.as_json(rows)
    return InvoiceExportPayload(subject_id=book_id, content=content)


@strawberry.input(description="What came of an exported request: a number or a problem.")
class InvoiceReportInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="Request (开票申请).")
    number: str | None = strawberry.field(
        description="Number (发票号码) of the invoice that was made, 40 characters at most.", default=strawberry.UNSET
    )
    problem: str | None = strawberry.field(
        description="Why none was made (失败原因), 200 characters at most.", default=strawberry.UNSET
    )


@bound("What invoiceReport answers.")
class InvoiceReportPayload(Payload):
    invoice_request = by_id("InvoiceRequest", "subject_id", description=_REQUEST)


@mutation("Say what came of an exported request (登记开票结果).")
async def invoice_report(context: Context, given: InvoiceReportInput) -> InvoiceReportPayload:
    done = await invoices.report_invoice(context.viewer, given.id, number=given.number, problem=given.problem)
    return InvoiceReportPayload(subject_id=done.id)
