"""The API keeps its contract for whatever is sent: never a 500, never an undocumented answer."""

import os

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from alawael.security.bodies import OF_A_BODY
from config.api import api
from config.examples import examples
from testing.cast import ApiClient, a_role, a_user
from testing.examples import unfit, without

#: Requests made up for each operation; a long run sets more. The same code answers on both
#: engines, so the slower one gets fewer.
USUAL = {"sqlite": 10, "mongodb": 3}[os.environ["ALAWAEL_TEST_ENGINE"]]
EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", USUAL))
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
operations = [
    (method, path, operation)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, operation in methods.items()
]


@pytest.fixture
def token(shop):
    """Everybody's rights, but in a token of its own, so that no operation signs it out."""
    user = a_user("fuzz", role=a_role("fuzz", "*"))
    return ApiClient(user).defaults["HTTP_AUTHORIZATION"]


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_the_answer_is_as_documented(case, token):
    response = case.call(headers={"Authorization": token})

    case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize(
    ("method", "path", "operation"), operations, ids=lambda value: str(value)[:60]
)
def test_an_operation_says_what_it_is(method, path, operation):
    assert operation["operationId"]
    assert operation["summary"]
    assert operation["tags"]


def test_an_operation_with_a_body_says_how_bodies_are_refused():
    """They are refused by the door, which no route knows of."""
    described = api.get_openapi_schema()["components"]["responses"]
    for refusal in OF_A_BODY:
        assert f"`{refusal.code}`" in described[f"Problem{refusal.status}"]["description"]
    silent = [
        (operation["operationId"], refusal.status)
        for _, _, operation in operations
        for refusal in OF_A_BODY
        if "requestBody" in operation
        and str(refusal.status) not in map(str, operation["responses"])
    ]
    assert silent == []


def test_every_operation_has_an_example_that_fits():
    told = api.get_openapi_schema()

    assert without(told, examples()) == []
    assert list(unfit(told, examples())) == []
    aged = {**examples()["me"], "response": {}}
    assert "required property" in str(list(unfit(told, {"me": aged})))
