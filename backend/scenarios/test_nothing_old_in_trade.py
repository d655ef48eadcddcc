"""The stories of trade once more, with the cache in between: nothing it gives is old.

After each command, the sheets and lists of the newest documents are asked of the cache and of the
program. Who names a group in the filter of an update, or `asked_by` in a model, is watched here.
"""

from collections.abc import Iterator

import pytest
from django.core.wsgi import get_wsgi_application

from alawael.cache import runtime
from alawael.cache.layer import CacheLayer
from alawael.cache.statistics import Statistics
from config.cache_wiring import ProgramWiring
from scenarios.test_stories import (  # noqa: F401 - told again here
    test_a_count_while_goods_move,
    test_a_return_of_which_a_part_is_scrapped_and_all_is_refunded,
    test_from_need_to_a_paid_supplier,
    test_from_quotation_to_cash,
    test_what_the_bank_takes_and_gives_by_itself,
)
from testing.cast import ApiClient, a_user
from testing.races import FULL
from testing.serving import ask, token_for

if FULL:
    from scenarios.test_every_command import *  # noqa: F403

DJANGO = get_wsgi_application()
WIRING = ProgramWiring()
#: So many of the newest documents are looked at.
NEWEST = 12


@pytest.fixture(autouse=True)
def watched(monkeypatch, tmp_path, db) -> Iterator[None]:
    app = CacheLayer(
        DJANGO,
        stamps=runtime.stamps(),
        wiring=WIRING,
        count=Statistics(tmp_path / "count", [one.operation for one in WIRING.routes.values()]),
        most_bytes=8_000_000,
        lifetime=60.0,
    )
    newest: dict[str, bool] = {}
    hits: list[str] = []
    # One person sees everything, so that what is kept is asked again.
    token = token_for(a_user("watcher", "*"))
    send = ApiClient.generic

    def sent(self, method, path, data="", *args, **extra):
        response = send(self, method, path, data, *args, **extra)
        if method != "GET" and response.status_code < 300:
            for sheet in sheets_of(path, response):
                newest.pop(sheet, None)
                newest[sheet] = True
            for sheet in list(newest)[-NEWEST:]:
                look(app, sheet, token, hits)
        return response

    monkeypatch.setattr(ApiClient, "generic", sent)
    yield
    if len(newest) > 2:
        assert hits, "Nothing was given from the cache."


def sheets_of(path, response):
    _, _, *rest = path.partition("?")[0].split("/")
    ids = [number for number, part in enumerate(rest) if len(part) == 36]
    if ids:
        yield "/".join(["/api", *rest[: ids[0] + 1]])
        rest = rest[: ids[0]]
    elif "id" in (made := response.json() if response.content[:1] == b"{" else {}):
        yield "/".join(["/api", *rest, made["id"]])
    yield "/".join(["/api", *rest])


def look(app, sheet, token, hits):
    given = ask(app, sheet, token)
    if given.cache == "HIT":
        hits.append(sheet)
        assert given.body == ask(DJANGO, sheet, token).body, sheet
