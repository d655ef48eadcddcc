import { Button } from "@mantine/core";
import { IconPackage, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";

import { useCategories, useUnits } from "./names";
import { BulkActivation } from "./product-bulk";
import { type Product, products } from "./queries";
import { QuickPrice, QuickStatus } from "./quick-edit";

export function ProductList() {
  const { t } = useTranslation("catalog");
  const can = useCan();
  const columns = useColumns();
  const filters = useFilters();
  const name = useName();
  return (
    <DataTable<Product>
      name="products"
      title={t("products.title")}
      query={products}
      columns={columns}
      filters={filters}
      usualSort="sku"
      searchLabel={t("products.search")}
      rowLink={(row) => ({ to: "/products/$productId", params: { productId: row.id } })}
      rowLabel={(row) => `${row.sku} ${name(row)}`}
      {...(can("product:edit") && {
        bulk: (selection) => <BulkActivation selection={selection} />,
      })}
      empty={{ icon: IconPackage, title: t("products.empty"), text: t("products.emptyText") }}
      action={
        can("product:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/products/new" {...props} />}
          >
            {t("products.add")}
          </Button>
        )
      }
    />
  );
}

function useColumns(): Column<Product>[] {
  const { t, i18n } = useTranslation("catalog");
  const name = useName();
  const { nameOf: category, pathOf } = useCategories();
  const { nameOf: unit } = useUnits();
  return useMemo(() => {
    return [
      {
        id: "sku",
        label: t("product.sku"),
        sort: true,
        width: 120,
        card: "subtitle",
        cell: (row) => <span className="aw-ltr">{row.sku}</span>,
      },
      {
        id: "name",
        label: t("product.name"),
        sort: i18n.language === "ar" ? "name_ar" : "name_en",
        card: "title",
        cell: (row) => <bdi>{name(row)}</bdi>,
      },
      {
        id: "category",
        label: t("product.category"),
        width: 140,
        card: "none",
        cell: (row) => <bdi title={pathOf(row.category_id)}>{category(row.category_id)}</bdi>,
      },
      {
        id: "kind",
        label: t("product.kind"),
        width: 90,
        card: "meta",
        cell: (row) => t(`kind.${row.kind}`),
      },
      {
        id: "unit",
        label: t("product.unit"),
        width: 90,
        card: "none",
        cell: (row) => unit(row.unit_id),
      },
      {
        id: "tax_category",
        label: t("product.tax"),
        width: 130,
        hidden: true,
        card: "none",
        cell: (row) => t(`tax.${row.tax_category}`),
      },
      {
        id: "price",
        label: t("product.price"),
        sort: true,
        width: 110,
        align: "end",
        card: "end",
        cell: (row) => <QuickPrice key={row.id} product={row} />,
      },
      {
        id: "is_active",
        label: t("product.status"),
        width: 120,
        card: "meta",
        cell: (row) => <QuickStatus key={row.id} product={row} />,
      },
    ];
  }, [t, i18n.language, name, category, pathOf, unit]);
}

function useFilters(): Filter[] {
  const { t } = useTranslation("catalog");
  const name = useName();
  const { all } = useCategories();
  const { all: units } = useUnits();
  return useMemo(
    () => [
      {
        id: "kind",
        type: "select",
        label: t("product.kind"),
        options: (["goods", "service"] as const).map((value) => ({
          value,
          label: t(`kind.${value}`),
        })),
      },
      {
        id: "category_id",
        type: "select",
        label: t("product.category"),
        // A category means its whole branch.
        options: all.map((one) => ({ value: one.category.id, label: one.path })),
      },
      {
        id: "tax_category",
        type: "select",
        label: t("product.tax"),
        options: (["S", "Z", "E", "O"] as const).map((value) => ({
          value,
          label: t(`tax.${value}`),
        })),
      },
      {
        id: "unit_id",
        type: "select",
        label: t("product.unit"),
        options: units.map((one) => ({ value: one.id, label: name(one) })),
      },
      {
        id: "is_active",
        type: "boolean",
        label: t("product.status"),
        yes: t("status.active"),
        no: t("status.inactive"),
      },
    ],
    [t, name, all, units],
  );
}
