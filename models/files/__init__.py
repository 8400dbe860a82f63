"""Files: what people attach, where its content is kept, and the acts on it."""

from .acts import Attached, attach, clear_removed, drop_orphans, may_attach, readable, remove
from .cleaning import megapixels
from .rows import File
from .store import Folder, Missing, NoRoom, Store

__all__ = [
    "Attached",
    "File",
    "Folder",
    "Missing",
    "NoRoom",
    "Store",
    "attach",
    "clear_removed",
    "drop_orphans",
    "may_attach",
    "megapixels",
    "readable",
    "remove",
]
