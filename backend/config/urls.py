import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.http import require_safe

from config.api import api
from config.web_app import web_app


@require_safe
def contract(request: HttpRequest) -> HttpResponse:
    """The API's own description, which anybody may read."""
    return HttpResponse(_contract(), "application/json")


@cache
def _contract() -> bytes:
    """Made once in each process: it takes a second, in which nobody else would be answered."""
    return json.dumps(api.get_openapi_schema()).encode()


urlpatterns = [
    path("api/openapi.json", contract),
    path("api/", api.urls),
    re_path(r"^(?P<path>.*)$", web_app),
]
