import { Group, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/session/session";
import { ErrorState } from "@/shared/ui/error-state";
import { StatusBadge, type Tone } from "@/shared/ui/status-badge";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./operations.module.css";
import { health } from "./queries";

const tones: Record<string, Tone> = {
  ok: "good",
  degraded: "attention",
  down: "bad",
  connected: "good",
  unreachable: "bad",
  operational: "good",
  disabled: "closed",
  working: "good",
  silent: "bad",
};

/** How the program is doing; asks again every ten seconds. */
export function HealthPage() {
  const { t } = useTranslation("operations");
  const format = useFormat();
  const can = useCan();
  const { data, error, isPending, refetch } = useQuery(health());
  const waits = useDelayed(isPending);
  usePageTitle(t("health.title"));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return waits ? <Skeleton height={240} m={24} radius={12} /> : null;
  return (
    <div className="aw-page">
      <Group gap={12} mb={4}>
        <Title order={1}>{t("health.title")}</Title>
        <StatusBadge tone={tones[data.status] ?? "closed"}>
          {t(`health.${data.status}`)}
        </StatusBadge>
      </Group>
      <Text c="dimmed" mb={16} size="sm">
        {t("health.asked", { at: format.moment(data.at) })}
      </Text>
      <div className={classes.tiles}>
        <Tile label={t("health.database")} state={data.database}>
          {t("health.answered", {
            engine: data.engine === "mongodb" ? "MongoDB" : "SQLite",
            ms: format.quantity(String(data.milliseconds)),
          })}
        </Tile>
        <Tile label={t("health.worker")} state={data.worker}>
          {t("health.waiting", { count: data.jobs_waiting })}
          {data.dead_letters > 0 && (
            <>
              {" · "}
              {can("job:read") ? (
                <Link to="/jobs" search={{ state: "failed" }}>
                  {t("health.dead", { count: data.dead_letters })}
                </Link>
              ) : (
                t("health.dead", { count: data.dead_letters })
              )}
            </>
          )}
        </Tile>
        <Tile label={t("health.cache")} state={data.cache}>
          {data.cache === "disabled" ? t("health.noCache") : ""}
        </Tile>
        <div className={`aw-card ${classes.tile ?? ""}`}>
          <span>{t("health.program")}</span>
          <strong>
            <span className="aw-ltr">{data.version}</span>
          </strong>
          <small>
            {t("health.running", { uptime: data.uptime, memory: data.memory })} · {data.environment}
          </small>
        </div>
      </div>
    </div>
  );
}

function Tile({
  label,
  state,
  children,
}: {
  label: string;
  state:
    "connected" | "unreachable" | "operational" | "degraded" | "disabled" | "working" | "silent";
  children: ReactNode;
}) {
  const { t } = useTranslation("operations");
  return (
    <div className={`aw-card ${classes.tile ?? ""}`}>
      <span>{label}</span>
      <strong>
        <StatusBadge tone={tones[state] ?? "closed"}>{t(`health.${state}`)}</StatusBadge>
      </strong>
      <small>{children}</small>
    </div>
  );
}
