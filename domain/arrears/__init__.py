"""Arrears (欠费): how old they are, how a home is reminded, and what both sides can do. Nothing here cuts a home off."""
