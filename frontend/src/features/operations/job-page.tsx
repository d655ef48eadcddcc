import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/session/session";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { ProgressBar } from "@/shared/ui/progress-bar";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { JobStatus, taskKey } from "./job-list";
import classes from "./operations.module.css";
import { job, useJobVerb } from "./queries";
import { useWords } from "./words";

export function JobPage() {
  const { t } = useTranslation("operations");
  const { jobId } = useParams({ from: "/shell/jobs/$jobId" });
  const format = useFormat();
  const words = useWords();
  const can = useCan();
  const { data, error, isPending, refetch } = useQuery(job(jobId));
  const waits = useDelayed(isPending);
  const cancel = useJobVerb("cancel");
  const replay = useJobVerb("replay");
  const title = data ? words("task", taskKey(data.task)) : t("jobs.title");
  usePageTitle(title);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data)
    return waits ? (
      <div className="aw-page" aria-busy>
        <Skeleton height={24} width={280} mb={24} />
        <Skeleton height={220} maw={880} radius={12} />
      </div>
    ) : null;
  const moments = (["enqueued_at", "run_at", "started_at", "finished_at"] as const).filter(
    (name) => data[name] !== null,
  );
  return (
    <DocumentPage
      back={{ link: { to: "/jobs" }, label: t("jobs.title") }}
      title={title}
      status={<JobStatus state={data.state} />}
      subtitle={<span className="aw-ltr">{data.task}</span>}
      actions={
        can("job:manage") && (
          <>
            {["ready", "running"].includes(data.state) && (
              <Button
                variant="default"
                loading={cancel.isPending}
                onClick={() => {
                  cancel.mutate(data.id);
                }}
              >
                {t("jobs.cancel")}
              </Button>
            )}
            {["failed", "cancelled"].includes(data.state) && (
              <Button
                loading={replay.isPending}
                onClick={() => {
                  replay.mutate(data.id);
                }}
              >
                {t("jobs.replay")}
              </Button>
            )}
          </>
        )
      }
    >
      <Refusal error={cancel.error ?? replay.error} />
      <Section title={t("jobs.progress")}>
        <ProgressBar jobId={data.id} label={title} />
      </Section>
      <Section title={t("jobs.facts")}>
        <dl className={classes.facts}>
          {moments.map((name) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{t(`jobs.${name}`)}</dt>
              <dd>{format.moment(data[name] ?? "")}</dd>
            </div>
          ))}
          <dt>{t("jobs.attempts")}</dt>
          <dd className="aw-figures">
            {t("jobs.of", {
              done: format.count(data.attempts),
              total: format.count(data.max_attempts),
            })}
          </dd>
          {data.worker && (
            <>
              <dt>{t("jobs.worker")}</dt>
              <dd>
                <span className="aw-ltr">{data.worker}</span>
              </dd>
            </>
          )}
          <dt>{t("jobs.id")}</dt>
          <dd>
            <span className="aw-ltr">{data.id}</span>
          </dd>
        </dl>
      </Section>
      {data.last_error && (
        <Section title={t("jobs.error")}>
          <pre className={classes.error} dir="ltr">
            {data.last_error}
          </pre>
        </Section>
      )}
    </DocumentPage>
  );
}
