"""What people print: QR codes of facilities. They tell nothing of a row.

A QR code holds the address under which a front end opens the facility: ``<public_url>/facilities/<id>``. It is made of the id
alone, so that nobody learns from it whether there is such a facility; what is opened is shown to whoever may see it.
"""

from io import BytesIO

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.problems import Problem, bad_request
from domain.words import Text
from models import Facility
from models.ids import ID
from settings import Settings

#: Characters of an address that a code is made of: more is no name of a host.
_ADDRESS_MAX = 500
_QUERY = '{{ node(id: "{id}") {{ ... on Facility {{ code name kind status statusSince attributes compound {{ name }} }} }} }}'


class Registers:
    """The doors below ``/facilities``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def qr(self, request: Request) -> Response:
        """The QR code of a facility as SVG."""
        address = f"{self._base(request)}/facilities/{_facility_id(request)}"
        if len(address) > _ADDRESS_MAX:
            raise bad_request("The host is too long for a code.", "主机名过长，无法生成二维码。")
        picture = BytesIO()
        segno.make(address, error="m", micro=False).save(picture, kind="svg", scale=4, dark="#000", light="#fff")
        # Made of the name that was asked for, it is nobody else's: a cache between would print a stranger's address on ours.
        kept = "public, max-age=86400" if self._settings.public_url else "no-store"
        headers = {"cache-control": kept, "content-disposition": "inline"}
        return Response(picture.getvalue(), media_type="image/svg+xml", headers=headers)

    async def page(self, request: Request) -> Response:
        """Where no front end has taken the address over: the facility in GraphiQL."""
        url = request.url_for("graphql").include_query_params(query=_QUERY.format(id=_facility_id(request)))
        return RedirectResponse(f"{url.path}?{url.query}", 307)

    def _base(self, request: Request) -> str:
        return self._settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")


def _facility_id(request: Request) -> str:
    id_ = request.path_params["id"]
    match = ID.match(id_)
    if match is None or match[1] != Facility.prefix:
        raise Problem(404, "NOT_FOUND", Text("There is no such facility.", "没有该设施。"))
    return id_
