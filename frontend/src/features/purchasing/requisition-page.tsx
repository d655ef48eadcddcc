import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "@/shared/api/problem";
import { placesIn } from "@/shared/format/align";
import { isZero } from "@/shared/format/decimal";
import { SupplierName, useWarehouses } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { DateText } from "@/shared/ui/date-text";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { ErrorState } from "@/shared/ui/error-state";
import { Loaded } from "@/shared/ui/loaded";
import { AlignedQuantity } from "@/shared/ui/quantity-input";

import { useAuditWords } from "./history";
import { type Requisition, requisition, type RequisitionLine, useKeepRequisition } from "./queries";
import { useRequisitionCommands } from "./requisition-commands";
import { RequisitionEditor } from "./requisition-editor";
import { useUnitName } from "./unit-names";
import { WaitsForApproval } from "./waits-for-approval";

/** A requisition: its editor while it is a draft, else what it says and what may be done. */
export function RequisitionPage() {
  const { requisitionId } = useParams({ from: "/shell/requisitions/$requisitionId" });
  const can = useCan();
  // The one that was begun here keeps its form when it gets an address of its own.
  const [begun, setBegun] = useState<string | null>(null);
  const isNew = requisitionId === "new";
  const { data } = useQuery({ ...requisition(requisitionId), enabled: !isNew });
  if (isNew && !can("requisition:create"))
    return <ErrorState error={new Problem("forbidden", 403, "", "")} />;
  if (isNew || (data?.state === "draft" && data.id === begun))
    return <RequisitionEditor key="new" stored={null} onCreated={setBegun} />;
  return (
    <Loaded query={requisition(requisitionId)}>
      {(of) =>
        of.next_commands.includes("edit") ? (
          <RequisitionEditor key={of.id} stored={of} onCreated={setBegun} />
        ) : (
          <Show key={of.id} of={of} />
        )
      }
    </Loaded>
  );
}

function Show({ of }: { of: Requisition }) {
  const { t } = useTranslation("purchasing");
  const { nameOf } = useWarehouses();
  const keep = useKeepRequisition();
  const words = useAuditWords();
  const commands = useRequisitionCommands(of);
  return (
    <DocumentView
      back={{ link: { to: "/requisitions" }, label: t("requisitions.title") }}
      title={of.number ?? t("requisitions.one")}
      subtitle={<bdi>{of.is_automatic ? t("requisitions.automatic") : of.created_by_name}</bdi>}
      state={of.state}
      commands={<CommandBar of={of} next={of.next_commands} commands={commands} onDone={keep} />}
      notice={
        of.state === "draft" && of.reason ? (
          <Alert color="orange" icon={<IconAlertTriangle size={18} />}>
            {t("orders.rejected", { reason: of.reason })}
          </Alert>
        ) : (
          of.state === "pending_approval" && <WaitsForApproval next={of.next_commands} />
        )
      }
      facts={[
        { label: t("field.created_by"), value: <bdi>{of.created_by_name}</bdi> },
        of.warehouse_id !== null && {
          label: t("field.warehouse"),
          value: <bdi>{nameOf(of.warehouse_id)}</bdi>,
        },
        of.needed_on !== null && {
          label: t("field.needed_on"),
          value: <DateText day={of.needed_on} />,
        },
        of.state !== "draft" && {
          label: t("field.reason"),
          value: of.reason && <bdi>{of.reason}</bdi>,
          wide: true,
        },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} />}
      links={of.links}
      history={{ id: of.id, version: of.version, ...words }}
    />
  );
}

function Lines({ of }: { of: Requisition }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const unitName = useUnitName();
  const places = placesIn(of.lines.flatMap((line) => [line.typed_quantity, line.ordered]));
  const begun = of.lines.some((line) => !isZero(line.ordered));
  const asked = of.lines.some((line) => line.supplier_id !== null);
  return (
    <LinesTable<RequisitionLine>
      label={t("section.lines")}
      lines={of.lines}
      lineKey={(line) => line.id}
      columns={[
        {
          id: "product",
          label: t("field.product"),
          card: "title",
          cell: (line) => <ProductCell name={name(line)} sku={line.sku} />,
        },
        asked && {
          id: "supplier",
          label: t("requisitions.askFirst"),
          cell: (line) => line.supplier_id && <SupplierName id={line.supplier_id} />,
        },
        {
          id: "quantity",
          label: t("line.quantity"),
          align: "end",
          card: "end",
          cell: (line) => (
            <AlignedQuantity
              amount={line.typed_quantity}
              places={places}
              unit={unitName(line.unit_id)}
            />
          ),
        },
        begun && {
          id: "ordered",
          label: t("line.ordered"),
          align: "end",
          cell: (line) => <AlignedQuantity amount={line.ordered} places={places} />,
        },
        begun && {
          id: "received",
          label: t("line.received"),
          align: "end",
          cell: (line) => <AlignedQuantity amount={line.received} places={places} />,
        },
      ]}
    />
  );
}
