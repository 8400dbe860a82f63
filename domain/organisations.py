"""The words of organisations and of their mandates: what they do for a compound, and on what ground."""

import re
import unicodedata
from collections.abc import Mapping

from .refusals import RefusalCode, Refused
from .territory import PlaceKind
from .words import Text, Word


class OrganisationKind(Word):
    """Kind of an organisation."""

    PARTY_BRANCH = "PARTY_BRANCH", "党支部", "A Party branch, functional ones included."
    OWNERS_COMMITTEE = "OWNERS_COMMITTEE", "业主委员会", "Elected by the owners of a compound."
    PROPERTY_MANAGEMENT_COMMITTEE = (
        "PROPERTY_MANAGEMENT_COMMITTEE",
        "物业管理委员会",
        "Formed by the street where owners cannot elect a committee.",
    )
    SELF_GOVERNANCE_COMMITTEE = (
        "SELF_GOVERNANCE_COMMITTEE",
        "居民自治委员会",
        "Residents' own body in a compound without a company.",
    )
    PROPERTY_COMPANY = "PROPERTY_COMPANY", "物业公司", "Serves compounds under contract."
    STREET_OFFICE = "STREET_OFFICE", "街道办事处", "The street office."
    COMMUNITY_OFFICE = "COMMUNITY_OFFICE", "社区（村）居委会", "The office of a community or village."
    GRID_TEAM = "GRID_TEAM", "网格队伍", "The workers of a grid."


#: Those that people work for who hold a role over a place: the organisation's own.
OFFICES = frozenset(
    {
        OrganisationKind.STREET_OFFICE,
        OrganisationKind.COMMUNITY_OFFICE,
        OrganisationKind.GRID_TEAM,
        OrganisationKind.PARTY_BRANCH,
    }
)


class MandateRole(Word):
    """What an organisation does for a compound."""

    SERVES = "SERVES", "服务", "Property service under contract or entrustment."
    GOVERNS = "GOVERNS", "治理", "Self-governance by residents or owners."
    REPRESENTS = "REPRESENTS", "代表", "Speaks for the owners."
    SUPERVISES = "SUPERVISES", "监督", "Oversees on behalf of the public."
    GUIDES = "GUIDES", "指导", "Party guidance."


class MandateService(Word):
    """What an organisation that serves a compound does there."""

    FULL = "FULL", "全面物业服务", "All of property service but what takes a licence of its own."
    CLEANING = "CLEANING", "保洁", "Keeping it clean."
    SECURITY = "SECURITY", "秩序维护", "Guards and patrols."
    GREENING = "GREENING", "绿化养护", "Trees and gardens."
    REPAIRS = "REPAIRS", "日常维修", "Upkeep of common parts."
    LIFT_MAINTENANCE = "LIFT_MAINTENANCE", "电梯维保", "Upkeep of lifts, by whoever is licensed for it."
    FIRE_MAINTENANCE = "FIRE_MAINTENANCE", "消防维保", "Upkeep of fire facilities, by whoever is licensed for it."


_S = MandateService

#: What a service holds in it (Civil Code art. 942). Whoever a company lets do part of it answers to the company (art. 941), and
#: has no mandate. Lifts and fire facilities take licences of their own, and are looked after beside it.
HOLDS: Mapping[MandateService, frozenset[MandateService]] = {
    **dict.fromkeys(MandateService, frozenset[MandateService]()),
    _S.FULL: frozenset({_S.CLEANING, _S.SECURITY, _S.GREENING, _S.REPAIRS}),
}


class MandateBasis(Word):
    """On what ground a mandate stands."""

    CONTRACT = "CONTRACT", "合同", "A contract."
    ELECTION = "ELECTION", "选举", "An election."
    APPOINTMENT = "APPOINTMENT", "任命组建", "Appointed or formed by the street or the Party committee above."
    FILING = "FILING", "备案", "Filed with the street."
    ENTRUSTMENT = "ENTRUSTMENT", "委托", "Entrusted, without a contract of the owners."


_B, _R = MandateBasis, MandateRole

#: Per role: the grounds on which it may stand.
BASES: Mapping[MandateRole, frozenset[MandateBasis]] = {
    _R.SERVES: frozenset({_B.CONTRACT, _B.ENTRUSTMENT, _B.APPOINTMENT, _B.FILING}),
    _R.GOVERNS: frozenset({_B.ELECTION, _B.APPOINTMENT, _B.FILING, _B.ENTRUSTMENT}),
    _R.REPRESENTS: frozenset({_B.ELECTION, _B.APPOINTMENT, _B.FILING}),
    _R.SUPERVISES: frozenset({_B.APPOINTMENT, _B.FILING, _B.ENTRUSTMENT}),
    _R.GUIDES: frozenset({_B.ELECTION, _B.APPOINTMENT, _B.FILING}),
}


