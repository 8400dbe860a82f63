"""``GET /court-files/<id>.html``: the file of a case for a court or an arbitration. Whoever reads it is put on record."""

from starlette.types import Message, Receive, Scope, Send

from api.answers import send_problem
from api.authentication import Session, identify
from api.context import Door, address_of, headers_of
from api.operations import as_problem
from api.problems import method_not_allowed, refusal, unauthenticated, unavailable
from domain.audit import Door as CameBy
from domain.refusals import Refused
from models.arrears import CourtFile, read_court_file
from models.connection import AWAY
from models.facts import acting


class CourtFiles:
    """The ASGI application at ``/court-files/{id}.html``."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (a body is not read)
        headers = headers_of(scope)
        address = address_of(scope, headers, self._door.settings)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            file = await self._asked(scope, headers, address)
            name = f'attachment; filename="{file.id}.html"'.encode()
            told = [
                (b"content-type", b"text/html; charset=utf-8"),
                (b"content-disposition", name),
                (b"cache-control", b"no-store"),
            ]
            await watched({"type": "http.response.start", "status": 200, "headers": told})
            await watched({"type": "http.response.body", "body": file.document.encode()})
        except Exception as error:
            if started:
                raise
            problem = self._door.rates.told(unavailable() if isinstance(error, AWAY) else as_problem(error), address)
            await send_problem(scope, send, problem)

    async def _asked(self, scope: Scope, headers: dict[str, str], address: str) -> CourtFile:
        """The file that is asked for. Refuses 401, 403, 404, 405 and 429."""
        if scope["method"] != "GET":
            raise method_not_allowed("GET", "Fetch the file by GET.", "请使用 GET 下载材料。")
        session = Session(self._door, await identify(headers.get("authorization"), self._door), "", address)
        session.count()
        viewer = await session.viewer()
        if viewer.account_id is None:
            raise unauthenticated()
        try:
            with acting(CameBy.GRAPHQL, address):
                return await read_court_file(viewer, scope["path_params"]["id"])
        except Refused as refused:
            raise refusal(refused, None) from None
