import { Alert } from "@mantine/core";
import { IconAlertTriangle, IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "@/shared/api/problem";
import { placesIn } from "@/shared/format/align";
import { isoDay } from "@/shared/format/date";
import { isNegative, isZero } from "@/shared/format/decimal";
import { useWarehouses } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { DateText } from "@/shared/ui/date-text";
import { StatusWords } from "@/shared/ui/document-status";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { ErrorState } from "@/shared/ui/error-state";
import { Loaded } from "@/shared/ui/loaded";
import { Money, Quantity } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useNow } from "@/shared/ui/use-now";

import { useAuditWords } from "./history";
import { named } from "./names";
import { useOrderCommands } from "./order-commands";
import { OrderEditor, OrderTotals } from "./order-editor";
import { type Order, order, type OrderLine, useKeepOrder } from "./queries";
import { WaitsForApproval } from "./waits-for-approval";

/** A purchase order: its editor while it is a draft, else what it says and what may be done. */
export function OrderPage() {
  const { orderId } = useParams({ from: "/shell/purchase-orders/$orderId" });
  const { supplier } = useSearch({ from: "/shell/purchase-orders/$orderId" });
  const can = useCan();
  // The order that was begun here keeps its form when it gets an address of its own.
  const [begun, setBegun] = useState<string | null>(null);
  const isNew = orderId === "new";
  const { data } = useQuery({ ...order(orderId), enabled: !isNew });
  if (isNew && !can("purchase_order:create"))
    return <ErrorState error={new Problem("forbidden", 403, "", "")} />;
  if (isNew || (data?.state === "draft" && data.id === begun))
    return <OrderEditor key="new" stored={null} supplierId={supplier} onCreated={setBegun} />;
  return (
    <Loaded query={order(orderId)}>
      {(of) =>
        of.next_commands.includes("edit") ? (
          <OrderEditor key={of.id} stored={of} onCreated={setBegun} />
        ) : (
          <Show key={of.id} of={of} />
        )
      }
    </Loaded>
  );
}

