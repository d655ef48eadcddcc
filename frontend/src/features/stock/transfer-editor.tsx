import { SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { WarehouseSelect } from "@/shared/goods/pickers";
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
import { type LineField } from "@/shared/ui/line-editor";
import { Loaded } from "@/shared/ui/loaded";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { useKept } from "@/shared/ui/use-kept";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { FreeHere } from "./free-here";
import { noPlace, PlaceCell, type PlaceValue } from "./place-field";
import classes from "./stock.module.css";
import { type Transfer, transfer, type TransferIn, useSaveTransfer } from "./transfer-queries";

type Line = GoodsLine & { from: PlaceValue; to: PlaceValue; lot_id: string | null };

type Edited = {
  source_id: string | null;
  destination_id: string | null;
  expected_on: string | null;
  reference: string;
  notes: string;
  lines: Line[];
};

const emptyLine = (): Line => ({ ...emptyGoodsLine(), from: noPlace, to: noPlace, lot_id: null });

const placeOf = (id: string | null, code: string | null): PlaceValue =>
  id ? { id, code: code ?? "", typed: null } : noPlace;

const editedOf = (of: Transfer | null): Edited =>
  of
    ? {
        source_id: of.source_id,
        destination_id: of.destination_id,
        expected_on: of.expected_on,
        reference: of.reference,
        notes: of.notes,
        lines: of.lines.map((line) => ({
          key: newLineKey(),
          item: null,
          product_id: line.product_id,
          sku: line.sku,
          name_en: line.name_en,
          name_ar: line.name_ar,
          unit_id: line.unit_id,
          quantity: line.unit_quantity,
          lot_id: line.lot_id,
          from: placeOf(line.source_location_id, line.source_location_code ?? null),
          to: placeOf(line.destination_location_id, line.destination_location_code ?? null),
        })),
      }
    : {
        source_id: null,
        destination_id: null,
        expected_on: null,
        reference: "",
        notes: "",
        lines: [emptyLine()],
      };

const sent = (edited: Edited, lines: Line[]): TransferIn => ({
  source_id: edited.source_id ?? "",
  destination_id: edited.destination_id ?? "",
  expected_on: edited.expected_on,
  reference: edited.reference,
  notes: edited.notes,
  lines: lines.map((line) => ({
    product_id: line.product_id ?? "",
    quantity: line.quantity,
    unit_id: line.unit_id,
    lot_id: line.lot_id,
    source_location_id: line.from.id,
    destination_location_id: line.to.id,
  })),
});

export function NewTransfer() {
  return <Editor of={null} />;
}

export function EditTransfer() {
  const { transferId } = useParams({ from: "/shell/transfers/$transferId/edit" });
  return (
    <Loaded query={transfer(transferId)}>{(of) => <Editor key={of.version} of={of} />}</Loaded>
  );
}

function Editor({ of }: { of: Transfer | null }) {
  const { t } = useTranslation("stock");
  const navigate = useNavigate();
  const save = useSaveTransfer();
  const kept = useKept<Edited>(
    of ? `transfer.${of.id}.${of.version}` : "transfer.new",
    editedOf(of),
  );
  const { value: edited, setValue } = kept;
  const change = (values: Partial<Edited>) => {
    setValue((before) => ({ ...before, ...values }));
  };
  const title = of
    ? (of.number ??
      t("transfers.draftOf", { source: of.source_code, destination: of.destination_code }))
    : t("transfers.add");
  usePageTitle(title);
  useUnsavedWarning(kept.dirty && !save.isPending);
  const lines = edited.lines.filter((line) => !isBlankLine(line));
  const chosen = edited.source_id !== null && edited.destination_id !== null;
  const within = chosen && edited.source_id === edited.destination_id;
  const missing = !chosen
    ? t("transfers.chooseBoth")
    : lines.length === 0 || !lines.every(isReadyLine)
      ? t("adjustments.empties")
      : "";
  const problem = save.error && asProblem(save.error);
  const errors = placeErrors(
    problem,
    lines.map((line) => line.key),
    ["source_id", "destination_id", "expected_on", "reference", "notes"],
  );
  const submit = () => {
    if (missing || save.isPending) return;
    save.mutate(
      { of, values: sent(edited, lines) },
      {
        onSuccess: (saved) => {
          kept.forget();
          notifications.show({ message: t(of ? "transfers.saved" : "transfers.created") });
          void navigate({
            to: "/transfers/$transferId",
            params: { transferId: saved.id },
            replace: true,
            ignoreBlocker: true,
          });
        },
      },
    );
  };
  const placeField = (
    id: "from" | "to",
    label: string,
    warehouseId: string | null,
  ): LineField<Line> => ({
    id,
    label,
    width: 140,
    render: (line, set, index) => (
      <PlaceCell
        label={t("lines.cell", { ns: "common", field: label, row: index + 1 })}
        warehouseId={warehouseId}
        value={line[id]}
        {...(id === "to" && { placeholder: within ? "" : t("field.warehouse") })}
        onChange={(value) => {
          set({ [id]: value });
        }}
      />
    ),
  });

  return (
    <DocumentPage
      back={
        of
          ? { link: { to: "/transfers/$transferId", params: { transferId: of.id } }, label: title }
          : { link: { to: "/transfers" }, label: t("transfers.title") }
      }
      title={title}
      actions={
        <>
          <span className={classes.status} role="status">
            {missing}
          </span>
          <ReasonedButton reason={missing || null} loading={save.isPending} onClick={submit}>
            {t(of ? "transfers.save" : "transfers.create")}
          </ReasonedButton>
        </>
      }
    >
      <DraftNotice shown={kept.restored} onDiscard={kept.startOver} />
      <Refusal error={problem} more={errors.rest} />
      <Section title={t("section.facts")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <WarehouseSelect
            label={t("transfers.source")}
            required
            disabled={of !== null}
            value={edited.source_id}
            error={errors.of("source_id")}
            onChange={(source_id) => {
              change({ source_id });
            }}
          />
          <WarehouseSelect
            label={t("transfers.destination")}
            required
            disabled={of !== null}
            value={edited.destination_id}
            error={errors.of("destination_id")}
            description={within ? t("transfers.within") : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            onChange={(destination_id) => {
              change({ destination_id });
            }}
          />
          <DateInput
            label={t("transfers.expected_on")}
            value={edited.expected_on}
            error={errors.of("expected_on")}
            onChange={(expected_on) => {
              change({ expected_on });
            }}
          />
          <TextInput
            label={t("field.reference")}
            maxLength={120}
            value={edited.reference}
            error={errors.of("reference")}
            onChange={(event) => {
              change({ reference: event.currentTarget.value });
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
      <Section title={t("section.lines")}>
        <GoodsLines<Line>
          label={t("section.lines")}
          goodsOnly
          lines={edited.lines}
          onChange={(next) => {
            change({ lines: next });
          }}
          newLine={emptyLine}
          fields={
            chosen
              ? [
                  placeField("from", t("transfers.line.fromBin"), edited.source_id),
                  placeField("to", t("transfers.line.toBin"), edited.destination_id),
                ]
              : []
          }
          availability={(line) =>
            edited.source_id && (
              <FreeHere
                productId={line.product_id}
                warehouseId={edited.source_id}
                wanted={line.quantity}
                unitId={line.unit_id}
              />
            )
          }
          errorAt={(line, _, field) =>
            errors.at(line.key, field) ??
            (field === "from"
              ? errors.at(line.key, "source_location_id")
              : field === "to"
                ? errors.at(line.key, "destination_location_id")
                : undefined)
          }
        />
      </Section>
    </DocumentPage>
  );
}
