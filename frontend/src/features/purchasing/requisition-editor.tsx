import { Alert, SimpleGrid, Textarea } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { parseDecimal } from "@/shared/format/number";
import { useWarehouses, WarehouseSelect } from "@/shared/goods/pickers";
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
import { SelfSavingNotices } from "@/shared/ui/self-saving-notices";
import { SelfSavingPage, useSelfSavingDocument } from "@/shared/ui/self-saving-page";
import { type DraftRules, type SelfSaving } from "@/shared/ui/use-self-saving";

import { useAuditWords } from "./history";
import {
  readRequisition,
  type Requisition,
  type RequisitionIn,
  useKeepRequisition,
  useSaveRequisition,
} from "./queries";
import { useRequisitionCommands } from "./requisition-commands";

type Line = GoodsLine & { supplier_id: string | null };

type Edited = {
  warehouse_id: string | null;
  needed_on: string | null;
  notes: string;
  lines: Line[];
};

const emptyLine = (): Line => ({ ...emptyGoodsLine(), supplier_id: null });

const emptyRequisition = (): Edited => ({
  warehouse_id: null,
  needed_on: null,
  notes: "",
  lines: [emptyLine()],
});

/** The requisition as the server has it; `keys` are those its lines had in the editor. */
const editedOf = (of: Requisition, keys: string[] = []): Edited => ({
  warehouse_id: of.warehouse_id,
  needed_on: of.needed_on,
  notes: of.notes,
  lines: of.lines.map((line, index) => ({
    key: keys[index] ?? newLineKey(),
    item: null,
    product_id: line.product_id,
    sku: line.sku,
    name_en: line.name_en,
    name_ar: line.name_ar,
    unit_id: line.unit_id,
    quantity: line.typed_quantity,
    supplier_id: line.supplier_id,
  })),
});

const begunLines = (edited: Edited) => edited.lines.filter((line) => !isBlankLine(line));

const sent = (edited: Edited): RequisitionIn => ({
  warehouse_id: edited.warehouse_id,
  needed_on: edited.needed_on,
  notes: edited.notes,
  lines: begunLines(edited).map((line) => ({
    product_id: line.product_id,
    unit_id: line.unit_id,
    quantity: parseDecimal(line.quantity) ?? line.quantity,
    supplier_id: line.supplier_id,
  })),
});

/** What keeps the requisition from being saved; the rest is the server's to judge. */
function missingFrom(edited: Edited): "products" | "line" | null {
  const lines = begunLines(edited);
  if (lines.length === 0) return "products";
  return lines.every(isReadyLine) ? null : "line";
}

type Props = { stored: Requisition | null; onCreated: (id: string) => void };

/** A requisition that is still being written: it saves itself. */
export function RequisitionEditor({ stored, onCreated }: Props) {
  const { t } = useTranslation("purchasing");
  const words = useAuditWords();
  const keep = useKeepRequisition();
  const save = useSaveRequisition();
  const { only, loaded } = useWarehouses();
  const rules: DraftRules<Requisition, Edited, RequisitionIn> = {
    name: "requisition",
    valuesOf: editedOf,
    bodyOf: sent,
    begunLines,
    missingFrom,
    isBegun: (values) => begunLines(values).length > 0 || values.notes !== "",
    save: (of, values) => save.mutateAsync({ of, values }),
    read: readRequisition,
  };
  const state = useSelfSavingDocument(rules, {
    stored,
    blank: () => emptyRequisition(),
    address: (id) => ({ to: "/requisitions/$requisitionId", params: { requisitionId: id } }),
    onCreated,
  });
  const { draft, saved, change } = state;
  // Where there is one warehouse, nobody needs to choose it.
  const usual = loaded && !stored ? only?.id : undefined;
  useEffect(() => {
    if (usual && draft.warehouse_id === null) change({ warehouse_id: usual });
  }, [usual, draft.warehouse_id, change]);
  const title = saved ? (saved.number ?? t("requisitions.one")) : t("requisitions.add");
  const commands = useRequisitionCommands(saved);

  return (
    <SelfSavingPage
      state={state}
      back={{ link: { to: "/requisitions" }, label: t("requisitions.title") }}
      title={title}
      next={t("requisitions.submit")}
      commands={commands}
      onDone={keep}
      words={words}
    >
      {saved?.reason && (
        <Alert color="orange" icon={<IconAlertTriangle size={18} />}>
          {t("orders.rejected", { reason: saved.reason })}
        </Alert>
      )}
      <Editor state={state} />
    </SelfSavingPage>
  );
}

type State = SelfSaving<Requisition, Edited, RequisitionIn>;

function Editor({ state }: { state: State }) {
  const { t } = useTranslation("purchasing");
  const { nameOf } = useWarehouses();
  const { draft: edited, change, errorOf } = state;
  const say = (field: string, of: Edited) => {
    if (field === "lines") return t("orders.lineCount", { count: begunLines(of).length });
    if (field === "warehouse_id") return of.warehouse_id ? nameOf(of.warehouse_id) : "—";
    const value = field === "needed_on" ? of.needed_on : of.notes;
    return value === null || value === "" ? "—" : value;
  };
  return (
    <>
      <SelfSavingNotices
        state={state}
        label={(field) => t(`conflict.${fields.find((one) => one === field) ?? "lines"}`)}
        say={say}
      />
      <Section title={t("section.facts")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <WarehouseSelect
            label={t("field.warehouse")}
            placeholder={t("field.chooseWarehouse")}
            clearable
            value={edited.warehouse_id}
            error={errorOf("warehouse_id")}
            onChange={(warehouse_id) => {
              change({ warehouse_id });
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
      <Section title={t("section.lines")}>
        <GoodsLines<Line>
          label={t("section.lines")}
          lines={edited.lines}
          onChange={(next) => {
            change({ lines: next });
          }}
          newLine={emptyLine}
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

const fields = ["warehouse_id", "needed_on", "notes", "lines"] as const;
