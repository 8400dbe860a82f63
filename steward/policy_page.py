"""docs/who-sees-what.md: the policy in words, for those who answer for it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from api.read.declare import NODES, NodeType
from api.schema import SCHEMA
from domain.access import Reach, Role
from domain.policy import (
    ACTS,
    DISCLOSURE,
    FIELDS,
    HOUSE,
    OPEN_ACTS,
    OWN_ACTS,
    OWN_WAYS,
    READ,
    TO_ONESELF,
    DataClass,
    Shown,
    best,
    disclosed,
)

_TOP = """# Who sees what · 谁能看到什么

This page is written by `python -m steward.checks --write` from `domain/policy`, which every query, subscription and act
asks: what it says is what happens. What somebody does not see is to them as if it did not exist, in lists, counts, searches
and by its id. Whoever holds several roles sees and does what any of them allows.
本页由 `domain/policy` 自动生成，与系统实际执行的规则一致。看不到的内容等同于不存在：列表、统计、搜索和编号查询均不返回。
一人多岗者，各岗位权限合并计算。

Roles hold from their first day to their last, to the midnight of the street's time zone: a company while its mandate lasts, a
committee member while the term lasts, a grid worker while assigned. After its mandate has ended, a company still reads what
it served for `STEWARD_HANDOVER_DAYS` days, and does nothing there any more. A mandate that has not begun lets see nothing.
岗位和服务关系按街道当地日期生效和失效，次日零点起的第一次请求即按新权限执行。服务关系终止后的交接期内
（`STEWARD_HANDOVER_DAYS`，按天计）物业公司仅可查阅、不可操作。
"""
_EVERYBODY = """
## What everybody may do · 人人可为

Whoever has an account sees the places (地域) of their street, their own account with its sessions, and their roles; and does
this to their own account:
凡有账号者均可查看本街道地域、本人账号、会话和岗位，并可办理以下本人事项：

{own}

Whoever is not logged in sees nothing, and does only this:
未登录者不可查看任何数据，仅可办理以下事项：

