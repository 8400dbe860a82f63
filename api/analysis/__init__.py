"""Analysis of income and expenses (收支分析), as the schema tells it."""

from .anomalies import doubtful_invoices_field, spending_anomalies
from .cash import cash_forecast
from .sums import income_and_expense_field

__all__ = ["cash_forecast", "doubtful_invoices_field", "income_and_expense_field", "spending_anomalies"]
