"""Income and expenses looked at (收支分析): what strays from what is usual, how cash goes on, and how others fare."""

from .anomalies import Bounds, Strayed, strayed, usual_total
from .forecast import Factors, Flows, Forecast, ForecastMonth, forecast
from .invoices import Doubtful, Invoice, InvoiceBounds, duplicates, splits
from .months import Month, first_day, month_of, quarter_of
from .peers import PEERS_LEAST, Peers, peers, size_of, sizes
from .ratios import change_percent, per, percent_of
from .what_if import WhatIf, factors
from .words import AnalysisBy, AnomalyKind, InvoiceFault, SizeBand

__all__ = [
    "PEERS_LEAST",
    "AnalysisBy",
    "AnomalyKind",
    "Bounds",
    "Doubtful",
    "Factors",
    "Flows",
    "Forecast",
    "ForecastMonth",
    "Invoice",
    "InvoiceBounds",
    "InvoiceFault",
    "Month",
    "Peers",
    "SizeBand",
    "Strayed",
    "WhatIf",
    "change_percent",
    "duplicates",
    "factors",
    "first_day",
    "forecast",
    "month_of",
    "peers",
    "per",
    "percent_of",
    "quarter_of",
    "size_of",
    "sizes",
    "splits",
    "strayed",
    "usual_total",
]
