import { Button, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { total } from "@/shared/format/decimal";
import { usePlaceName, useWarehouses } from "@/shared/goods/pickers";
import { useCan } from "@/shared/session/session";
import { Section } from "@/shared/ui/document-page";
import { LinesTable } from "@/shared/ui/document-view";
import { ErrorState } from "@/shared/ui/error-state";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { placesIn } from "@/shared/format/align";

import { availability } from "./queries";
import classes from "./stock.module.css";

type Here = { warehouse_id: string; on_hand: string; reserved: string; free: string };

/** On the page of a product: how much of it there is, warehouse by warehouse. */
export function ProductStock({ productId }: { productId: string }) {
  const { t } = useTranslation("stock");
  const can = useCan();
  const may = can("stock:read");
  const said = usePlaceName();
  const { all } = useWarehouses();
  const { data, error, refetch } = useQuery({ ...availability(productId), enabled: may });
  if (!may) return null;
  const rows: readonly Here[] = data ?? [];
  const places = placesIn(rows.flatMap((row) => [row.on_hand, row.reserved, row.free]));
  const quantity = (amount: string) => <AlignedQuantity amount={amount} places={places} />;
  const nameOf = (id: string) => {
    const found = all.find((one) => one.id === id);
    return found ? said(found) : "…";
  };
  return (
    <Section title={t("panel.title")}>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={72} radius={8} aria-busy />
      ) : rows.length === 0 ? (
        <Text c="dimmed">{t("panel.none")}</Text>
      ) : (
        <>
          <dl className={classes.figures} style={{ marginBottom: 12 }}>
            <div>
              <dt>{t("panel.held")}</dt>
              <dd>
                <AlignedQuantity amount={total(rows.map((row) => row.on_hand))} places={0} />
              </dd>
            </div>
            <div>
              <dt>{t("card.free")}</dt>
              <dd>
                <AlignedQuantity amount={total(rows.map((row) => row.free))} places={0} />
              </dd>
            </div>
          </dl>
          {rows.length > 1 && (
            <LinesTable<Here>
              label={t("panel.title")}
              lines={rows}
              lineKey={(row) => row.warehouse_id}
              columns={[
                {
                  id: "warehouse",
                  label: t("field.warehouse"),
                  card: "title",
                  cell: (row) => <bdi>{nameOf(row.warehouse_id)}</bdi>,
                },
                {
                  id: "on_hand",
                  label: t("field.on_hand"),
                  align: "end",
                  cell: (row) => quantity(row.on_hand),
                },
                {
                  id: "reserved",
                  label: t("field.reserved"),
                  align: "end",
                  cell: (row) => quantity(row.reserved),
                },
                {
                  id: "free",
                  label: t("field.available"),
                  align: "end",
                  card: "end",
                  cell: (row) => quantity(row.free),
                },
              ]}
            />
          )}
        </>
      )}
      <div className={classes.links}>
        <Button
          variant="default"
          size="compact-md"
          renderRoot={(props) => (
            <Link to="/stock/products/$productId" params={{ productId }} {...props} />
          )}
        >
          {t("panel.card")}
        </Button>
        {can("stock:edit") && (
          <Button
            variant="subtle"
            size="compact-md"
            renderRoot={(props) => (
              <Link to="/replenishment" search={{ edit: "new", product: productId }} {...props} />
            )}
          >
            {t("replenish.watch")}
          </Button>
        )}
      </div>
    </Section>
  );
}
