import { Progress } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { MomentText } from "@/shared/ui/date-text";
import { StatusBadge, type Tone } from "@/shared/ui/status-badge";

import { type Job, jobs } from "./queries";
import { useWords } from "./words";

const tones: Record<Job["state"], Tone> = {
  ready: "draft",
  running: "attention",
  done: "good",
  failed: "bad",
  cancelled: "closed",
};
const states = ["ready", "running", "done", "failed", "cancelled"] as const;

export function JobStatus({ state }: { state: Job["state"] }) {
  const { t } = useTranslation("operations");
  return <StatusBadge tone={tones[state]}>{t(`state.${state}`)}</StatusBadge>;
}

/** "alawael.exchange.jobs.run" → "exchange_run": the name under which a task is translated. */
export const taskKey = (task: string) => task.replace(/^alawael\./, "").replace(".jobs.", "_");

export function JobList() {
  const { t } = useTranslation("operations");
  const format = useFormat();
  const words = useWords();
  const columns = useMemo<Column<Job>[]>(
    () => [
      {
        id: "task",
        label: t("jobs.task"),
        card: "title",
        cell: (row) => words("task", taskKey(row.task)),
      },
      {
        id: "progress",
        label: t("jobs.progress"),
        width: 200,
        card: "meta",
        cell: (row) =>
          row.state === "running" && row.total > 0 ? (
            <Progress
              value={(row.done * 100) / row.total}
              aria-label={words("task", taskKey(row.task))}
            />
          ) : row.total > 0 ? (
            <span className="aw-figures">
              {t("jobs.of", { done: format.count(row.done), total: format.count(row.total) })}
            </span>
          ) : (
            "—"
          ),
      },
      {
        id: "attempts",
        label: t("jobs.attempts"),
        width: 110,
        align: "end",
        card: "none",
        cell: (row) => format.count(row.attempts),
      },
      {
        id: "state",
        label: t("jobs.state"),
        sort: true,
        width: 140,
        card: "end",
        cell: (row) => <JobStatus state={row.state} />,
      },
      {
        id: "enqueued_at",
        label: t("jobs.at"),
        sort: "id",
        width: 150,
        card: "meta",
        cell: (row) => <MomentText at={row.enqueued_at} />,
      },
    ],
    [t, format, words],
  );
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "state",
        type: "select",
        label: t("jobs.state"),
        options: states.map((value) => ({ value, label: t(`state.${value}`) })),
      },
    ],
    [t],
  );
  return (
    <DataTable<Job>
      name="jobs"
      title={t("jobs.title")}
      query={jobs}
      columns={columns}
      filters={filters}
      usualSort="-id"
      rowLink={(row) => ({ to: "/jobs/$jobId", params: { jobId: row.id } })}
      rowLabel={(row) => words("task", taskKey(row.task))}
      empty={{ icon: IconStack2, title: t("jobs.empty"), text: t("jobs.emptyText") }}
    />
  );
}
