"""What every mutation shares: its input's common fields, its payload, and how a refusal becomes an error for the client."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar, get_type_hints

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from api.context import Context
from api.enums import graphql_enum
from domain.access import Scope, Viewer
from domain.refusals import RefusalCode, Refused
from domain.words import Text
from models.idempotency import once
from models.secrets import blind_index

graphql_enum(RefusalCode)

Info = strawberry.Info[Context, None]


@strawberry.type(description="Why a mutation was refused (拒绝原因).")
class UserError:
    code: RefusalCode = strawberry.field(description="For programs (代码).")
    field: list[str] = strawberry.field(description="Path of the input field to mend, outermost first; empty: no single field.")
    message: str = strawberry.field(description="For people, in the language of the request (说明).")
    hint: str = strawberry.field(description="What to do about it, in the language of the request (建议); may be empty.")


def user_error(refused: Refused, language: str) -> UserError:
    """A refusal as the client sees it: field names as in the schema, names within JSON as given, sentences in ``language``."""
    return UserError(
        code=refused.code,
        field=[*map(to_camel_case, refused.path[:1]), *refused.path[1:]],
        message=refused.message.say(language),
        hint=refused.hint.say(language),
    )


@strawberry.type(description="What a mutation answers.")
class Payload:
    """``subject_id``: the id of what was made or changed; ``about_id``: the id that the input named. Both None on errors."""

    subject_id: strawberry.Private[str | None] = None
    about_id: strawberry.Private[str | None] = None
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty when it was done.", default_factory=list)


@strawberry.type(description="What is shown once.")
class SecretPayload(Payload):
    secret: str | None = strawberry.field(
        description="The secret itself (密文): shown this once, null on a retry and when refused.", default=None
    )


#: What inputs that replace a secret say of ``overlap_hours``.
OVERLAP = "Hours (小时) for which the old one goes on: 0 to 336."


@strawberry.input(description="What may be retried.")
class OnceInput:
    idempotency_key: str | None = strawberry.field(
        description="Your own name of this request, 1 to 100 characters: a retry with the same key gets the first answer.",
        default=strawberry.UNSET,
    )


@strawberry.input(description="What changes one thing.")
class ChangeInput(OnceInput):
    id: strawberry.ID = strawberry.field(description="What to change.")
    expected_version: int | None = strawberry.field(
        description="The version you read; when it has changed since, the answer is STALE_VERSION and nothing happens.",
        default=strawberry.UNSET,
    )


P = TypeVar("P", bound=Payload)
I = TypeVar("I", bound=OnceInput)  # noqa: E741
A = TypeVar("A")
B = TypeVar("B")

#: Does one act for the context's viewer and answers the payload that names its subject.
Perform = Callable[[Context, I], Awaitable[P]]
#: Asked before an act, outside of any transaction.
Before = Callable[[Context, I], Awaitable[None]]

_SHARED = {"expected_version", "idempotency_key", "errors"}


def _shared_last(made: Any) -> None:
    """Let the schema show what is a type's own before what all share."""
    declared: list[StrawberryField] = made.__strawberry_definition__.fields
    declared.sort(key=lambda field: field.python_name in _SHARED)


def _without_unset(value: Any) -> None:
    """Let what was not given be None, in what the input holds as well, alone or in lists."""
    for item in fields(value):
        given = getattr(value, item.name)
        if given is strawberry.UNSET:
            setattr(value, item.name, None)
        elif is_dataclass(given):
            _without_unset(given)
        elif isinstance(given, list):
            for each in given:  # pyright: ignore[reportUnknownVariableType]
                if is_dataclass(each):  # pyright: ignore[reportUnknownArgumentType]
                    _without_unset(each)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


#: What a token that is not good for acts may do all the same.
_SCOPED = {Scope.PASSWORD: "passwordChange"}
_TOO_NARROW = {
    Scope.READ: Text("This token is good for reading only.", "该令牌仅限读取。"),
    Scope.PASSWORD: Text("Choose a new password first: see passwordChange.", "请先修改密码（passwordChange）。"),
}


