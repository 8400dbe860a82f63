"""Mutations on late fees; the acts are in models/arrears/."""

from datetime import date
from decimal import Decimal

import strawberry

from api.context import Context
from api.mutations.payloads import ChangeInput, OnceInput, Payload, mutation
from api.read.declare import by_id
from api.read.types import bound
from models import arrears

_TERMS = "The terms as they are now (违约金约定); null when refused."


@strawberry.input(description="What a contract says of late fees.")
class LateFeeTermsSetInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    contract_number: str = strawberry.field(description="Number of the contract (合同编号), 1 to 60 characters.")
    per_day: Decimal = strawberry.field(
        description='Share of what is unpaid for each day (日比例): "0.0003" is 0.03 %; 0.0005 at most.'
    )
    cap: Decimal = strawberry.field(description='The most in all, as a share of what was billed (上限比例): "0.30" at most.')
    grace_days: int = strawberry.field(description="Days past due that cost nothing (宽限天数), 0 to 180.", default=0)
    starts_on: date = strawberry.field(description="From when on it holds (起始日期).")
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: open.", default=strawberry.UNSET)


@bound("What lateFeeTermsSet answers.")
class LateFeeTermsSetPayload(Payload):
    late_fee_terms = by_id("LateFeeTerms", "subject_id", description=_TERMS)


@mutation("Record what a contract says of late fees (登记违约金约定).")
async def late_fee_terms_set(context: Context, given: LateFeeTermsSetInput) -> LateFeeTermsSetPayload:
    row = await arrears.set_terms(
        context.viewer,
        given.book_id,
        contract_number=given.contract_number,
        per_day=given.per_day,
        cap=given.cap,
        grace_days=given.grace_days,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    return LateFeeTermsSetPayload(subject_id=row.id)


@strawberry.input(description="Terms of late fees to end.")
class LateFeeTermsEndInput(ChangeInput):
    ends_on: date | None = strawberry.field(description="Last day (结束日期); none: today.", default=strawberry.UNSET)


@bound("What lateFeeTermsEnd answers.")
class LateFeeTermsEndPayload(Payload):
    late_fee_terms = by_id("LateFeeTerms", "subject_id", description=_TERMS)


@mutation("Set the last day of terms of late fees (终止违约金约定).")
async def late_fee_terms_end(context: Context, given: LateFeeTermsEndInput) -> LateFeeTermsEndPayload:
    row = await arrears.end_terms(context.viewer, given.id, ends_on=given.ends_on, expected_version=given.expected_version)
    return LateFeeTermsEndPayload(subject_id=row.id)


@strawberry.input(description="Late fees to be billed.")
class LateFeesChargeInput(OnceInput):
    book_id: strawberry.ID = strawberry.field(description="Book (账套).")
    until: date | None = strawberry.field(
        description="The last day that counts (截止日). Default: yesterday.", default=strawberry.UNSET
    )


@strawberry.type(description="How many bills were late.")
class _LateBillsPayload(Payload):
    late_bills: int | None = strawberry.field(
        description="How many bills were late (逾期账单数): what is owed for them is billed within minutes; null on a retry.",
        default=None,
    )


@bound("What lateFeesCharge answers.")
class LateFeesChargePayload(_LateBillsPayload):
    book = by_id("Book", "subject_id", description="The book (账套); null when refused.")


@mutation("Have late fees billed as the contract says (计收违约金): simple, capped, never on late fees, and once.")
async def late_fees_charge(context: Context, given: LateFeesChargeInput) -> LateFeesChargePayload:
    book, count = await arrears.charge(context.viewer, given.book_id, until=given.until)
    return LateFeesChargePayload(subject_id=book.id, late_bills=count)


#: Every mutation on late fees, in the order of the schema.
LATE_FEES = [late_fee_terms_set, late_fee_terms_end, late_fees_charge]
