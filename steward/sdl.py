"""``python -m steward.sdl``: prints the schema. Apart from the command line, which starts faster without it."""

import sys

from api.schema import sdl

if __name__ == "__main__":
    sys.stdout.write(sdl())
