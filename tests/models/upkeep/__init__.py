"""The acts of upkeep."""