def overlapping(one: MandateService, other: MandateService) -> bool:
    """Whether two organisations cannot do these services in one compound on one day."""
    return one is other or one in HOLDS[other] or other in HOLDS[one]


def service_of(role: MandateRole, service: MandateService | None) -> MandateService | None:
    """The service of a mandate: FULL for whoever serves unless another is named. Refuses (INVALID) one for another role."""
    if role is MandateRole.SERVES:
        return service or MandateService.FULL
    if service is None:
        return None
    raise Refused(
        RefusalCode.INVALID,
        Text(f"Whoever {role} a compound does no service there.", f"“{role.zh}”关系不涉及服务项目。"),
        path=("service",),
        hint=Text("Leave the service out, or choose the role SERVES.", "请去掉服务项目，或选择“服务”角色。"),
    )


def check_basis(role: MandateRole, basis: MandateBasis | None) -> None:
    """Refuses (INVALID) a ground on which no such mandate stands."""
    if basis is None or basis in BASES[role]:
        return
    kinds = [each for each in MandateBasis if each in BASES[role]]
    raise Refused(
        RefusalCode.INVALID,
        Text(f"A mandate that {role} does not stand on {basis}.", f"“{role.zh}”关系不能以“{basis.zh}”为依据。"),
        path=("basis",),
        hint=Text(f"Choose one of {', '.join(kinds)}.", f"可选：{'、'.join(each.zh for each in kinds)}。"),
    )


#: Per kind: the places that an organisation of it may be of. What is of the street as a whole and is no office has no place.
SEATED_IN: Mapping[OrganisationKind, frozenset[PlaceKind]] = {
    OrganisationKind.STREET_OFFICE: frozenset({PlaceKind.STREET}),
    OrganisationKind.COMMUNITY_OFFICE: frozenset({PlaceKind.COMMUNITY, PlaceKind.VILLAGE}),
    OrganisationKind.GRID_TEAM: frozenset({PlaceKind.GRID, PlaceKind.BUSINESS_GRID}),
    OrganisationKind.PROPERTY_COMPANY: frozenset({PlaceKind.STREET}),
    **dict.fromkeys(
        (
            OrganisationKind.PARTY_BRANCH,
            OrganisationKind.OWNERS_COMMITTEE,
            OrganisationKind.PROPERTY_MANAGEMENT_COMMITTEE,
            OrganisationKind.SELF_GOVERNANCE_COMMITTEE,
        ),
        frozenset({PlaceKind.STREET, PlaceKind.COMMUNITY, PlaceKind.VILLAGE, PlaceKind.GRID, PlaceKind.BUSINESS_GRID}),
    ),
}
#: Kinds that may be of one compound.
OF_A_COMPOUND = frozenset(
    {
        OrganisationKind.PARTY_BRANCH,
        OrganisationKind.OWNERS_COMMITTEE,
        OrganisationKind.PROPERTY_MANAGEMENT_COMMITTEE,
        OrganisationKind.SELF_GOVERNANCE_COMMITTEE,
    }
)

_FILLING = re.compile(r"[\s()‐‑–—-]")
_LANDLINE = re.compile(r"0\d{9,11}|(?:400|800)\d{7}|\d{5,8}")


def office_telephone(text: str, field: str = "telephone") -> str:
    """The number of an office as people write it, with single hyphens: a landline with its area code, a 400 or 800 number, or a
    short local one; "" for none. Refuses (INVALID) all else, and a mobile number: that is a person's, and open to everybody here.
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    plain = _FILLING.sub("", shown)
    if not plain:
        return ""
    if len(shown) <= 20 and plain.isascii() and _LANDLINE.fullmatch(plain):
        return re.sub(r"[\s()‐‑–—-]+", "-", shown).strip("-")
    raise Refused(
        RefusalCode.INVALID,
        Text("This is no telephone number of an office.", "办公电话格式不正确。"),
        path=(field,),
        hint=Text(
            "Give a landline with its area code or a service number; a mobile number is a person's.",
            "请填写带区号的座机或服务热线；手机号码属于个人信息，不在此登记。",
        ),
    )
