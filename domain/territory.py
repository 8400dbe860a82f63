"""The words of the territory tree: street → community or village → grid → compound → building → unit → home."""

from .words import Word


class PlaceKind(Word):
    """Kind of an administrative place above the compound."""

    STREET = "STREET", "街道", "A street office's whole area."
    COMMUNITY = "COMMUNITY", "社区", "An urban community of a street."
    VILLAGE = "VILLAGE", "村", "A village of a street."
    GRID = "GRID", "网格", "A grid inside a community or village."
    BUSINESS_GRID = "BUSINESS_GRID", "商圈网格", "A grid drawn around a business district."


class CompoundKind(Word):
    """Kind of a residential compound (小区)."""

    PROPERTY_MANAGED = "PROPERTY_MANAGED", "物业小区", "A property company serves it under contract."
    UNMANAGED = "UNMANAGED", "三无小区", "Old and open: no property company, no owners' body, no gatekeeping."
    RESETTLEMENT = "RESETTLEMENT", "安置房小区", "Built to rehouse; run under street rules with its own residents."


class GovernanceMode(Word):
    """Who runs a compound day by day."""

    COMPANY = "COMPANY", "物业管理", "A property company under contract."
    COMMUNITY_RUN = "COMMUNITY_RUN", "社区托管", "The community looks after it."
    SELF_RUN = "SELF_RUN", "居民自管", "Residents run it through a committee of their own."
    SHARED_RUN = "SHARED_RUN", "居民共管", "The community runs it together with residents."
