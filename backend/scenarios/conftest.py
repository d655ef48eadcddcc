import pytest

from scenarios.company import Company


@pytest.fixture
def company(db):
    return Company()
