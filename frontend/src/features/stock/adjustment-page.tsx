import { Anchor, Alert } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { useFormat } from "@/shared/format/use-format";
import { units } from "@/shared/goods/queries";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar, type Command } from "@/shared/ui/command-bar";
import { DateText } from "@/shared/ui/date-text";
import { DocumentView, LinesTable, ProductCell, Totals } from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";

import { type Adjustment, adjustment, type AdjustmentLine, useKeepAdjustment } from "./queries";

export function AdjustmentPage() {
  const { adjustmentId } = useParams({ from: "/shell/stock-adjustments/$adjustmentId" });
  return <Loaded query={adjustment(adjustmentId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

function Show({ of }: { of: Adjustment }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const can = useCan();
  const format = useFormat();
  const navigate = useNavigate();
  const keep = useKeepAdjustment();
  const params = { path: { adjustment_id: of.id } };
  const place = name(of.warehouse) || of.warehouse.code;
  const kind = t(`adjustments.kinds.${of.kind}`);
  const next =
    of.state === "draft"
      ? ["post", "edit", "discard"]
      : of.state === "posted" && of.reverses_id === null
        ? ["reverse"]
        : [];
  const commands: Command[] = [
    {
      name: "post",
      label: t("adjustments.post"),
      permission: "stock:adjust",
      text: t("adjustments.postText"),
      done: t("adjustments.done"),
      send: ({ query, headers }) =>
        client.POST("/api/stock/adjustments/{adjustment_id}/post", {
          params: { ...params, query },
          headers,
        }),
    },
    {
      name: "edit",
      label: t("action.edit"),
      permission: "stock:edit",
      go: () =>
        void navigate({
          to: "/stock-adjustments/$adjustmentId/edit",
          params: { adjustmentId: of.id },
        }),
    },
    {
      name: "discard",
      label: t("adjustments.discard"),
      permission: "stock:edit",
      danger: true,
      text: t("adjustments.discardText"),
      done: t("adjustments.discarded"),
      send: ({ query, headers }) =>
        query.dry_run
          ? // Nothing moves when a draft goes: there is nothing to rehearse.
            Promise.resolve({ data: { stock: [], journal: [] }, response: new Response() })
          : client.POST("/api/stock/adjustments/{adjustment_id}/discard", { params, headers }),
    },
    {
      name: "reverse",
      label: t("adjustments.reverse"),
      permission: "stock:reverse",
      danger: true,
      text: t("adjustments.reverseText"),
      asks: { label: t("field.reason"), required: true },
      done: t("adjustments.reversed"),
      send: ({ query, headers, reason }) =>
        client.POST("/api/stock/adjustments/{adjustment_id}/reverse", {
          params: { ...params, query },
          headers,
          body: { reason },
        }),
      onDone: (answer) => {
        void navigate({
          to: "/stock-adjustments/$adjustmentId",
          params: { adjustmentId: (answer as Adjustment).id },
        });
      },
    },
  ];
  const other = of.reversed_by_id ?? of.reverses_id;
  return (
    <DocumentView
      back={{ link: { to: "/stock-adjustments" }, label: t("adjustments.title") }}
      title={of.number ?? kind}
      subtitle={<bdi>{t("adjustments.of", { kind, warehouse: place })}</bdi>}
      state={of.state}
      commands={<CommandBar of={of} next={next} commands={commands} onDone={keep} />}
      notice={
        other && (
          <Alert color="gray" icon={<IconArrowBackUp size={18} className="aw-flip" />}>
            <Anchor
              renderRoot={(props) => (
                <Link
                  to="/stock-adjustments/$adjustmentId"
                  params={{ adjustmentId: other }}
                  {...props}
                />
              )}
            >
              {t(of.reverses_id ? "adjustments.isReversal" : "adjustments.reversed")}
            </Anchor>
          </Alert>
        )
      }
      facts={[
        { label: t("adjustments.kind"), value: kind },
        { label: t("field.warehouse"), value: <bdi>{place}</bdi> },
        { label: t("field.day"), value: <DateText day={of.effective_on} /> },
        { label: t("field.reason"), value: of.reason && <bdi>{of.reason}</bdi>, wide: true },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} />}
      totals={
        of.state !== "draft" &&
        of.state !== "void" && (
          <Totals rows={[{ label: t("field.value"), amount: of.value, strong: true }]} />
        )
      }
      links={
        of.entry_id && can("journal_entry:read")
          ? [{ type: "journal_entry", id: of.entry_id, number: null }]
          : []
      }
      history={{
        id: of.id,
        version: of.version,
        labelOf: (field) =>
          ({
            number: t("field.number"),
            reason: t("field.reason"),
            notes: t("field.notes"),
            effective_on: t("field.day"),
            value: t("field.value"),
          })[field] ?? null,
        say: (field, value) =>
          field === "value" && typeof value === "string"
            ? format.money(value)
            : field === "effective_on" && typeof value === "string"
              ? format.day(value)
              : undefined,
      }}
    />
  );
}

function Lines({ of }: { of: Adjustment }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const { data: allUnits } = useQuery(units());
  const unitOf = (id: string) => {
    const found = allUnits?.items.find((one) => one.id === id);
    return found ? name(found) : "";
  };
  const places = placesIn(of.lines.map((line) => line.quantity));
  const valued = of.lines.some((line) => line.value !== null);
  const costed = of.lines.some((line) => line.unit_cost !== null);
  return (
    <LinesTable<AdjustmentLine>
      label={t("section.lines")}
      lines={of.lines}
      lineKey={(line) => line.id}
      columns={[
        {
          id: "product",
          label: t("field.product"),
          card: "title",
          cell: (line) => (
            <ProductCell name={name(line.product)} sku={line.product.sku} more={line.lot?.code} />
          ),
        },
        {
          id: "place",
          label: t("field.location"),
          cell: (line) => <span className="aw-ltr">{line.location.code}</span>,
        },
        {
          id: "quantity",
          label: t("field.quantity"),
          align: "end",
          card: "end",
          cell: (line) => (
            <AlignedQuantity amount={line.quantity} places={places} unit={unitOf(line.unit_id)} />
          ),
        },
        costed && {
          id: "cost",
          needs: "cost:read",
          label: t("field.unit_cost"),
          align: "end",
          cell: (line) => line.unit_cost !== null && <Money amount={line.unit_cost} />,
        },
        valued && {
          id: "value",
          needs: "cost:read",
          label: t("field.value"),
          align: "end",
          cell: (line) => <Money amount={line.value} />,
        },
      ]}
    />
  );
}
