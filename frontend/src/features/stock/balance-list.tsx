import { Button } from "@mantine/core";
import { IconArrowsExchange, IconPackages, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import {
  goodsFilter,
  placeFilter,
  useWarehouseFilter,
  useWarehouses,
} from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { isZero } from "@/shared/format/decimal";
import { Quantity } from "@/shared/ui/money";

import { Expiry } from "./expiry";
import { type Balance, balances } from "./queries";
import classes from "./stock.module.css";

export function BalanceList() {
  const { t } = useTranslation("stock");
  const can = useCan();
  const name = useName();
  const { all, loaded } = useWarehouses();
  const columns = useColumns();
  // The list's own first page, so that this asks nothing twice.
  const { data: first } = useQuery(balances({ limit: 50, sort: "sku" }));
  const begun = (first?.items.length ?? 0) > 0;
  const filters = useFilters();
  const without = loaded && all.length === 0;
  return (
    <DataTable<Balance>
      name="stock"
      title={t("onHand.title")}
      query={balances}
      columns={columns}
      filters={filters}
      usualSort="sku"
      searchLabel={t("onHand.search")}
      rowLink={(row) => ({
        to: "/stock/products/$productId",
        params: { productId: row.product.id },
      })}
      rowLabel={(row) => `${row.product.sku} ${name(row.product)} ${row.location.code}`}
      empty={{
        icon: IconPackages,
        title: t("onHand.empty"),
        text: t(without ? "onHand.noWarehouse" : "onHand.emptyText"),
      }}
      action={
        without
          ? can("warehouse:create") && (
              <Button
                leftSection={<IconPlus size={16} aria-hidden />}
                renderRoot={(props) => (
                  <Link to="/warehouses" search={{ edit: "new" }} {...props} />
                )}
              >
                {t("warehouses.add")}
              </Button>
            )
          : can("stock:create") && (
              <>
                <Button
                  leftSection={<IconPlus size={16} aria-hidden />}
                  renderRoot={(props) => (
                    <Link
                      to="/stock-adjustments/new"
                      search={{ kind: begun ? "gain" : "opening" }}
                      {...props}
                    />
                  )}
                >
                  {t(begun ? "onHand.adjust" : "onHand.opening")}
                </Button>
                {can("transfer:create") && (
                  <Button
                    variant="default"
                    visibleFrom="sm"
                    leftSection={<IconArrowsExchange size={16} aria-hidden />}
                    renderRoot={(props) => <Link to="/transfers/new" {...props} />}
                  >
                    {t("onHand.move")}
                  </Button>
                )}
              </>
            )
      }
    />
  );
}

function useColumns(): Column<Balance>[] {
  const { t } = useTranslation("stock");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "sku",
        label: t("field.sku"),
        sort: true,
        width: 140,
        card: "subtitle",
        cell: (row) => <span className="aw-ltr">{row.product.sku}</span>,
      },
      {
        id: "name",
        label: t("field.product"),
        card: "title",
        cell: (row) => <bdi>{name(row.product)}</bdi>,
      },
      {
        id: "location",
        label: t("field.location"),
        sort: true,
        width: 160,
        card: "meta",
        cell: (row) => (
          <>
            <span className="aw-ltr">{row.location.code}</span>
            {row.location.type !== "internal" && (
              <small className={classes.muted}> {t(`places.type.${row.location.type}`)}</small>
            )}
          </>
        ),
      },
      {
        id: "lot",
        label: t("field.lot"),
        width: 140,
        card: "meta",
        cell: (row) => row.lot && <bdi>{row.lot.code}</bdi>,
      },
      {
        id: "expires_on",
        label: t("field.expires_on"),
        sort: true,
        width: 170,
        card: "meta",
        cell: (row) => row.lot && <Expiry day={row.lot.expires_on} />,
      },
      {
        id: "on_hand",
        label: t("field.on_hand"),
        width: 110,
        align: "end",
        card: "end",
        cell: (row) => <Quantity amount={row.on_hand} />,
      },
      {
        id: "reserved",
        label: t("field.reserved"),
        width: 110,
        align: "end",
        card: "none",
        cell: (row) => !isZero(row.reserved) && <Quantity amount={row.reserved} />,
      },
      {
        id: "available",
        label: t("field.available"),
        width: 110,
        align: "end",
        card: "none",
        cell: (row) => <Quantity amount={row.available} />,
      },
    ],
    [t, name],
  );
}

function useFilters(): Filter[] {
  const { t } = useTranslation("stock");
  const warehouse = useWarehouseFilter(t("field.warehouse"));
  return useMemo(
    () => [
      warehouse,
      placeFilter(t("field.location")),
      goodsFilter(t("field.product")),
      {
        id: "type",
        type: "select",
        label: t("places.typeLabel"),
        options: (["internal", "quality", "in_transit"] as const).map((value) => ({
          value,
          label: t(`places.type.${value}`),
        })),
      },
      {
        id: "include_empty",
        type: "boolean",
        label: t("filter.hasStock"),
        yes: t("filter.alsoEmpty"),
        no: t("filter.inStock"),
      },
    ],
    [t, warehouse],
  );
}
