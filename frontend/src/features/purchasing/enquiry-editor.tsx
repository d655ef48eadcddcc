import { ActionIcon, Button, SimpleGrid, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { SupplierSelect } from "@/shared/goods/pickers";
import { supplier } from "@/shared/goods/places";
import { useName } from "@/shared/i18n/names";
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
import { type Enquiry, enquiry, type Requisition, requisition, useSaveEnquiry } from "./queries";

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

const editedOf = (of: Enquiry): Edited => ({
  warehouse_id: of.warehouse_id,
  answer_by: of.answer_by,
  needed_on: of.needed_on,
  notes: of.notes,
  supplier_ids: of.suppliers.map((one) => one.supplier_id),
  lines: of.lines.map((line) => ({
    key: newLineKey(),
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

export function NewEnquiry() {
  const { requisition: wishId } = useSearch({ from: "/shell/enquiries/new" });
  if (!wishId) return <Editor of={null} initial={newOf(null)} place="enquiry.new" />;
  return (
    <Loaded query={requisition(wishId)}>
      {(wish) => <Editor of={null} initial={newOf(wish)} place={`enquiry.of.${wish.id}`} />}
    </Loaded>
  );
}

export function EditEnquiry() {
  const { enquiryId } = useParams({ from: "/shell/enquiries/$enquiryId/edit" });
  return (
    <Loaded query={enquiry(enquiryId)}>
      {(of) => (
        <Editor
          key={of.version}
          of={of}
          initial={editedOf(of)}
          place={`enquiry.${of.id}.${of.version}`}
        />
      )}
    </Loaded>
  );
}

type EditorProps = { of: Enquiry | null; initial: Edited; place: string };

function Editor({ of, initial, place }: EditorProps) {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const save = useSaveEnquiry();
  const kept = useKept<Edited>(place, initial);
  const { value: edited, setValue } = kept;
  const change = (values: Partial<Edited>) => {
    setValue((before) => ({ ...before, ...values }));
  };
  const title = of ? (of.number ?? t("enquiries.one")) : t("enquiries.add");
  usePageTitle(title);
  useUnsavedWarning(kept.dirty && !save.isPending);
  const lines = edited.lines.filter((line) => !isBlankLine(line));
  const missing =
    lines.length === 0 || !lines.every(isReadyLine)
      ? t("enquiries.noLines")
      : edited.supplier_ids.length === 0
        ? t("enquiries.noSuppliers")
        : "";
  const problem = save.error && asProblem(save.error);
  const errors = placeErrors(
    problem,
    lines.map((line) => line.key),
    ["answer_by", "needed_on", "notes"],
  );
  const submit = () => {
    if (missing || save.isPending) return;
    save.mutate(
      {
        of,
        values: {
          warehouse_id: edited.warehouse_id,
          answer_by: edited.answer_by,
          needed_on: edited.needed_on,
          notes: edited.notes,
          supplier_ids: edited.supplier_ids,
          lines: lines.map((line) => ({
            product_id: line.product_id,
            unit_id: line.unit_id,
            quantity: line.quantity,
            requisition_line_id: line.requisition_line_id,
          })),
        },
      },
      {
        onSuccess: (saved) => {
          kept.forget();
          notifications.show({ message: t(of ? "enquiries.saved" : "enquiries.created") });
          void navigate({
            to: "/enquiries/$enquiryId",
            params: { enquiryId: saved.id },
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
          ? { link: { to: "/enquiries/$enquiryId", params: { enquiryId: of.id } }, label: title }
          : { link: { to: "/enquiries" }, label: t("enquiries.title") }
      }
      title={title}
      actions={
        <>
          <span className={classes.status} role="status">
            {missing}
          </span>
          <Button disabled={missing !== ""} loading={save.isPending} onClick={submit}>
            {t(of ? "enquiries.save" : "enquiries.create")}
          </Button>
        </>
      }
    >
      <DraftNotice shown={kept.restored} onDiscard={kept.startOver} />
      <Refusal error={problem} more={errors.rest} />
      <Section title={t("section.facts")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <DateInput
            label={t("field.answer_by")}
            value={edited.answer_by}
            error={errors.of("answer_by")}
            onChange={(answer_by) => {
              change({ answer_by });
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
          errorAt={(line, _, field) => errors.at(line.key, field)}
        />
      </Section>
    </DocumentPage>
  );
}

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
