"""The catalog over HTTP."""

import base64
from uuid import UUID

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.catalog.models import PriceListItem, Product
from alawael.core.ids import new_id
from testing.catalog import a_category, a_price, a_price_list, a_product, a_service, a_unit

EAN = "6281000000014"


@pytest.fixture
def sent(db):
    """A product with everything, as the web app sends it."""
    box = str(a_unit("box").pk)
    return {
        "sku": "LAMP-1",
        "name_en": "Desk lamp",
        "name_ar": "مصباح مكتب",
        "description_en": "Warm light",
        "description_ar": "إضاءة دافئة",
        "category_id": str(a_category().pk),
        "kind": "goods",
        "unit_id": str(a_unit().pk),
        "price": "49.5",
        "tax_category": "Z",
        "exemption_code": "VATEX-SA-32",
        "exemption_reason_en": "Export of goods",
        "exemption_reason_ar": "تصدير",
        "is_active": True,
        "units": [{"unit_id": box, "numerator": 12, "denominator": 1}],
        "barcodes": [{"code": EAN, "unit_id": box}],
    }


def skus(answer):
    assert answer.status_code == 200, answer.content
    return [item["sku"] for item in answer.json()["items"]]


def errors_of(answer):
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


def test_answers_with_the_whole_product(as_amal, sent):
    created = as_amal.post("/api/products", sent)

    assert created.status_code == 201, created.content
    assert created["ETag"] == '"1"'
    assert created.json() == {**sent, "id": str(Product.objects.get().pk), "version": 1}
    assert as_amal.get(f"/api/products/{created.json()['id']}").json() == created.json()


def test_changes_only_what_is_sent(as_amal, sent):
    product = as_amal.post("/api/products", sent).json()

    changed = as_amal.patch(f"/api/products/{product['id']}", {"price": "50"}, HTTP_IF_MATCH='"1"')

    assert changed["ETag"] == '"2"'
    assert changed.json() == {**product, "price": "50", "version": 2}


def test_a_stale_version_is_refused(as_amal):
    path = f"/api/products/{a_product().pk}"
    as_amal.patch(path, {"price": "1"})

    for answer in (
        as_amal.patch(path, {"price": "2"}, HTTP_IF_MATCH='"1"'),
        as_amal.delete(path, HTTP_IF_MATCH='"1"'),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")


def test_removing_retires_and_keeps(as_amal):
    product = a_product()

    assert as_amal.delete(f"/api/products/{product.pk}").status_code == 204
    assert not Product.objects.get().is_active


def test_a_taken_sku_is_explained_in_arabic(as_amal, sent):
    a_product("lamp-1")

    refused = as_amal.post("/api/products", sent, HTTP_ACCEPT_LANGUAGE="ar")

    assert (refused.status_code, refused.json()["code"]) == (409, "sku_taken")
    assert refused.json()["detail"] == "رمز الصنف LAMP-1 مستخدم لمنتج آخر. اختر رمزًا آخر."
    assert errors_of(refused) == {"/sku": "sku_taken"}


def test_a_wrong_check_digit_is_explained_in_arabic(as_amal, sent):
    refused = as_amal.post(
        "/api/products", {**sent, "barcodes": [{"code": "6281000000015"}]},
        HTTP_ACCEPT_LANGUAGE="ar",
    )  # fmt: skip

    assert refused.status_code == 422
    assert errors_of(refused) == {"/barcodes/0/code": "wrong_check_digit"}
    assert refused.json()["errors"][0]["message"].startswith("رقم التحقق غير صحيح")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sku": ""}, "/sku"),
        ({"price": 49.5}, "/price"),
        ({"price": "0.0000001"}, "/price"),
        ({"price": "NaN"}, "/price"),
        ({"kind": "goat"}, "/kind"),
        ({"unit_id": "piece"}, "/unit_id"),
        ({"unit_id": None}, "/unit_id"),
        ({"barcodes": [{}]}, "/barcodes/0/code"),
        ({"units": [{"unit_id": str(new_id()), "numerator": 0}]}, "/units/0/numerator"),
        ({"name_ar": "x" * 301}, "/name_ar"),
        ({"search_text": "x"}, "/search_text"),
    ],
)
@pytest.mark.parametrize("verb", ["post", "patch"])
def test_malformed_input_names_its_field(as_amal, sent, verb, wrong, field):
    if verb == "post":
        refused = as_amal.post("/api/products", {**sent, **wrong})
    else:
        refused = as_amal.patch(f"/api/products/{a_product('X').pk}", wrong)

    assert refused.status_code == 422
    assert field in errors_of(refused)


