import { SegmentedControl, SimpleGrid, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { useWarehouses, WarehouseSelect } from "@/shared/goods/pickers";
import { product } from "@/shared/goods/queries";
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
  ofProduct,
} from "@/shared/ui/goods-lines";
import { type LineField } from "@/shared/ui/line-editor";
import { placeErrors } from "@/shared/ui/line-errors";
import { Loaded } from "@/shared/ui/loaded";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { useKept } from "@/shared/ui/use-kept";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { adjustmentKinds } from "./adjustment-list";
import { FreeHere } from "./free-here";
import { LotFields } from "./lot-fields";
import { noPlace, PlaceCell, type PlaceValue } from "./place-field";
import { type Adjustment, adjustment, type AdjustmentIn, useSaveAdjustment } from "./queries";
import classes from "./stock.module.css";

type Kind = (typeof adjustmentKinds)[number];

type Line = GoodsLine & {
  place: PlaceValue;
  unit_cost: string;
  lot_code: string;
  expires_on: string | null;
};

type Edited = {
  kind: Kind;
  warehouse_id: string | null;
  effective_on: string | null;
  reason: string;
  notes: string;
  lines: Line[];
};

const emptyLine = (): Line => ({
  ...emptyGoodsLine(),
  place: noPlace,
  unit_cost: "",
  lot_code: "",
  expires_on: null,
});

const bringsIn = (kind: Kind) => kind === "opening" || kind === "gain";

const editedOf = (of: Adjustment | null, kind: Kind): Edited =>
  of
    ? {
        kind: of.kind,
        warehouse_id: of.warehouse.id,
        effective_on: of.effective_on,
        reason: of.reason,
        notes: of.notes,
        lines: of.lines.map((line) => ({
          key: newLineKey(),
          item: null,
          product_id: line.product.id,
          sku: line.product.sku,
          name_en: line.product.name_en,
          name_ar: line.product.name_ar,
          unit_id: line.unit_id,
          quantity: line.quantity,
          unit_cost: line.unit_cost ?? "",
          lot_code: line.lot?.code ?? "",
          expires_on: line.lot?.expires_on ?? null,
          place:
            line.location.code === of.warehouse.code
              ? noPlace
              : { id: line.location.id, code: line.location.code, typed: null },
        })),
      }
    : {
        kind,
        warehouse_id: null,
        effective_on: null,
        reason: "",
        notes: "",
        lines: [emptyLine()],
      };

const sent = (edited: Edited, lines: Line[]): AdjustmentIn => ({
  kind: edited.kind,
  warehouse_id: edited.warehouse_id ?? "",
  ...(edited.effective_on && { effective_on: edited.effective_on }),
  reason: edited.reason,
  notes: edited.notes,
  lines: lines.map((line) => ({
    product_id: line.product_id ?? "",
    quantity: line.quantity,
    unit_id: line.unit_id,
    location_id: line.place.id,
    lot_code: line.lot_code,
    ...(line.expires_on && bringsIn(edited.kind) && { expires_on: line.expires_on }),
    ...(line.unit_cost !== "" && bringsIn(edited.kind) && { unit_cost: line.unit_cost }),
  })),
});

export function NewAdjustment() {
  const { kind, product: productId } = useSearch({ from: "/shell/stock-adjustments/new" });
  const wanted = adjustmentKinds.find((one) => one === kind) ?? "gain";
  return (
    <Editor key={`${wanted} ${productId ?? ""}`} of={null} kind={wanted} productId={productId} />
  );
}

export function EditAdjustment() {
  const { adjustmentId } = useParams({ from: "/shell/stock-adjustments/$adjustmentId/edit" });
  return (
    <Loaded query={adjustment(adjustmentId)}>
      {(of) => <Editor key={of.version} of={of} kind={of.kind} />}
    </Loaded>
  );
}

type EditorProps = { of: Adjustment | null; kind: Kind; productId?: string | undefined };

