import { Button } from "@mantine/core";
import { IconPlus, IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";

import { Validity } from "./product-page";
import { ProductStatus } from "./product-status";
import { customer, type PriceList, priceLists } from "./queries";

export function PriceListList() {
  const { t, i18n } = useTranslation("catalog");
  const can = useCan();
  const name = useName();
  const columns = useMemo<Column<PriceList>[]>(
    () => [
      {
        id: "name",
        label: t("product.name"),
        sort: i18n.language === "ar" ? "name_ar" : "name_en",
        card: "title",
        cell: (row) => <bdi>{name(row)}</bdi>,
      },
      {
        id: "for",
        label: t("priceLists.for"),
        width: 240,
        card: "meta",
        cell: (row) => <ForWhom list={row} />,
      },
      {
        id: "currency",
        label: t("priceLists.currency"),
        width: 100,
        card: "subtitle",
        cell: (row) => row.currency,
      },
      {
        id: "valid",
        label: t("prices.valid"),
        width: 240,
        card: "meta",
        cell: (row) => <Validity of={row} />,
      },
      {
        id: "priority",
        label: t("priceLists.priority"),
        width: 110,
        align: "end",
        card: "none",
        cell: (row) => row.priority,
      },
      {
        id: "is_active",
        label: t("product.status"),
        width: 120,
        card: "end",
        cell: (row) => <ProductStatus active={row.is_active} />,
      },
    ],
    [t, i18n.language, name],
  );
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "is_active",
        type: "boolean",
        label: t("product.status"),
        yes: t("status.active"),
        no: t("status.inactive"),
      },
      { id: "currency", type: "text", label: t("priceLists.currency") },
    ],
    [t],
  );
  return (
    <DataTable<PriceList>
      name="price-lists"
      title={t("priceLists.title")}
      searchLabel={t("priceLists.search")}
      query={priceLists}
      columns={columns}
      filters={filters}
      rowLabel={name}
      rowLink={(row) => ({ to: "/price-lists/$priceListId", params: { priceListId: row.id } })}
      empty={{ icon: IconTags, title: t("priceLists.empty"), text: t("priceLists.emptyText") }}
      action={
        can("price_list:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/price-lists/new" {...props} />}
          >
            {t("priceLists.add")}
          </Button>
        )
      }
    />
  );
}

/** Everybody, everybody who has no better price, or one customer. */
export function ForWhom({ list }: { list: PriceList }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const can = useCan();
  const { data } = useQuery({
    ...customer(list.party_id ?? ""),
    enabled: list.party_id !== null && can("party:read"),
  });
  if (list.party_id !== null) return data ? <bdi>{name(data)}</bdi> : t("priceLists.oneCustomer");
  return list.is_default ? t("priceLists.default") : t("priceLists.everybody");
}
