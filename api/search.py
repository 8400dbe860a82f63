"""Search, as the schema tells it; what a text asks for is in domain/search.py."""

from typing import Annotated, Any

import strawberry

from api.context import Context
from api.enums import graphql_enum
from api.read.errors import refuse
from domain.refusals import Refused
from domain.search import FIRST_USUAL, SearchKind
from models.search import finding

graphql_enum(SearchKind)


@strawberry.type(description="Something that was found (搜索结果): ask `node` for more of it.")
class SearchHit:
    kind: SearchKind = strawberry.field(description="What it is (类别).")
    subject_id: strawberry.ID = strawberry.field(description="It (对象), for node(id:).")
    name: str = strawberry.field(description="Name (名称); of a home, building, unit and door.")
    compound_id: strawberry.ID | None = strawberry.field(description="Compound (小区) in which it stands, or which it is.")
    compound_name: str | None = strawberry.field(description="Name of that compound (小区名称).")
    address: str = strawberry.field(description="Address of the compound (地址); of a place, the name of the one above it.")


async def _search(
    info: strawberry.Info[Context, Any],
    text: Annotated[
        str,
        strawberry.argument(
            description='What is looked for (关键词): "康桥", "kqsh", "24栋", "康桥24栋3-1"; 60 characters at most.'
        ),
    ],
    kinds: Annotated[list[SearchKind] | None, strawberry.argument(description="Only these kinds (类别); none: all.")] = None,
    first: Annotated[int, strawberry.argument(description="At most this many (数量), 1 to 50.")] = FIRST_USUAL,
) -> list[SearchHit]:
    try:
        found = await finding.search(info.context.viewer, text, kinds, first)
    except Refused as refused:
        words = (refused.message, refused.hint)
        raise refuse("BAD_USER_INPUT", " ".join(each.say(info.context.language) for each in words)) from refused
    return [
        SearchHit(
            kind=each.kind,
            subject_id=strawberry.ID(each.subject_id),
            name=each.name,
            compound_id=strawberry.ID(each.compound_id) if each.compound_id else None,
            compound_name=each.compound,
            address=each.address,
        )
        for each in found
    ]


search = strawberry.field(
    _search,
    description="Compounds, buildings, homes, places and organisations by name, first letters of the pinyin, pinyin, address or"
    " number, the best first; only what the viewer may read.",
)
