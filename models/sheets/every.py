"""Every module that declares a noun of sheets: importing this one makes them all known."""

from models.bills import sheets as bills
from models.expenses import sheets as expenses
from models.facilities import importing as facilities
from models.fees import sheets as fees
from models.ledger import sheets as ledger
from models.payments import sheets as payments
from models.territory import sheets as homes

from .nouns import NOUNS

__all__ = ["NOUNS", "bills", "expenses", "facilities", "fees", "homes", "ledger", "payments"]
