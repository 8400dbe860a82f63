"""``GET /sheets/<kind>.xlsx|csv``: empty sheets to be filled in, for whoever asks; they tell nothing of a row."""

from starlette.requests import Request
from starlette.responses import Response

from api.negotiation import language
from api.problems import Problem, bad_request
from domain.facilities import FacilityKind
from domain.sheets import SheetKind
from domain.words import Text
from models.sheets import CSV, XLSX
from models.sheets import template as made
from models.sheets.every import NOUNS

_KINDS = {"xlsx": XLSX, "csv": CSV}


async def template(request: Request) -> Response:
    """An empty sheet of a kind, in the language of the request; of facilities, ``?kind=LIFT`` says of which."""
    name, _, ending = request.path_params["name"].partition(".")
    kind = next((kind for kind in SheetKind if name == file_name(kind)), None)
    if kind is None or ending not in _KINDS:
        raise Problem(404, "NOT_FOUND", Text("There is no such template.", "没有该模板。"))
    facility = request.query_params.get("kind", "").upper()
    if kind is SheetKind.FACILITIES and facility not in FacilityKind.__members__:
        raise bad_request("Say of which kind of facilities: ?kind=LIFT, for one.", "请指定设施类别，例如 ?kind=LIFT。")
    facility_kind = FacilityKind(facility) if kind is SheetKind.FACILITIES else None
    spoken = language(request.headers.get("accept-language", ""))
    content = made((facility_kind or kind).zh, NOUNS[kind].headings(facility_kind), _KINDS[ending], spoken)
    saved = f"{facility_kind.lower() if facility_kind else name}.{ending}"
    headers = {"content-disposition": f'attachment; filename="{saved}"', "vary": "accept-language"}
    return Response(content, media_type=_KINDS[ending], headers=headers)


def file_name(kind: SheetKind) -> str:
    """As what a kind stands in addresses: ``fee-assignments``."""
    return kind.lower().replace("_", "-")
