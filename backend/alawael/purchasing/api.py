"""Settings, supplier products and reports; each document has its routes in a module of its own."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.core.clock import now
from alawael.core.http import expected_version, with_etag
from alawael.core.money import ZERO
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.core.sight import COSTS
from alawael.purchasing import preferences, queries
from alawael.purchasing.bill_api import router as bill_router
from alawael.purchasing.enquiry_api import router as enquiry_router
from alawael.purchasing.models import PurchasingSettings, SupplierProduct
from alawael.purchasing.order_api import router as order_router
from alawael.purchasing.receipt_api import router as receipt_router
from alawael.purchasing.requisition_api import router as requisition_router
from alawael.purchasing.return_api import router as return_router
from alawael.purchasing.schemas import (
    GoodsReceivedNotBilledOut,
    PurchasingSettingsOut,
    PurchasingSettingsPatch,
    SupplierProductIn,
    SupplierProductOut,
    SupplierProductPatch,
    SupplierProductQuery,
)

router = Router()
for part in (
    requisition_router, enquiry_router, order_router, receipt_router, return_router, bill_router,
):  # fmt: skip
    router.add_router("", part)

SUPPLIER_PRODUCTS = Listing(
    SupplierProductOut,
    sorts={"id": "id", "price": "price", "lead_time_days": "lead_time_days"},
    default_sort="id",
    search=matches,
)


@router.get(
    "/purchasing/settings",
    auth=may("purchase_order:read"),
    response={200: PurchasingSettingsOut, **PROBLEMS},
    operation_id="read_purchasing_settings",
    summary="Approval limit and tolerances of buying",
)
def read_settings(request: SignedInRequest, response: HttpResponse) -> PurchasingSettings:
    return _settings_answer(response)


@router.patch(
    "/purchasing/settings",
    auth=may("purchase_order:manage"),
    response={200: PurchasingSettingsOut, **PROBLEMS},
    operation_id="change_purchasing_settings",
    summary="Change how the company buys",
)
def change_settings(
    request: SignedInRequest, response: HttpResponse, payload: PurchasingSettingsPatch
) -> PurchasingSettings:
    preferences.change_settings(
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _settings_answer(response)


@router.get(
    "/supplier-products",
    auth=may("purchase_order:read"),
    response={200: Page[SupplierProductOut], **PROBLEMS},
    operation_id="list_supplier_products",
    summary="What suppliers charge for products, from which quantity on",
)
def list_supplier_products(
    request: SignedInRequest, query: Query[SupplierProductQuery]
) -> dict[str, Any] | HttpResponse:
    wanted = query.dict(include={"supplier_id", "product_id", "is_active"})
    return SUPPLIER_PRODUCTS.page(request, queries.supplier_products(**wanted), query)


@router.post(
    "/supplier-products",
    auth=may("purchase_order:edit"),
    response={201: SupplierProductOut, **PROBLEMS},
    operation_id="add_supplier_product",
    summary="Note what a supplier charges for a product",
)
def add_supplier_product(
    request: SignedInRequest, response: HttpResponse, payload: SupplierProductIn
) -> Status[SupplierProduct]:
    row = preferences.add_supplier_product(payload.dict(), by=request.user, at=now())
    return Status(201, _supplier_product_answer(response, row.pk))


@router.patch(
    "/supplier-products/{supplier_product_id}",
    auth=may("purchase_order:edit"),
    response={200: SupplierProductOut, **PROBLEMS},
    operation_id="change_supplier_product",
    summary="Change price, minimum or lead time",
)
def change_supplier_product(
    request: SignedInRequest,
    response: HttpResponse,
    supplier_product_id: UUID,
    payload: SupplierProductPatch,
) -> SupplierProduct:
    preferences.change_supplier_product(
        queries.supplier_product(supplier_product_id),
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _supplier_product_answer(response, supplier_product_id)


@router.delete(
    "/supplier-products/{supplier_product_id}",
    auth=may("purchase_order:edit"),
    response={204: None, **PROBLEMS},
    operation_id="remove_supplier_product",
    summary="Forget a supplier's price",
)
def remove_supplier_product(request: SignedInRequest, supplier_product_id: UUID) -> Status[None]:
    preferences.remove_supplier_product(
        queries.supplier_product(supplier_product_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return Status(204, None)


class UnbilledQuery(Schema):
    supplier_id: UUID | None = None


@router.get(
    "/reports/goods-received-not-billed",
    auth=may("report:read", whole_company=True, also=[COSTS]),
    response={200: GoodsReceivedNotBilledOut, **PROBLEMS},
    operation_id="goods_received_not_billed",
    summary="What came and is not billed, line by line, beside the ledger",
)
def goods_received_not_billed(
    request: SignedInRequest, query: Query[UnbilledQuery]
) -> dict[str, Any]:
    rows = queries.goods_received_not_billed(supplier_id=query.supplier_id)
    return {
        "rows": rows,
        "total": sum((row.value for row in rows), ZERO),
        "ledger_balance": queries.grni_balance(supplier_id=query.supplier_id),
    }


def _settings_answer(response: HttpResponse) -> PurchasingSettings:
    settings = queries.purchasing_settings()
    with_etag(response, settings)
    return settings


def _supplier_product_answer(response: HttpResponse, row_id: UUID) -> SupplierProduct:
    row = queries.supplier_product(row_id)
    with_etag(response, row)
    return row
