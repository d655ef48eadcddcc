import { Alert, Group, Select, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useWarehouses, WarehouseSelect } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DateInput } from "@/shared/ui/date-input";
import { CurrencyFields, NotesFields } from "@/shared/ui/draft-fields";
import { Section } from "@/shared/ui/document-page";
import { GoodsLines } from "@/shared/ui/goods-lines";
import { type LineField } from "@/shared/ui/line-editor";
import { Money } from "@/shared/ui/money";
import { RecordSelect } from "@/shared/ui/record-select";
import { MoreFields } from "@/shared/ui/more-fields";
import { SelfSavingNotices } from "@/shared/ui/self-saving-notices";
import { SelfSavingPage, useSelfSavingDocument } from "@/shared/ui/self-saving-page";
import { type DraftRules, type SelfSaving } from "@/shared/ui/use-self-saving";

import { useOrderAvailability } from "./availability";
import { OrderFigures } from "./figures";
import { useOrderWords } from "./history";
import { useOrderHelp } from "./order-help";
import { useOrderCommands } from "./order-commands";
import {
  type Edited,
  type EditedLine,
  editedOf,
  emptyLine,
  emptyOrder,
  missingFrom,
  sent,
  startedLines,
} from "./order-values";
import { named } from "./names";
import {
  customer,
  findCustomers,
  type Order,
  type OrderIn,
  readOrder,
  useKeepOrder,
  useSaveOrder,
} from "./queries";
import classes from "./sales.module.css";

type Props = {
  stored: Order | null;
  customerId?: string | undefined;
  onCreated: (id: string) => void;
};

type Row = EditedLine & { net: string };

/** An order that is still being written: it saves itself, and the server reckons prices and VAT. */
export function DraftPage({ stored, customerId, onCreated }: Props) {
  const { t } = useTranslation("sales");
  const name = useName();
  const words = useOrderWords();
  const keep = useKeepOrder();
  const save = useSaveOrder();
  const warehouses = useWarehouses();
  const rules: DraftRules<Order, Edited, OrderIn> = {
    name: "sales_order",
    valuesOf: editedOf,
    bodyOf: sent,
    begunLines: startedLines,
    missingFrom,
    isBegun: (values) =>
      startedLines(values).length > 0 || values.customer_id !== "" || values.reference !== "",
    save: (of, body) => save.mutateAsync({ of, body }),
    read: readOrder,
  };
  const state = useSelfSavingDocument(rules, {
    stored,
    blank: () => emptyOrder(customerId),
    address: (id) => ({ to: "/sales-orders/$orderId", params: { orderId: id } }),
    onCreated,
  });
  const { draft, saved, change } = state;
  const only = warehouses.only?.id;
  useEffect(() => {
    if (only && draft.warehouse_id === "") change({ warehouse_id: only });
  }, [only, draft.warehouse_id, change]);
  const title = saved
    ? (saved.number ?? t("order.draftOf", { customer: name(named(saved)) }))
    : t("order.new");
  const commands = useOrderCommands(saved, (answer) => {
    state.forget();
    keep(answer);
  });
  const help = useOrderHelp(saved);

  return (
    <SelfSavingPage
      state={state}
      back={{ link: { to: "/sales-orders" }, label: t("orders.title") }}
      title={title}
      subtitle={saved?.number && <bdi>{name(named(saved))}</bdi>}
      next={t("command.confirm")}
      commands={commands}
      help={help}
      onDone={keep}
      words={words}
    >
      <Editor state={state} />
    </SelfSavingPage>
  );
}

type State = SelfSaving<Order, Edited, OrderIn>;

