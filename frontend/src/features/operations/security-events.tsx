import { IconShieldCheck } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { MomentText } from "@/shared/ui/date-text";

import { type SecurityEvent, securityEvents } from "./security-queries";

const kinds = [
  "sign_in_refused",
  "locked",
  "new_device",
  "token_reused",
  "token_forged",
  "permission_refused",
  "cross_site",
  "rate_limited",
  "harmful_input",
] as const;

/** Every attempt that was refused, alike ones in one row. */
export function SecurityEvents() {
  const { t } = useTranslation("operations");
  const columns = useColumns();
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "kind",
        type: "select",
        label: t("security.what"),
        options: kinds.map((value) => ({ value, label: t(`security.kind.${value}`) })),
      },
      { id: "when", type: "dates", label: t("security.when"), from: "since", to: "until" },
    ],
    [t],
  );
  return (
    <DataTable<SecurityEvent>
      name="security-events"
      title={t("security.events")}
      query={securityEvents}
      columns={columns}
      filters={filters}
      usualSort="-id"
      rowLabel={(row) => t(`security.kind.${row.kind}`)}
      empty={{
        icon: IconShieldCheck,
        title: t("security.empty"),
        text: t("security.emptyText"),
      }}
    />
  );
}

function useColumns(): Column<SecurityEvent>[] {
  const { t } = useTranslation("operations");
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: "last_at",
        label: t("security.when"),
        sort: true,
        width: 160,
        card: "meta",
        cell: (row) => <MomentText at={row.last_at} />,
      },
      {
        id: "kind",
        label: t("security.what"),
        card: "title",
        cell: (row) => t(`security.kind.${row.kind}`),
      },
      {
        id: "detail",
        label: t("security.detail"),
        card: "subtitle",
        cell: (row) => <span className="aw-ltr">{row.detail}</span>,
      },
      {
        id: "user",
        label: t("security.who"),
        cell: (row) => <bdi>{row.user_name}</bdi>,
      },
      {
        id: "address",
        label: t("security.address"),
        cell: (row) => <span className="aw-ltr">{row.address}</span>,
      },
      {
        id: "count",
        label: t("security.count"),
        sort: true,
        width: 100,
        align: "end",
        card: "end",
        cell: (row) => format.count(row.count),
      },
    ],
    [t, format],
  );
}
