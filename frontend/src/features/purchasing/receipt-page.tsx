import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { type Schemas } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { isZero } from "@/shared/format/decimal";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { Section } from "@/shared/ui/document-page";
import { DocumentView, LinesTable, ProductCell, Totals } from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { StatusBadge } from "@/shared/ui/status-badge";

import { useAuditWords } from "./history";
import { named } from "./names";
import { type Receipt, receipt, type ReceiptLine, useKeepReceipt } from "./queries";
import { useReceiptCommands } from "./receipt-commands";

export function ReceiptPage() {
  const { receiptId } = useParams({ from: "/shell/receipts/$receiptId" });
  return <Loaded query={receipt(receiptId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

function Show({ of }: { of: Receipt }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const can = useCan();
  const keep = useKeepReceipt();
  const words = useAuditWords();
  const commands = useReceiptCommands(of);
  // What came in is billed next, from its order; going back is never the suggestion.
  const next =
    of.state === "posted" && can("purchase_order:read")
      ? ["to_order", ...of.next_commands]
      : of.next_commands;
  return (
    <DocumentView
      back={{ link: { to: "/receipts" }, label: t("receipts.title") }}
      title={of.number ?? t("receipts.draftOf", { number: of.order_number ?? "" })}
      subtitle={<bdi>{name(named(of))}</bdi>}
      state={of.state}
      commands={<CommandBar of={of} next={next} commands={commands} onDone={keep} />}
      facts={[
        { label: t("field.supplier"), value: <bdi>{name(named(of))}</bdi> },
        { label: t("field.warehouse"), value: <span className="aw-ltr">{of.warehouse_code}</span> },
        { label: t("field.received_on"), value: <DateText day={of.received_on} /> },
        {
          label: t("field.delivery_note"),
          value: of.delivery_note && <bdi>{of.delivery_note}</bdi>,
        },
        of.posted_at !== null && {
          label: t("receipts.posted"),
          value: <MomentText at={of.posted_at} />,
        },
        { label: t("field.reason"), value: of.reason && <bdi>{of.reason}</bdi>, wide: true },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} />}
      totals={
        of.posted_at !== null && (
          <Totals rows={[{ label: t("field.value"), amount: of.value, strong: true }]} />
        )
      }
      links={[
        ...of.links,
        ...(of.entry_id && can("journal_entry:read")
          ? [{ type: "journal_entry", id: of.entry_id, number: null }]
          : []),
      ]}
      history={{ id: of.id, version: of.version, ...words }}
    >
      {of.landed_costs.length > 0 && (
        <Section title={t("receipts.landedCosts")}>
          <LinesTable<Schemas["LandedCostOut"]>
            label={t("receipts.landedCosts")}
            lines={of.landed_costs}
            lineKey={(cost) => cost.id}
            columns={[
              {
                id: "description",
                label: t("receipts.description"),
                card: "title",
                cell: (cost) => (
                  <>
                    <bdi>{cost.description}</bdi> <small className="aw-ltr">{cost.number}</small>
                  </>
                ),
              },
              {
                id: "split",
                label: t("receipts.split"),
                cell: (cost) => t(`receipts.splitBy.${cost.split}`),
              },
              {
                id: "hand",
                needs: "cost:read",
                label: t("receipts.onHand"),
                align: "end",
                cell: (cost) => <Money amount={cost.on_hand} />,
              },
              {
                id: "gone",
                needs: "cost:read",
                label: t("receipts.gone"),
                align: "end",
                cell: (cost) => <Money amount={cost.gone} />,
              },
              {
                id: "amount",
                needs: "cost:read",
                label: t("receipts.amount"),
                align: "end",
                card: "end",
                cell: (cost) => <Money amount={cost.amount} />,
              },
            ]}
          />
        </Section>
      )}
    </DocumentView>
  );
}

function Lines({ of }: { of: Receipt }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const places = placesIn(of.lines.map((line) => line.typed_quantity));
  const inspected = of.lines.some((line) => line.is_inspected);
  const placed = of.lines.some((line) => line.location_code);
  const returned = of.lines.some((line) => !isZero(line.returned));
  const posted = of.posted_at !== null;
  return (
    <LinesTable<ReceiptLine>
      label={t("section.lines")}
      lines={of.lines}
      lineKey={(line) => line.id}
      columns={[
        {
          id: "product",
          label: t("field.product"),
          card: "title",
          cell: (line) => (
            <ProductCell
              name={name(line)}
              sku={line.sku}
              more={
                line.lot_code && (
                  <>
                    <bdi>{line.lot_code}</bdi>{" "}
                    {line.expires_on && <DateText day={line.expires_on} />}
                  </>
                )
              }
            />
          ),
        },
        placed && {
          id: "place",
          label: t("field.location"),
          cell: (line) => <span className="aw-ltr">{line.location_code}</span>,
        },
        {
          id: "quantity",
          label: t("line.received"),
          align: "end",
          card: "end",
          cell: (line) => (
            <AlignedQuantity
              amount={line.typed_quantity}
              places={places}
              unit={name({ name_en: line.unit_en, name_ar: line.unit_ar })}
            />
          ),
        },
        inspected && {
          id: "inspection",
          label: t("receipts.inspection"),
          cell: (line) =>
            line.is_inspected &&
            (of.state === "inspection" ? (
              <StatusBadge tone="attention">{t("receipts.waiting")}</StatusBadge>
            ) : (
              <span className="aw-figures">
                {t("line.accepted")} {line.accepted} · {t("line.rejected")} {line.rejected}
              </span>
            )),
        },
        returned && {
          id: "returned",
          label: t("line.returned"),
          align: "end",
          cell: (line) =>
            !isZero(line.returned) && <AlignedQuantity amount={line.returned} places={0} />,
        },
        posted && {
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
