import { Button, Checkbox, Modal, Select, Skeleton, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, fieldName } from "@/shared/api/problem";
import { placesIn } from "@/shared/format/align";
import { isNegative, isZero, total } from "@/shared/format/decimal";
import { useWarehouses, WarehouseSelect } from "@/shared/goods/pickers";
import { stockItem } from "@/shared/goods/places";
import { units } from "@/shared/goods/queries";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DateText } from "@/shared/ui/date-text";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { LinesTable } from "@/shared/ui/document-view";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Facts } from "@/shared/ui/facts";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { DocumentOf } from "./document-of";
import { Expiry } from "./expiry";
import { type Balance, balancesOf, type CardRow, type Kept, stockCard, useKeepAs } from "./queries";
import classes from "./stock.module.css";
import { Way } from "./way";

type Card = {
  product: { id: string; sku: string; name_en: string; name_ar: string; unit_id: string };
};

export function StockCardPage() {
  const { productId } = useParams({ from: "/shell/stock/products/$productId" });
  const search = useSearch({ from: "/shell/stock/products/$productId" });
  return (
    <Loaded
      query={stockCard(productId, {
        warehouse_id: search.warehouse_id,
        after: search.after ? Number(search.after) : undefined,
      })}
    >
      {(card) => <Show card={card} rows={card.items} next={card.next} />}
    </Loaded>
  );
}

/** A product in stock: where it stands, and what came and went with the running balance. */
function Show({ card, rows, next }: { card: Card; rows: readonly CardRow[]; next: number | null }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const can = useCan();
  const navigate = useNavigate();
  const search = useSearch({ from: "/shell/stock/products/$productId" });
  const { all } = useWarehouses();
  const { data: allUnits } = useQuery(units());
  const of = card.product;
  const unit = allUnits?.items.find((one) => one.id === of.unit_id);
  const unitName = unit ? name(unit) : "";
  usePageTitle(t("card.of", { sku: of.sku }));
  const go = (change: { warehouse_id?: string | undefined; after?: string | undefined }) =>
    void navigate({
      to: "/stock/products/$productId",
      params: { productId: of.id },
      search: Object.fromEntries(
        Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined),
      ),
      resetScroll: false,
    });
  const newest = search.after ? undefined : rows[0];
  return (
    <DocumentPage
      back={{ link: { to: "/stock" }, label: t("onHand.title") }}
      title={name(of)}
      subtitle={
        <>
          <span className="aw-ltr">{of.sku}</span> · {t("card.title")}
        </>
      }
      actions={
        <>
          {can("stock:create") && (
            <Button
              renderRoot={(props) => (
                <Link
                  to="/stock-adjustments/new"
                  search={{ kind: rows.length === 0 ? "opening" : "gain", product: of.id }}
                  {...props}
                />
              )}
            >
              {t(rows.length === 0 ? "onHand.opening" : "onHand.adjust")}
            </Button>
          )}
          {can("product:read") && (
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link to="/products/$productId" params={{ productId: of.id }} {...props} />
              )}
            >
              {t("card.toProduct")}
            </Button>
          )}
        </>
      }
    >
      <Where productId={of.id} unit={unitName} newest={search.warehouse_id ? undefined : newest} />
      <Section title={t("card.moves")} description={t("card.movesText")}>
        {all.length > 1 && (
          <WarehouseSelect
            mb={12}
            maw={320}
            clearable
            aria-label={t("field.warehouse")}
            placeholder={t("value.all")}
            value={search.warehouse_id ?? null}
            onChange={(id) => {
              go({ warehouse_id: id ?? undefined, after: undefined });
            }}
          />
        )}
        <Moves rows={rows} />
        {(search.after ?? next) !== null && (
          <div className={classes.pager}>
            <Button
              variant="default"
              disabled={!search.after}
              onClick={() => {
                go({ after: undefined });
              }}
            >
              {t("card.latest")}
            </Button>
            <Button
              variant="default"
              disabled={next === null}
              onClick={() => {
                go({ after: String(next) });
              }}
            >
              {t("card.earlier")}
            </Button>
          </div>
        )}
      </Section>
      <KeptAs productId={of.id} />
    </DocumentPage>
  );
}