def test_what_is_not_there_is_not_found(as_amal):
    for name in ("units", "categories", "products", "price-lists"):
        path = f"/api/{name}/{new_id()}"
        answers = [as_amal.get(path), as_amal.patch(path, {}), as_amal.delete(path)]
        assert [answer.status_code for answer in answers] == [404, 404, 404], name
    assert as_amal.get("/api/products/by-barcode/NONE").status_code == 404
    assert as_amal.get(f"/api/price-lists/{new_id()}/items").status_code == 404
    assert as_amal.post(f"/api/categories/{new_id()}/move", {}).status_code == 404
    assert as_amal.delete(f"/api/price-list-items/{new_id()}").status_code == 404


PLACES = ("units", "categories", "categories/tree", "products", "price-lists")


@pytest.mark.parametrize("name", PLACES)
def test_a_stranger_sees_nothing(stranger, name):
    assert stranger.get(f"/api/{name}").status_code == 401


@pytest.mark.parametrize("name", PLACES)
def test_another_role_sees_nothing(signed_in_with, name):
    assert signed_in_with("party:read").get(f"/api/{name}").status_code == 403


def test_a_reader_can_only_read(signed_in_with, sent):
    path = f"/api/products/{a_product('OTHER').pk}"
    rates = a_price_list()
    reader = signed_in_with("product:read", "category:read", "unit:read", "price_list:read")

    assert reader.get(path).status_code == 200
    forbidden = [
        reader.post("/api/products", sent),
        reader.patch(path, {"price": "1"}),
        reader.delete(path),
        reader.post("/api/units", {"code": "x", "name_en": "x"}),
        reader.post("/api/categories", {"name_en": "x"}),
        reader.post(f"/api/categories/{sent['category_id']}/move", {}),
        reader.post("/api/price-lists", {"name_en": "x"}),
        reader.post(f"/api/price-lists/{rates.pk}/items", {}),
    ]
    assert {answer.status_code for answer in forbidden} == {403}


@pytest.mark.parametrize(
    "words", ["مصباح", "مصبَاح مكتب", "LAMP desk", "lamp-1", EAN, "٦٢٨١٠٠٠٠٠٠٠١٤"]
)
def test_a_product_is_found_however_it_is_written(as_amal, words):
    a_product("LAMP-1", barcodes=[{"code": EAN}])
    a_product("CHAIR-1", name_en="Chair", name_ar="كرسي")

    assert skus(as_amal.get("/api/products", {"q": words})) == ["LAMP-1"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("", ["CHAIR-1", "lamp-1", "LAMP-2", "WORK-1"]),
        ("kind=service", ["WORK-1"]),
        ("tax_category=Z", ["LAMP-2"]),
        ("is_active=false", ["CHAIR-1"]),
        ("sort=-price", ["LAMP-2", "WORK-1", "lamp-1", "CHAIR-1"]),
        ("sort=name_en", ["CHAIR-1", "lamp-1", "LAMP-2", "WORK-1"]),
    ],
)
def test_products_filter_and_sort(as_amal, filters, expected):
    chair = a_product("CHAIR-1", name_en="Chair", price=10)
    a_product("lamp-1", name_en="Desk lamp", price=20)
    a_product("LAMP-2", name_en="Floor lamp", price=40, tax_category="Z")
    a_service("WORK-1", price=30)
    as_amal.delete(f"/api/products/{chair.pk}")

    assert skus(as_amal.get(f"/api/products?{filters}")) == expected


