"""``python -m steward.watch FOLDER``: waits until its standard input closes, then ends what is left on the folder.

The process at the other end of the pipe stops everything itself when it ends in order; this one acts when it was killed.
"""

import sys
from pathlib import Path

from .embedded import sweep
from .folder import DataFolder, InUse

#: The pipe of a killed process may close before its hold on the folder ends.
_DYING_SECONDS = 5


def main() -> None:
    data = DataFolder(Path(sys.argv[1]))
    sys.stdin.buffer.read()
    if data.running():
        try:
            with data.held("sweep", wait=_DYING_SECONDS):
                sweep(data)
        except InUse:
            pass  # a new start holds the folder: it has swept itself


if __name__ == "__main__":
    main()
