"""The reminder ladder: one step after another, each once, in decent hours, with a reasonable period, and in lawful words."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.arrears.cases import CaseState, check_over
from domain.arrears.ladder import (
    LADDER,
    LadderStep,
    Reminded,
    ReminderKind,
    check_steps,
    decent,
    next_on,
    next_step,
    pay_by,
)
from domain.arrears.wording import WORDS, check_lawful, said, threat
from domain.refusals import RefusalCode, Refused

K = ReminderKind
DUE = date(2026, 3, 10)


def weekdays(day: date) -> bool:
    return day.isoweekday() < 6


def test_the_ladder_of_the_product_is_one_that_may_be_set() -> None:
    assert check_steps(LADDER) == LADDER
    assert [step.kind for step in LADDER] == list(ReminderKind)


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([], "0 steps"),
        ([LadderStep(K.DEMAND, 10 * n, 15) for n in range(1, 10)], "9 steps"),
        ([LadderStep(K.DEMAND, 0, 30)], "Step 1"),
        ([LadderStep(K.DEMAND, 30, 14)], "Step 1"),
        ([LadderStep(K.NOTICE, 7, 6), LadderStep(K.DEMAND, 30, 30)], "Step 1"),
        ([LadderStep(K.NOTICE, 7, 30), LadderStep(K.DEMAND, 36, 30)], "before the period of step 1"),
        ([LadderStep(K.DEMAND, 7, 30), LadderStep(K.REMINDER, 60, 30)], "milder"),
        ([LadderStep(K.NOTICE, 7, 30), LadderStep(K.REMINDER, 60, 30)], "does not end with a demand"),
    ],
)
def test_a_ladder_that_leaves_no_reasonable_period_is_refused(steps: list[LadderStep], says: str) -> None:
    with pytest.raises(Refused) as refused:
        check_steps(steps)
    assert refused.value.code is RefusalCode.INVALID
    assert refused.value.path == ("steps",)
    assert says in refused.value.message.en
    assert refused.value.hint.zh


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_whenever_it_is_looked_steps_come_in_order_once_and_never_within_a_period(gaps: list[int]) -> None:
    today, last, sent = DUE, None, list[Reminded]()
    for gap in gaps:
        today += timedelta(days=gap)
        number = next_step(LADDER, (today - DUE).days, last, today)
        ready = next_on(LADDER, DUE, last)
        assert (number is not None) == (ready is not None and ready <= today)
        if number is not None:
            step = LADDER[number - 1]
            last = Reminded(number, today, pay_by(today, step.period_days, weekdays))
            sent.append(last)
    assert [each.step for each in sent] == list(range(1, len(sent) + 1))
    assert all(other.sent_on > one.pay_by >= one.sent_on for one, other in pairwise(sent))


def test_a_period_ends_on_a_working_day() -> None:
    saturday = date(2026, 5, 30)
    assert pay_by(saturday - timedelta(days=10), 10, weekdays) == date(2026, 6, 1)
    assert pay_by(date(2026, 5, 1), 10, weekdays) == date(2026, 5, 11)


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        (datetime(2026, 5, 29, 8, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 29, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 5, 29, 17, 59, tzinfo=UTC), True),
        (datetime(2026, 5, 29, 18, 0, tzinfo=UTC), False),
        (datetime(2026, 5, 30, 10, 0, tzinfo=UTC), False),
    ],
)
def test_nobody_is_reminded_at_night_or_on_a_day_off(moment: datetime, may: bool) -> None:
    assert decent(moment, weekdays) is may


@pytest.mark.parametrize(
    ("state", "last", "told", "says"),
    [
        (CaseState.CLOSED, Reminded(4, DUE, DUE), True, "CLOSED"),
        (CaseState.OPEN, None, True, "Step 0 of 4"),
        (CaseState.OPEN, Reminded(3, DUE, DUE), True, "Step 3 of 4"),
        (CaseState.OPEN, Reminded(4, DUE, DUE), False, "proves"),
        (CaseState.OPEN, Reminded(4, DUE, DUE + timedelta(days=30)), True, "has until"),
    ],
)
def test_no_court_is_asked_before_the_last_demand_and_its_period(
    state: CaseState, last: Reminded | None, told: bool, says: str
) -> None:
    today = DUE + timedelta(days=30)
    with pytest.raises(Refused, match=says) as refused:
        check_over(state, LADDER, last, today, told=told)
    assert refused.value.code is RefusalCode.ILLEGAL_MOVE
    check_over(CaseState.OPEN, LADDER, Reminded(4, DUE, DUE + timedelta(days=29)), today, told=True)


@pytest.mark.parametrize("kind", list(ReminderKind))
def test_a_reminder_names_the_debt_the_day_and_the_ways_out_and_no_threat(kind: ReminderKind) -> None:
    text = said(kind, home="3-2-501", amount="1234.50", bills=3, due="2026-03-10", pay_by="2026-06-01", keeper="示例物业")
    for language in (text.en, text.zh):
        assert all(fact in language for fact in ("3-2-501", "1234.50", "3", "2026-03-10", "2026-06-01", "示例物业"))
        assert threat(language) is None
    assert ("944" in text.en) == ("第九百四十四条" in text.zh) == (kind in {K.DEMAND, K.LAST_DEMAND})
    assert "disput" in text.en
    assert "异议" in text.zh
    assert set(WORDS) == set(ReminderKind)


@pytest.mark.parametrize(
    "text",
    [
        "逾期不缴将停水停电",
        "逾期将 停 止 供 电",
        "我司将限制通行",
        "届时注销门禁卡",
        "欠费车辆锁定",
        "将公示欠费名单",
        "列入黑名单",
        "不予放行",
        "Your water will be cut off.",
        "We shall disconnect the power.",
        "We may deny you access to the gate.",
        "you will be locked out",
        "We will suspend your lift card",
        "Water gets\nturned\noff",
    ],
)
def test_words_of_a_cut_off_are_refused_wherever_a_reminder_could_say_them(text: str) -> None:
    with pytest.raises(Refused) as refused:
        check_lawful(text, "body")
    assert refused.value.path == ("body",)
    assert "944" in refused.value.hint.en


@pytest.mark.parametrize(
    "text",
    [
        "3 栋停车费、水费、电费 120 元，请于 6 月 1 日前缴纳。",
        "电梯维保费、公共水电分摊",
        "Block 3: parking, water and power of May.",
        "Refuse collection and water: 12 yuan, please pay by 1 June.",
    ],
)
def test_naming_what_a_bill_is_for_is_no_threat(text: str) -> None:
    assert check_lawful(text, "body") == text
