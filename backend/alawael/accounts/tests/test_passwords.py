import pytest

from alawael.accounts.passwords import (
    check_password,
    hash_password,
    is_known_format,
    is_outdated,
    temporary_password,
    verify_password,
)
from alawael.core.errors import Invalid

ABOUT = ["nora.hassan@alawael.test", "Nora Hassan", "نورة حسن"]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short words", "password_too_short"),
        ("long " * 26, "password_too_long"),
        ("q1w2e3r4t5y6", "password_common"),
        ("Sunshine2026!!", "password_common"),
        ("aaaabbbbcccc", "password_common"),
        ("nora.hassan@alawael.test", "password_about_you"),
        ("NoraHassan2026", "password_about_you"),
        ("Alawael-2026!", "password_about_you"),
        ("الرياض-١٢٣٤٥٦٧", "password_about_you"),
        ("نورة-١٢٣٤٥٦٧٨٩", "password_about_you"),
    ],
)
def test_refuses_what_is_easily_guessed(password, code):
    with pytest.raises(Invalid) as refused:
        check_password(password, about=ABOUT)

    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/password", code)
    assert error.message.ar
    assert error.message.ar != error.message.en


@pytest.mark.parametrize(
    "password",
    ["seven quiet lamps burning", "مصابيح هادئة تضيء الطريق", "x" * 3 + "Nora rides far"],
)
def test_takes_long_phrases_without_rules_about_characters(password):
    check_password(password, about=ABOUT)


def test_a_temporary_password_is_good_enough_and_never_the_same():
    made = {temporary_password() for _ in range(50)}

    assert len(made) == 50
    for password in made:
        check_password(password, about=ABOUT)


def test_verifies_only_the_right_password():
    known = hash_password("seven quiet lamps burning")

    assert verify_password("seven quiet lamps burning", known)
    assert not verify_password("seven quiet lamps burnin", known)


def test_the_same_letters_count_as_one_password_however_they_were_typed():
    composed, decomposed = "caf\u00e9 au lait demain", "cafe\u0301 au lait demain"

    assert verify_password(decomposed, hash_password(composed))


@pytest.mark.parametrize("known", ["", "plain text", "md5$abc$123"])
def test_nothing_verifies_against_no_hash(known):
    assert not verify_password("", known)
    assert not verify_password("plain text", known)


def test_uses_owasp_parameters_outside_tests(settings):
    settings.PASSWORD_HASHING = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}

    assert hash_password("seven quiet lamps").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_of_other_parameters_is_outdated(settings):
    old = hash_password("seven quiet lamps")

    settings.PASSWORD_HASHING = {**settings.PASSWORD_HASHING, "memory_cost": 64}

    assert is_outdated(old)
    assert not is_outdated(hash_password("seven quiet lamps"))


def test_knows_its_own_format():
    assert is_known_format(hash_password("seven quiet lamps"))
    assert not is_known_format("seven quiet lamps")
    assert not is_known_format("$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g")