function Editor({ of, kind, productId }: EditorProps) {
  const { t } = useTranslation("stock");
  const navigate = useNavigate();
  const cache = useQueryClient();
  const save = useSaveAdjustment();
  const { only } = useWarehouses();
  const kept = useKept<Edited>(
    of ? `stock-adjustment.${of.id}.${of.version}` : `stock-adjustment.new.${kind}`,
    editedOf(of, kind),
  );
  const { value: edited, setValue } = kept;
  const change = (values: Partial<Edited>) => {
    setValue((before) => ({ ...before, ...values }));
  };
  // Where there is one warehouse, nobody needs to choose it.
  const warehouseId = edited.warehouse_id ?? only?.id ?? null;
  // The product one came from stands on the first line.
  useEffect(() => {
    if (!productId) return;
    cache.query(product(productId)).then(
      (found) => {
        setValue((before) =>
          before.lines.some((line) => line.product_id !== null)
            ? before
            : {
                ...before,
                lines: before.lines.map((line, index) =>
                  index === 0 ? { ...line, ...ofProduct(found, line), quantity: "" } : line,
                ),
              },
        );
      },
      () => undefined,
    );
  }, [productId, cache, setValue]);
  const title = of ? t(`adjustments.kinds.${of.kind}`) : t("adjustments.add");
  usePageTitle(title);
  const lines = edited.lines.filter((line) => !isBlankLine(line));
  useUnsavedWarning(kept.dirty && !save.isPending && lines.length > 0);
  const missing = !warehouseId
    ? t("adjustments.chooseWarehouse")
    : lines.length === 0 || !lines.every(isReadyLine)
      ? t("adjustments.empties")
      : "";
  const problem = save.error && asProblem(save.error);
  const errors = placeErrors(
    problem,
    lines.map((line) => line.key),
    ["kind", "warehouse_id", "effective_on", "reason", "notes"],
  );
  const submit = () => {
    if (missing || save.isPending) return;
    save.mutate(
      { of, values: sent({ ...edited, warehouse_id: warehouseId }, lines) },
      {
        onSuccess: (saved) => {
          kept.forget();
          notifications.show({ message: t("adjustments.saved") });
          void navigate({
            to: "/stock-adjustments/$adjustmentId",
            params: { adjustmentId: saved.id },
            replace: true,
            ignoreBlocker: true,
          });
        },
      },
    );
  };
  const incoming = bringsIn(edited.kind);
  const fields: LineField<Line>[] = [
    ...(incoming
      ? [
          {
            id: "unit_cost" as const,
            label: t("adjustments.unitCost"),
            width: 120,
            align: "end" as const,
            kind: "number" as const,
          },
        ]
      : []),
    {
      id: "place",
      label: t("field.location"),
      width: 150,
      render: (line, set, index) => (
        <PlaceCell
          label={t("lines.cell", { ns: "common", field: t("field.location"), row: index + 1 })}
          warehouseId={warehouseId}
          value={line.place}
          placeholder={t("field.warehouse")}
          onChange={(place) => {
            set({ place });
          }}
        />
      ),
    },
  ];

  return (
    <DocumentPage
      back={
        of
          ? {
              link: { to: "/stock-adjustments/$adjustmentId", params: { adjustmentId: of.id } },
              label: title,
            }
          : { link: { to: "/stock-adjustments" }, label: t("adjustments.title") }
      }
      title={title}
      actions={
        <>
          <span className={classes.status} role="status">
            {missing}
          </span>
          <ReasonedButton reason={missing || null} loading={save.isPending} onClick={submit}>
            {t("adjustments.save")}
          </ReasonedButton>
        </>
      }
    >
      <DraftNotice shown={kept.restored} onDiscard={kept.startOver} />
      <Refusal error={problem} more={errors.rest} />
      <Section title={t("section.facts")}>
        {!of && (
          <>
            <SegmentedControl
              fullWidth
              aria-label={t("adjustments.kind")}
              value={edited.kind}
              onChange={(value) => {
                change({ kind: adjustmentKinds.find((one) => one === value) ?? "gain" });
              }}
              data={adjustmentKinds.map((value) => ({
                value,
                label: t(`adjustments.kinds.${value}`),
              }))}
            />
            <Text size="sm" c="dimmed" mt={8} mb={16}>
              {t(`adjustments.about.${edited.kind}`)}
            </Text>
          </>
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <WarehouseSelect
            label={t("field.warehouse")}
            required
            disabled={of !== null}
            allowDeselect={false}
            value={warehouseId}
            error={errors.of("warehouse_id")}
            onChange={(warehouse_id) => {
              change({ warehouse_id });
            }}
          />
          <DateInput
            label={t("field.day")}
            placeholder={t("today")}
            value={edited.effective_on}
            error={errors.of("effective_on")}
            onChange={(effective_on) => {
              change({ effective_on });
            }}
          />
          <TextInput
            label={t("field.reason")}
            placeholder={edited.kind === "opening" ? "" : t("adjustments.reasonHint")}
            required={edited.kind !== "opening"}
            maxLength={300}
            value={edited.reason}
            error={errors.of("reason")}
            onChange={(event) => {
              change({ reason: event.currentTarget.value });
            }}
          />
          <Textarea
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
        </SimpleGrid>
      </Section>
      <Section title={t("section.lines")} description={t("adjustments.linesHint")}>
        <GoodsLines<Line>
          label={t("section.lines")}
          goodsOnly
          lines={edited.lines}
          onChange={(next) => {
            change({ lines: next });
          }}
          newLine={emptyLine}
          fields={fields}
          availability={(line) => (
            <>
              {warehouseId && !incoming && (
                <FreeHere
                  productId={line.product_id}
                  warehouseId={warehouseId}
                  wanted={line.quantity}
                  unitId={line.unit_id}
                />
              )}
              <LotFields
                productId={line.product_id}
                lotCode={line.lot_code}
                expiresOn={line.expires_on}
                isNew={incoming}
                error={errors.at(line.key, "lot_code") ?? errors.at(line.key, "expires_on")}
                onChange={(values) => {
                  setValue((before) => ({
                    ...before,
                    lines: before.lines.map((one) =>
                      one.key === line.key ? { ...one, ...values } : one,
                    ),
                  }));
                }}
              />
            </>
          )}
          errorAt={(line, _, field) =>
            errors.at(line.key, field) ??
            (field === "place" ? errors.at(line.key, "location_id") : undefined)
          }
        />
      </Section>
    </DocumentPage>
  );
}
