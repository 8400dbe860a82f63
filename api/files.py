"""Files, and links to their contents. The contents themselves come and go by api/transfers.py."""

from datetime import datetime
from typing import Annotated

import strawberry

import models
from api import links
from api.context import Context
from api.read.declare import column, node, one
from api.read.errors import refuse
from models.files import readable


@node(models.File, "File (附件) attached to a ticket or a paper.")
class File:
    name = column("Name to be shown (文件名); empty once it was removed.")
    media_type = column("Kind (媒体类型) of the content, as it was found: image/jpeg, for one.")
    size = column("Bytes (字节数).")
    sha256 = column("SHA-256 of the content, in hex (校验值).")
    uploaded_at = column("When it was attached (上传时间).", sort=True)
    removed_at = column("When it was removed (移除时间): it has no content then.")
    uploaded_by = one("Account", "Who attached it, where the viewer may know (上传人).")


@strawberry.type(description="Link to the content of a file (下载链接), for whoever asked for it and for a few minutes.")
class FileLink:
    file_id: strawberry.ID = strawberry.field(description="Id of the file.")
    url: str = strawberry.field(description="Path on this server, for a plain GET without a token (下载路径).")
    expires_at: datetime = strawberry.field(description="When it ends (到期时间).")


async def _file_links(
    info: strawberry.Info[Context, None],
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="Ids of files, a hundred at most.")],
) -> list[FileLink | None]:
    context = info.context
    if len(ids) > links.MOST:
        raise refuse("BAD_USER_INPUT", f"Ask for the links of {links.MOST} files at once, not more.", limit=links.MOST)
    found = await readable(context.viewer, ids)
    account_id, now = context.viewer.account_id or "", links.now()
    made = {id_: links.make(id_, account_id, context.settings, now) for id_ in found}
    return [FileLink(file_id=id_, url=made[id_][0], expires_at=made[id_][1]) if id_ in made else None for id_ in ids]


file_links = strawberry.field(
    _file_links, description="Links to the contents of files, in the order of their ids; null where the viewer sees none."
)
