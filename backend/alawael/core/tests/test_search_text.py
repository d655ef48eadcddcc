import pytest

from alawael.core.search_text import fold


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("أحمد", "احمد"),
        ("مؤسسة", "موسسه"),
        ("شركة الأمل", "شركه الامل"),
        ("مُحَمَّد", "محمد"),
        ("مستشفى", "مستشفي"),
        ("١٢٣", "123"),
        ("Café  RÉSUMÉ", "cafe resume"),
        ("ـــكتاب", "كتاب"),
    ],
)
def test_people_find_what_they_mean(typed, stored):
    assert fold(typed) == fold(stored)


def test_different_words_stay_different():
    assert fold("كتاب") != fold("كاتب")
