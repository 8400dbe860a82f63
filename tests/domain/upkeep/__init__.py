"""The rules of upkeep."""