function Editor({ state }: { state: State }) {
  const { t } = useTranslation("sales");
  const name = useName();
  const can = useCan();
  const { draft, change, saved, errorOf } = state;
  const [more, setMore] = useState(
    () => draft.currency !== "SAR" || draft.is_export || draft.prices_include_vat,
  );
  const { data: chosen } = useQuery({
    ...customer(draft.customer_id),
    enabled: draft.customer_id !== "" && can("party:read"),
  });
  const { nameOf } = useWarehouses();
  const availability = useOrderAvailability(draft.warehouse_id);
  const rows: Row[] = draft.lines.map((line) => ({
    ...line,
    net: saved?.lines[state.savedIndex(line.key)]?.net ?? "",
  }));
  const fields: LineField<Row>[] = [
    { id: "unit_price", label: t("line.price"), width: 96, align: "end", kind: "number" },
    { id: "discount", label: t("line.discount"), width: 76, align: "end" },
    {
      id: "net",
      label: t("line.net"),
      width: 96,
      align: "end",
      readOnly: true,
      render: (line) => (
        <div className={classes.net} data-old={state.dirty ? true : undefined}>
          {line.net ? <Money amount={line.net} /> : "—"}
        </div>
      ),
    },
  ];
  return (
    <Stack gap={16}>
      <SelfSavingNotices
        state={state}
        label={(field) => t(`conflict.${field as "lines"}`)}
        say={sayField}
      />
      <Section title={t("section.customer")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <RecordSelect
            label={t("field.customer")}
            placeholder={t("field.findCustomer")}
            required
            value={draft.customer_id || null}
            chosen={chosen ? name(chosen) : saved ? name(named(saved)) : undefined}
            find={findCustomers}
            rowLabel={(row) => `${name(row)} · ${row.code}`}
            error={errorOf("customer_id")}
            data-autofocus={draft.customer_id ? undefined : true}
            onChange={(id) => {
              if (id) change({ customer_id: id });
            }}
          />
          <WarehouseSelect
            label={t("field.warehouse")}
            required
            allowDeselect={false}
            value={draft.warehouse_id || null}
            error={errorOf("warehouse_id")}
            onChange={(id) => {
              if (id) change({ warehouse_id: id });
            }}
          />
          <DateInput
            label={t("field.promised_on")}
            value={draft.promised_on}
            error={errorOf("promised_on")}
            onChange={(promised_on) => {
              change({ promised_on });
            }}
          />
          <TextInput
            label={t("field.reference")}
            description={t("field.referenceHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={draft.reference}
            maxLength={120}
            onChange={(event) => {
              change({ reference: event.currentTarget.value });
            }}
          />
        </SimpleGrid>
        <MoreFields
          label={t("section.more")}
          open={more}
          onToggle={() => {
            setMore(!more);
          }}
        >
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16} mt={12}>
            <Select
              label={t("field.invoice_policy")}
              placeholder={t("field.usualPolicy")}
              allowDeselect={false}
              value={draft.invoice_policy || null}
              data={(["delivered", "ordered"] as const).map((value) => ({
                value,
                label: t(`policy.${value}`),
              }))}
              onChange={(value) => {
                change({ invoice_policy: value === "ordered" ? "ordered" : "delivered" });
              }}
            />
            <DateInput
              label={t("field.expires_on")}
              value={draft.expires_on}
              error={errorOf("expires_on")}
              onChange={(expires_on) => {
                change({ expires_on });
              }}
            />
            <CurrencyFields
              of={draft}
              label={(field) => t(`field.${field}`)}
              errorOf={errorOf}
              onChange={change}
            />
          </SimpleGrid>
          <Group gap={24} mt={16}>
            <Switch
              label={t("field.prices_include_vat")}
              checked={draft.prices_include_vat}
              onChange={(event) => {
                change({ prices_include_vat: event.currentTarget.checked });
              }}
            />
            <Switch
              label={t("field.is_export")}
              checked={draft.is_export}
              onChange={(event) => {
                change({ is_export: event.currentTarget.checked });
              }}
            />
          </Group>
        </MoreFields>
      </Section>
      <Section title={t("section.lines")} description={t("section.linesHint")}>
        <GoodsLines<Row>
          label={t("section.lines")}
          lines={rows}
          onChange={(lines) => {
            change({ lines: lines.map(withoutFigure) });
          }}
          newLine={() => ({ ...emptyLine(), net: "" })}
          fields={fields}
          availability={availability}
          // The price lists decide, for this customer and this quantity; the server fills it in.
          onPick={(_, line) => (line.product_id === null ? {} : { unit_price: "" })}
          onUnit={() => ({ unit_price: "" })}
          errorAt={(line, _, field) =>
            (field === "item" ? ["product_id", "unit_id"] : [field, `${field}_percent`])
              .map((one) => state.errorAt(line.key, one))
              .find(Boolean)
          }
          footer={
            saved && (
              <div data-old={state.dirty ? true : undefined} className={classes.totals}>
                <OrderFigures of={saved} />
              </div>
            )
          }
        />
        {errorOf("lines") && <Alert color="red">{errorOf("lines")}</Alert>}
      </Section>
      <Section title={t("section.notes")} description={t("section.notesHint")}>
        <NotesFields of={draft} label={(field) => t(`field.${field}`)} onChange={change} />
      </Section>
    </Stack>
  );

  function sayField(field: string, of: Edited) {
    if (field === "lines") return t("line.count", { count: startedLines(of).length });
    if (field === "warehouse_id") return nameOf(of.warehouse_id);
    if (field === "customer_id")
      return of.customer_id === state.theirs?.customer_id
        ? name(named(state.theirs))
        : chosen
          ? name(chosen)
          : "…";
    const value = of[field as keyof Edited];
    return typeof value === "string" && value !== "" ? value : "—";
  }
}

// The figure is the server's; it is shown beside the line and never sent.
function withoutFigure(row: Row): EditedLine {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  const { net: _net, ...line } = row;
  return line;
}
