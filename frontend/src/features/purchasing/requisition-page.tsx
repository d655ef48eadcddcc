import { Alert, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconHourglass } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { difference, isNegative, isZero } from "@/shared/format/decimal";
import { SupplierName, SupplierSelect, useWarehouses } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { CommandBar, type Command } from "@/shared/ui/command-bar";
import { CommandDialog, type Send } from "@/shared/ui/command-dialog";
import { DateText } from "@/shared/ui/date-text";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { AlignedQuantity } from "@/shared/ui/quantity-input";

import { useAuditWords } from "./history";
import { type Requisition, requisition, type RequisitionLine, useKeepRequisition } from "./queries";
import { useUnitName } from "./unit-names";

export function RequisitionPage() {
  const { requisitionId } = useParams({ from: "/shell/requisitions/$requisitionId" });
  return <Loaded query={requisition(requisitionId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

function Show({ of }: { of: Requisition }) {
  const { t } = useTranslation("purchasing");
  const { nameOf } = useWarehouses();
  const keep = useKeepRequisition();
  const words = useAuditWords();
  const commands = useCommands(of);
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
          of.state === "pending_approval" && (
            <Alert icon={<IconHourglass size={18} />}>{t("orders.waits")}</Alert>
          )
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

function useCommands(of: Requisition): Command[] {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const keep = useKeepRequisition();
  const path = { requisition_id: of.id };
  const reason = { label: t("field.reason"), required: true };
  const send = (command: "submit" | "approve"): Send => {
    const route = `/api/requisitions/{requisition_id}/${command}` as const;
    return ({ query, headers }) => client.POST(route, { params: { path, query }, headers });
  };
  const sendReason = (command: "reject" | "close" | "cancel"): Send => {
    const route = `/api/requisitions/{requisition_id}/${command}` as const;
    return ({ query, headers, reason }) =>
      client.POST(route, { params: { path, query }, headers, body: { reason } });
  };
  return [
    {
      name: "submit",
      label: t("requisitions.submit"),
      permission: "requisition:submit",
      text: t("requisitions.submitText"),
      done: t("requisitions.done.submit"),
      send: send("submit"),
    },
    {
      name: "edit",
      label: t("action.edit"),
      permission: "requisition:edit",
      go: () =>
        void navigate({
          to: "/requisitions/$requisitionId/edit",
          params: { requisitionId: of.id },
        }),
    },
    {
      name: "approve",
      label: t("requisitions.approve"),
      permission: "requisition:approve",
      done: t("requisitions.done.approve"),
      send: send("approve"),
    },
    {
      name: "reject",
      label: t("requisitions.reject"),
      permission: "requisition:approve",
      danger: true,
      asks: reason,
      done: t("requisitions.done.reject"),
      send: sendReason("reject"),
    },
    {
      name: "order",
      label: t("requisitions.order"),
      permission: "purchase_order:create",
      dialog: (close) => (
        <OrderDialog
          of={of}
          onDone={(answer) => {
            keep(answer);
            const made = (answer as Requisition).links.length - of.links.length;
            notifications.show({ message: t("requisitions.ordersMade", { count: made }) });
          }}
          onClose={close}
        />
      ),
    },
    {
      name: "enquire",
      label: t("requisitions.enquire"),
      permission: "enquiry:create",
      go: () => void navigate({ to: "/enquiries/new", search: { requisition: of.id } }),
    },
    {
      name: "close",
      label: t("requisitions.close"),
      permission: "requisition:close",
      danger: true,
      asks: reason,
      done: t("requisitions.done.close"),
      send: sendReason("close"),
    },
    {
      name: "cancel",
      label: t("requisitions.cancel"),
      permission: "requisition:cancel",
      danger: true,
      asks: reason,
      done: t("requisitions.done.cancel"),
      send: sendReason("cancel"),
    },
  ];
}

/** A draft order for each supplier; a line without one needs a word. */
function OrderDialog({
  of,
  onDone,
  onClose,
}: {
  of: Requisition;
  onDone: (answer: unknown) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const open = of.lines.filter((line) => isNegative(difference(line.ordered, line.quantity)));
  const [chosen, setChosen] = useState<Record<string, string | null>>(() =>
    Object.fromEntries(open.map((line) => [line.id, line.supplier_id])),
  );
  const lines = open.map((line) => ({
    line_id: line.id,
    supplier_id: chosen[line.id] ?? null,
  }));
  return (
    <CommandDialog
      of={of}
      title={t("requisitions.order")}
      verb={t("requisitions.order")}
      text={t("requisitions.orderText")}
      asked={lines}
      ready={open.length > 0}
      send={({ query, headers }) =>
        client.POST("/api/requisitions/{requisition_id}/order", {
          params: { path: { requisition_id: of.id }, query },
          headers,
          body: { lines },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <Stack gap={12}>
          {open.map((line, index) => (
            <SupplierSelect
              key={line.id}
              clearable
              label={`${line.sku} ${name(line)}`}
              placeholder={t("requisitions.usualSupplier")}
              value={chosen[line.id] ?? null}
              error={errorOf(`lines.${index}.supplier_id`)}
              onChange={(id) => {
                setChosen({ ...chosen, [line.id]: id });
              }}
            />
          ))}
        </Stack>
      )}
    </CommandDialog>
  );
}
