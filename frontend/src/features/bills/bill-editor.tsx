import { Alert, Button, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { SupplierSelect } from "@/shared/goods/pickers";
import { supplier } from "@/shared/goods/places";
import { useName } from "@/shared/i18n/names";
import { DateInput } from "@/shared/ui/date-input";
import { Section } from "@/shared/ui/document-page";
import { SelfSavingNotices } from "@/shared/ui/self-saving-notices";
import { SelfSavingPage, useSelfSavingDocument } from "@/shared/ui/self-saving-page";
import { type DraftRules } from "@/shared/ui/use-self-saving";

import { useBillCommands } from "./bill-commands";
import { BillLines } from "./bill-lines";
import { BillTerms } from "./bill-terms";
import {
  begunLines,
  type BillDraft,
  type Edited,
  editedOf,
  emptyBill,
  missingFrom,
  sent,
} from "./bill-values";
import { useBillWords } from "./history";
import { type Bill, type BillIn, readBill, useSaveBill } from "./queries";

type Props = {
  stored: Bill | null;
  supplierId?: string | undefined;
  onCreated?: (id: string) => void;
};

/** A bill that is still being written down: it saves itself, and the server reckons the VAT. */
export function BillEditor({ stored, supplierId, onCreated }: Props) {
  const { t } = useTranslation("bills");
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
  const state = useSelfSavingDocument(rules, {
    stored,
    blank: () => emptyBill(supplierId),
    address: (id) => ({ to: "/bills/$billId", params: { billId: id } }),
    onCreated,
  });
  const { saved } = state;
  const title = saved ? t("draftOf", { number: saved.supplier_number }) : t("new");
  const commands = useBillCommands(saved);
  const ofOrder = saved?.source_id != null;

  return (
    <SelfSavingPage
      state={state}
      back={
        ofOrder
          ? {
              link: { to: "/bills/$billId", params: { billId: saved.id } },
              label: t("backToBill"),
            }
          : { link: { to: "/bills" }, label: t("list.title") }
      }
      title={title}
      next={t(ofOrder ? "compare" : "command.post")}
      commands={commands}
      words={words}
      instead={
        ofOrder ? (
          <Button
            renderRoot={(props) => (
              <Link to="/bills/$billId" params={{ billId: saved.id }} {...props} />
            )}
          >
            {t("compare")}
          </Button>
        ) : undefined
      }
    >
      <Editor state={state} />
    </SelfSavingPage>
  );
}

function Editor({ state }: { state: BillDraft }) {
  const { t } = useTranslation("bills");
  const name = useName();
  const { draft, change, saved, errorOf } = state;
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
        <BillTerms state={state} />
      </Section>
      <Section
        title={t("section.lines")}
        description={t(saved?.source_id == null ? "section.linesHint" : "section.orderLinesHint")}
      >
        <BillLines state={state} />
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
