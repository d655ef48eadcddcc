import { ActionIcon, SimpleGrid, Textarea } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { parseDecimal } from "@/shared/format/number";
import { SupplierSelect, useWarehouses } from "@/shared/goods/pickers";
import { supplier } from "@/shared/goods/places";
import { useName } from "@/shared/i18n/names";
import { DateInput } from "@/shared/ui/date-input";
import { Section } from "@/shared/ui/document-page";
import {
  emptyGoodsLine,
  type GoodsLine,
  GoodsLines,
  isBlankLine,
  isReadyLine,
  newLineKey,
} from "@/shared/ui/goods-lines";
import { Loaded } from "@/shared/ui/loaded";
import { SelfSavingNotices } from "@/shared/ui/self-saving-notices";
import { SelfSavingPage, useSelfSavingDocument } from "@/shared/ui/self-saving-page";
import { type DraftRules, type SelfSaving } from "@/shared/ui/use-self-saving";

import { useEnquiryCommands } from "./enquiry-commands";
import { useAuditWords } from "./history";
import classes from "./purchasing.module.css";
import {
  type Enquiry,
  type EnquiryIn,
  readEnquiry,
  type Requisition,
  requisition,
  useKeepEnquiry,
  useSaveEnquiry,
} from "./queries";

type Line = GoodsLine & { requisition_line_id: string | null };

type Edited = {
  warehouse_id: string | null;
  answer_by: string | null;
  needed_on: string | null;
  notes: string;
  supplier_ids: string[];
  lines: Line[];
};

const emptyLine = (): Line => ({ ...emptyGoodsLine(), requisition_line_id: null });

/** The request as the server has it; `keys` are those its lines had in the editor. */
const editedOf = (of: Enquiry, keys: string[] = []): Edited => ({
  warehouse_id: of.warehouse_id,
  answer_by: of.answer_by,
  needed_on: of.needed_on,
  notes: of.notes,
  supplier_ids: of.suppliers.map((one) => one.supplier_id),
  lines: of.lines.map((line, index) => ({
    key: keys[index] ?? newLineKey(),
    item: null,
    product_id: line.product_id,
    sku: line.sku,
    name_en: line.name_en,
    name_ar: line.name_ar,
    unit_id: line.unit_id,
    quantity: line.quantity,
    requisition_line_id: line.requisition_line_id,
  })),
});

/** A new request asks for what a requisition wants, where it comes from one. */
const newOf = (wish: Requisition | null): Edited => ({
  warehouse_id: wish?.warehouse_id ?? null,
  answer_by: null,
  needed_on: wish?.needed_on ?? null,
  notes: "",
  supplier_ids: [...new Set(wish?.lines.flatMap((line) => line.supplier_id ?? []))],
  lines: wish
    ? wish.lines.map((line) => ({
        key: newLineKey(),
        item: null,
        product_id: line.product_id,
        sku: line.sku,
        name_en: line.name_en,
        name_ar: line.name_ar,
        unit_id: line.unit_id,
        quantity: line.typed_quantity,
        requisition_line_id: line.id,
      }))
    : [emptyLine()],
});

const begunLines = (edited: Edited) => edited.lines.filter((line) => !isBlankLine(line));

const sent = (edited: Edited): EnquiryIn => ({
  warehouse_id: edited.warehouse_id,
  answer_by: edited.answer_by,
  needed_on: edited.needed_on,
  notes: edited.notes,
  supplier_ids: edited.supplier_ids,
  lines: begunLines(edited).map((line) => ({
    product_id: line.product_id,
    unit_id: line.unit_id,
    quantity: parseDecimal(line.quantity) ?? line.quantity,
    requisition_line_id: line.requisition_line_id,
  })),
});

/** What keeps the request from being saved; the rest is the server's to judge. */
function missingFrom(edited: Edited): "products" | "line" | "suppliers" | null {
  const lines = begunLines(edited);
  if (lines.length === 0) return "products";
  if (!lines.every(isReadyLine)) return "line";
  return edited.supplier_ids.length === 0 ? "suppliers" : null;
}

type Props = { stored: Enquiry | null; wish?: Requisition; onCreated: (id: string) => void };

/** A new request, of a requisition or of nothing; saved, it keeps the wish it came from. */
export function NewEnquiry({
  wishId,
  onCreated,
}: {
  wishId: string | undefined;
  onCreated: (id: string) => void;
}) {
  const [from] = useState(wishId);
  if (!from) return <EnquiryEditor stored={null} onCreated={onCreated} />;
  return (
    <Loaded query={requisition(from)}>
      {(wish) => <EnquiryEditor stored={null} wish={wish} onCreated={onCreated} />}
    </Loaded>
  );
}

