import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { placesIn } from "@/shared/format/align";
import { isZero } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { LinesTable, ProductCell } from "@/shared/ui/document-view";
import { Money } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { StatusBadge } from "@/shared/ui/status-badge";

import classes from "./bills.module.css";
import { type Check, type MatchLine } from "./queries";

const said = ["price", "quantity", "currency", "not_ordered"] as const;

/** Ordered, received, billed: what the supplier asks for beside what was agreed and what came. */
export function MatchTable({ of }: { of: Check }) {
  const { t } = useTranslation("bills");
  const name = useName();
  const format = useFormat();
  const goods = of.lines.some((line) => line.is_goods);
  const earlier = of.lines.some((line) => line.billed_before && !isZero(line.billed_before));
  const places = (field: "ordered" | "received" | "billed_before" | "billed") =>
    placesIn(of.lines.map((line) => line[field] ?? ""));
  const price = placesIn([
    "0.00",
    ...of.lines.flatMap((line) => [line.agreed_price ?? "", line.billed_price]),
  ]);
  const tolerated = [
    !isZero(of.price_percent) &&
      t("match.priceTolerance", { percent: format.quantity(of.price_percent) }),
    !isZero(of.quantity_percent) &&
      t("match.quantityTolerance", { percent: format.quantity(of.quantity_percent) }),
  ].filter((one) => one !== false);
  return (
    <>
      <LinesTable<MatchLine>
        label={t("match.title")}
        lines={of.lines}
        lineKey={(line) => line.line_id}
        columns={[
          {
            id: "product",
            label: t("line.what"),
            card: "title",
            cell: (line) => (
              <ProductCell
                name={name(line)}
                sku={line.sku}
                more={<bdi>{name({ name_en: line.unit_en, name_ar: line.unit_ar })}</bdi>}
              />
            ),
          },
          {
            id: "ordered",
            label: t("match.ordered"),
            align: "end",
            cell: (line) =>
              line.ordered !== null && (
                <AlignedQuantity amount={line.ordered} places={places("ordered")} />
              ),
          },
          goods && {
            id: "received",
            label: t("match.received"),
            align: "end",
            cell: (line) =>
              line.received !== null &&
              line.is_goods && (
                <AlignedQuantity amount={line.received} places={places("received")} />
              ),
          },
          earlier && {
            id: "before",
            label: t("match.before"),
            align: "end",
            cell: (line) =>
              line.billed_before !== null && (
                <AlignedQuantity amount={line.billed_before} places={places("billed_before")} />
              ),
          },
          {
            id: "billed",
            label: t("match.billed"),
            align: "end",
            cell: (line) => (
              <Marked when={line.differs.includes("quantity")}>
                <AlignedQuantity amount={line.billed} places={places("billed")} />
              </Marked>
            ),
          },
          {
            id: "agreed",
            label: t("match.agreedPrice"),
            align: "end",
            cell: (line) =>
              line.agreed_price !== null && <Price amount={line.agreed_price} places={price} />,
          },
          {
            id: "price",
            label: t("match.billedPrice"),
            align: "end",
            cell: (line) => (
              <Marked when={line.differs.includes("price")}>
                <Price amount={line.billed_price} places={price} />
              </Marked>
            ),
          },
          {
            id: "net",
            label: t("line.net"),
            align: "end",
            card: "end",
            cell: (line) => <Money amount={line.billed_net} />,
          },
          {
            id: "result",
            label: t("match.result"),
            cell: (line) => <Verdict of={line} />,
          },
        ]}
      />
      <p className={classes.hint}>
        {tolerated.length > 0 ? tolerated.join(" · ") : t("match.noTolerance")}
      </p>
    </>
  );
}

function Marked({ when, children }: { when: boolean; children: ReactNode }) {
  return when ? <strong className={classes.differs}>{children}</strong> : children;
}

/** A price has two decimals, or as many as one of them needs. */
function Price({ amount, places }: { amount: string; places: number }) {
  return places <= 2 ? (
    <Money amount={amount} />
  ) : (
    <AlignedQuantity amount={amount} places={places} />
  );
}

function Verdict({ of }: { of: MatchLine }) {
  const { t } = useTranslation("bills");
  const found = said.filter((one) => of.differs.includes(one));
  if (found.length === 0)
    return of.order_line_id === null ? (
      <StatusBadge tone="closed">{t("match.alone")}</StatusBadge>
    ) : (
      <StatusBadge tone="good">{t("match.agrees")}</StatusBadge>
    );
  return (
    <span className={classes.verdict}>
      {found.map((one) => (
        <StatusBadge key={one} tone="bad">
          {t(`match.differs.${one}`)}
        </StatusBadge>
      ))}
    </span>
  );
}
