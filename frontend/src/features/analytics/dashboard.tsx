import { ActionIcon, Anchor, SegmentedControl, Skeleton, Title } from "@mantine/core";
import {
  IconArrowDownRight,
  IconArrowUpRight,
  IconChevronLeft,
  IconChevronRight,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useMe } from "@/shared/session/session";
import { ErrorState } from "@/shared/ui/error-state";
import { Money } from "@/shared/ui/money";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./analytics.module.css";
import { FirstSteps } from "./first-steps";
import { monthEnd, useMonthNames } from "./months";
import { type Dashboard as Figures, dashboard, type Top } from "./queries";
import { RevenueChart } from "./revenue-chart";

const spans = ["3", "6", "12", "24"];

/** How the business stands, for whoever may read reports. */
export function Dashboard() {
  const { t } = useTranslation("analytics");
  const me = useMe();
  const name = useName();
  const { end, months: asked } = useSearch({ from: "/shell/" });
  const months = asked ?? "12";
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(
    dashboard({ end, months: Number(months) }),
  );
  const waits = useDelayed(isPending);
  usePageTitle(t("title"));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const isNew =
    data !== undefined && !end && data.documents === 0 && Number(data.revenue_before) === 0;
  return (
    <div className="aw-page">
      <header className={classes.head}>
        <Title order={1}>{t("welcome", { name: me ? name(me) || me.email : "" })}</Title>
        {data && !isNew && <Period months={months} figures={data} />}
      </header>
      {!data && waits && <Shape />}
      {data && isNew && <FirstSteps drafts={data.drafts} />}
      {data && !isNew && (
        <div className={classes.grid} data-stale={isPlaceholderData || undefined}>
          <Kpis figures={data} />
          <RevenueChart months={data.revenue} />
          <Ageing figures={data} />
          <Tops title={t("products")} tops={data.products} page="/products/" />
          <Tops title={t("customers")} tops={data.customers} page="/parties/" />
        </div>
      )}
    </div>
  );
}

function Period({ months, figures }: { months: string; figures: Figures }) {
  const { t } = useTranslation("analytics");
  const names = useMonthNames();
  const navigate = useNavigate();
  const go = (search: { end?: string; months?: string }) => {
    void navigate({ to: "/", search, replace: true, resetScroll: false });
  };
  const shift = (by: number) => {
    go({ months, end: monthEnd(figures.end, by) });
  };
  return (
    <div className={classes.period} role="group" aria-label={t("period.title")}>
      <ActionIcon
        aria-label={t("period.earlier")}
        onClick={() => {
          shift(-Number(months));
        }}
      >
        <IconChevronLeft size={18} className="aw-flip" />
      </ActionIcon>
      <span className={classes.span} aria-live="polite">
        {t("period.span", { from: names.medium(figures.start), to: names.medium(figures.end) })}
      </span>
      <ActionIcon
        aria-label={t("period.later")}
        onClick={() => {
          shift(Number(months));
        }}
      >
        <IconChevronRight size={18} className="aw-flip" />
      </ActionIcon>
      <SegmentedControl
        size="xs"
        aria-label={t("period.months")}
        value={months}
        onChange={(next) => {
          go({ months: next, end: figures.end });
        }}
        data={spans.map((value) => ({
          value,
          label: t("period.count", { count: Number(value) }),
        }))}
      />
    </div>
  );
}

function Kpis({ figures }: { figures: Figures }) {
  const { t } = useTranslation("analytics");
  const format = useFormat();
  const ageing = usePageOf([
    "/reports/receivables-ageing",
    "/reports/ageing",
    "/reports/statements",
  ]);
  const invoices = usePageOf(["/invoices"]);
  return (
    <>
      <Kpi label={t("kpi.revenue", { count: figures.revenue.length })}>
        <strong>
          <Money amount={figures.revenue_total} currency="SAR" />
        </strong>
        <Compared now={Number(figures.revenue_total)} before={Number(figures.revenue_before)} />
      </Kpi>
      <Kpi label={t("kpi.receivables")} link={ageing}>
        <strong>
          <Money amount={figures.receivables_total} currency="SAR" />
        </strong>
        <small>{t("kpi.withVat")}</small>
      </Kpi>
      <Kpi label={t("kpi.overdue")} link={ageing}>
        <strong className={Number(figures.overdue_total) > 0 ? classes.down : undefined}>
          <Money amount={figures.overdue_total} currency="SAR" />
        </strong>
        <small>
          {Number(figures.receivables_total) > 0 && (
            <Share part={Number(figures.overdue_total) / Number(figures.receivables_total)} />
          )}
        </small>
      </Kpi>
      <Kpi label={t("kpi.drafts")} link={invoices && { ...invoices, search: { state: "draft" } }}>
        <strong className="aw-figures">{format.count(figures.drafts)}</strong>
        <small>{t(figures.drafts === 0 ? "kpi.noDrafts" : "kpi.toPost")}</small>
      </Kpi>
    </>
  );
}

function Share({ part }: { part: number }) {
  const { t } = useTranslation("analytics");
  const names = useMonthNames();
  return t("kpi.share", { share: names.percent(part).replace("+", "") });
}