{open}
"""
_SIGNS = {Shown.VISIBLE: "yes 可见", Shown.MASKED: "masked 脱敏", Shown.HIDDEN: "–"}


def policy_page() -> str:
    """The whole page."""
    lines = [_TOP, *_roles(), *_rows(), *_classes(), *_fields(), *_acts(), *_everybody()]
    return "\n".join(lines).rstrip() + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _roles() -> list[str]:
    rows = [(_title(role), role.zh, role.meaning) for role in Role]
    return ["## Roles · 角色", "", *_table(("role", "角色", "what it is"), rows), ""]


def _title(role: Role) -> str:
    return role.replace("_", " ").capitalize()


# rows


def _rows() -> list[str]:
    ways = [f"- **{way.zh}** ({way}): {way.meaning}" for way in Reach if any(way in used for used in _used())]
    groups = _alike(lambda role: tuple(READ[name].get(role, ()) for name in NODES))
    head = ("", *("<br>".join(f"{role.zh} {_title(role)}" for role in group) for group in groups))
    rows = [(_type(node), *(_ways(READ[node.name].get(group[0], ()), node) for group in groups)) for node in NODES.values()]
    return [
        *("## Who sees which rows · 谁能看到哪些记录", ""),
        *("In words 说明：", "", *ways, ""),
        *_table(head, rows),
        "",
        "Of the installation as a whole and of no street · 属于整个系统而非某一街道：",
        "",
        *(f"- {name}: {'、'.join(role.zh for role in Role if role in roles)}" for name, roles in HOUSE.items()),
        "",
    ]


def _used() -> Iterator[tuple[Reach, ...]]:
    for rules in READ.values():
        yield from rules.values()


def _alike(key: Callable[[Role], object]) -> list[list[Role]]:
    """Roles of which ``key`` says the same, together."""
    groups: dict[object, list[Role]] = {}
    for role in Role:
        groups.setdefault(key(role), []).append(role)
    return list(groups.values())


def _type(node: NodeType) -> str:
    return f"{_chinese(node.description)} {node.name}"


def _chinese(description: str) -> str:
    found = re.search(r"\(([^)]*[一-鿿][^)]*)\)", description)
    return found[1] if found else ""


def _ways(ways: tuple[Reach, ...], node: NodeType) -> str:
    return "、".join(way.zh for way in ways if way in node.belonging) or "–"


# fields


def _classes() -> list[str]:
    classes = [data for data in DataClass if data is not DataClass.OWN]
    rows = [
        (
            f"**{data.zh}** {data}: {data.meaning}",
            *(_SIGNS[DISCLOSURE[data][0].get(group[0], Shown.HIDDEN)] for group in _groups()),
            _SIGNS[DISCLOSURE[data][1]],
        )
        for data in classes
    ]
    head = ("", *("<br>".join(f"{role.zh} {_title(role)}" for role in group) for group in _groups()), "本人 one's own")
    return [
        *("## How fields are shown · 字段如何显示", ""),
        "Of a row that somebody sees, each field is shown by the class of what it tells. *One's own*: about oneself, made",
        "by or for oneself, and one's home. Masked: 王小明 → `王**`, 13800000000 → `138****0000`. Nobody can filter,",
        "sort or count by what is masked or hidden from somebody.",
        "可见记录中的各字段按其信息类别显示；凡对部分人脱敏或隐藏的字段，任何人均不可据以筛选、排序或统计。",
        "",
        *_table(head, rows),
        "",
    ]


def _groups() -> list[list[Role]]:
    return _alike(lambda role: tuple(DISCLOSURE[data][0].get(role, Shown.HIDDEN) for data in DataClass))


def _fields() -> list[str]:
    rows = [row for node in NODES.values() for row in _closed_fields(node)]
    return [
        "These fields are not plain to all who see the row; all others are 一般信息 OPEN.",
        "下列字段并非对所有可见该记录者公开；其余字段均为一般信息。",
        "",
        *_table(("field 字段", "what it is 内容", "class 类别", "masked for 脱敏", "hidden from 隐藏"), rows),
        "",
    ]


def _closed_fields(node: NodeType) -> Iterator[tuple[str, ...]]:
    for name, data in FIELDS[node.name].items():
        if data is DataClass.OPEN:
            continue
        levels = {role: _levels(node, data, role) for role in Role}
        masked, hidden = (
            "、".join(role.zh + note for role, (shown, note) in levels.items() if shown is level) or "–"
            for level in (Shown.MASKED, Shown.HIDDEN)
        )
        yield f"{node.name}.{name}", node.bindings[name].description, f"{data.zh} {data}", masked, hidden


def _levels(node: NodeType, data: DataClass, role: Role) -> tuple[Shown | None, str]:
    """How a class is shown to a role in general, and a note where it is shown more of on one's own rows; None: no rows."""
    ways = [way for way in READ[node.name].get(role, ()) if way in node.belonging]
    others = [disclosed(data, role, way) for way in ways if way not in OWN_WAYS]
    own = [disclosed(data, role, way) for way in ways if way in OWN_WAYS]
    if not others:
        return (best(own), "") if own else (None, "")
    return best(others), "（本人除外）" if best([*own, *others]) is not best(others) else ""


# acts


def _acts() -> list[str]:
    groups = _alike(lambda role: tuple(role in roles for roles in ACTS.values()))
    groups = [group for group in groups if any(group[0] in roles for roles in ACTS.values())]
    head = ("act 操作", "", *("<br>".join(f"{role.zh} {_title(role)}" for role in group) for group in groups))
    rows = [(f"`{act}`", said, *("✓" if group[0] in ACTS[act] else "" for group in groups)) for act, said in _said(ACTS)]
    return [
        *("## Who may do what · 谁可以做什么", ""),
        "On what they see. Every act is on record: who, under which role, from where, what, before and after.",
        "仅限其可见的对象；所有操作均留痕。",
        "",
        *_table(head, rows),
    ]


def _said(acts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What the schema says of these mutations, in short and in its order."""
    assert SCHEMA.mutation_type
    for name, field in SCHEMA.mutation_type.fields.items():
        if name in acts:
            yield name, re.split(r"[;:.,] ?", field.description or "")[0]


def _everybody() -> list[str]:
    own, open_ = ("\n".join(f"- `{act}`: {said}" for act, said in _said(acts)) for acts in (OWN_ACTS | TO_ONESELF, OPEN_ACTS))
    return [_EVERYBODY.format(own=own, open=open_)]