function Show({ of }: { of: Order }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const keep = useKeepOrder();
  const words = useAuditWords();
  const commands = useOrderCommands(of);
  const { nameOf } = useWarehouses();
  // Once goods come in, nobody needs to be told that the order was sent.
  const next =
    of.receipt_progress === "none"
      ? of.next_commands
      : [
          ...of.next_commands.filter((one) => one !== "send"),
          ...of.next_commands.filter((one) => one === "send"),
        ];
  const supplier = name(named(of));
  const today = isoDay(useNow());
  const late =
    of.expected_on !== null &&
    of.expected_on < today &&
    ["approved", "sent"].includes(of.state) &&
    of.receipt_progress !== "full";
  return (
    <DocumentView
      back={{ link: { to: "/purchase-orders" }, label: t("orders.title") }}
      title={of.number ?? t("orders.draftOf", { supplier })}
      subtitle={<bdi>{supplier}</bdi>}
      state={of.state}
      flags={
        <>
          {of.on_hold && <StatusBadge tone="bad">{t("flag.hold")}</StatusBadge>}
          {late && <StatusBadge tone="attention">{t("flag.late")}</StatusBadge>}
        </>
      }
      words={
        of.number && (
          <StatusWords
            side="purchase"
            delivery={of.receipt_progress}
            billing={of.billing_progress}
            payment={of.payment_progress}
          />
        )
      }
      commands={<CommandBar of={of} next={next} commands={commands} onDone={keep} />}
      notice={<Notice of={of} />}
      facts={[
        { label: t("field.supplier"), value: <bdi>{supplier}</bdi> },
        {
          label: t("field.warehouse"),
          value: of.warehouse_id && <bdi>{nameOf(of.warehouse_id)}</bdi>,
        },
        { label: t("field.ordered_on"), value: <DateText day={of.ordered_on} /> },
        of.expected_on !== null && {
          label: t("field.expected_on"),
          value: <DateText day={of.expected_on} />,
        },
        { label: t("field.reference"), value: of.reference && <bdi>{of.reference}</bdi> },
        of.currency !== "SAR" && {
          label: t("field.exchange_rate"),
          value: (
            <>
              <Quantity amount={of.exchange_rate} /> SAR / {of.currency}
            </>
          ),
        },
        of.revision > 0 && { label: t("field.revision"), value: of.revision },
        of.reason !== "" && {
          label: t("field.reason"),
          value: <bdi>{of.reason}</bdi>,
          wide: true,
        },
        { label: t("field.notes_en"), value: of.notes_en && <bdi>{of.notes_en}</bdi>, wide: true },
        { label: t("field.notes_ar"), value: of.notes_ar && <bdi>{of.notes_ar}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} />}
      totals={<OrderTotals of={of} />}
      links={of.links}
      history={{ id: of.id, version: of.version, ...words }}
    />
  );
}

/** What stands in the way, where something does. */
function Notice({ of }: { of: Order }) {
  const { t } = useTranslation("purchasing");
  if (of.on_hold)
    return (
      <Alert color="red" icon={<IconHandStop size={18} />}>
        {t("orders.held", { reason: of.reason })}
      </Alert>
    );
  if (of.state === "draft" && of.number && of.reason)
    return (
      <Alert color="orange" icon={<IconAlertTriangle size={18} />}>
        {t("orders.rejected", { reason: of.reason })}
      </Alert>
    );
  if (of.state === "pending_approval") return <WaitsForApproval next={of.next_commands} />;
  return null;
}

function Lines({ of }: { of: Order }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const numbered = of.number !== null;
  const places = placesIn(of.lines.map((line) => line.typed_quantity));
  const prices = placesIn(["0.00", ...of.lines.map((line) => line.unit_price ?? "0")]);
  const discounted = of.lines.some((line) => !isZero(line.discount ?? "0"));
  return (
    <LinesTable<OrderLine>
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
              more={line.supplier_sku ? <bdi>{line.supplier_sku}</bdi> : undefined}
            />
          ),
        },
        {
          id: "ordered",
          label: t("line.ordered"),
          align: "end",
          card: "end",
          cell: (line) => (
            <>
              <AlignedQuantity
                amount={line.typed_quantity}
                places={places}
                unit={name({ name_en: line.unit_en, name_ar: line.unit_ar })}
              />
              {line.is_goods && line.quantity !== line.typed_quantity && (
                <>
                  <br />
                  <small>
                    = <Quantity amount={line.quantity} />
                  </small>
                </>
              )}
            </>
          ),
        },
        numbered && {
          id: "received",
          label: t("line.received"),
          align: "end",
          cell: (line) => line.is_goods && <Quantity amount={line.received} />,
        },
        numbered && {
          id: "open",
          label: t("line.open"),
          align: "end",
          cell: (line) =>
            line.is_goods &&
            !isZero(line.open_to_receive) &&
            !isNegative(line.open_to_receive) && <Quantity amount={line.open_to_receive} />,
        },
        numbered && {
          id: "billed",
          label: t("line.billed"),
          align: "end",
          cell: (line) => !isZero(line.billed) && <Quantity amount={line.billed} />,
        },
        {
          id: "price",
          needs: "cost:read",
          label: t("line.price"),
          align: "end",
          cell: (line) => <Price amount={line.unit_price ?? ""} places={prices} />,
        },
        discounted && {
          id: "discount",
          needs: "cost:read",
          label: t("line.discount"),
          align: "end",
          cell: (line) => !isZero(line.discount ?? "0") && <Money amount={line.discount} />,
        },
        {
          id: "net",
          needs: "cost:read",
          label: t("line.net"),
          align: "end",
          cell: (line) => <Money amount={line.net} />,
        },
      ]}
    />
  );
}

/** A price has two decimals, or as many as it needs. */
function Price({ amount, places }: { amount: string; places: number }) {
  const decimals = (amount.split(".")[1] ?? "").replace(/0+$/, "").length;
  return decimals <= 2 && places <= 2 ? (
    <Money amount={amount} />
  ) : (
    <AlignedQuantity amount={amount} places={places} />
  );
}
