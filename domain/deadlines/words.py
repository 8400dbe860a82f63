"""The words of deadlines."""

from domain.words import Word


class Goal(Word):
    """What must have happened by a deadline."""

    ACCEPT = "ACCEPT", "受理", "Somebody answers for the ticket."
    ON_SITE = "ON_SITE", "到场", "Somebody is on the spot."
    FIRST_REPLY = "FIRST_REPLY", "首次答复", "Whoever opened it has had an answer."
    CLOSE = "CLOSE", "办结", "The work is done."


class Measure(Word):
    """What a time limit is counted in."""

    MINUTES = "MINUTES", "分钟", "Minutes, day and night."
    WORKING_MINUTES = "WORKING_MINUTES", "工作分钟", "Minutes of working hours on working days."
    WORKING_DAYS = "WORKING_DAYS", "工作日", "Working days, from the day after, to the close of business on the last."


class DeadlineState(Word):
    """Where a deadline stands."""

    RUNNING = "RUNNING", "计时中", "Time is left."
    PAUSED = "PAUSED", "已暂停", "The clock stands still."
    LATE = "LATE", "已超时", "It has passed, and the thing is not done."
    MET = "MET", "按时完成", "Done in time."
    MET_LATE = "MET_LATE", "超时完成", "Done, but late."
    DROPPED = "DROPPED", "不再计时", "The ticket was withdrawn, or the goal is no longer set."


#: Those of deadlines that still count.
OPEN_STATES = frozenset({DeadlineState.RUNNING, DeadlineState.PAUSED, DeadlineState.LATE})


class DeadlineLevel(Word):
    """Who answers for what is late, the lowest first."""

    COMPANY = "COMPANY", "承办单位", "The organisation that handles it, or is to put it right."
    COMMUNITY = "COMMUNITY", "社区", "The community's office."
    STREET = "STREET", "街道", "The street office."


class TicketPauseReason(Word):
    """Why a ticket's clock stands still."""

    RESIDENT = "RESIDENT", "等待居民", "The resident is away, or has to decide or to pay."
    PARTS = "PARTS", "等待配件", "Parts are on order."
    WEATHER = "WEATHER", "天气原因", "The weather does not allow the work."
    OTHER_PARTY = "OTHER_PARTY", "等待第三方", "Somebody else must act first: a utility, a maker, an authority."
    OTHER = "OTHER", "其他", "Something else, told in the note."
    DONE = (
        "DONE",
        "已处理待确认",
        "The work stood reported done, until the ticket was reopened; noted by the system.",
    )


class PolicySource(Word):
    """Whose figures a deadline follows."""

    ORGANISATION = "ORGANISATION", "承办单位规定", "Set for the organisation that handles the ticket."
    STREET = "STREET", "街道规定", "Set for the street."
    DEFAULT = "DEFAULT", "默认规定", "The product's own."
