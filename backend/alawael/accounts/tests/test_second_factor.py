from datetime import timedelta

import pyotp
import pytest

from alawael.accounts import second_factor, sessions
from alawael.accounts.models import RecoveryCode, Role, SecondFactor, User
from alawael.accounts.second_factor import finish_sign_in
from alawael.accounts.tests.people import PASSWORD, sami, sign_in, signed_in, use
from alawael.core.errors import Refusal
from alawael.core.models import AuditEvent
from alawael.core.verify import verify
from testing.cast import ApiClient, a_user
from testing.races import at_once

FACTOR = "/api/auth/second-factor"
FINISH = "/api/auth/sign-in/second-factor"
FROM = {"ip": "192.0.2.1", "device": "Firefox", "browser": ""}


def guarded(at, user=None):
    """A user with a second factor, its secret and its recovery codes; made at `at`."""
    user = user or sami()
    secret = second_factor.enrol(user, PASSWORD, session_id=None, at=at).secret
    codes = second_factor.confirm(user, code_at(secret, at), session_id=None, at=at)
    return User.objects.get(pk=user.pk), secret, codes


def code_at(secret, at):
    return pyotp.TOTP(secret).at(at)


def half_way(user, at):
    return sessions.sign_in(user.email, PASSWORD, at=at, **FROM).challenge


def finished(user, code, at, challenge=None):
    try:
        opened = finish_sign_in(challenge or half_way(user, at), code, at=at, **FROM)
    except Refusal as refusal:
        return refusal.errors[0].code if refusal.errors else refusal.code
    return opened.user == user


def test_a_person_sets_it_up_and_signs_in_with_it(db):
    user = sami()
    desk, phone = signed_in(user), signed_in(user)
    enrolled = desk.post(FACTOR, {"current_password": PASSWORD}).json()
    totp = pyotp.parse_uri(enrolled["uri"])
    assert isinstance(totp, pyotp.TOTP)
    assert (totp.name, totp.issuer) == (user.email, "Alawael ERP")
    assert enrolled["qr"].startswith("data:image/svg+xml")
    assert sign_in(ApiClient(), user.email).status_code == 200  # not before it is confirmed

    wrong = desk.post(f"{FACTOR}/confirm", {"code": "000000"})
    assert wrong.json()["errors"][0]["pointer"] == "/code"
    confirmed = desk.post(f"{FACTOR}/confirm", {"code": totp.now()})
    codes = confirmed.json()["codes"]
    assert len(set(codes)) == 10
    assert confirmed["Cache-Control"] == "no-store"
    assert phone.get("/api/auth/me").status_code == 401
    assert desk.get("/api/auth/me").json()["has_second_factor"]

    browser = ApiClient()
    asked = sign_in(browser, user.email)
    assert (asked.status_code, set(asked.json())) == (202, {"challenge", "expires_in"})
    assert "alawael_refresh" not in browser.cookies
    said = {"challenge": asked.json()["challenge"], "code": codes[0].upper()}
    answer = browser.post(FINISH, said)
    assert answer.status_code == 200, answer.content
    use(browser, answer.json()["access_token"])
    assert browser.get("/api/auth/security").json() == {
        "has_second_factor": True,
        "requires_second_factor": False,
        "recovery_codes_left": 9,
    }
    assert browser.post(FINISH, said).json()["code"] == "challenge_over"


def test_only_a_sealed_secret_and_hashes_are_kept(db, noon):
    _, secret, codes = guarded(noon)

    kept = str(list(SecondFactor.objects.values())) + str(list(RecoveryCode.objects.values()))

    assert secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert verify_says_nothing()
    SecondFactor.objects.update(secret=SecondFactor.objects.get().secret[:-4] + "AAAA")
    assert not verify_says_nothing()


def verify_says_nothing():
    said = [line for finding in verify() for line in finding.contradictions]
    return not [line for line in said if "second factor" in line]


def test_a_code_is_good_for_its_moment_and_once(db, noon):
    user, secret, _ = guarded(noon - timedelta(days=1))
    code = code_at(secret, noon)

    assert finished(user, code, noon - timedelta(seconds=120)) == "wrong_code"
    assert finished(user, f" {code[:3]} {code[3:]} ", noon + timedelta(seconds=29)) is True
    assert finished(user, code, noon + timedelta(seconds=30)) == "wrong_code"
    assert finished(user, code_at(secret, noon + timedelta(minutes=9)), noon) == "wrong_code"
    arabic = code_at(secret, noon + timedelta(minutes=5)).translate(
        str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    )
    assert finished(user, arabic, noon + timedelta(minutes=5)) is True
    assert finished(user, "²³ä🙂", noon + timedelta(minutes=6)) == "wrong_code"


def test_of_many_that_bring_the_same_code_at_once_one_gets_in(db, noon):
    user, secret, codes = guarded(noon - timedelta(days=1))
    for code in (code_at(secret, noon), codes[0]):
        challenges = [half_way(user, noon) for _ in range(4)]

        def bring(challenge, code=code):
            return finished(user, code, noon, challenge)

        results = at_once(bring, challenges)

        assert results.count(True) == 1


