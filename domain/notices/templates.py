"""The words of notices: templates with fields in braces, checked when they are written, filled when something is told.

``{compound.name}`` stands for a value, ``{{`` and ``}}`` for braces. A line of a body whose fields all have no value is left
out, so that "Ticket: {ticket.number}" is not said where there is none.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, cast

from domain.alerts import Severity
from domain.arrears.wording import check_lawful
from domain.refusals import RefusalCode, Refused
from domain.texts import written
from domain.words import Text, Word

from .events import EVENT_TYPES
from .kinds import Language

#: The longest templates, and what they are cut to when filled.
TITLE_MAX, BODY_MAX = 120, 2_000
_TITLE_CUT, _BODY_CUT = 200, 4_000

_PIECE = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+")
_NAME = re.compile(r"\{([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*)\}")
_NOTHING = "-"


def checked_template(type_: str, title: str, body: str) -> tuple[str, str]:
    """Both templates without the blanks around them. Refuses (INVALID) naming ``title`` or ``body``.

    Refused are an empty or too long one, a title of several lines, a brace that is not of a field, a field that notices of
    ``type_`` do not have, and unlawful threats where they tell a home of what it owes.
    """
    title, body = written(title, "title", TITLE_MAX), written(body, "body", BODY_MAX)
    if len(title.splitlines()) > 1:
        raise Refused(
            RefusalCode.INVALID,
            Text("A title is one line.", "标题只能有一行。"),
            path=("title",),
            hint=Text("Say the rest in the body.", "其余内容请写入正文。"),
        )
    for field, template in (("title", title), ("body", body)):
        _check(type_, template, field)
        if EVENT_TYPES[type_].owing:
            check_lawful(template, field)
    return title, body


def _check(type_: str, template: str, field: str) -> None:
    known = EVENT_TYPES[type_].known
    for piece in _PIECE.findall(template):
        if piece[0] not in "{}" or piece in {"{{", "}}"}:
            continue
        name = _NAME.fullmatch(piece)
        if name is None:
            raise Refused(
                RefusalCode.INVALID,
                Text(f"{piece[:40]!r} is no field.", f"“{piece[:40]}”不是有效字段。"),
                path=(field,),
                hint=Text(
                    "A field is a name in braces, {compound.name}; for a brace itself write two: {{ or }}.",
                    "字段写作 {compound.name}；如需花括号本身，请连写两个：{{ 或 }}。",
                ),
            )
        if name[1] not in known:
            raise Refused(
                RefusalCode.INVALID,
                Text(f"There is no field {name[1][:40]!r} in {type_}.", f"{type_} 没有字段“{name[1][:40]}”。"),
                path=(field,),
                hint=Text(f"Use some of: {', '.join(known)}.", f"可用字段：{'、'.join(known)}。"),
            )


def filled(title: str, body: str, data: Mapping[str, Any], language: Language, zone: tzinfo) -> tuple[str, str]:
    """Both templates with the values of ``data``, in a language; times as clocks of ``zone`` show them. Refuses nothing."""
    lines = [_line(line, data, language, zone) for line in body.split("\n")]
    head = _line(title, data, language, zone) or ""
    return " ".join(head.split())[:_TITLE_CUT], "\n".join(line for line in lines if line is not None)[:_BODY_CUT]


def _line(template: str, data: Mapping[str, Any], language: Language, zone: tzinfo) -> str | None:
    """A line filled; None where it names fields and none of them has a value."""
    said: list[str] = []
    values: list[str] = []
    for piece in _PIECE.findall(template):
        name = _NAME.fullmatch(piece)
        if name is None:
            said.append(piece[0] if piece in {"{{", "}}"} else piece)
        else:
            values.append(_said(_value(data, name[1]), name[1], language, zone))
            said.append(values[-1] or _NOTHING)
    return None if values and not any(values) else "".join(said)


def _value(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = cast("Mapping[str, Any]", data).get(name) if isinstance(data, Mapping) else None
    return data


def _said(value: Any, path: str, language: Language, zone: tzinfo) -> str:
    """A value in words; empty for none."""
    if path.rpartition(".")[2] == "severity" and value in Severity.__members__:
        value = Severity(value)
    match value:
        case None:
            return ""
        case Word():
            return value.zh if language is Language.ZH else value.value.replace("_", " ").capitalize()
        case Mapping():
            words = cast("Mapping[str, Any]", value)
            return str(words.get(language.tag) or words.get("en") or words.get("zh-CN") or "")
        case datetime():
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
        case str() if path.endswith("At"):
            try:
                return f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M}"
            except ValueError:
                return value
        case _:
            return str(value)


def words_of(
    type_: str,
    data: Mapping[str, Any],
    severity: Severity | None,
    own: Mapping[Language, tuple[str, str]],
    zone: tzinfo,
) -> tuple[dict[str, str], dict[str, str]]:
    """Title and body of a notice by the tag of each language; what has no title is called by what happened.

    ``own``: templates that the street wrote itself.
    """
    told = EVENT_TYPES[type_]
    name = _without_stop(told.name)
    values = {"event": name.both(), "severity": severity, **data}
    titles: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for language in Language:
        title, body = own.get(language) or (told.title.say(language.tag), told.body.say(language.tag))
        title, bodies[language.tag] = filled(title, body, values, language, zone)
        titles[language.tag] = title or name.say(language.tag)
    return titles, bodies


def _without_stop(name: Text) -> Text:
    return Text(name.en.rstrip("."), name.zh.rstrip("。"))


def in_languages(words: Mapping[str, str], languages: Sequence[Language], between: str) -> str:
    """The words in these languages, one after another; once where they are the same."""
    return between.join(dict.fromkeys(word for language in languages if (word := words.get(language.tag, ""))))
