import { Anchor } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useWarehouses } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { DateText } from "@/shared/ui/date-text";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { Money, Quantity } from "@/shared/ui/money";

import { useOrderWords } from "./history";
import { named } from "./names";
import { PaperButton } from "./paper";
import { isSome } from "./parts";
import {
  deliverySlip,
  pickList,
  type Shipment,
  type ShipmentLine,
  shipment,
  useKeepShipment,
} from "./queries";
import { useShipmentCommands } from "./shipment-commands";
import { useShipmentHelp } from "./shipment-help";
import { useLineUnits } from "./use-units";

export function ShipmentPage() {
  const { shipmentId } = useParams({ from: "/shell/shipments/$shipmentId" });
  return <Loaded query={shipment(shipmentId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

function Show({ of }: { of: Shipment }) {
  const { t } = useTranslation("sales");
  const name = useName();
  const can = useCan();
  const cache = useQueryClient();
  const words = useOrderWords();
  const keep = useKeepShipment();
  const warehouses = useWarehouses();
  const commands = useShipmentCommands(of, keep);
  const help = useShipmentHelp();
  const entry = of.entry_id;
  const left = of.state === "shipped" || of.state === "delivered";
  return (
    <DocumentView
      back={{ link: { to: "/shipments" }, label: t("shipments.title") }}
      title={of.number ?? t("shipment.draftOf", { order: of.order_number ?? "" })}
      subtitle={
        <>
          {t("shipment.kind")} · <bdi>{name(named(of))}</bdi>
        </>
      }
      state={of.state}
      commands={
        <CommandBar
          of={of}
          next={of.next_commands}
          commands={commands}
          help={help}
          {...(of.number !== null && {
            extra: (
              <PaperButton
                paper={left ? deliverySlip(of) : pickList(of)}
                label={left ? t("paper.slip") : t("paper.pickList")}
              />
            ),
          })}
          onStale={() => void cache.invalidateQueries({ queryKey: shipment(of.id).queryKey })}
          onDone={keep}
        />
      }
      facts={[
        { label: t("field.customer"), value: <bdi>{name(named(of))}</bdi> },
        {
          label: t("field.order"),
          value: can("sales_order:read") ? (
            <Anchor
              renderRoot={(props) => (
                <Link to="/sales-orders/$orderId" params={{ orderId: of.order_id }} {...props} />
              )}
            >
              <bdi>{of.order_number}</bdi>
            </Anchor>
          ) : (
            <bdi>{of.order_number}</bdi>
          ),
        },
        { label: t("field.warehouse"), value: <bdi>{warehouses.nameOf(of.warehouse_id)}</bdi> },
        of.planned_on !== null && {
          label: t("field.planned_on"),
          value: <DateText day={of.planned_on} />,
        },
        of.shipped_on !== null && {
          label: t("field.shipped_on"),
          value: <DateText day={of.shipped_on} />,
        },
        of.delivered_on !== null && {
          label: t("field.delivered_on"),
          value: <DateText day={of.delivered_on} />,
        },
        { label: t("field.carrier"), value: of.carrier && <bdi>{of.carrier}</bdi> },
        {
          label: t("field.tracking_number"),
          value: of.tracking_number && <span className="aw-ltr">{of.tracking_number}</span>,
        },
        isSome(of.freight_cost) && {
          label: t("field.freight_cost"),
          value: <Money amount={of.freight_cost} currency="SAR" />,
        },
        { label: t("field.proof"), value: of.delivery_proof && <bdi>{of.delivery_proof}</bdi> },
        { label: t("field.reason"), value: of.reason && <bdi>{of.reason}</bdi>, wide: true },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} />}
      links={[
        ...of.links,
        ...(entry && can("journal_entry:read")
          ? [{ type: "journal_entry", id: entry, number: null }]
          : []),
      ]}
      history={{ id: of.id, version: of.version, ...words }}
    />
  );
}

function Lines({ of }: { of: Shipment }) {
  const { t } = useTranslation("sales");
  const name = useName();
  const unitOf = useLineUnits(of.order_id);
  const open = ["draft", "ready", "picked", "packed"].includes(of.state);
  const picked = of.lines.some((line) => isSome(line.picked));
  const returned = of.lines.some((line) => isSome(line.returned));
  return (
    <LinesTable<ShipmentLine>
      label={t("section.lines")}
      lines={of.lines}
      lineKey={(line) => line.id}
      columns={[
        {
          id: "product",
          label: t("line.product"),
          card: "title",
          cell: (line) => <ProductCell name={name(line)} sku={line.sku} />,
        },
        open && {
          id: "picks",
          label: t("line.places"),
          cell: (line) =>
            line.picks.length === 0 ? (
              <span style={{ color: "var(--aw-attention)" }}>{t("line.notReserved")}</span>
            ) : (
              <ul style={{ margin: 0, padding: 0, listStyle: "none" }}>
                {line.picks.map((pick) => (
                  <li key={`${pick.location_id} ${pick.lot_id ?? ""}`}>
                    <bdi>{pick.location_code}</bdi>
                    {pick.lot_code && (
                      <>
                        {" "}
                        · <bdi>{pick.lot_code}</bdi>
                      </>
                    )}{" "}
                    <small>
                      <Quantity amount={pick.quantity} />
                      {pick.expires_on && (
                        <>
                          {" "}
                          · {t("line.expires")} <DateText day={pick.expires_on} />
                        </>
                      )}
                    </small>
                  </li>
                ))}
              </ul>
            ),
        },
        {
          id: "quantity",
          label: t("line.quantity"),
          align: "end",
          card: "end",
          cell: (line) => <Quantity amount={line.quantity} unit={unitOf(line.order_line_id)} />,
        },
        picked && {
          id: "picked",
          label: t("line.picked"),
          align: "end",
          cell: (line) => <Quantity amount={line.picked} />,
        },
        returned && {
          id: "returned",
          label: t("line.returned"),
          align: "end",
          cell: (line) => <Quantity amount={line.returned} />,
        },
      ]}
    />
  );
}