function Where({
  productId,
  unit,
  newest,
}: {
  productId: string;
  unit: string;
  newest: CardRow | undefined;
}) {
  const { t } = useTranslation("stock");
  const { data, error, refetch } = useQuery(balancesOf(productId));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={140} radius={12} aria-busy />;
  const sum = (field: "on_hand" | "reserved" | "available", of: readonly Balance[]) =>
    total(["0", ...of.map((row) => row[field])]);
  const sellable = data.items.filter((row) => row.location.type === "internal");
  const places = placesIn(data.items.flatMap((row) => [row.on_hand, row.reserved, row.available]));
  const quantity = (amount: string) => <AlignedQuantity amount={amount} places={places} />;
  return (
    <Section title={t("card.where")}>
      {data.items.length > 0 && (
        <dl className={classes.figures} style={{ marginBottom: 16 }}>
          <div>
            <dt>{t("field.on_hand")}</dt>
            <dd>
              <AlignedQuantity amount={sum("on_hand", data.items)} places={0} unit={unit} />
            </dd>
          </div>
          <div>
            <dt>{t("card.free")}</dt>
            <dd>
              <AlignedQuantity amount={sum("available", sellable)} places={0} />
            </dd>
          </div>
          {newest?.value_after != null && (
            <div>
              <dt>{t("field.value")}</dt>
              <dd>
                <Money amount={newest.value_after} />
              </dd>
            </div>
          )}
        </dl>
      )}
      <LinesTable<Balance>
        label={t("card.where")}
        lines={data.items}
        lineKey={(row) => row.id}
        empty={t("card.nowhere")}
        columns={[
          {
            id: "place",
            label: t("field.location"),
            card: "title",
            cell: (row) => (
              <>
                <span className="aw-ltr">{row.location.code}</span>
                {row.location.type !== "internal" && (
                  <small> {t(`places.type.${row.location.type}`)}</small>
                )}
              </>
            ),
          },
          data.items.some((row) => row.lot) && {
            id: "lot",
            label: t("field.lot"),
            cell: (row) =>
              row.lot && (
                <>
                  <Link to="/lots/$lotId" params={{ lotId: row.lot.id }}>
                    <bdi>{row.lot.code}</bdi>
                  </Link>{" "}
                  <Expiry day={row.lot.expires_on} />
                </>
              ),
          },
          {
            id: "on_hand",
            label: t("field.on_hand"),
            align: "end",
            card: "end",
            cell: (row) => quantity(row.on_hand),
          },
          {
            id: "reserved",
            label: t("field.reserved"),
            align: "end",
            cell: (row) => !isZero(row.reserved) && quantity(row.reserved),
          },
          {
            id: "available",
            label: t("field.available"),
            align: "end",
            cell: (row) => quantity(row.available),
          },
        ]}
      />
    </Section>
  );
}

function Moves({ rows }: { rows: readonly CardRow[] }) {
  const { t } = useTranslation("stock");
  const places = placesIn(rows.flatMap((row) => [row.quantity, row.quantity_after]));
  const valued = rows.some((row) => row.value_after !== null);
  return (
    <LinesTable<CardRow>
      label={t("card.moves")}
      lines={rows}
      lineKey={(row) => `${row.sequence}`}
      empty={t("card.none")}
      columns={[
        {
          id: "day",
          label: t("field.day"),
          cell: (row) => <DateText day={row.effective_on} />,
        },
        {
          id: "document",
          label: t("field.document"),
          card: "title",
          cell: (row) => (
            <>
              <DocumentOf
                type={row.document_type}
                id={row.document_id}
                number={row.document_number}
              />
              <br />
              <small>
                {row.kind === "value" ? (
                  t("card.revalued")
                ) : (
                  <>
                    <Way from={row.source} to={row.destination} />
                    {row.lot && <bdi> · {row.lot.code}</bdi>}
                  </>
                )}
              </small>
            </>
          ),
        },
        {
          id: "quantity",
          label: t("field.quantity"),
          align: "end",
          card: "end",
          cell: (row) =>
            row.kind === "move" && (
              <span className={isNegative(row.quantity) ? classes.bad : classes.good}>
                <AlignedQuantity amount={row.quantity} places={places} />
              </span>
            ),
        },
        {
          id: "cost",
          needs: "cost:read",
          label: t("field.unit_cost"),
          align: "end",
          cell: (row) => row.kind === "move" && <Money amount={row.unit_cost} />,
        },
        {
          id: "value",
          needs: "cost:read",
          label: t("field.value"),
          align: "end",
          cell: (row) => <Money amount={row.value} />,
        },
        {
          id: "after",
          label: t("card.runningQuantity"),
          align: "end",
          cell: (row) => <AlignedQuantity amount={row.quantity_after} places={places} />,
        },
        valued && {
          id: "worth",
          needs: "cost:read",
          label: t("card.runningValue"),
          align: "end",
          cell: (row) => <Money amount={row.value_after} />,
        },
      ]}
    />
  );
}

