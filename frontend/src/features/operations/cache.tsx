import {
  Alert,
  Button,
  Group,
  Skeleton,
  Switch,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/session/session";
import { ErrorState } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { StatusBadge, type Tone } from "@/shared/ui/status-badge";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import {
  type CacheFigures,
  cacheFigures,
  type CacheRoute,
  usePurge,
  useSwitchRoute,
} from "./cache-queries";
import classes from "./operations.module.css";

const tones: Record<CacheFigures["state"], Tone> = {
  operational: "good",
  degraded: "attention",
  disabled: "closed",
};

/** What the response cache holds and how often it helped; asks again every ten seconds. */
export function CachePage() {
  const { t } = useTranslation("operations");
  const can = useCan();
  const { data, error, isPending, refetch } = useQuery(cacheFigures());
  const waits = useDelayed(isPending);
  usePageTitle(t("cache.title"));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return waits ? <Skeleton height={240} m={24} radius={12} /> : null;
  const mayChange = can("cache:manage");
  return (
    <div className="aw-page">
      <Group gap={12} mb={4}>
        <Title order={1}>{t("cache.title")}</Title>
        <StatusBadge tone={tones[data.state]}>{t(`health.${data.state}`)}</StatusBadge>
      </Group>
      <Text c="dimmed" mb={16} size="sm">
        {t("cache.text")}
      </Text>
      <Tiles of={data} />
      {mayChange && <Purge />}
      <Routes of={data.routes} mayChange={mayChange} />
    </div>
  );
}

function Tiles({ of }: { of: CacheFigures }) {
  const { t } = useTranslation("operations");
  const format = useFormat();
  const percent = usePercent();
  const megabytes = (bytes: number) => format.quantity((bytes / 1e6).toFixed(1));
  return (
    <div className={classes.tiles}>
      <Tile label={t("cache.ratio")} value={percent(of.hit_ratio)}>
        {t("cache.asked", { hits: format.count(of.hits), misses: format.count(of.misses) })}
      </Tile>
      <Tile label={t("cache.memory")} value={t("cache.mb", { size: megabytes(of.bytes) })}>
        {t("cache.ofMb", { size: megabytes(of.most_bytes), count: of.processes })}
      </Tile>
      <Tile label={t("cache.entries")} value={format.count(of.entries)}>
        {of.oldest_at === null ? "" : t("cache.oldest", { at: format.moment(of.oldest_at) })}
      </Tile>
      <Tile label={t("cache.evicted")} value={format.count(of.evicted)}>
        {t("cache.evictedText")}
      </Tile>
    </div>
  );
}

function Tile({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <div className={`aw-card ${classes.tile ?? ""}`}>
      <span>{label}</span>
      <strong className="aw-figures">{value}</strong>
      <small>{children}</small>
    </div>
  );
}

function Purge() {
  const { t } = useTranslation("operations");
  const purge = usePurge();
  const [pattern, setPattern] = useState("");
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    purge.mutate({ pattern: pattern.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" gap={12} my={20}>
        <TextInput
          dir="ltr"
          label={t("cache.pattern")}
          placeholder="/api/products*"
          value={pattern}
          onChange={(event) => {
            setPattern(event.currentTarget.value);
          }}
          w={300}
        />
        <ReasonedButton
          type="submit"
          variant="default"
          reason={pattern.trim() === "" ? t("cache.patternFirst") : null}
          loading={purge.isPending}
        >
          {t("cache.purge")}
        </ReasonedButton>
        <Button
          variant="default"
          loading={purge.isPending}
          onClick={() => {
            purge.mutate({ everything: true });
          }}
        >
          {t("cache.purgeAll")}
        </Button>
      </Group>
      {purge.isSuccess && <Alert mb={16}>{t("cache.purged")}</Alert>}
      {purge.error && (
        <Alert color="red" mb={16}>
          {purge.error.message}
        </Alert>
      )}
    </form>
  );
}

function Routes({ of, mayChange }: { of: CacheRoute[]; mayChange: boolean }) {
  const { t } = useTranslation("operations");
  const format = useFormat();
  const percent = usePercent();
  const change = useSwitchRoute();
  const asked = (route: CacheRoute) => route.hits + route.misses + route.guarded + route.bypasses;
  const sorted = [...of].sort((one, other) => asked(other) - asked(one));
  return (
    <Table.ScrollContainer minWidth={640} mt={20}>
      {change.error && (
        <Alert color="red" mb={16}>
          {change.error.message}
        </Alert>
      )}
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("cache.route")}</Table.Th>
            <Table.Th ta="end">{t("cache.ratio")}</Table.Th>
            <Table.Th ta="end">{t("cache.hits")}</Table.Th>
            <Table.Th ta="end">{t("cache.misses")}</Table.Th>
            <Table.Th ta="end">{t("cache.guarded")}</Table.Th>
            <Table.Th>{t("cache.kept")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map((route) => (
            <Table.Tr key={route.operation}>
              <Table.Td>
                <span className="aw-ltr">{route.path}</span>
                {route.per_user && (
                  <Text c="dimmed" size="xs">
                    {t("cache.perUser")}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="end" className="aw-figures">
                {asked(route) === 0 ? "—" : percent(route.hit_ratio)}
              </Table.Td>
              <Table.Td ta="end" className="aw-figures">
                {format.count(route.hits)}
              </Table.Td>
              <Table.Td ta="end" className="aw-figures">
                {format.count(route.misses)}
              </Table.Td>
              <Table.Td ta="end" className="aw-figures">
                {format.count(route.guarded)}
              </Table.Td>
              <Table.Td>
                <Switch
                  aria-label={t("cache.keep", { path: route.path })}
                  checked={route.is_on}
                  disabled={!mayChange || change.isPending}
                  onChange={(event) => {
                    change.mutate({
                      operation: route.operation,
                      isOn: event.currentTarget.checked,
                    });
                  }}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function usePercent() {
  const format = useFormat();
  const { t } = useTranslation("operations");
  return (ratio: number) =>
    t("cache.percent", { figure: format.quantity((ratio * 100).toFixed(1)) });
}
