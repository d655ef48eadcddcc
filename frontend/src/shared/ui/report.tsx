import { ActionIcon, Button, Group, Select, Skeleton, Title, Tooltip } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { type Span, spanNames, type SpanName, spanOf } from "@/shared/format/spans";
import { useFormat } from "@/shared/format/use-format";
import { DateInput } from "@/shared/ui/date-input";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./report.module.css";

type Values = Record<string, string | undefined>;

/** A report's questions, as they stand in the URL. */
export function useReportSearch() {
  const search: Values = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (values: Values) => {
    void navigate({
      to: ".",
      search: (before: Values) => ({ ...before, ...values }),
      resetScroll: false,
    });
  };
  return [search, change] as const;
}

/** The days a report is about: what the URL says, or what is usual for this report. */
export function useSpan(usual: SpanName): Span {
  const [search] = useReportSearch();
  const span = spanOf(usual, new Date());
  return { from: search.from ?? span.from, to: search.to ?? span.to };
}

export function SpanPicker({ span }: { span: Span }) {
  const { t } = useTranslation("reports");
  const [, change] = useReportSearch();
  const now = new Date();
  const named = spanNames.find((name) => {
    const days = spanOf(name, now);
    return days.from === span.from && days.to === span.to;
  });
  const [custom, setCustom] = useState(false);
  const shown = custom || !named ? "custom" : named;
  return (
    <>
      <Select
        label={t("period")}
        w={{ base: "100%", sm: 150 }}
        allowDeselect={false}
        value={shown}
        data={[...spanNames, "custom" as const].map((name) => ({
          value: name,
          label: t(`span.${name}`),
        }))}
        onChange={(value) => {
          const name = spanNames.find((one) => one === value);
          setCustom(!name);
          if (name) change({ ...spanOf(name, new Date()), after: undefined });
        }}
      />
      <DateInput
        label={t("from")}
        w={{ base: "calc(50% - 4px)", sm: 150 }}
        value={span.from}
        onChange={(day) => {
          if (day) change({ from: day, to: day > span.to ? day : span.to, after: undefined });
        }}
      />
      <DateInput
        label={t("to")}
        w={{ base: "calc(50% - 4px)", sm: 150 }}
        value={span.to}
        onChange={(day) => {
          if (day) change({ to: day, from: day < span.from ? day : span.from, after: undefined });
        }}
      />
    </>
  );
}

/** One day, for reports that look at a moment. */
export function DayPicker({ label, day }: { label: string; day: string }) {
  const { t } = useTranslation("reports");
  const [, change] = useReportSearch();
  const now = new Date();
  const days = {
    today: isoDay(now),
    lastMonth: spanOf("lastMonth", now).to,
    lastYear: spanOf("lastYear", now).to,
  };
  return (
    <>
      <DateInput
        label={label}
        w={{ base: "100%", sm: 160 }}
        value={day}
        onChange={(next) => {
          if (next) change({ on: next });
        }}
      />
      <Group gap={4} pb={4}>
        {(["today", "lastMonth", "lastYear"] as const).map((name) => (
          <Button
            key={name}
            size="compact-sm"
            variant={days[name] === day ? "light" : "default"}
            onClick={() => {
              change({ on: days[name] });
            }}
          >
            {t(`day.${name}`)}
          </Button>
        ))}
      </Group>
    </>
  );
}

type Props = {
  title: string;
  /** What the figures are about, also on paper: the days, the account, the party. */
  about?: ReactNode;
  controls: ReactNode;
  /** Hands the report to the reader as a sheet. */
  csv?: (() => Promise<unknown>) | undefined;
  actions?: ReactNode;
  query: { error: unknown; isPending: boolean; isFetching: boolean; refetch: () => unknown };
  /** Is there something to ask? Without, `children` explain what to choose. */
  asked?: boolean;
  children: ReactNode;
};

/** A page of figures: its questions on top, kept in the URL; on paper, only the answer. */
export function ReportPage({ title, about, controls, csv, actions, query, ...rest }: Props) {
  const { t } = useTranslation("reports");
  const asked = rest.asked ?? true;
  const waits = useDelayed(asked && query.isPending);
  const sheet = useMutation({ mutationFn: () => csv?.() ?? Promise.resolve() });
  usePageTitle(title);
  return (
    <div className="aw-page">
      <header className={classes.header}>
        <div>
          <Title order={1}>{title}</Title>
          {about && <div className={classes.about}>{about}</div>}
        </div>
        <Group gap={8} className="aw-screen-only" wrap="nowrap">
          {actions}
          {csv && asked && (
            <Tooltip label={t("csv")}>
              <ActionIcon
                variant="default"
                size={36}
                aria-label={t("csv")}
                loading={sheet.isPending}
                onClick={() => {
                  sheet.mutate();
                }}
              >
                <IconDownload size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          {asked && (
            <Tooltip label={t("print")}>
              <ActionIcon
                variant="default"
                size={36}
                aria-label={t("print")}
                onClick={() => {
                  window.print();
                }}
              >
                <IconPrinter size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      </header>
      <div className={`${classes.controls ?? ""} aw-screen-only`}>{controls}</div>
      <Refusal error={sheet.error} />
      {asked && query.error ? (
        <div className="aw-card">
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        </div>
      ) : asked && query.isPending ? (
        waits && <Skeleton height={320} radius={12} aria-busy />
      ) : (
        <div className={classes.answer} aria-busy={query.isFetching}>
          {rest.children}
        </div>
      )}
    </div>
  );
}

export function SpanText({ span }: { span: Span }) {
  const format = useFormat();
  return (
    <span>
      {format.day(span.from)} – {format.day(span.to)}
    </span>
  );
}

/** A table of figures: wide ones scroll inside their card, amounts stay on the right in both directions. */
export function ReportTable({
  label,
  cards = false,
  children,
}: {
  label: string;
  /** On a phone each row is a card; every cell but the first names itself with `data-label`. */
  cards?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={`aw-card ${classes.card ?? ""}`} tabIndex={0} role="region" aria-label={label}>
      <table
        className={`${classes.table ?? ""} ${cards ? (classes.cards ?? "") : ""}`}
        aria-label={label}
      >
        {children}
      </table>
    </div>
  );
}