function Kpi({
  label,
  link,
  children,
}: {
  label: string;
  link?: LinkProps | undefined;
  children: ReactNode;
}) {
  const content = (
    <>
      <span>{label}</span>
      {children}
    </>
  );
  const look = `aw-card ${classes.kpi ?? ""}`;
  return link ? (
    <Link {...link} className={look}>
      {content}
    </Link>
  ) : (
    <div className={look}>{content}</div>
  );
}

function Compared({ now, before }: { now: number; before: number }) {
  const { t } = useTranslation("analytics");
  const names = useMonthNames();
  if (before <= 0) return <small>{t("kpi.noBefore")}</small>;
  const growth = now / before - 1;
  const Arrow = growth < 0 ? IconArrowDownRight : IconArrowUpRight;
  return (
    <small>
      <span className={growth < 0 ? classes.down : classes.up}>
        <Arrow size={14} className="aw-flip" aria-hidden style={{ verticalAlign: "-2px" }} />{" "}
        <span className="aw-ltr">{names.percent(growth)}</span>
      </span>
      {t("kpi.before")}
    </small>
  );
}

const buckets = [
  ["current", "var(--aw-good)"],
  ["days_1_30", "#d3a432"],
  ["days_31_60", "#d87a2b"],
  ["days_61_90", "#cc4f2b"],
  ["days_over_90", "#a3261c"],
] as const;

function Ageing({ figures }: { figures: Figures }) {
  const { t } = useTranslation("analytics");
  const page = usePageOf(["/reports/receivables-ageing"]);
  const parts = buckets.map(([name, color]) => ({
    name,
    color,
    amount: figures.receivables[name],
    size: Math.max(0, Number(figures.receivables[name])),
  }));
  const total = parts.reduce((sum, part) => sum + part.size, 0);
  return (
    <section
      className={`aw-card ${classes.card ?? ""} ${classes.narrow ?? ""}`}
      aria-label={t("ageing.title")}
    >
      <div className={classes.cardHead}>
        <Title order={2}>{t("ageing.title")}</Title>
        {page && (
          <Anchor fz={13} renderRoot={(props) => <Link {...page} {...props} />}>
            {t("ageing.open")}
          </Anchor>
        )}
      </div>
      <div className={classes.stack} aria-hidden>
        {total > 0 &&
          parts
            .filter((part) => part.size > 0)
            .map((part) => (
              <i
                key={part.name}
                style={{ width: `${(part.size * 100) / total}%`, background: part.color }}
              />
            ))}
      </div>
      <dl className={classes.buckets}>
        {parts.map((part) => (
          <div key={part.name}>
            <dt>
              <i style={{ background: part.color }} aria-hidden />
              {t(`ageing.${part.name}`)}
            </dt>
            <dd>
              <Money amount={part.amount} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Tops({
  title,
  tops,
  page,
}: {
  title: string;
  tops: Top[];
  page: "/products/" | "/parties/";
}) {
  const { t } = useTranslation("analytics");
  const name = useName();
  const router = useRouter();
  const most = Math.max(1, ...tops.map((top) => Number(top.amount)));
  const exists = Object.keys(router.routesByPath).some((path) => path.startsWith(`${page}$`));
  return (
    <section className={`aw-card ${classes.card ?? ""} ${classes.half ?? ""}`} aria-label={title}>
      <div className={classes.cardHead}>
        <Title order={2}>{title}</Title>
      </div>
      {tops.length === 0 && <p style={{ color: "var(--aw-muted)" }}>{t("noSales")}</p>}
      <ol className={classes.bars}>
        {tops.map((top) => {
          const content = (
            <>
              <span>
                <bdi>{name(top)}</bdi>
              </span>
              <Money amount={top.amount} />
              <span className={classes.track} aria-hidden>
                <i style={{ width: `${(Math.max(0, Number(top.amount)) * 100) / most}%` }} />
              </span>
            </>
          );
          return (
            <li key={top.id}>
              {exists ? (
                <Link to={`${page}${top.id}` as "/"} className={classes.bar ?? ""}>
                  {content}
                </Link>
              ) : (
                <span className={classes.bar}>{content}</span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** The first of these pages that exists. */
function usePageOf(paths: string[]): LinkProps | undefined {
  const router = useRouter();
  const found = paths.find((path) => path in router.routesByPath);
  return found === undefined ? undefined : { to: found as "/" };
}

function Shape() {
  return (
    <div className={classes.grid} aria-busy>
      {[1, 2, 3, 4].map((one) => (
        <div key={one} className={`aw-card ${classes.kpi ?? ""}`}>
          <Skeleton height={12} width="50%" />
          <Skeleton height={22} width="70%" mt={12} />
        </div>
      ))}
      <div className={`aw-card ${classes.card ?? ""} ${classes.wide ?? ""}`}>
        <Skeleton height={300} />
      </div>
      <div className={`aw-card ${classes.card ?? ""} ${classes.narrow ?? ""}`}>
        <Skeleton height={300} />
      </div>
    </div>
  );
}