def test_codes_are_not_guessed(db, noon):
    """Five tries for all challenges together, and only for who knows the password."""
    user, secret, _ = guarded(noon - timedelta(days=1))

    said = [finished(user, "000000", noon) for _ in range(5)]

    assert said == ["wrong_code"] * 5
    assert finished(user, code_at(secret, noon), noon) == "too_many_attempts"
    assert AuditEvent.objects.get(action="user.locked").changes["what"] == "factor"
    later = noon + timedelta(minutes=15)
    assert finished(user, code_at(secret, later), later) is True


def test_a_challenge_ends_by_itself_and_with_its_user(db, noon):
    user, secret, _ = guarded(noon - timedelta(days=1))
    first, second = half_way(user, noon), half_way(user, noon)
    late = noon + timedelta(minutes=5)

    assert finished(user, code_at(secret, late), late, first) == "challenge_over"
    assert finished(user, code_at(secret, noon), noon, "made up") == "challenge_over"
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert finished(user, code_at(secret, noon), noon, second) == "challenge_over"


def test_switching_off_and_new_codes_ask_for_both_factors(db, noon):
    user, _, codes = guarded(noon)
    asked = sign_in(ApiClient(), user.email).json()
    browser = ApiClient()
    opened = browser.post(FINISH, {"challenge": asked["challenge"], "code": codes[0]})
    use(browser, opened.json()["access_token"])
    good = {"current_password": PASSWORD, "code": codes[1]}

    for path in (f"{FACTOR}/remove", "/api/auth/recovery-codes"):
        wrong = browser.post(path, {**good, "current_password": "not the password at all"})
        assert wrong.json()["errors"][0]["code"] == "wrong_password"
        wrong = browser.post(path, {**good, "code": codes[0]})
        assert wrong.json()["errors"][0]["code"] == "wrong_code"
    assert browser.post(FACTOR, {"current_password": PASSWORD}).json()["code"] == "second_factor_on"
    renewed = browser.post("/api/auth/recovery-codes", good).json()["codes"]
    assert not set(renewed) & set(codes)
    used = {"current_password": PASSWORD, "code": codes[2]}
    assert browser.post(f"{FACTOR}/remove", used).status_code == 422
    assert browser.post(f"{FACTOR}/remove", {**used, "code": renewed[0]}).status_code == 204
    assert sign_in(ApiClient(), user.email).status_code == 200


def test_a_role_may_require_it(db, as_amal):
    user = sami()
    role = Role.objects.get(key="role-of-sami")
    as_amal.patch(f"/api/roles/{role.pk}", {"requires_second_factor": True})
    browser = signed_in(user)

    assert browser.get("/api/users").json()["code"] == "second_factor_required"
    assert browser.get("/api/auth/tokens").status_code == 403
    assert browser.get("/api/auth/me").json()["must_set_up_second_factor"]
    secret = browser.post(FACTOR, {"current_password": PASSWORD}).json()["secret"]
    code = {"code": pyotp.TOTP(secret).now()}
    codes = browser.post(f"{FACTOR}/confirm", code).json()["codes"]

    assert browser.get("/api/users").status_code == 200
    both = {"current_password": PASSWORD, "code": codes[0]}
    assert browser.post(f"{FACTOR}/remove", both).json()["code"] == "second_factor_needed"


def test_a_new_password_from_the_administrator_does_not_pass_the_second_factor(db, as_amal, noon):
    user, _, _ = guarded(noon)

    answer = as_amal.post(f"/api/users/{user.pk}/reset-password", {})

    again = sign_in(ApiClient(), user.email, answer.json()["temporary_password"])
    assert again.status_code == 202


def test_an_administrator_helps_who_lost_the_telephone(db, as_amal, noon):
    user, _, _ = guarded(noon)
    path = f"/api/users/{user.pk}"
    assert as_amal.get(f"{path}/security").json() == {
        "locked_until": None,
        "has_second_factor": True,
        "requires_second_factor": False,
        "recovery_codes_left": 10,
        "passkeys": 0,
        "sessions": 0,
    }
    weaker = ApiClient(a_user("weaker", "user:edit"))
    refused = weaker.post(f"{path}/reset-second-factor")
    assert (refused.status_code, refused.json()["code"]) == (403, "beyond_your_permissions")

    answer = as_amal.post(f"{path}/reset-second-factor")

    assert not answer.json()["has_second_factor"]
    assert sign_in(ApiClient(), user.email).status_code == 200
    assert AuditEvent.objects.get(action="user.second_factor_off").changes == {"because": "reset"}


def test_a_new_encryption_key_reseals_on_the_way(db, noon, settings):
    user, secret, _ = guarded(noon - timedelta(days=1))
    old = SecondFactor.objects.get().secret
    settings.ENCRYPTION_KEYS_OLD = (settings.ENCRYPTION_KEY,)
    settings.ENCRYPTION_KEY = "another-key-" * 4

    assert finished(user, code_at(secret, noon), noon) is True

    settings.ENCRYPTION_KEYS_OLD = ()
    assert SecondFactor.objects.get().secret != old
    later = noon + timedelta(minutes=2)
    assert finished(user, code_at(secret, later), later) is True


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds, code):
    """Appendix B, SHA-1, the last six of eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert pyotp.TOTP(secret).at(seconds) == code
