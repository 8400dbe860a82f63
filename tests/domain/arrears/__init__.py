"""Arrears: ageing, reminders, instalments, disputes, late fees."""
