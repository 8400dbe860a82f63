"""The door that every act of a person passes: is the row there, is it seen, may it be done, is it still the same."""

from typing import TypeVar

from tortoise import connections

from domain.access import Via, Viewer
from domain.permits import may, may_no_more, reaches, sees
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .facts import Actor
from .ids import ID
from .rows import Row

R = TypeVar("R", bound=Row)


def actor_of(viewer: Viewer) -> Actor:
    """The person as the actor of facts. Nothing is seen by an anonymous viewer, so none gets past ``found``."""
    return Actor(viewer.account_id or "anonymous", viewer)


def not_found(path: tuple[str, ...] = ("id",)) -> Refused:
    """The one answer for what is not there and for what is not seen."""
    return Refused(
        RefusalCode.NOT_FOUND,
        Text("There is no such thing.", "该对象不存在。"),
        path=path,
        hint=Text("Check the id, and that you may see it.", "请检查编号，并确认您有权查看。"),
    )


def forbidden() -> Refused:
    """The answer to whoever has no role that allows it."""
    return Refused(
        RefusalCode.FORBIDDEN,
        Text("You may not do this.", "您无权执行此操作。"),
        hint=Text("Ask somebody whose role allows it.", "请联系有相应权限的人员处理。"),
    )


async def found(model: type[R], row_id: str, viewer: Viewer, *, path: tuple[str, ...] = ("id",), lock: bool = False) -> R:
    """The row with this id, taken FOR UPDATE when ``lock``. Refuses (NOT_FOUND) what the viewer does not see."""
    match = ID.match(row_id)
    if match is None or match[1] != model.prefix:
        raise not_found(path)
    query = model.filter(id=row_id)
    row = await (query.select_for_update() if lock else query).get_or_none()
    if row is None or not await _seen(viewer, row):
        raise not_found(path)
    return row


async def _seen(viewer: Viewer, row: Row) -> bool:
    """Whether the viewer sees the row: by a column of it, or through a table between."""
    name = type(row).__name__
    if sees(viewer, name, row.belongs()):
        return True
    for role, reach in reaches(name, viewer.roles):
        via = row.belonging.get(reach)
        if isinstance(via, Via):
            linked = f"SELECT 1 FROM {via.table} WHERE {via.key} = $1 AND {via.column} = ANY($2::text[]) LIMIT 1"
            if await connections.get("default").execute_query_dict(
                linked, [getattr(row, via.own), list(viewer.ids(role, reach))]
            ):
                return True
    return False


def permit(viewer: Viewer, act: str, row: Row) -> None:
    """Refuses (FORBIDDEN) an act on a row that the viewer sees but may not act on."""
    if may_no_more(viewer, act, type(row).__name__, row.belongs()):
        raise Refused(
            RefusalCode.FORBIDDEN,
            Text(
                "The mandate for this compound has ended: you may still read, and do nothing more.",
                "该小区的服务关系已终止：交接期内仅可查阅，不可操作。",
            ),
            hint=Text("Leave it to those who look after the compound now.", "请由现任服务单位处理。"),
        )
    if not may(viewer, act, type(row).__name__, row.belongs()):
        raise forbidden()


async def permitted(model: type[R], row_id: str, viewer: Viewer, act: str, *, path: tuple[str, ...] = ("id",)) -> R:
    """The row with this id, taken FOR UPDATE, on which the viewer may do ``act``; refuses as ``found`` and ``permit`` do."""
    row = await found(model, row_id, viewer, path=path, lock=True)
    permit(viewer, act, row)
    return row


def unchanged(version: int, expected: int | None) -> None:
    """Refuses (STALE_VERSION) when the caller expected another version than the row has."""
    if expected is not None and expected != version:
        raise Refused(
            RefusalCode.STALE_VERSION,
            Text(
                f"It has changed since you read it: version {version}, expected {expected}.",
                f"数据已被他人修改：当前版本 {version}，期望版本 {expected}。",
            ),
            path=("expected_version",),
            hint=Text("Read it again and decide anew.", "请重新读取后再操作。"),
        )
