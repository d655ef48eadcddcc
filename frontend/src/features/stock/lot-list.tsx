import { IconBarcode } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { goodsFilter } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";

import { Expiry } from "./expiry";
import { type Lot, lots } from "./queries";

export function LotList() {
  const { t } = useTranslation("stock");
  const name = useName();
  const columns = useMemo<Column<Lot>[]>(
    () => [
      {
        id: "code",
        label: t("field.lot"),
        sort: true,
        width: 200,
        card: "title",
        cell: (row) => <bdi>{row.code}</bdi>,
      },
      {
        id: "kind",
        label: t("lots.kindLabel"),
        width: 140,
        card: "none",
        cell: (row) => t(row.is_serial ? "lots.kind.serial" : "lots.kind.lot"),
      },
      {
        id: "product",
        label: t("field.product"),
        card: "subtitle",
        cell: (row) => (
          <bdi>
            {row.product.sku} {name(row.product)}
          </bdi>
        ),
      },
      {
        id: "expires_on",
        label: t("field.expires_on"),
        sort: true,
        width: 220,
        card: "meta",
        cell: (row) => <Expiry day={row.expires_on} />,
      },
    ],
    [t, name],
  );
  const filters = useMemo<Filter[]>(() => [goodsFilter(t("field.product"))], [t]);
  return (
    <DataTable<Lot>
      name="lots"
      title={t("lots.title")}
      query={lots}
      columns={columns}
      filters={filters}
      usualSort="-id"
      searchLabel={t("lots.search")}
      rowLink={(row) => ({ to: "/lots/$lotId", params: { lotId: row.id } })}
      rowLabel={(row) => `${row.code} ${row.product.sku}`}
      empty={{ icon: IconBarcode, title: t("lots.empty"), text: t("lots.emptyText") }}
    />
  );
}
