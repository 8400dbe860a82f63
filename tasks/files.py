"""The check that clears away contents of files that nobody may read any more."""

from datetime import datetime, timedelta

import structlog

from domain.words import Text
from models.files import Folder, clear_removed, drop_orphans
from settings import load

from .clock import check

log = structlog.stdlib.get_logger(__name__)

#: Longer than any upload takes.
_SENT_WITHIN = timedelta(hours=1)


@check(
    "files.cleaned",
    module="files",
    cron="50 * * * *",
    does=Text("Drop the contents of files that were removed.", "清除已移除附件的内容。"),
)
async def files(now: datetime) -> None:
    """Drop the contents of files removed ``settings.file_removed_days`` ago, and what killed processes left behind.

    Worker and API must see the same ``files`` folder in ``settings.data``.
    """
    settings = load()
    store = Folder(settings)
    cleared = await clear_removed(store, now - timedelta(days=settings.file_removed_days))
    orphans, left = await drop_orphans(store, now), await store.sweep_spool(now - _SENT_WITHIN)
    if cleared or orphans or left:
        log.info("files cleared away", removed=cleared, orphans=orphans, half_sent=left)