A_KEY = "01960000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("column", "value", "key"),
    [
        ("price", "abc", A_KEY),
        ("price", "1e400", A_KEY),
        ("price", "NaN", A_KEY),
        ("price", 1e300, A_KEY),
        ("sku_folded", "lamp", "not-a-key"),
    ],
)
def test_a_forged_page_mark_is_refused(as_amal, column, value, key):
    mark = base64.urlsafe_b64encode(orjson.dumps([column, value, key])).decode().rstrip("=")
    sort = column.removesuffix("_folded")

    refused = as_amal.get(f"/api/products?sort={sort}&after={mark}")

    assert (refused.status_code, errors_of(refused)) == (422, {"/after": "unknown_cursor"})


def test_pages_by_price_follow_each_other(as_amal):
    for number, price in enumerate((30, 10, 10, 20)):
        a_product(f"S{number}", price=price)

    path = "/api/products?sort=-price&limit=1"
    page = as_amal.get(path).json()
    seen = [page["items"][0]["sku"]]
    while page["next"]:
        page = as_amal.get(f"{path}&after={page['next']}").json()
        seen.append(page["items"][0]["sku"])

    assert seen == ["S0", "S3", "S2", "S1"]


def test_a_category_means_its_whole_branch(as_amal):
    home = a_category("Home")
    lamps = a_category("Lamps", below=home)
    a_product("A", category_id=home.pk)
    a_product("B", category_id=lamps.pk)
    a_product("C")

    assert skus(as_amal.get(f"/api/products?category_id={home.pk}")) == ["A", "B"]
    assert skus(as_amal.get(f"/api/products?category_id={lamps.pk}")) == ["B"]
    assert skus(as_amal.get(f"/api/products?category_id={new_id()}")) == []


def test_a_scanner_reads_product_and_unit(as_amal, sent):
    as_amal.post("/api/products", sent)

    found = as_amal.get(f"/api/products/by-barcode/{EAN}").json()

    assert found["unit"]["code"] == "box"
    assert found["product"]["sku"] == "LAMP-1"


def test_a_barcode_may_hold_a_slash(as_amal):
    a_product(barcodes=[{"code": "A/1"}])

    assert as_amal.get("/api/products/by-barcode/A/1").status_code == 200


def test_units_are_kept(as_amal):
    unit = as_amal.post("/api/units", {"code": "roll", "name_en": "Roll", "is_whole": True})
    path = f"/api/units/{unit.json()['id']}"

    assert as_amal.patch(path, {"name_ar": "لفة"}).json()["name_ar"] == "لفة"
    assert as_amal.delete(path).status_code == 204
    assert as_amal.get("/api/units?is_active=true").json()["items"] == []
    assert as_amal.get("/api/units?q=لفه").json()["items"][0]["code"] == "roll"


def test_the_tree_is_read_and_a_branch_moved(as_amal):
    home = as_amal.post("/api/categories", {"name_en": "Home"}).json()
    lamps = as_amal.post("/api/categories", {"name_en": "Lamps", "parent_id": home["id"]}).json()
    office = as_amal.post("/api/categories", {"name_en": "Office"}).json()
    a_product(category_id=UUID(lamps["id"]))

    moved = as_amal.post(
        f"/api/categories/{lamps['id']}/move", {"parent_id": office["id"]}, HTTP_IF_MATCH='"1"'
    )
    stale = as_amal.post(f"/api/categories/{lamps['id']}/move", {}, HTTP_IF_MATCH='"1"')

    assert moved.json()["parent_id"] == office["id"]
    assert stale.status_code == 412
    tree = as_amal.get("/api/categories/tree").json()["items"]
    assert [(node["category"]["name_en"], node["branch_products"]) for node in tree] == [
        ("Home", 0),
        ("Office", 1),
    ]
    assert tree[1]["children"][0]["category"]["id"] == lamps["id"]
    inside = as_amal.get(f"/api/categories?branch_id={office['id']}&count=true").json()
    assert inside["total"] == 2


def test_a_move_into_itself_is_explained_in_arabic(as_amal):
    home = a_category("Home")

    refused = as_amal.post(
        f"/api/categories/{home.pk}/move", {"parent_id": str(home.pk)}, HTTP_ACCEPT_LANGUAGE="ar"
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "category_inside_itself")
    assert refused.json()["detail"].startswith("لا يمكن نقل الفئة")


