"""New passwords: long, not of what guessers try first, not the log-in name; refusals never repeat them."""

import pytest

from domain.passwords import check_password
from domain.refusals import RefusalCode, Refused


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "Tr0ub4dor&3xk9",
        "楼下桂花树开了满院",
        "晚饭后去河边走走吧",
        "a" + "b7x-q2m" * 36,
        "correcthorsebatterystaple",
    ],
)
def test_a_long_password_of_its_own_is_taken(password: str):
    check_password(password, "lamplighter")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "12 to 256"),
        ("Xk3!mv9#Qp2", "12 to 256"),
        ("x7" * 129, "12 to 256"),
        ("桂花树开了", "12 to 256"),
        ("lamplighter-x9q2", "log-in name"),
        ("x9q2-LampLighter", "log-in name"),
        ("aaaaaaaaaaaaaaaa", "easy"),
        ("123456789012", "easy"),
        ("qwertyuiop12", "easy"),
        ("mnbvcxzlkjhg", "easy"),
        ("abcabcabcabcabc", "easy"),
        ("password1234", "easy"),
        ("Passw0rd!2024", "easy"),
        ("zhongshan2024!!", "easy"),
        ("管家密码物业管家密码", "easy"),
        ("correct\0horse battery", "cannot be typed"),
        ("correct horse \ud800battery", "cannot be typed"),
        ("correct horse\nbattery", "cannot be typed"),
    ],
)
def test_every_other_is_refused_for_its_reason_without_being_repeated(password: str, why: str):
    with pytest.raises(Refused) as refused:
        check_password(password, "lamplighter", field="new")
    assert why in refused.value.message.en
    assert (refused.value.code, refused.value.path) == (RefusalCode.INVALID, ("new",))
    said = refused.value.message.en + refused.value.message.zh + refused.value.hint.en
    assert len(password) < 8 or password not in said


def test_a_short_log_in_name_may_happen_to_stand_in_a_password():
    check_password("correct horse battery", "or")
