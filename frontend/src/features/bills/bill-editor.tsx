import {
  Alert,
  Button,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { SupplierSelect } from "@/shared/goods/pickers";
import { supplier } from "@/shared/goods/places";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { CommandBar } from "@/shared/ui/command-bar";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { DocumentState } from "@/shared/ui/document-status";
import { LineEditor, type LineField } from "@/shared/ui/line-editor";
import { Money } from "@/shared/ui/money";
import { PickCell, PickOption } from "@/shared/ui/pick-cell";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { MoreFields } from "@/shared/ui/more-fields";
import { SelfSavingNotices } from "@/shared/ui/self-saving-notices";
import { type DraftRules, useSelfSaving } from "@/shared/ui/use-self-saving";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { useBillCommands } from "./bill-commands";
import {
  begunLines,
  described,
  type Edited,
  editedOf,
  type EditedLine,
  emptyBill,
  emptyLine,
  missingFrom,
  sent,
} from "./bill-values";
import classes from "./bills.module.css";
import { Figures } from "./figures";
import { useBillWords } from "./history";
import { type Bill, type BillIn, findAccounts, readBill, useSaveBill } from "./queries";

type Props = {
  stored: Bill | null;
  supplierId?: string | undefined;
  onCreated?: (id: string) => void;
};

type Row = EditedLine & { what: string; account_id: string; net: string };

const taxes = ["S", "Z", "E", "O"] as const;
const treatments = ["domestic", "customs", "reverse_charge"] as const;

/** A bill that is still being written down: it saves itself, and the server reckons the VAT. */
export function BillEditor({ stored, supplierId, onCreated }: Props) {
  const { t } = useTranslation("bills");
  const can = useCan();
  const navigate = useNavigate();
  const words = useBillWords();
  const save = useSaveBill();
  const rules: DraftRules<Bill, Edited, BillIn> = {
    name: "bill",
    valuesOf: editedOf,
    bodyOf: sent,
    begunLines,
    missingFrom,
    isBegun: (values) => begunLines(values).length > 0 || values.supplier_number !== "",
    save: (of, body) => save.mutateAsync({ of, body }),
    read: readBill,
  };
  const [initial] = useState(() => (stored ? editedOf(stored) : emptyBill(supplierId)));
  const state = useSelfSaving(rules, stored, initial, (created) => {
    onCreated?.(created.id);
    void navigate({
      to: "/bills/$billId",
      params: { billId: created.id },
      replace: true,
      resetScroll: false,
      ignoreBlocker: true,
    });
  });
  const { saved } = state;
  useUnsavedWarning(state.dirty);
  const title = saved ? t("draftOf", { number: saved.supplier_number }) : t("new");
  usePageTitle(title);
  const commands = useBillCommands(saved);
  const ready = !state.dirty && state.missing === null && state.theirs === null;
  const ofOrder = saved?.source_id != null;

  return (
    <DocumentPage
      back={
        ofOrder
          ? {
              link: { to: "/bills/$billId", params: { billId: saved.id } },
              label: t("backToBill"),
            }
          : { link: { to: "/bills" }, label: t("list.title") }
      }
      title={title}
      status={<DocumentState state={saved?.state ?? "draft"} />}
      actions={
        <>
          {!saved || !ready ? (
            <Button disabled loading={state.saving}>
              {t(ofOrder ? "compare" : "command.post")}
            </Button>
          ) : ofOrder ? (
            <Button
              renderRoot={(props) => (
                <Link to="/bills/$billId" params={{ billId: saved.id }} {...props} />
              )}
            >
              {t("compare")}
            </Button>
          ) : (
            <CommandBar
              of={saved}
              next={saved.next_commands.filter((one) => one !== "edit")}
              commands={commands}
              onDone={() => {
                state.forget();
              }}
            />
          )}
          <SaveStatus state={state} />
        </>
      }
      timeline={
        // A bill begun here has no history worth moving the form for.
        stored &&
        saved &&
        can("audit:read") && (
          <AuditTimeline recordId={saved.id} version={saved.version} {...words} />
        )
      }
    >
      <Editor state={state} />
    </DocumentPage>
  );
}

type State = ReturnType<typeof useSelfSaving<Bill, Edited, BillIn>>;

function Editor({ state }: { state: State }) {
  const { t } = useTranslation("bills");
  const name = useName();
  const { draft, change, saved, problem } = state;
  const errorOf = (field: string) =>
    problem?.errors.find(
      (one) => one.pointer.endsWith(`/${field}`) && !one.pointer.includes("/lines/"),
    )?.message;
  const { data: chosen } = useQuery({
    ...supplier(draft.supplier_id),
    enabled: draft.supplier_id !== "",
  });
  return (
    <Stack gap={16}>
      <SelfSavingNotices
        state={state}
        label={(field) => t(`conflict.${field as "lines"}`)}
        say={sayField}
      />
      <Section title={t("section.paper")} description={t("section.paperHint")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <SupplierSelect
            label={t("field.supplier")}
            placeholder={t("field.findSupplier")}
            required
            disabled={saved?.source_id != null}
            value={draft.supplier_id || null}
            description={
              chosen &&
              (chosen.vat_number
                ? t("field.vatNumber", { number: chosen.vat_number })
                : t("field.noVatNumber"))
            }
            inputWrapperOrder={["label", "input", "description", "error"]}
            error={errorOf("supplier_id")}
            data-autofocus={draft.supplier_id ? undefined : true}
            onChange={(id, row) => {
              if (id)
                change({
                  supplier_id: id,
                  ...(!saved && { due_on: null }),
                  ...(row && row.currency !== draft.currency && { currency: row.currency }),
                  ...(row?.currency === "SAR" && { exchange_rate: "1" }),
                });
            }}
          />
          <TextInput
            label={t("field.supplier_number")}
            description={t("field.supplierNumberHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            required
            maxLength={60}
            value={draft.supplier_number}
            error={errorOf("supplier_number")}
            onChange={(event) => {
              change({ supplier_number: event.currentTarget.value });
            }}
          />
          <DateInput
            label={t("field.issued_on")}
            required
            value={draft.issued_on}
            error={errorOf("issued_on")}
            onChange={(issued_on) => {
              change({ issued_on });
            }}
          />
          <DateInput
            label={t("field.due_on")}
            placeholder={t("field.byTerms")}
            value={draft.due_on}
            error={errorOf("due_on")}
            onChange={(due_on) => {
              // Once it is saved it has a day; another one replaces it.
              if (due_on || !saved) change({ due_on });
            }}
          />
        </SimpleGrid>
        <More state={state} errorOf={errorOf} />
      </Section>
      <Section
        title={t("section.lines")}
        description={t(saved?.source_id == null ? "section.linesHint" : "section.orderLinesHint")}
      >
        <Lines state={state} />
        {errorOf("lines") && <Alert color="red">{errorOf("lines")}</Alert>}
      </Section>
      <Section title={t("field.notes")} description={t("section.notesHint")}>
        <Textarea
          aria-label={t("field.notes")}
          autosize
          minRows={2}
          maxLength={2000}
          value={draft.notes}
          onChange={(event) => {
            change({ notes: event.currentTarget.value });
          }}
        />
      </Section>
    </Stack>
  );

  function sayField(field: string, of: Edited) {
    if (field === "lines") return t("line.count", { count: begunLines(of).length });
    if (field === "supplier_id") return of.supplier_id === chosen?.id ? name(chosen) : "…";
    if (field === "vat_treatment") return t(`treatment.${of.vat_treatment}`);
    const value = of[field as keyof Edited];
    return typeof value === "string" && value !== "" ? value : "—";
  }
}

/** Currency, VAT and what else is seldom another than usual. */
function More({
  state,
  errorOf,
}: {
  state: State;
  errorOf: (field: string) => string | undefined;
}) {
  const { t } = useTranslation("bills");
  const { draft, change } = state;
  const unusual =
    draft.currency !== "SAR" ||
    draft.vat_treatment !== "domestic" ||
    draft.prices_include_vat ||
    draft.rounding !== "" ||
    draft.reference !== "";
  const [opened, setOpened] = useState(unusual);
  // A supplier abroad brings his currency along, and its rate has to be typed.
  const more = opened || draft.currency !== "SAR";
  return (
    <>
      <MoreFields
        label={t("section.more")}
        open={more}
        onToggle={() => {
          setOpened(!more);
        }}
      >
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16} mt={12}>
          <Select
            label={t("field.vat_treatment")}
            allowDeselect={false}
            value={draft.vat_treatment}
            data={treatments.map((value) => ({ value, label: t(`treatment.${value}`) }))}
            onChange={(value) => {
              change({ vat_treatment: treatments.find((one) => one === value) ?? "domestic" });
            }}
          />
          <TextInput
            label={t("field.currency")}
            dir="ltr"
            maxLength={3}
            value={draft.currency}
            error={errorOf("currency")}
            onChange={(event) => {
              const currency = event.currentTarget.value.toUpperCase();
              change(currency === "SAR" ? { currency, exchange_rate: "1" } : { currency });
            }}
          />
          {draft.currency !== "SAR" && (
            <DecimalInput
              label={t("field.exchange_rate")}
              description={t("field.rateHint", { currency: draft.currency })}
              inputWrapperOrder={["label", "input", "description", "error"]}
              value={draft.exchange_rate}
              error={errorOf("exchange_rate")}
              onChange={(exchange_rate) => {
                change({ exchange_rate });
              }}
            />
          )}
          <DecimalInput
            label={t("field.rounding")}
            description={t("field.roundingHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            places={2}
            value={draft.rounding}
            error={errorOf("rounding")}
            onChange={(rounding) => {
              change({ rounding });
            }}
          />
          <TextInput
            label={t("field.reference")}
            maxLength={120}
            value={draft.reference}
            error={errorOf("reference")}
            onChange={(event) => {
              change({ reference: event.currentTarget.value });
            }}
          />
        </SimpleGrid>
        <Group mt={16}>
          <Switch
            label={t("field.prices_include_vat")}
            checked={draft.prices_include_vat}
            onChange={(event) => {
              change({ prices_include_vat: event.currentTarget.checked });
            }}
          />
        </Group>
      </MoreFields>
    </>
  );
}

function Lines({ state }: { state: State }) {
  const { t } = useTranslation("bills");
  const name = useName();
  const can = useCan();
  const cache = useQueryClient();
  const { draft, change, saved } = state;
  const ofOrder = saved?.source_id != null;
  const nets = new Map(
    saved?.lines.map((line, index) => [begunLines(draft)[index]?.key ?? "", line.net]),
  );
  const rows: Row[] = draft.lines.map((line) => ({
    ...line,
    what: name(line),
    account_id: line.typed ?? line.account?.code ?? "",
    net: nets.get(line.key) ?? "",
  }));
  const changeLine = (key: string, values: Partial<EditedLine>) => {
    change({
      lines: draft.lines.map((line) => (line.key === key ? { ...line, ...values } : line)),
    });
  };
  /** Text left in an account's cell is its code, its name, or nothing we know. */
  const understand = async (line: EditedLine) => {
    const text = line.typed?.trim() ?? "";
    if (text === "") {
      changeLine(line.key, { typed: null, ...(line.typed !== null && { account: null }) });
      return;
    }
    const { items } = await cache.query(findAccounts(text)).catch(() => ({ items: [] }));
    const exact =
      items.find((one) => one.code === text || one.name_en === text || one.name_ar === text) ??
      (items.length === 1 ? items[0] : undefined);
    if (exact) changeLine(line.key, { typed: null, account: exact });
  };
  const changeLines = (next: Row[]) => {
    const before = new Map(rows.map((row) => [row.key, row]));
    const lines = next.map((row) => {
      const { what, account_id } = row;
      const line = withoutShown(row);
      const was = before.get(row.key);
      const pasted = account_id !== "" && account_id !== (was?.account_id ?? "");
      return {
        ...line,
        // A pasted cell may hold anything.
        tax_category: taxes.find((one) => one === line.tax_category) ?? ("S" as const),
        ...(what !== (was?.what ?? "") && described(what)),
        ...(pasted && { typed: account_id, account: null }),
      };
    });
    change({ lines });
  };
  const cell = (field: string, row: number) =>
    t("lines.cell", { ns: "common", field, row: row + 1 });
  const fields: LineField<Row>[] = [
    {
      id: "what",
      label: t("line.what"),
      render: (line, set, index) =>
        line.source_line_id || line.product_id ? (
          <div className={classes.item}>
            <bdi>{name(line)}</bdi>
            <small>
              <bdi>{line.sku}</bdi>
            </small>
          </div>
        ) : (
          <input
            className={classes.text}
            aria-label={cell(t("line.what"), index)}
            placeholder={t("line.whatHint")}
            dir="auto"
            maxLength={300}
            value={line.what}
            onChange={(event) => {
              set({ what: event.currentTarget.value });
            }}
          />
        ),
    },
    ...(can("account:read") && (!ofOrder || draft.lines.some((line) => !line.source_line_id))
      ? [
          {
            id: "account_id",
            label: t("line.account"),
            width: 170,
            wide: true,
            render: (line: Row, _: unknown, index: number) =>
              line.source_line_id ? null : (
                <PickCell
                  label={cell(t("line.account"), index)}
                  chosen={line.account ? `${line.account.code} ${name(line.account)}` : ""}
                  typed={line.typed}
                  placeholder={t("line.accountHint")}
                  invalid={!!line.typed || !!state.errorAt(line.key, "account_id")}
                  find={findAccounts}
                  option={(one) => <PickOption name={name(one)} code={one.code} />}
                  onType={(typed) => {
                    changeLine(line.key, { typed });
                  }}
                  onPick={(account) => {
                    changeLine(line.key, { typed: null, account });
                  }}
                  onLeave={() => void understand(line)}
                />
              ),
          } satisfies LineField<Row>,
        ]
      : []),
    { id: "quantity", label: t("line.quantity"), width: 76, align: "end", kind: "number" },
    { id: "unit_price", label: t("line.price"), width: 100, align: "end", kind: "number" },
    ...(ofOrder || draft.lines.some((line) => line.discount !== "")
      ? [
          {
            id: "discount",
            label: t("line.discount"),
            width: 84,
            align: "end",
            kind: "number",
          } satisfies LineField<Row>,
        ]
      : []),
    {
      id: "tax_category",
      label: t("line.tax"),
      width: 96,
      render: (line, set, index) => (
        <select
          className={classes.select}
          aria-label={cell(t("line.tax"), index)}
          value={line.tax_category}
          onChange={(event) => {
            const value = taxes.find((one) => one === event.currentTarget.value) ?? "S";
            set({ tax_category: value, tax_rate: "" });
          }}
        >
          {taxes.map((one) => (
            <option key={one} value={one}>
              {t(`tax.${one}`)}
            </option>
          ))}
        </select>
      ),
    },
    ...(draft.vat_treatment === "customs"
      ? [
          {
            id: "is_tax_only",
            label: t("line.taxOnly"),
            width: 70,
            render: (line: Row, set: (values: Partial<Row>) => void, index: number) => (
              <div className={classes.item}>
                <input
                  type="checkbox"
                  aria-label={cell(t("line.taxOnly"), index)}
                  checked={line.is_tax_only}
                  onChange={(event) => {
                    set({ is_tax_only: event.currentTarget.checked });
                  }}
                />
              </div>
            ),
          } satisfies LineField<Row>,
        ]
      : []),
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
    <LineEditor<Row>
      label={t("section.lines")}
      fields={fields}
      lines={rows}
      onChange={changeLines}
      newLine={() => ({ ...emptyLine(), what: "", account_id: "", net: "" })}
      lineKey={(line) => line.key}
      errorAt={(index, field) => {
        const line = draft.lines[index];
        if (!line) return undefined;
        if (field === "account_id" && line.typed !== null && line.typed !== "")
          return t("line.unknownAccount");
        const names = field === "what" ? ["name_en", "source_line_id", "product_id"] : [field];
        return names.map((one) => state.errorAt(line.key, one)).find(Boolean);
      }}
      footer={
        saved && (
          <div data-old={state.dirty ? true : undefined} className={classes.totals}>
            <Figures of={saved} />
          </div>
        )
      }
    />
  );
}

// What is only shown beside a line is never sent.
function withoutShown(row: Row): EditedLine {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  const { what: _what, account_id: _account, net: _net, ...line } = row;
  return line;
}

/** Where the bill stands; what is not saved says why. */
function SaveStatus({ state }: { state: State }) {
  const { t } = useTranslation("bills");
  const bad = state.dirty && !state.saving && state.problem !== null;
  const missing = missingFrom(state.draft);
  const said = state.saving
    ? t("save.saving")
    : bad
      ? t("save.refused")
      : missing !== null && (state.dirty || !state.saved)
        ? t(`save.missing.${missing}`)
        : state.dirty
          ? t("save.unsaved")
          : state.saved
            ? t("save.saved")
            : "";
  return (
    <span className={classes.status} role="status" data-bad={bad || undefined}>
      {said}
    </span>
  );
}
