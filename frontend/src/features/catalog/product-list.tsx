import { Button } from "@mantine/core";
import { IconPackage, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { Money } from "@/shared/ui/money";
import { StatusBadge } from "@/shared/ui/status-badge";

import { categories, type Product, products, units } from "./queries";

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
  const { t } = useTranslation("catalog");
  const name = useName();
  const { data: allCategories } = useQuery(categories());
  const { data: allUnits } = useQuery(units());
  return useMemo(() => {
    const named = (all: { id: string; name_en: string; name_ar: string }[] | undefined) => {
      const names = new Map(all?.map((one) => [one.id, name(one)]));
      return (id: string | null) => (id === null ? "" : (names.get(id) ?? ""));
    };
    const category = named(allCategories?.items);
    const unit = named(allUnits?.items);
    return [
      {
        id: "sku",
        label: t("product.sku"),
        sort: true,
        width: 140,
        card: "subtitle",
        cell: (row) => <span className="aw-ltr">{row.sku}</span>,
      },
      {
        id: "name",
        label: t("product.name"),
        card: "title",
        cell: (row) => <bdi>{name(row)}</bdi>,
      },
      {
        id: "category",
        label: t("product.category"),
        width: 180,
        card: "none",
        cell: (row) => category(row.category_id),
      },
      {
        id: "kind",
        label: t("product.kind"),
        width: 110,
        card: "meta",
        cell: (row) => t(`kind.${row.kind}`),
      },
      {
        id: "unit",
        label: t("product.unit"),
        width: 110,
        hidden: true,
        card: "none",
        cell: (row) => unit(row.unit_id),
      },
      {
        id: "tax_category",
        label: t("product.tax"),
        width: 150,
        card: "none",
        cell: (row) => t(`tax.${row.tax_category}`),
      },
      {
        id: "price",
        label: t("product.price"),
        sort: true,
        width: 130,
        align: "end",
        card: "end",
        cell: (row) => <Money amount={row.price} />,
      },
      {
        id: "is_active",
        label: t("product.status"),
        width: 130,
        card: "meta",
        cell: (row) => <ProductStatus product={row} />,
      },
    ];
  }, [t, name, allCategories, allUnits]);
}

function useFilters(): Filter[] {
  const { t } = useTranslation("catalog");
  const name = useName();
  const { data } = useQuery(categories());
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
        options: data?.items.map((one) => ({ value: one.id, label: name(one) })) ?? [],
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
        id: "is_active",
        type: "boolean",
        label: t("product.status"),
        yes: t("status.active"),
        no: t("status.inactive"),
      },
    ],
    [t, name, data],
  );
}

export function ProductStatus({ product }: { product: Product }) {
  const { t } = useTranslation("catalog");
  return product.is_active ? (
    <StatusBadge tone="good">{t("status.active")}</StatusBadge>
  ) : (
    <StatusBadge tone="closed">{t("status.inactive")}</StatusBadge>
  );
}
