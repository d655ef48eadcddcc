import { SegmentedControl, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { MomentText } from "@/shared/ui/date-text";
import { ErrorState } from "@/shared/ui/error-state";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./operations.module.css";
import { spans, threatReport, type ThreatCount, type ThreatReport } from "./security-queries";

/** What was attempted against the program, and what it means. */
export function SecurityPage() {
  const { t } = useTranslation("operations");
  const { span = "day" } = useSearch({ from: "/shell/security" });
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(threatReport(span));
  const waits = useDelayed(isPending);
  usePageTitle(t("security.title"));
  return (
    <div className="aw-page">
      <Title order={1}>{t("security.title")}</Title>
      <Text c="dimmed" mb={16}>
        {t("security.text")}
      </Text>
      <SegmentedControl
        mb={16}
        aria-label={t("security.span")}
        value={span}
        data={spans.map((value) => ({ value, label: t(`security.spans.${value}`) }))}
        onChange={(value) => {
          void navigate({ to: "/security", search: { span: value }, resetScroll: false });
        }}
      />
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {waits && <Skeleton height={320} radius={12} />}
      {data && <Summary of={data} />}
    </div>
  );
}

function Summary({ of }: { of: ThreatReport }) {
  const { t } = useTranslation("operations");
  const format = useFormat();
  const days = { since: of.since.slice(0, 10), until: of.until.slice(0, 10) };
  return (
    <>
      <Section title={t("security.anomalies")}>
        {of.anomalies.length === 0 ? (
          <Text c="dimmed">{t("security.noAnomalies")}</Text>
        ) : (
          <ul className={classes.plain}>
            {of.anomalies.map((one) => (
              <li key={one.id}>
                <StatusBadge tone="bad">{t(`security.rule.${one.rule}`)}</StatusBadge>{" "}
                <bdi>{one.name}</bdi> · {t("security.times", { count: one.count })} ·{" "}
                <MomentText at={one.at} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <div className={classes.tiles}>
        {of.kinds.map(({ key, count }) => (
          <div key={key} className={`aw-card ${classes.tile ?? ""}`}>
            <span>{t(`security.kind.${key as "locked"}`)}</span>
            <strong>
              {count === 0 ? (
                format.count(0)
              ) : (
                <Link to="/security/events" search={{ kind: key, ...days }}>
                  {format.count(count)}
                </Link>
              )}
            </strong>
          </div>
        ))}
      </div>
      <div className={classes.tiles}>
        <Section title={t("security.addresses")}>
          <Counts of={of.addresses} />
        </Section>
        <Section title={t("security.users")}>
          <Counts of={of.users} />
        </Section>
      </div>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={`aw-card ${classes.tile ?? ""}`} style={{ marginBlock: 16 }}>
      <Title order={2} size="h4" mb={8}>
        {title}
      </Title>
      {children}
    </section>
  );
}

function Counts({ of }: { of: ThreatCount[] }) {
  const { t } = useTranslation("operations");
  const format = useFormat();
  if (of.length === 0) return <Text c="dimmed">{t("security.nobody")}</Text>;
  return (
    <dl className={classes.facts}>
      {of.map((one) => (
        <div key={one.key} style={{ display: "contents" }}>
          <dt>
            <bdi>{one.name}</bdi>
          </dt>
          <dd className="aw-figures">{format.count(one.count)}</dd>
        </div>
      ))}
    </dl>
  );
}
