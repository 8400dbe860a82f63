"""The acts of rounds."""
