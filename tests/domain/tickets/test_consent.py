"""Whose word a ticket is."""

from itertools import product

import pytest

from domain.access import Role
from domain.refusals import RefusalCode, Refused
from domain.tickets import TicketSource
from domain.tickets.consent import WORDS, Claim, Report, Speaker, Worth, check_word, report_of, speaker_of

EVERY = list(product(Claim, Speaker, Report))


def test_every_claim_of_every_speaker_on_every_report_is_in_the_table():
    assert set(WORDS) == set(EVERY)


@pytest.mark.parametrize(("claim", "speaker", "report"), EVERY)
def test_what_is_anothers_is_said_by_them_or_by_an_office_with_a_reason(claim: Claim, speaker: Speaker, report: Report):
    worth = WORDS[claim, speaker, report]
    if speaker is Speaker.REPORTER:
        assert worth is Worth.STANDS
    if report is Report.ANOTHERS and speaker in {Speaker.COMPANY, Speaker.OWNERS}:
        assert worth is Worth.REFUSED
    if worth is Worth.STANDS:
        check_word(claim, speaker, report, None)
        return
    with pytest.raises(Refused) as refusal:
        check_word(claim, speaker, report, " ")
    expected = (RefusalCode.INVALID, ("note",)) if worth is Worth.WITH_REASON else (RefusalCode.FORBIDDEN, ("id",))
    assert (refusal.value.code, refusal.value.path) == expected
    for language in ("en", "zh-CN"):
        assert refusal.value.message.say(language)
        assert refusal.value.hint.say(language)
    if worth is Worth.WITH_REASON:
        check_word(claim, speaker, report, "They agreed on the phone.")


def test_an_office_says_in_a_reporters_place_what_a_company_may_not():
    for claim in (Claim.DONE, Claim.NOT_NEEDED):
        assert WORDS[claim, Speaker.OFFICE, Report.ANOTHERS] is Worth.WITH_REASON
    assert WORDS[Claim.NOT_NEEDED, Speaker.COMPANY, Report.NOBODYS] is Worth.REFUSED


@pytest.mark.parametrize(
    ("roles", "opened_it", "speaker"),
    [
        ({Role.RESIDENT}, True, Speaker.REPORTER),
        ({Role.COMPANY_STAFF, Role.RESIDENT}, True, Speaker.REPORTER),
        ({Role.COMPANY_STAFF}, True, Speaker.COMPANY),
        ({Role.STREET_OFFICER}, True, Speaker.OFFICE),
        ({Role.GRID_WORKER, Role.COMPANY_MANAGER}, False, Speaker.OFFICE),
        ({Role.COMMITTEE_MEMBER}, False, Speaker.OWNERS),
        ({Role.COMMITTEE_MEMBER}, True, Speaker.REPORTER),
        ({Role.COMPANY_MANAGER}, False, Speaker.COMPANY),
    ],
)
def test_somebody_speaks_as_the_most_that_they_are(roles: set[Role], opened_it: bool, speaker: Speaker):
    assert speaker_of(roles, opened_it=opened_it) is speaker


@pytest.mark.parametrize("source", TicketSource)
def test_what_the_desk_wrote_down_for_a_resident_is_the_residents(source: TicketSource):
    spoken_for = source in {TicketSource.RESIDENT, TicketSource.HOTLINE}
    assert report_of(source, opened=True, by_own=True, calls_back=False) is (Report.ANOTHERS if spoken_for else Report.OWN)
    assert report_of(source, opened=True, by_own=True, calls_back=True) is Report.ANOTHERS
    assert report_of(source, opened=True, by_own=False, calls_back=False) is Report.ANOTHERS
    nobodys = report_of(source, opened=False, by_own=False, calls_back=False)
    assert nobodys is (Report.ANOTHERS if spoken_for else Report.NOBODYS)
