import { Button, SimpleGrid, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { useWarehouses, WarehouseSelect } from "@/shared/goods/pickers";
import { DateInput } from "@/shared/ui/date-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { Refusal } from "@/shared/ui/error-state";
import {
  emptyGoodsLine,
  type GoodsLine,
  GoodsLines,
  isBlankLine,
  isReadyLine,
  newLineKey,
} from "@/shared/ui/goods-lines";
import { placeErrors } from "@/shared/ui/line-errors";
import { Loaded } from "@/shared/ui/loaded";
import { useKept } from "@/shared/ui/use-kept";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import classes from "./purchasing.module.css";
import { type Requisition, requisition, useSaveRequisition } from "./queries";

type Line = GoodsLine & { supplier_id: string | null };

type Edited = {
  warehouse_id: string | null;
  needed_on: string | null;
  notes: string;
  lines: Line[];
};

const emptyLine = (): Line => ({ ...emptyGoodsLine(), supplier_id: null });

const editedOf = (of: Requisition | null): Edited =>
  of
    ? {
        warehouse_id: of.warehouse_id,
        needed_on: of.needed_on,
        notes: of.notes,
        lines: of.lines.map((line) => ({
          key: newLineKey(),
          item: null,
          product_id: line.product_id,
          sku: line.sku,
          name_en: line.name_en,
          name_ar: line.name_ar,
          unit_id: line.unit_id,
          quantity: line.typed_quantity,
          supplier_id: line.supplier_id,
        })),
      }
    : { warehouse_id: null, needed_on: null, notes: "", lines: [emptyLine()] };

export function NewRequisition() {
  return <Editor of={null} />;
}

export function EditRequisition() {
  const { requisitionId } = useParams({ from: "/shell/requisitions/$requisitionId/edit" });
  return (
    <Loaded query={requisition(requisitionId)}>
      {(of) => <Editor key={of.version} of={of} />}
    </Loaded>
  );
}

function Editor({ of }: { of: Requisition | null }) {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const save = useSaveRequisition();
  const { only } = useWarehouses();
  const kept = useKept<Edited>(
    of ? `requisition.${of.id}.${of.version}` : "requisition.new",
    editedOf(of),
  );
  const { value: edited, setValue } = kept;
  const change = (values: Partial<Edited>) => {
    setValue((before) => ({ ...before, ...values }));
  };
  const warehouseId = edited.warehouse_id ?? (of ? null : (only?.id ?? null));
  const title = of ? (of.number ?? t("requisitions.one")) : t("requisitions.add");
  usePageTitle(title);
  useUnsavedWarning(kept.dirty && !save.isPending);
  const lines = edited.lines.filter((line) => !isBlankLine(line));
  const missing = lines.length === 0 || !lines.every(isReadyLine) ? t("requisitions.noLines") : "";
  const problem = save.error && asProblem(save.error);
  const errors = placeErrors(
    problem,
    lines.map((line) => line.key),
    ["warehouse_id", "needed_on", "notes"],
  );
  const submit = () => {
    if (missing || save.isPending) return;
    save.mutate(
      {
        of,
        values: {
          warehouse_id: warehouseId,
          needed_on: edited.needed_on,
          notes: edited.notes,
          lines: lines.map((line) => ({
            product_id: line.product_id,
            unit_id: line.unit_id,
            quantity: line.quantity,
            supplier_id: line.supplier_id,
          })),
        },
      },
      {
        onSuccess: (saved) => {
          kept.forget();
          notifications.show({ message: t(of ? "requisitions.saved" : "requisitions.created") });
          void navigate({
            to: "/requisitions/$requisitionId",
            params: { requisitionId: saved.id },
            replace: true,
            ignoreBlocker: true,
          });
        },
      },
    );
  };
  return (
    <DocumentPage
      back={
        of
          ? {
              link: { to: "/requisitions/$requisitionId", params: { requisitionId: of.id } },
              label: title,
            }
          : { link: { to: "/requisitions" }, label: t("requisitions.title") }
      }
      title={title}
      actions={
        <>
          <span className={classes.status} role="status">
            {missing}
          </span>
          <Button disabled={missing !== ""} loading={save.isPending} onClick={submit}>
            {t(of ? "requisitions.save" : "requisitions.create")}
          </Button>
        </>
      }
    >
      <DraftNotice shown={kept.restored} onDiscard={kept.startOver} />
      <Refusal error={problem} more={errors.rest} />
      <Section title={t("section.facts")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <WarehouseSelect
            label={t("field.warehouse")}
            placeholder={t("field.chooseWarehouse")}
            clearable
            value={warehouseId}
            error={errors.of("warehouse_id")}
            onChange={(warehouse_id) => {
              change({ warehouse_id });
            }}
          />
          <DateInput
            label={t("field.needed_on")}
            value={edited.needed_on}
            error={errors.of("needed_on")}
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
          error={errors.of("notes")}
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
          errorAt={(line, _, field) => errors.at(line.key, field)}
        />
      </Section>
    </DocumentPage>
  );
}
