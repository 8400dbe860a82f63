"""Check docs/events against the models; with ``--write``, bring it in line first."""

import sys

from .schemas import stale_schemas, write_schemas

if "--write" in sys.argv[1:]:
    write_schemas()
if stale := stale_schemas():
    sys.exit(f"not up to date: {', '.join(stale)}; run python -m api.events --write")