def test_prices_are_kept_and_quoted(as_amal):
    lamp = a_product(price=50)
    rates = as_amal.post("/api/price-lists", {"name_en": "Wholesale", "is_default": True}).json()
    items = f"/api/price-lists/{rates['id']}/items"
    item = as_amal.post(
        items, {"product_id": str(lamp.pk), "min_quantity": "100", "price": "44.9"}
    ).json()
    path = f"/api/price-list-items/{item['id']}"

    assert (item["sku"], item["unit_id"], item["price"]) == ("LAMP-1", str(lamp.unit_id), "44.9")
    assert as_amal.patch(path, {"price": "45"}, HTTP_IF_MATCH='"1"')["ETag"] == '"2"'
    assert as_amal.delete(path, HTTP_IF_MATCH='"1"').status_code == 412
    quote = as_amal.get(f"/api/prices/quote?product_id={lamp.pk}&quantity=100&on=2026-03-31")
    assert quote.json() == {
        "product_id": str(lamp.pk),
        "unit_id": str(lamp.unit_id),
        "quantity": "100",
        "currency": "SAR",
        "price": "45",
        "rule": "default_list",
        "explanation_en": "From the default price list “Wholesale”, for 100 or more.",
        "explanation_ar": "من قائمة الأسعار الافتراضية «Wholesale»، لكمية 100 فأكثر.",
        "price_list_id": rates["id"],
        "item_id": item["id"],
        "is_converted": False,
    }
    assert as_amal.delete(path).status_code == 204
    assert not PriceListItem.objects.exists()


def test_a_list_stays_the_default_until_it_is_told_otherwise(as_amal):
    path = f"/api/price-lists/{a_price_list(is_default=True).pk}"

    assert as_amal.patch(path, {"priority": 3}).json()["is_default"] is True
    assert as_amal.patch(path, {"is_default": False}).json()["is_default"] is False


def test_price_lists_filter(as_amal):
    anwar = new_id()
    a_price_list("Anwar", party_id=anwar)
    a_price_list("Dollars", currency="USD", valid_to="2026-03-30")

    def names(filters):
        return [
            row["name_en"] for row in as_amal.get(f"/api/price-lists?{filters}").json()["items"]
        ]

    assert names(f"party_id={anwar}") == ["Anwar"]
    assert names("currency=usd") == ["Dollars"]
    assert names("valid_on=2026-03-31") == ["Anwar"]
    assert names("q=dollar") == ["Dollars"]


def a_few_units():
    for number in range(4):
        a_unit(f"unit-{number}")


def a_few_categories():
    for number in range(4):
        a_category(f"Category {number}")


def a_few_products():
    box = {"unit_id": a_unit("box").pk, "numerator": 12}
    for number in range(4):
        a_product(f"S{number}", units=[box], barcodes=[{"code": f"B{number}"}])


def a_few_price_lists():
    for number in range(4):
        a_price_list(f"List {number}")


@pytest.mark.parametrize(
    ("path", "more", "budget"),
    [
        ("/api/units", a_few_units, 4),
        ("/api/categories", a_few_categories, 4),
        ("/api/categories/tree", a_few_categories, 5),
        ("/api/products", a_few_products, 6),
        ("/api/price-lists", a_few_price_lists, 4),
    ],
)
def test_a_list_costs_the_same_number_of_queries_however_long(as_amal, path, more, budget):
    a_product("FIRST")
    with CaptureQueriesContext(connection) as short:
        as_amal.get(path)
    more()

    with CaptureQueriesContext(connection) as long:
        assert as_amal.get(path).status_code == 200

    assert len(long) <= max(len(short), budget)
    assert len(long) <= budget


def test_a_list_of_prices_costs_the_same_number_of_queries_however_long(as_amal):
    rates = a_price_list()
    for number in range(5):
        a_price(rates, a_product(f"S{number}"), "45")

    with CaptureQueriesContext(connection) as found:
        assert len(as_amal.get(f"/api/price-lists/{rates.pk}/items").json()["items"]) == 5

    assert len(found) <= 5
