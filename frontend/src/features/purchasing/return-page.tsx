import { SimpleGrid, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client, type Schemas } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar, type Command } from "@/shared/ui/command-bar";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DateText } from "@/shared/ui/date-text";
import {
  DocumentView,
  LinesTable,
  ProductCell,
  Totals,
  useDocumentPage,
} from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";

import { useAuditWords } from "./history";
import { named } from "./names";
import {
  type Return,
  type ReturnLine,
  supplierReturn,
  useForgetAll,
  useKeepReturn,
} from "./queries";

export function ReturnPage() {
  const { returnId } = useParams({ from: "/shell/supplier-returns/$returnId" });
  return <Loaded query={supplierReturn(returnId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

function Show({ of }: { of: Return }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const can = useCan();
  const keep = useKeepReturn();
  const words = useAuditWords();
  const path = { return_id: of.id };
  const posted = of.state === "posted";
  const places = placesIn(of.lines.map((line) => line.quantity));
  const commands: Command[] = [
    {
      name: "post",
      label: t("returns.post"),
      permission: "supplier_return:post",
      text: t("returns.postText"),
      done: t("returns.done.post"),
      send: ({ query, headers }) =>
        client.POST("/api/supplier-returns/{return_id}/post", {
          params: { path, query },
          headers,
        }),
    },
    {
      name: "debit",
      label: t("returns.debit"),
      permission: "bill:create",
      dialog: (close) => <DebitDialog of={of} onClose={close} />,
    },
    {
      name: "cancel",
      label: t("returns.cancel"),
      permission: "supplier_return:edit",
      danger: true,
      done: t("returns.done.cancel"),
      send: ({ query, headers }) =>
        client.POST("/api/supplier-returns/{return_id}/cancel", {
          params: { path, query },
          headers,
        }),
    },
  ];
  return (
    <DocumentView
      back={{ link: { to: "/supplier-returns" }, label: t("returns.title") }}
      title={of.number ?? t("returns.draftOf", { number: of.receipt_number ?? "" })}
      subtitle={<bdi>{name(named(of))}</bdi>}
      state={of.state}
      commands={<CommandBar of={of} next={of.next_commands} commands={commands} onDone={keep} />}
      facts={[
        { label: t("field.supplier"), value: <bdi>{name(named(of))}</bdi> },
        { label: t("field.warehouse"), value: <span className="aw-ltr">{of.warehouse_code}</span> },
        { label: t("field.returned_on"), value: <DateText day={of.returned_on} /> },
        { label: t("field.reason"), value: <bdi>{of.reason}</bdi>, wide: true },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={
        <LinesTable<ReturnLine>
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
                  more={line.lot_code ? <bdi>{line.lot_code}</bdi> : undefined}
                />
              ),
            },
            {
              id: "settlement",
              label: t("returns.settlement"),
              cell: (line) => t(`returns.${line.settlement}`),
            },
            {
              id: "quantity",
              label: t("returns.goesBack"),
              align: "end",
              card: "end",
              cell: (line) => <AlignedQuantity amount={line.quantity} places={places} />,
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
      }
      totals={
        posted && <Totals rows={[{ label: t("field.value"), amount: of.value, strong: true }]} />
      }
      links={[
        ...of.links,
        ...(of.entry_id && can("journal_entry:read")
          ? [{ type: "journal_entry", id: of.entry_id, number: null }]
          : []),
      ]}
      history={{ id: of.id, version: of.version, ...words }}
    />
  );
}

/** The note of the supplier that answers the return. */
function DebitDialog({ of, onClose }: { of: Return; onClose: () => void }) {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const forget = useForgetAll();
  const pageOf = useDocumentPage();
  const [number, setNumber] = useState("");
  const [on, setOn] = useState<string | null>(null);
  return (
    <CommandDialog
      of={of}
      title={t("returns.debit")}
      verb={t("returns.debitVerb")}
      text={t("returns.debitText")}
      asked={[number.trim() !== "", on]}
      ready={number.trim() !== ""}
      send={({ query, headers }) =>
        client.POST("/api/supplier-returns/{return_id}/debit", {
          params: { path: { return_id: of.id }, query },
          headers,
          body: { supplier_number: number.trim(), ...(on && { issued_on: on }) },
        })
      }
      onDone={(answer) => {
        forget();
        notifications.show({ message: t("returns.done.debit") });
        const page = pageOf("bill", (answer as Schemas["BillOut"]).id);
        if (page) void navigate({ to: page });
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <TextInput
            label={t("bill.supplier_number")}
            required
            data-autofocus
            maxLength={60}
            value={number}
            error={errorOf("supplier_number")}
            onChange={(event) => {
              setNumber(event.currentTarget.value);
            }}
          />
          <DateInput
            label={t("bill.issued_on")}
            placeholder={t("today")}
            value={on}
            error={errorOf("issued_on")}
            onChange={setOn}
          />
        </SimpleGrid>
      )}
    </CommandDialog>
  );
}
