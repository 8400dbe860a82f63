"""Mutations on files; the acts are in models/files. A file comes by POST /files (api/transfers.py)."""

import strawberry

from api.context import Context
from api.read.declare import by_id
from api.read.types import bound
from models import files

from .payloads import OnceInput, Payload, mutation


@strawberry.input(description="A file to remove.")
class FileRemoveInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="File (附件).")


@bound("What fileRemove answers.")
class FileRemovePayload(Payload):
    file = by_id("File", "subject_id", description="The file as it is now (附件); null when refused.")


@mutation("Remove a file (移除附件) that you attached, or of a ticket that you handle.")
async def file_remove(context: Context, given: FileRemoveInput) -> FileRemovePayload:
    removed = await files.remove(context.viewer, given.id)
    return FileRemovePayload(subject_id=removed.id)
