import { Button, Table, Title } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { Money } from "@/shared/ui/money";

import classes from "./analytics.module.css";
import { useMonthNames } from "./months";
import { type Month } from "./queries";
import { ticks } from "./scale";

const height = 260;
const bottom = 36;
const gutter = 48;

/** Bars up for what was invoiced, down for what was credited, a line for what is left. */
export function RevenueChart({ months }: { months: Month[] }) {
  const { t } = useTranslation("analytics");
  const [asTable, setAsTable] = useState(false);
  return (
    <section
      className={`aw-card ${classes.card ?? ""} ${classes.wide ?? ""}`}
      aria-label={t("revenue.title")}
    >
      <div className={classes.cardHead}>
        <Title order={2}>{t("revenue.title")}</Title>
        <div className={classes.legend} aria-hidden>
          <span>
            <i className={classes.invoiced} />
            {t("revenue.invoiced")}
          </span>
          <span>
            <i className={classes.credited} />
            {t("revenue.credited")}
          </span>
          <span>
            <i className={classes.netKey} />
            {t("revenue.net")}
          </span>
        </div>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={asTable ? <IconChartBar size={14} /> : <IconTable size={14} />}
          onClick={() => {
            setAsTable(!asTable);
          }}
        >
          {t(asTable ? "revenue.asChart" : "revenue.asTable")}
        </Button>
      </div>
      {asTable ? <MonthTable months={months} /> : <Bars months={months} />}
    </section>
  );
}

