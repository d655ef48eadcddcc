import pytest
from django.core.wsgi import get_wsgi_application

from alawael.cache import runtime
from alawael.operations import cache_queries
from config.cache_wiring import ProgramWiring
from testing.cast import ApiClient
from testing.catalog import a_product
from testing.serving import ask, token_for


@pytest.fixture
def layer(db, settings, tmp_path, monkeypatch):
    """A process that answers requests, as the web server starts one."""
    settings.CACHE_STATISTICS = tmp_path / "statistics"
    settings.CACHE_ENABLED = True
    monkeypatch.setattr(runtime, "_layer", None)
    return runtime.layer(get_wsgi_application(), ProgramWiring())


def outcomes(layer, paths, token):
    return [ask(layer, path, token).cache for path in paths]


def test_figures_purges_and_switches(layer, amal):
    token, client = token_for(amal), ApiClient(amal)
    lamp, desk = a_product(), a_product("DESK-1")
    paths = ["/api/products", f"/api/products/{lamp.pk}", f"/api/products/{desk.pk}", "/api/units"]
    outcomes(layer, paths, token)
    assert outcomes(layer, paths, token) == ["HIT"] * 4

    said = client.get("/api/cache").json()
    by_name = {route["operation"]: route for route in said["routes"]}
    assert (said["hits"], said["misses"], said["entries"]) == (4, 4, 4)
    assert said["hit_ratio"] == 0.5
    assert 0 < said["bytes"] < said["most_bytes"]
    assert by_name["read_product"]["path"] == "/api/products/{product_id}"
    assert (by_name["read_product"]["hits"], by_name["list_units"]["misses"]) == (2, 1)

    one = {"table": "catalog_product", "row": str(lamp.pk)}
    assert client.post("/api/cache/purge", one).status_code == 200
    assert outcomes(layer, paths[1:3], token) == ["MISS", "HIT"]

    named = client.post("/api/cache/purge", {"pattern": "/api/prod*"}).json()["operations"]
    assert {"list_products", "read_product"} <= set(named)
    assert "list_units" not in named
    assert outcomes(layer, paths, token) == ["MISS", "MISS", "MISS", "HIT"]

    client.post("/api/cache/purge", {"everything": True})
    assert outcomes(layer, paths[3:], token) == ["MISS"]

    off = client.put(
        "/api/cache/routes/list_units", {"is_on": False}, content_type="application/json"
    )
    assert off.status_code == 200
    assert outcomes(layer, paths[3:], token) == ["BYPASS"]

    text = client.get("/api/metrics").content.decode()
    assert 'alawael_cache_requests_total{operation="read_product",outcome="hit"}' in text
    assert "alawael_cache_up 1" in text


def test_what_cannot_be_done_is_refused(layer, amal, signed_in_with):
    client, reader = ApiClient(amal), signed_in_with("cache:read")

    assert client.post("/api/cache/purge", {}).status_code == 422
    assert client.post("/api/cache/purge", {"table": "nothing"}).status_code == 422
    unknown = client.put(
        "/api/cache/routes/nothing", {"is_on": False}, content_type="application/json"
    )
    assert unknown.status_code == 404
    assert reader.get("/api/cache").status_code == 200
    assert reader.post("/api/cache/purge", {"everything": True}).status_code == 403


def test_a_pattern_finds_every_route_that_might_fit(layer):
    assert "read_product" in cache_queries.operations_at("/api/products/019b*")
    assert cache_queries.operations_at("/api/units") == ["list_units"]
    assert len(cache_queries.operations_at("/api/*")) == len(layer.wiring.routes)
