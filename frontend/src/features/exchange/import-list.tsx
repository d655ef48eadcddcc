import { Button, Progress } from "@mantine/core";
import { IconFileImport, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { MomentText } from "@/shared/ui/date-text";

import { ImportStatus } from "./import-status";
import { type Import, imports, isBusy, profiles } from "./queries";
import { useProfileName } from "./words";

const states = [
  "uploaded",
  "mapped",
  "checked",
  "running",
  "done",
  "failed",
  "undone",
  "cancelled",
] as const;

export function ImportList() {
  const { t } = useTranslation("exchange");
  const can = useCan();
  const { data: known } = useQuery(profiles());
  const profileName = useProfileName();
  const columns = useColumns(known);
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "state",
        type: "select",
        label: t("list.state"),
        options: states.map((value) => ({ value, label: t(`state.${value}`) })),
      },
      {
        id: "profile",
        type: "select",
        label: t("list.profile"),
        options: known?.map((one) => ({ value: one.key, label: profileName(one) })) ?? [],
      },
    ],
    [t, known, profileName],
  );
  return (
    <DataTable<Import>
      name="imports"
      title={t("title")}
      query={imports}
      columns={columns}
      filters={filters}
      usualSort="-id"
      rowLink={(row) => ({ to: "/imports/$importId", params: { importId: row.id } })}
      rowLabel={(row) => row.file_name}
      empty={{ icon: IconFileImport, title: t("empty"), text: t("emptyText") }}
      action={
        can("import:create") && (
          <Button
            leftSection={<IconUpload size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/imports/new" {...props} />}
          >
            {t("new")}
          </Button>
        )
      }
    />
  );
}

function useColumns(known: Parameters<ReturnType<typeof useProfileName>>[0][] | undefined) {
  const { t } = useTranslation("exchange");
  const format = useFormat();
  const profileName = useProfileName();
  return useMemo<Column<Import>[]>(() => {
    const names = new Map(
      (known as { key: string; label_en: string; label_ar: string }[] | undefined)?.map((one) => [
        one.key,
        profileName(one),
      ]),
    );
    return [
      {
        id: "file",
        label: t("list.file"),
        card: "title",
        cell: (row) => <bdi>{row.file_name}</bdi>,
      },
      {
        id: "profile",
        label: t("list.profile"),
        sort: true,
        width: 220,
        card: "meta",
        cell: (row) => names.get(row.profile) ?? row.profile,
      },
      {
        id: "rows",
        label: t("list.rows"),
        width: 150,
        align: "end",
        card: "meta",
        cell: (row) =>
          isBusy(row) ? (
            <Progress
              value={row.total ? (row.done * 100) / row.total : 100}
              animated={!row.total}
              aria-label={t(`state.${row.state}`)}
            />
          ) : row.total ? (
            <span className="aw-figures">
              {row.done < row.total
                ? t("progress.of", { done: format.count(row.done), total: format.count(row.total) })
                : format.count(row.total)}
            </span>
          ) : (
            "—"
          ),
      },
      {
        id: "state",
        label: t("list.state"),
        sort: true,
        width: 170,
        card: "end",
        cell: (row) => <ImportStatus state={row.state} />,
      },
      {
        id: "by",
        label: t("list.by"),
        width: 140,
        card: "none",
        cell: (row) => <bdi>{row.created_by_name}</bdi>,
      },
      {
        id: "created_at",
        label: t("list.at"),
        sort: "id",
        width: 150,
        card: "meta",
        cell: (row) => <MomentText at={row.created_at} />,
      },
    ];
  }, [t, format, profileName, known]);
}