function Bars({ months }: { months: Month[] }) {
  const { t, i18n } = useTranslation("analytics");
  const names = useMonthNames();
  const { ref, width } = useElementSize();
  const [on, setOn] = useState<number | null>(null);
  const rtl = i18n.language === "ar";

  const values = months.map((month) => ({
    up: Number(month.invoiced),
    down: Number(month.credited),
    net: Number(month.net),
  }));
  const lines = ticks(
    -Math.max(0, ...values.map((one) => one.down)),
    Math.max(0, ...values.map((one) => one.up)),
  );
  // A few credit notes must not push the bars up by a whole step of the axis.
  const low = -Math.max(0, ...values.map((one) => one.down));
  const high = lines.at(-1) ?? 1;
  const plot = height - bottom;
  const y = (value: number) => 8 + ((high - value) / (high - low)) * (plot - 16);
  const inner = Math.max(0, width - gutter);
  const band = inner / Math.max(1, months.length);
  // Time runs the way the reader reads.
  const left = (index: number) => (rtl ? inner - (index + 1) * band : gutter + index * band);
  const middle = (index: number) => left(index) + band / 2;
  const thick = Math.min(36, band * 0.6);
  const every = Math.max(1, Math.ceil(44 / Math.max(1, band)));
  // The first year would stand in the next one's place when January follows closely.
  const crowded = months.slice(1, 1 + every).some((one) => one.month.endsWith("-01-01"));
  const shown = on === null ? undefined : months[on];

  const move = (event: KeyboardEvent) => {
    const forward = rtl ? "ArrowLeft" : "ArrowRight";
    const back = rtl ? "ArrowRight" : "ArrowLeft";
    if (event.key === forward) setOn(Math.min(months.length - 1, (on ?? -1) + 1));
    else if (event.key === back) setOn(Math.max(0, (on ?? months.length) - 1));
    else if (event.key === "Escape") setOn(null);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className={classes.chart}
      ref={ref}
      style={{ height }}
      role="img"
      tabIndex={0}
      aria-label={t("revenue.label", {
        from: names.long(months[0]?.month ?? ""),
        to: names.long(months.at(-1)?.month ?? ""),
      })}
      onKeyDown={move}
      onBlur={() => {
        setOn(null);
      }}
      onMouseLeave={() => {
        setOn(null);
      }}
    >
      {width > 0 && (
        <svg width={width} height={height} aria-hidden>
          {lines
            .filter((line) => line >= low)
            .map((line) => (
              <g key={line}>
                <line
                  className={line === 0 ? classes.zeroLine : classes.gridLine}
                  x1={rtl ? 0 : gutter}
                  x2={rtl ? inner : width}
                  y1={y(line)}
                  y2={y(line)}
                />
                <text
                  x={rtl ? width : gutter - 8}
                  y={y(line) + 4}
                  style={rtl ? { direction: "rtl", textAnchor: "start" } : { textAnchor: "end" }}
                >
                  {names.compact(line)}
                </text>
              </g>
            ))}
          {months.map((month, index) => {
            const value = values[index] ?? { up: 0, down: 0, net: 0 };
            return (
              <g key={month.month}>
                <rect
                  className={classes.hit}
                  data-on={on === index || undefined}
                  x={left(index)}
                  y={0}
                  width={band}
                  height={plot}
                  onMouseEnter={() => {
                    setOn(index);
                  }}
                />
                <g pointerEvents="none">
                  <rect
                    className={classes.invoiced}
                    rx={2}
                    x={middle(index) - thick / 2}
                    y={y(value.up)}
                    width={thick}
                    height={y(0) - y(value.up)}
                  />
                  <rect
                    className={classes.credited}
                    rx={2}
                    x={middle(index) - thick / 2}
                    y={y(0)}
                    width={thick}
                    height={y(-value.down) - y(0)}
                  />
                  {(months.length - 1 - index) % every === 0 && (
                    <text x={middle(index)} y={plot + 14} textAnchor="middle">
                      {names.short(month.month)}
                    </text>
                  )}
                  {(month.month.endsWith("-01-01") || (index === 0 && !crowded)) && (
                    <text x={middle(index)} y={plot + 30} textAnchor="middle">
                      {names.year(month.month)}
                    </text>
                  )}
                </g>
              </g>
            );
          })}
          <polyline
            className={classes.net}
            pointerEvents="none"
            points={values.map((one, index) => `${middle(index)},${y(one.net)}`).join(" ")}
          />
          {values.map((one, index) => (
            <circle
              key={months[index]?.month}
              className={classes.netDot}
              pointerEvents="none"
              cx={middle(index)}
              cy={y(one.net)}
              r={on === index ? 4 : 2.5}
            />
          ))}
        </svg>
      )}
      {shown && on !== null && (
        <div
          className={classes.tip}
          role="status"
          style={
            middle(on) > width / 2
              ? { right: width - left(on) + 8, left: "auto" }
              : { left: left(on) + band + 8, right: "auto" }
          }
        >
          <strong>{names.long(shown.month)}</strong>
          <dl>
            <dt>{t("revenue.invoiced")}</dt>
            <dd>
              <Money amount={shown.invoiced} />
            </dd>
            <dt>{t("revenue.credited")}</dt>
            <dd>
              <Money amount={shown.credited} />
            </dd>
            <dt>{t("revenue.net")}</dt>
            <dd>
              <Money amount={shown.net} />
            </dd>
          </dl>
        </div>
      )}
    </div>
  );
}

function MonthTable({ months }: { months: Month[] }) {
  const { t } = useTranslation("analytics");
  const names = useMonthNames();
  return (
    <div style={{ overflowX: "auto" }}>
      <Table fz={13} aria-label={t("revenue.title")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("revenue.month")}</Table.Th>
            <Table.Th ta="right">{t("revenue.invoiced")}</Table.Th>
            <Table.Th ta="right">{t("revenue.credited")}</Table.Th>
            <Table.Th ta="right">{t("revenue.net")}</Table.Th>
            <Table.Th ta="right">{t("revenue.documents")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {months.map((month) => (
            <Table.Tr key={month.month}>
              <Table.Td>{names.medium(month.month)}</Table.Td>
              <Table.Td ta="right">
                <Money amount={month.invoiced} />
              </Table.Td>
              <Table.Td ta="right">
                <Money amount={month.credited} />
              </Table.Td>
              <Table.Td ta="right">
                <Money amount={month.net} />
              </Table.Td>
              <Table.Td ta="right" className="aw-figures">
                {month.documents}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
