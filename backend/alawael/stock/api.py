"""The routes of stock, each kind in a module of its own."""

from ninja import Router

from alawael.stock import adjustment_api, report_api, warehouse_api

router = Router()
for part in (warehouse_api, report_api, adjustment_api):
    router.add_router("", part.router)