def require_account(act: str, viewer: Viewer) -> str:
    """The id of the viewer's account. Refuses UNAUTHENTICATED without one, FORBIDDEN where the token is too narrow."""
    if viewer.account_id is None:
        raise Refused(
            RefusalCode.UNAUTHENTICATED,
            Text("Nobody is logged in.", "尚未登录。"),
            hint=Text(
                "Log in, and send the token as Authorization: Bearer.", "请登录，并在请求头 Authorization: Bearer 中发送令牌。"
            ),
        )
    if viewer.scope is not Scope.WRITE and act != _SCOPED.get(viewer.scope):
        raise Refused(RefusalCode.FORBIDDEN, _TOO_NARROW[viewer.scope])
    return viewer.account_id


def _fingerprint(given: OnceInput, context: Context) -> str:
    """What tells one request from another, and nothing of it to who lacks the key: a plain hash would give numbers away."""
    request = {name: _plain(value) for name, value in asdict(given).items() if name != "idempotency_key"}
    return blind_index(json.dumps(request, sort_keys=True, default=str), context.settings, of="request").hex()


async def _performed(
    act: str,
    perform: Perform[I, P],
    payload: type[P],
    context: Context,
    given: I,
    before: Before[I] | None,
) -> P:
    account_id = require_account(act, context.viewer)
    _without_unset(given)
    if before is not None:
        await before(context, given)
    if given.idempotency_key is None:
        return await perform(context, given)
    made: list[P] = []

    async def do() -> str:
        made.append(await perform(context, given))
        return made[-1].subject_id or ""

    subject_id = await once(account_id, given.idempotency_key, act, {"asked": _fingerprint(given, context)}, do)
    return made[-1] if made else payload(subject_id=subject_id)


def mutation(description: str, *, before: Before[I] | None = None) -> Callable[[Perform[I, P]], StrawberryField]:
    """A root field named like the function, which takes the context and the input object and answers a payload.

    Its refusals become the payload's ``errors``; whatever else it raises is a crash and stays one. A retry with the same
    ``idempotencyKey`` gets a payload with the first one's subject and nothing that is shown only once.

    ``before``: asked first, of every request and outside of any transaction: what takes time that no row should be locked for.
    """

    def make(perform: Perform[I, P]) -> StrawberryField:
        name = perform.__name__
        hints = get_type_hints(perform)
        asked, payload = hints["given"], hints["return"]
        _shared_last(asked)
        _shared_last(payload)

        async def resolve(info: Info, input: I) -> P:
            try:
                answer = await _performed(to_camel_case(name), perform, payload, info.context, input, before)
            except Refused as refused:
                return payload(errors=[user_error(refused, info.context.language)])
            answer.about_id = getattr(input, "id", None)
            return answer

        return _field(name, resolve, asked, payload, description)

    return make


def private_mutation(
    description: str, *, anybody: bool = False
) -> Callable[[Callable[[Context, A], Awaitable[B]]], StrawberryField]:
    """``mutation`` for acts on what is not to be kept for comparing a retry with: passwords, numbers, codes.

    ``anybody``: for those who are not logged in as well. The payload has ``errors``.
    """

    def make(perform: Callable[[Context, A], Awaitable[B]]) -> StrawberryField:
        name = perform.__name__
        hints = get_type_hints(perform)
        asked, payload = hints["given"], hints["return"]

        async def resolve(info: Info, input: A) -> B:
            try:
                if not anybody:
                    require_account(to_camel_case(name), info.context.viewer)
                return await perform(info.context, input)
            except Refused as refused:
                return payload(errors=[user_error(refused, info.context.language)])

        return _field(name, resolve, asked, payload, description)

    return make


def _field(name: str, resolve: Callable[..., Awaitable[Any]], asked: Any, payload: Any, description: str) -> StrawberryField:
    resolve.__name__ = name
    resolve.__annotations__ = {
        "info": Info,
        "input": Annotated[asked, strawberry.argument(description="What to do.")],
        "return": payload,
    }
    made: Any = strawberry.mutation(resolver=resolve, description=description)
    return made
