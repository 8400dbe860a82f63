"""The words of organisations and of their mandates."""

from .words import Word


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
