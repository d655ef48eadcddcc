import pytest

from alawael.core.sealing import SealBroken, is_outdated, open_sealed, seal

HERE = "bank_accounts.iban:1"
IBAN = "SA03 8000 0000 6080 1016 7519"


def test_a_sealed_text_opens_at_its_place_alone():
    sealed = seal(IBAN, place=HERE)

    assert "8000" not in sealed
    assert open_sealed(sealed, place=HERE) == IBAN
    for elsewhere in ("bank_accounts.iban:2", "bank_accounts.note:1", "employees.iban:1"):
        with pytest.raises(SealBroken):
            open_sealed(sealed, place=elsewhere)


def test_the_same_text_never_looks_the_same():
    assert seal(IBAN, place=HERE) != seal(IBAN, place=HERE)


@pytest.mark.parametrize("at", [0, 4, 20, -2])
def test_an_altered_seal_does_not_open(at):
    sealed = seal(IBAN, place=HERE)
    other = "A" if sealed[at] != "A" else "B"
    altered = sealed[:at] + other + sealed[at:][1:]

    with pytest.raises(SealBroken):
        open_sealed(altered, place=HERE)


@pytest.mark.parametrize("garbage", ["", "v1", "v1.x.y", "v2.a.b", "plain text"])
def test_what_is_no_seal_does_not_open(garbage):
    with pytest.raises(SealBroken):
        open_sealed(garbage, place=HERE)


def test_a_former_key_opens_until_it_is_dropped(settings):
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEYS_OLD = "first" * 8, ()
    old = seal(IBAN, place=HERE)
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEYS_OLD = "second" * 8, ("first" * 8,)

    new = seal(open_sealed(old, place=HERE), place=HERE)

    assert (is_outdated(old), is_outdated(new)) == (True, False)
    settings.ENCRYPTION_KEYS_OLD = ()
    assert open_sealed(new, place=HERE) == IBAN
    with pytest.raises(SealBroken):
        open_sealed(old, place=HERE)
