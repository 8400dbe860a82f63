"""Kinds of facilities and what is kept of each, as the schema tells them."""

from typing import Annotated, Any, cast

import strawberry
from strawberry.scalars import JSON

from api.context import Context
from api.enums import graphql_enum
from domain.facilities import ATTRIBUTES, Attribute, AttributeType, FacilityKind, short_of_norm
from domain.refusals import Refused
from models import Facility
from models.permits import found

graphql_enum(AttributeType)
graphql_enum(FacilityKind)


@strawberry.type(description="A word that an attribute may have.")
class FacilityChoice:
    value: str = strawberry.field(description="For attributes of facilityAdd and facilityAmend.")
    words: str = strawberry.field(description="What it says (名称), in the language of the request.")


@strawberry.type(description="Something that is kept of a kind of facility (属性项).")
class FacilityAttributeKind:
    key: str = strawberry.field(description="Name for programs; it carries the unit.")
    words: str = strawberry.field(description="Name (名称), in the language of the request.")
    type: AttributeType = strawberry.field(description="Of what kind its values are (类型).")
    unit: str | None = strawberry.field(description="Unit (单位); null: none.")
    least: float | None = strawberry.field(description="Least that a number may be (最小值).")
    most: float | None = strawberry.field(description="Most that a number may be (最大值), or how many characters a text.")
    choices: list[FacilityChoice] = strawberry.field(description="Words to choose from (选项); empty where it is no choice.")
    required: bool = strawberry.field(description="Whether it must be given (必填).")
    norm: float | None = strawberry.field(description="The least that a code demands (规范值); what is less is kept, and told.")
    clause: str | None = strawberry.field(description="Where the code demands it (依据).")


@strawberry.type(description="A kind of facility (设施类别) and what is kept of it.")
class FacilityKindInfo:
    kind: FacilityKind = strawberry.field(description="Kind (类别).")
    words: str = strawberry.field(description="Name (名称), in the language of the request.")
    attributes: list[FacilityAttributeKind] = strawberry.field(description="What is kept of it (属性项), in order.")


@strawberry.type(description="An attribute (属性) of a facility.")
class FacilityAttribute:
    key: str = strawberry.field(description="Name for programs; it carries the unit.")
    words: str = strawberry.field(description="Name (名称), in the language of the request.")
    value: JSON = strawberry.field(description="Value (值): a number, text, day, word, or true or false.")
    text: str = strawberry.field(description="The value for people (显示值), in the language of the request.")
    unit: str | None = strawberry.field(description="Unit (单位); null: none.")
    below_norm: bool = strawberry.field(description="Whether it is less than a code demands (低于规范值).")


Info = strawberry.Info[Context, Any]


def _kinds(info: Info) -> list[FacilityKindInfo]:
    language = info.context.language
    return [
        FacilityKindInfo(
            kind=kind,
            words=_word(kind, language),
            attributes=[_described(attribute, language) for attribute in attributes],
        )
        for kind, attributes in ATTRIBUTES.items()
    ]


async def _attributes(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Facility (设施).")]
) -> list[FacilityAttribute] | None:
    try:
        facility = await found(Facility, id, info.context.viewer)
    except Refused:
        return None
    return [
        _told(attribute, facility.attributes[attribute.key], info.context.language)
        for attribute in ATTRIBUTES[facility.kind]
        if attribute.key in facility.attributes
    ]


def _word(word: FacilityKind | Any, language: str) -> str:
    return str(word).replace("_", " ").capitalize() if language.lower().startswith("en") else word.zh


def _described(attribute: Attribute, language: str) -> FacilityAttributeKind:
    counted = attribute.form in {AttributeType.WHOLE, AttributeType.NUMBER}
    return FacilityAttributeKind(
        key=attribute.key,
        words=attribute.words.say(language),
        type=attribute.form,
        unit=attribute.unit or None,
        least=attribute.least if counted else None,
        most=attribute.most if counted or attribute.form is AttributeType.TEXT else None,
        choices=[FacilityChoice(value=str(word), words=_word(word, language)) for word in attribute.choices or ()],
        required=attribute.required,
        norm=attribute.norm,
        clause=attribute.clause or None,
    )


def _told(attribute: Attribute, value: Any, language: str) -> FacilityAttribute:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, bool):
        text = ("yes" if value else "no") if language.lower().startswith("en") else ("是" if value else "否")
    elif attribute.choices is not None and value in list(map(str, attribute.choices)):
        text = _word(attribute.choices(value), language)
    return FacilityAttribute(
        key=attribute.key,
        words=attribute.words.say(language),
        value=cast(JSON, value),
        text=f"{text} {attribute.unit}" if attribute.unit else text,
        unit=attribute.unit or None,
        below_norm=short_of_norm(attribute, value),
    )


facility_kinds = strawberry.field(
    _kinds, description="Kinds of facilities (设施类别) and what is kept of each: the table that facilityAdd checks against."
)
facility_attributes = strawberry.field(
    _attributes, description="What is kept of a facility (设施属性) in words, with units; null where the viewer sees none."
)
