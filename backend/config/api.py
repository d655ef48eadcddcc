"""The API: every domain's router, mounted once."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from alawael.accounts.policy import LimitedView
from alawael.core import problems
from alawael.core.audit import jsonable
from alawael.core.version import VERSION
from alawael.operations import explaining
from alawael.security.bodies import OF_A_BODY
from alawael.security.intake import is_too_deep
from config.examples import show

_response_model = Operation._create_response_model


@cache
def _response_model_once(answer: Any) -> Any:
    """One class for each type of answer. Each of hundreds of routes can be refused in ten ways, and
    a class for each of those is more than half of the time that a process needs to start."""
    return _response_model(None, answer)  # type: ignore[arg-type]


# Before the routers are imported, which happens when they are mounted.
Operation._create_response_model = (  # type: ignore[method-assign]
    lambda self, response_param: _response_model_once(response_param)
)


class OrjsonParser(Parser):
    """Refuses what JSON forbids (lone surrogates, NaN) before it reaches a database."""

    def parse_body(self, request: HttpRequest) -> Any:
        value = orjson.loads(request.body)
        if is_too_deep(request.body, value):
            raise ValueError("nested too deep")
        return value


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=jsonable)


class Api(NinjaAPI):
    """Says in its schema, too, that refusals are problem documents, and who may call what."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(*args, **kwargs)
        said_once = schema["components"].setdefault("responses", {})
        guards = self.guards()
        for methods in schema["paths"].values():
            for operation in methods.values():
                show(operation)
                operation["x-permission"] = _who_may(guards[operation["operationId"]])
                for status, answer in operation["responses"].items():
                    content = answer.get("content", {}).get("application/json")
                    if int(status) >= 400 and _is_problem(content):
                        name = f"Problem{status}"
                        said_once[name] = {
                            "description": answer["description"],
                            "content": {"application/problem+json": content},
                        }
                        operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
        _may_refuse_bodies(schema, said_once)
        return schema

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """A limit of the whole view names its route, for no permission does: `explain` asks it."""
        if isinstance(exc, LimitedView) and request.resolver_match is not None:
            called = request.resolver_match.route, request.method or ""
            exc.facts["operation"] = self.operation_ids().get(called, "")
        return super().on_exception(request, exc)

    @cache  # noqa: B019 - there is one
    def operation_ids(self) -> dict[tuple[str, str], str]:
        """Every operation by the route that Django matched and the method."""
        return {
            (f"api{router.prefix}{path}".replace("{", "<").replace("}", ">"), method): str(
                operation.operation_id
            )
            for router in self._get_bound_routers()
            for path, view in router.path_operations.items()
            for operation in view.operations
            for method in operation.methods
        }

    def operations(self) -> Iterator[Operation]:
        """Every operation as it is mounted."""
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                yield from view.operations

    def guards(self) -> dict[str, Sequence[Any]]:
        """What stands before each operation, by its id."""
        return {one.operation_id or "": one.auth_callbacks for one in self.operations()}


def _who_may(guards: Sequence[Any]) -> str:
    """A permission, or one of "anybody", "signed-in" and "in-session"."""
    if not guards:
        return "anybody"
    guard = guards[0]
    return guard.permission or ("in-session" if guard.needs_session else "signed-in")


def _may_refuse_bodies(schema: dict[str, Any], said_once: dict[str, Any]) -> None:
    """Whoever sends a body can be refused before any route is asked: in which words and how."""
    for refusal in OF_A_BODY:
        name = f"Problem{refusal.status}"
        problem = said_once.setdefault(name, {**said_once["Problem400"], "description": ""})
        said = f"{problem['description']}. `{refusal.code}`: {refusal.message.en}"
        problem["description"] = said.removeprefix(". ")
        for methods in schema["paths"].values():
            for operation in methods.values():
                if "requestBody" in operation:
                    reference = {"$ref": f"#/components/responses/{name}"}
                    operation["responses"].setdefault(refusal.status, reference)


def _is_problem(content: dict[str, Any] | None) -> bool:
    return content is not None and content["schema"].get("$ref", "").endswith("/Problem")


api = Api(
    title="Alawael ERP",
    version=VERSION,
    description=(
        "Amounts are text with two decimals; lists are keyset-paged; "
        "errors are RFC 9457 problem documents."
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    parser=OrjsonParser(),
    renderer=OrjsonRenderer(),
    openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
)
problems.install(api)

api.add_router("", "alawael.accounts.api.router", tags=["Accounts"])
api.add_router("", "alawael.views.api.router", tags=["Views"])
api.add_router("", "alawael.ledger.api.router", tags=["Ledger"])
api.add_router("", "alawael.invoicing.api.router", tags=["Invoices"])
api.add_router("", "alawael.stock.api.router", tags=["Stock"])
api.add_router("", "alawael.stock.transfer_api.router", tags=["Transfers"])
api.add_router("", "alawael.stock.count_api.router", tags=["Counts"])
api.add_router("", "alawael.stock.reorder_api.router", tags=["Replenishment"])
api.add_router("", "alawael.payments.api.router", tags=["Payments"])
api.add_router("", "alawael.purchasing.api.router", tags=["Purchasing"])
api.add_router("", "alawael.sales.api.router", tags=["Sales"])
api.add_router("", "alawael.parties.api.router", tags=["Parties"])
api.add_router("", "alawael.parties.bank_api.router", tags=["Parties"])
api.add_router("", "alawael.catalog.api.router", tags=["Catalog"])
api.add_router("", "alawael.analytics.api.router", tags=["Dashboard"])
api.add_router("", "alawael.operations.api.router", tags=["Operations"])
api.add_router("", "alawael.operations.access_api.router", tags=["Access"])
api.add_router("", "alawael.operations.cache_api.router", tags=["Cache"])
api.add_router("", "alawael.operations.security_api.router", tags=["Security"])
api.add_router("", "alawael.exchange.api.router", tags=["Imports"])

explaining.tell_guards(api.guards)
