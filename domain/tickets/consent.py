"""Whose word a ticket is: who says that it is done, that it needs no doing, or that it is something else.

A company does not agree to its own work in the place of whoever asked for it, nor put aside what they asked for.
"""

from collections.abc import Iterable, Mapping
from enum import Enum, auto
from itertools import product

from domain.access import Role
from domain.refusals import RefusalCode, Refused
from domain.words import Text

from .words import TicketSource


class Claim(Enum):
    """What is said of a ticket that is its reporter's to say."""

    DONE = auto()
    NOT_NEEDED = auto()
    ANOTHER_KIND = auto()


class Speaker(Enum):
    """As what somebody speaks: as its reporter, for the street, a community or a grid, for the owners, or for a company."""

    REPORTER = auto()
    OFFICE = auto()
    OWNERS = auto()
    COMPANY = auto()


class Report(Enum):
    """Whose report it is: of the speaker's own organisation, of somebody else, or, as an alert's, of nobody."""

    OWN = auto()
    ANOTHERS = auto()
    NOBODYS = auto()


class Worth(Enum):
    """What a speaker's word is worth: it stands, it stands with a reason, or it is not theirs to give."""

    STANDS = auto()
    WITH_REASON = auto()
    REFUSED = auto()


_C, _S, _R = Claim, Speaker, Report

#: What is not said here is refused.
_STANDS: Mapping[Claim, frozenset[tuple[Speaker, Report]]] = {
    _C.DONE: frozenset(
        {
            *((_S.OFFICE, _R.OWN), (_S.OFFICE, _R.NOBODYS), (_S.OWNERS, _R.OWN), (_S.OWNERS, _R.NOBODYS)),
            *((_S.COMPANY, _R.OWN), (_S.COMPANY, _R.NOBODYS)),
        }
    ),
    _C.NOT_NEEDED: frozenset({(_S.OFFICE, _R.OWN), (_S.COMPANY, _R.OWN)}),
    _C.ANOTHER_KIND: frozenset({*product((_S.OFFICE,), Report), (_S.COMPANY, _R.OWN)}),
}

#: Whose word counts, whoever reported it. Every claim, speaker and report is there.
WORDS: Mapping[tuple[Claim, Speaker, Report], Worth] = {
    (claim, speaker, report): (
        Worth.STANDS
        if speaker is _S.REPORTER or (speaker, report) in _STANDS[claim]
        else Worth.WITH_REASON
        if speaker is _S.OFFICE
        else Worth.REFUSED
    )
    for claim, speaker, report in product(Claim, Speaker, Report)
}

_OFFICES = frozenset({Role.STREET_OFFICER, Role.COMMUNITY_STAFF, Role.GRID_WORKER})
_PRIVATE = frozenset({Role.RESIDENT, Role.COMMITTEE_MEMBER})


def speaker_of(roles: Iterable[Role], *, opened_it: bool) -> Speaker:
    """As what somebody speaks who may act on a ticket in these roles; ``opened_it``: it was they who reported it."""
    held = frozenset(roles)
    if opened_it and held & _PRIVATE:
        return Speaker.REPORTER
    if held & _OFFICES:
        return Speaker.OFFICE
    return Speaker.OWNERS if Role.COMMITTEE_MEMBER in held else Speaker.COMPANY


def report_of(source: TicketSource, *, opened: bool, by_own: bool, calls_back: bool) -> Report:
    """Whose report a ticket is: ``opened`` by a person, ``by_own``: one of the speaker's organisation, or the speaker.

    What somebody on duty wrote down for a resident or the hotline, or with a number to call back on, is another's.
    """
    if source in {TicketSource.RESIDENT, TicketSource.HOTLINE} or calls_back:
        return Report.ANOTHERS
    if not opened:
        return Report.NOBODYS
    return Report.OWN if by_own else Report.ANOTHERS


_REFUSED: Mapping[Claim, tuple[Text, Text]] = {
    Claim.DONE: (
        Text("Whoever reported it says whether it is done.", "是否办结由报事人确认。"),
        Text(
            "Wait for them, or let the community or the street office confirm it in their place.",
            "请等待报事人确认，或由社区、街道代为确认。",
        ),
    ),
    Claim.NOT_NEEDED: (
        Text("It is not yours to withdraw: somebody else reported it.", "该工单由他人提交，不能由您取消。"),
        Text(
            "Ask whoever reported it, the community or the street office; ticketTransfer hands it on.",
            "请联系报事人、社区或街道取消；如非本单位职责，可用 ticketTransfer 转办。",
        ),
    ),
    Claim.ANOTHER_KIND: (
        Text("It is not yours to make it something else: somebody else reported it.", "该工单由他人提交，不能由您更改类型。"),
        Text("Ask the community or the street office to do it.", "请联系社区或街道更改。"),
    ),
}


def check_word(claim: Claim, speaker: Speaker, report: Report, reason: str | None) -> None:
    """Refuses (FORBIDDEN, path ``id``) what is not the speaker's to say, and (INVALID, path ``note``) no reason given for it."""
    worth = WORDS[claim, speaker, report]
    if worth is Worth.REFUSED:
        message, hint = _REFUSED[claim]
        raise Refused(RefusalCode.FORBIDDEN, message, path=("id",), hint=hint)
    if worth is Worth.WITH_REASON and not (reason or "").strip():
        raise Refused(
            RefusalCode.INVALID,
            Text("You speak for whoever reported it: say why.", "您代报事人操作，须说明原因。"),
            path=("note",),
            hint=Text("Write a note, such as that they agreed on the phone.", "请填写备注，例如“已电话征得同意”。"),
        )