/** A request that is still being written: it saves itself. */
export function EnquiryEditor({ stored, wish, onCreated }: Props) {
  const { t } = useTranslation("purchasing");
  const words = useAuditWords();
  const keep = useKeepEnquiry();
  const save = useSaveEnquiry();
  const rules: DraftRules<Enquiry, Edited, EnquiryIn> = {
    name: wish ? `enquiry.of.${wish.id}` : "enquiry",
    valuesOf: editedOf,
    bodyOf: sent,
    begunLines,
    missingFrom,
    isBegun: (values) => begunLines(values).length > 0 || values.supplier_ids.length > 0,
    save: (of, values) => save.mutateAsync({ of, values }),
    read: readEnquiry,
  };
  const state = useSelfSavingDocument(rules, {
    stored,
    blank: () => newOf(wish ?? null),
    address: (id) => ({ to: "/enquiries/$enquiryId", params: { enquiryId: id } }),
    onCreated,
  });
  const { saved } = state;
  const title = saved ? (saved.number ?? t("enquiries.one")) : t("enquiries.add");
  const commands = useEnquiryCommands(saved);
  return (
    <SelfSavingPage
      state={state}
      back={{ link: { to: "/enquiries" }, label: t("enquiries.title") }}
      title={title}
      next={t("enquiries.send")}
      commands={commands}
      onDone={keep}
      words={words}
    >
      <Editor state={state} />
    </SelfSavingPage>
  );
}

type State = SelfSaving<Enquiry, Edited, EnquiryIn>;

function Editor({ state }: { state: State }) {
  const { t } = useTranslation("purchasing");
  const { nameOf } = useWarehouses();
  const { draft: edited, change, errorOf } = state;
  return (
    <>
      <SelfSavingNotices
        state={state}
        label={(field) => t(`conflict.${named[field] ?? "lines"}`)}
        say={(field, of) => {
          if (field === "lines") return t("orders.lineCount", { count: begunLines(of).length });
          if (field === "supplier_ids") return String(of.supplier_ids.length);
          if (field === "warehouse_id") return of.warehouse_id ? nameOf(of.warehouse_id) : "—";
          const value = of[field as keyof Edited];
          return typeof value === "string" && value !== "" ? value : "—";
        }}
      />
      <Section title={t("section.facts")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <DateInput
            label={t("field.answer_by")}
            value={edited.answer_by}
            error={errorOf("answer_by")}
            onChange={(answer_by) => {
              change({ answer_by });
            }}
          />
          <DateInput
            label={t("field.needed_on")}
            value={edited.needed_on}
            error={errorOf("needed_on")}
            onChange={(needed_on) => {
              change({ needed_on });
            }}
          />
        </SimpleGrid>
        <Textarea
          mt={16}
          label={t("field.notes")}
          autosize
          minRows={1}
          maxLength={2000}
          value={edited.notes}
          error={errorOf("notes")}
          onChange={(event) => {
            change({ notes: event.currentTarget.value });
          }}
        />
      </Section>
      <Section title={t("enquiries.suppliers")}>
        <Suppliers
          ids={edited.supplier_ids}
          onChange={(supplier_ids) => {
            change({ supplier_ids });
          }}
        />
      </Section>
      <Section title={t("section.lines")}>
        <GoodsLines<Line>
          label={t("section.lines")}
          lines={edited.lines}
          onChange={(next) => {
            change({ lines: next });
          }}
          newLine={emptyLine}
          onPick={() => ({ requisition_line_id: null })}
          errorAt={(line, _, field) =>
            (field === "item" ? ["product_id", "unit_id"] : [field])
              .map((one) => state.errorAt(line.key, one))
              .find(Boolean)
          }
        />
      </Section>
    </>
  );
}

const named: Partial<
  Record<string, "warehouse_id" | "answer_by" | "needed_on" | "notes" | "suppliers">
> = {
  warehouse_id: "warehouse_id",
  answer_by: "answer_by",
  needed_on: "needed_on",
  notes: "notes",
  supplier_ids: "suppliers",
};

function Suppliers({ ids, onChange }: { ids: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation("purchasing");
  const [round, setRound] = useState(0);
  return (
    <>
      <ul className={classes.suppliers}>
        {ids.map((id) => (
          <Chosen
            key={id}
            id={id}
            onRemove={() => {
              onChange(ids.filter((one) => one !== id));
            }}
          />
        ))}
      </ul>
      <SupplierSelect
        // Another one each time: the field is empty again once somebody was chosen.
        key={round}
        maw={360}
        aria-label={t("enquiries.addSupplier")}
        placeholder={t("enquiries.addSupplier")}
        value={null}
        onChange={(id) => {
          if (id && !ids.includes(id)) onChange([...ids, id]);
          setRound(round + 1);
        }}
      />
    </>
  );
}

function Chosen({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const { data } = useQuery(supplier(id));
  const said = data ? name(data) : "…";
  return (
    <li>
      <bdi>{said}</bdi>
      <ActionIcon
        size={28}
        aria-label={t("enquiries.removeSupplier", { name: said })}
        onClick={onRemove}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </li>
  );
}