function KeptAs({ productId }: { productId: string }) {
  const { t } = useTranslation("stock");
  const can = useCan();
  const { data } = useQuery(stockItem(productId));
  const [editing, setEditing] = useState(false);
  if (!data) return null;
  return (
    <Section title={t("card.kept")}>
      <Facts
        facts={[
          { label: t("card.field.costing"), value: t(`card.costing.${data.costing}`) },
          { label: t("card.field.tracking"), value: t(`card.tracking.${data.tracking}`) },
          data.has_expiry && { label: t("field.expires_on"), value: t("card.field.has_expiry") },
          data.needs_inspection && {
            label: t("places.type.quality"),
            value: t("card.field.needs_inspection"),
          },
          !isZero(data.weight_kg) && { label: t("card.field.weight_kg"), value: data.weight_kg },
          !isZero(data.volume_m3) && { label: t("card.field.volume_m3"), value: data.volume_m3 },
        ]}
      />
      {can("stock:edit") && (
        <Button
          mt={12}
          variant="default"
          size="compact-md"
          onClick={() => {
            setEditing(true);
          }}
        >
          {t("action.edit")}
        </Button>
      )}
      {editing && (
        <KeptDialog
          of={data}
          onClose={() => {
            setEditing(false);
          }}
        />
      )}
    </Section>
  );
}

function KeptDialog({ of, onClose }: { of: Kept; onClose: () => void }) {
  const { t } = useTranslation("stock");
  const save = useKeepAs();
  const [values, setValues] = useState({
    costing: of.costing,
    tracking: of.tracking,
    has_expiry: of.has_expiry,
    needs_inspection: of.needs_inspection,
    weight_kg: of.weight_kg,
    volume_m3: of.volume_m3,
  });
  const set = (change: Partial<typeof values>) => {
    setValues({ ...values, ...change });
  };
  const errors = new Map(
    (save.error ? asProblem(save.error).errors : []).map((one) => [
      fieldName(one.pointer),
      one.message,
    ]),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("card.kept")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Refusal error={save.error} more={[...errors.values()]} />
        <Select
          label={t("card.field.tracking")}
          description={t("card.fixedText")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          allowDeselect={false}
          data={(["none", "lot", "serial"] as const).map((value) => ({
            value,
            label: t(`card.tracking.${value}`),
          }))}
          value={values.tracking}
          onChange={(value) => {
            const tracking = value === "lot" || value === "serial" ? value : "none";
            set({ tracking, has_expiry: tracking !== "none" && values.has_expiry });
          }}
        />
        <Checkbox
          label={t("card.field.has_expiry")}
          description={t("card.expiryText")}
          disabled={values.tracking === "none"}
          checked={values.has_expiry}
          onChange={(event) => {
            set({ has_expiry: event.currentTarget.checked });
          }}
        />
        <Select
          label={t("card.field.costing")}
          allowDeselect={false}
          data={(["moving_average", "fifo"] as const).map((value) => ({
            value,
            label: t(`card.costing.${value}`),
          }))}
          value={values.costing}
          onChange={(value) => {
            set({ costing: value === "fifo" ? "fifo" : "moving_average" });
          }}
        />
        <Checkbox
          label={t("card.field.needs_inspection")}
          description={t("card.inspectionText")}
          checked={values.needs_inspection}
          onChange={(event) => {
            set({ needs_inspection: event.currentTarget.checked });
          }}
        />
        <DecimalInput
          label={t("card.field.weight_kg")}
          value={values.weight_kg}
          error={errors.get("weight_kg")}
          onChange={(weight_kg) => {
            set({ weight_kg });
          }}
        />
        <DecimalInput
          label={t("card.field.volume_m3")}
          value={values.volume_m3}
          error={errors.get("volume_m3")}
          onChange={(volume_m3) => {
            set({ volume_m3 });
          }}
        />
        <Button
          loading={save.isPending}
          onClick={() => {
            save.mutate(
              { of, values },
              {
                onSuccess: () => {
                  notifications.show({ message: t("card.keptSaved") });
                  onClose();
                },
              },
            );
          }}
        >
          {t("action.save", { ns: "common" })}
        </Button>
      </Stack>
    </Modal>
  );
}
