"""``python -m steward``: the same as the command ``steward``."""

from .cli import main

main()
