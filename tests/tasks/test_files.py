"""The clock clears away contents that nobody may read any more."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models import File
from models.calendar import now as present
from models.files import Folder
from models.ids import new_id
from settings import Settings
from tasks.files import files
from tests.builders import a_ticket
from tests.models.pictures import PDF


async def test_removed_orphaned_and_half_sent_contents_go(
    database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEWARD_DATA", str(tmp_path))
    monkeypatch.setenv("STEWARD_FILE_REMOVED_DAYS", "3")
    store, ticket = Folder(Settings(data=tmp_path)), await a_ticket()
    for days in (None, 2, 4):
        given: dict[str, Any] = {"name": "x.pdf", "media_type": "application/pdf", "size": len(PDF), "sha256": f"{days or 0:064}"}
        given |= {"subject_id": ticket.id, "compound_id": ticket.compound_id, "street_id": ticket.street_id}
        given |= {} if days is None else {"removed_at": present() - timedelta(days=days), "name": ""}
        file = await File.create(uploaded_at=present(), **given)
        with store.spooled() as sent:
            sent.write_bytes(PDF)
            await store.keep(file.id, sent)
    with store.spooled() as sent:
        sent.write_bytes(PDF)
        await store.keep(new_id("fil"), sent)
    half = tmp_path / "files" / "incoming" / "half"
    half.write_bytes(b"%PDF")
    long_ago = datetime.now(UTC).timestamp() - 7_200
    for path in [half, *(tmp_path / "files").glob("*/fil_*")]:
        os.utime(path, (long_ago, long_ago))

    await files(datetime.now(UTC))

    assert await File.filter(cleared_at__isnull=False).count() == 1
    left = {path.name for path in (tmp_path / "files").rglob("*") if path.is_file()}
    assert left == set(await File.filter(cleared_at=None).values_list("id", flat=True))
    assert len(left) == 2
