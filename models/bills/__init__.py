"""Bills: rows, issuing, and credit notes."""

from .crediting import credit
from .issuing import issue
from .rows import Bill, BillCounter, BillLine, CreditNote, CreditNoteLine

__all__ = ["Bill", "BillCounter", "BillLine", "CreditNote", "CreditNoteLine", "credit", "issue"]
