import { Button } from "@mantine/core";
import { IconFileDollar, IconUpload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column } from "@/shared/ui/data-table/types";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { Money } from "@/shared/ui/money";

import { useAccountFilter } from "./account-select";
import { MatchProgress } from "./match-progress";
import { accountNamed } from "./names";
import { type StatementRow, statements } from "./queries";

export function StatementList() {
  const { t } = useTranslation("payments");
  const can = useCan();
  const name = useName();
  const columns = useColumns();
  const accounts = useAccountFilter();
  const filters = useMemo(() => [accounts], [accounts]);
  return (
    <DataTable<StatementRow>
      name="bank-statements"
      title={t("bank.title")}
      query={statements}
      columns={columns}
      filters={filters}
      usualSort="-id"
      rowLink={(row) => ({ to: "/bank-statements/$statementId", params: { statementId: row.id } })}
      rowLabel={(row) => `${name(accountNamed(row))} ${row.ends_on ?? row.file_name}`}
      empty={{ icon: IconFileDollar, title: t("bank.empty"), text: t("bank.emptyText") }}
      action={
        can("bank_statement:create") && (
          <Button
            leftSection={<IconUpload size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/bank-statements/new" {...props} />}
          >
            {t("bank.upload")}
          </Button>
        )
      }
    />
  );
}

/** "1 Nov 2026 – 30 Nov 2026" */
export function Period({ of }: { of: Pick<StatementRow, "starts_on" | "ends_on"> }) {
  if (of.starts_on === null && of.ends_on === null) return null;
  if (of.starts_on === of.ends_on) return <DateText day={of.ends_on} />;
  return (
    <>
      <DateText day={of.starts_on} /> – <DateText day={of.ends_on} />
    </>
  );
}

function useColumns(): Column<StatementRow>[] {
  const { t } = useTranslation("payments");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "account",
        label: t("bank.account"),
        card: "title",
        cell: (row) => <bdi>{name(accountNamed(row))}</bdi>,
      },
      {
        id: "period",
        label: t("bank.period"),
        sort: "ends_on",
        width: 230,
        card: "subtitle",
        cell: (row) => <Period of={row} />,
      },
      {
        id: "matched",
        label: t("bank.progress"),
        width: 190,
        card: "meta",
        cell: (row) => <MatchProgress matched={row.matched} count={row.line_count} />,
      },
      {
        id: "closing",
        label: t("bank.closing"),
        width: 140,
        align: "end",
        card: "end",
        cell: (row) => <Money amount={row.closing} />,
      },
      {
        id: "format",
        label: t("bank.format"),
        width: 110,
        card: "none",
        cell: (row) => <span className="aw-ltr">{t(`bank.formats.${row.format}`)}</span>,
      },
      {
        id: "file",
        label: t("bank.file"),
        width: 190,
        card: "none",
        cell: (row) => <bdi>{row.file_name}</bdi>,
      },
      {
        id: "created_at",
        label: t("bank.uploaded"),
        sort: "id",
        width: 140,
        card: "none",
        cell: (row) => <MomentText at={row.created_at} />,
      },
    ],
    [t, name],
  );
}
