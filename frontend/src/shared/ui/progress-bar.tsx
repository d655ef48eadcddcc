import { Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ask, client, type Schemas } from "@/shared/api/client";
import { useFormat } from "@/shared/format/use-format";
import { Refusal } from "@/shared/ui/error-state";

export type Job = Schemas["JobOut"];

const isOver = (job: Job): job is Job & { state: "done" | "failed" | "cancelled" } =>
  ["done", "failed", "cancelled"].includes(job.state);

export function useJob(id: string | null) {
  return useQuery({
    queryKey: ["jobs", id],
    enabled: id !== null,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/jobs/{job_id}", { params: { path: { job_id: id ?? "" } }, signal })),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : 1000),
  });
}

/** Where a background job is; asks once a second until it is over. */
export function ProgressBar({ jobId, label }: { jobId: string; label: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: job, error } = useJob(jobId);
  if (error && !job) return <Refusal error={error} />;
  const percent = job?.total ? Math.min(100, Math.floor((job.done * 100) / job.total)) : null;
  const waits = !job || job.state === "ready";
  const color = job?.state === "failed" ? "red" : job?.state === "done" ? "green" : "accent";
  return (
    <Stack gap={4} aria-live="polite">
      <Group justify="space-between" gap={8}>
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <Text size="sm" c="dimmed" className="aw-figures">
          {waits
            ? t("job.waiting")
            : job.total
              ? t("job.progress", { done: format.count(job.done), total: format.count(job.total) })
              : format.count(job.done)}
        </Text>
      </Group>
      <Progress.Root size={8}>
        <Progress.Section
          value={percent ?? 100}
          color={color}
          animated={!!job && !isOver(job) && percent === null}
          striped={percent === null && !(job && isOver(job))}
          aria-label={label}
        />
      </Progress.Root>
      {job && isOver(job) && (
        <Text size="sm" c={job.state === "failed" ? "red" : "dimmed"}>
          {job.message || t(`job.${job.state}`)}
        </Text>
      )}
    </Stack>
  );
}
