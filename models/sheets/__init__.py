"""Sheets: how they are read, and the imports of what they say."""

from .reading import CSV, XLSX, open_sheet, sheet_kind, template
from .rows import SheetImport

__all__ = ["CSV", "XLSX", "SheetImport", "open_sheet", "sheet_kind", "template"]
