import { Button, Checkbox, Group, Modal, SimpleGrid, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus, IconRefreshAlert } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { isZero } from "@/shared/format/decimal";
import {
  goodsFilter,
  GoodsSelect,
  supplierFilter,
  SupplierSelect,
  useWarehouseFilter,
  useWarehouses,
  WarehouseSelect,
} from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type ListQuery } from "@/shared/ui/data-table/list-search";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Refusal } from "@/shared/ui/error-state";
import { placeErrors } from "@/shared/ui/line-errors";
import { Quantity } from "@/shared/ui/money";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { StatusBadge } from "@/shared/ui/status-badge";

import {
  reorderPoint,
  type Replenishment,
  replenishment,
  useRemoveReorderPoint,
  useSaveReorderPoint,
} from "./queries";

/**
 * What runs low and how much to order. `raise` asks for everything that is short; app/ brings it
 * from purchasing.
 */
export function ReplenishmentBoard({ raise }: { raise?: ReactNode }) {
  const { t } = useTranslation("stock");
  const can = useCan();
  const name = useName();
  const navigate = useNavigate();
  const search = useSearch({ from: "/shell/replenishment" });
  const columns = useColumns();
  const warehouse = useWarehouseFilter(t("field.warehouse"));
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "only_short",
        type: "boolean",
        label: t("replenish.show"),
        yes: t("replenish.onlyShort"),
        no: t("replenish.allPoints"),
      },
      warehouse,
      supplierFilter(t("field.supplier")),
      goodsFilter(t("field.product")),
    ],
    [t, warehouse],
  );
  const close = () => {
    void navigate({
      to: "/replenishment",
      search: Object.fromEntries(
        Object.entries(search).filter(([field]) => field !== "edit" && field !== "product"),
      ),
    });
  };
  return (
    <>
      <DataTable<Replenishment>
        name="replenishment"
        title={t("replenish.title")}
        query={neededFirst}
        columns={columns}
        filters={filters}
        usualSort="sku"
        searchLabel={t("replenish.search")}
        rowLabel={(row) => `${row.sku} ${name(row)} ${row.warehouse_code}`}
        rowLink={(row) => ({ to: "/replenishment", search: { ...search, edit: row.id } })}
        empty={{
          icon: IconRefreshAlert,
          title: t("replenish.empty"),
          text: `${t("replenish.emptyText")} ${t("replenish.noPoints")}`,
        }}
        action={
          <>
            {raise}
            {can("stock:edit") && (
              <Button
                variant={raise ? "default" : "filled"}
                // A phone has room for one button under the thumb.
                {...(raise && { visibleFrom: "sm", ms: 8 })}
                leftSection={<IconPlus size={16} aria-hidden />}
                onClick={() => {
                  void navigate({ to: "/replenishment", search: { ...search, edit: "new" } });
                }}
              >
                {t("replenish.addPoint")}
              </Button>
            )}
          </>
        }
      />
      {search.edit === "new" ? (
        <PointDialog of={null} productId={search.product ?? null} onClose={close} />
      ) : search.edit ? (
        <KnownPoint key={search.edit} id={search.edit} onClose={close} />
      ) : null}
    </>
  );
}

/** What is to be ordered, unless somebody asks for every reorder point. */
const neededFirst = (query: ListQuery) => replenishment({ only_short: "true", ...query });

function useColumns(): Column<Replenishment>[] {
  const { t, i18n } = useTranslation("stock");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "sku",
        label: t("field.sku"),
        sort: true,
        width: 130,
        card: "subtitle",
        cell: (row) => <span className="aw-ltr">{row.sku}</span>,
      },
      {
        id: "name",
        label: t("field.product"),
        sort: i18n.language === "ar" ? "name_ar" : "name_en",
        card: "title",
        cell: (row) => <bdi>{name(row)}</bdi>,
      },
      {
        id: "warehouse",
        label: t("field.warehouse"),
        sort: true,
        width: 110,
        card: "meta",
        cell: (row) => <span className="aw-ltr">{row.warehouse_code}</span>,
      },
      {
        id: "cover",
        label: t("replenish.cover"),
        sort: "days_of_cover",
        width: 150,
        card: "meta",
        cell: (row) => <Cover of={row} />,
      },
      {
        id: "free",
        label: t("replenish.free"),
        width: 100,
        align: "end",
        card: "none",
        cell: (row) => <Quantity amount={row.free} />,
      },
      {
        id: "incoming",
        label: t("replenish.incoming"),
        width: 110,
        align: "end",
        card: "none",
        cell: (row) => !isZero(row.incoming) && <Quantity amount={row.incoming} />,
      },
      {
        id: "requested",
        label: t("replenish.requested"),
        width: 110,
        align: "end",
        card: "none",
        cell: (row) => !isZero(row.requested) && <Quantity amount={row.requested} />,
      },
      {
        id: "minimum",
        label: t("replenish.minimum"),
        width: 110,
        align: "end",
        card: "none",
        cell: (row) => <Quantity amount={row.minimum} />,
      },
      {
        id: "maximum",
        label: t("replenish.maximum"),
        width: 100,
        align: "end",
        hidden: true,
        card: "none",
        cell: (row) => <Quantity amount={row.maximum} />,
      },
      {
        id: "supplier",
        label: t("field.supplier"),
        width: 170,
        hidden: true,
        card: "none",
        cell: (row) => (
          <bdi>
            {name({
              name_en: row.supplier_name_en ?? "",
              name_ar: row.supplier_name_ar ?? "",
            })}
          </bdi>
        ),
      },
      {
        id: "issued",
        label: t("replenish.issued"),
        width: 140,
        align: "end",
        hidden: true,
        card: "none",
        cell: (row) => <Quantity amount={row.issued} />,
      },
      {
        id: "suggested",
        label: t("replenish.suggested"),
        width: 130,
        align: "end",
        card: "end",
        cell: (row) =>
          isZero(row.suggested) ? (
            "—"
          ) : (
            <strong>
              <Quantity
                amount={row.suggested}
                unit={name({ name_en: row.unit_en, name_ar: row.unit_ar })}
              />
            </strong>
          ),
      },
    ],
    [t, i18n.language, name],
  );
}

/** How long what is free lasts, and whether that is too short. */
function Cover({ of }: { of: Replenishment }) {
  const { t } = useTranslation("stock");
  const short = !isZero(of.suggested);
  const text =
    of.days_of_cover === null
      ? t("replenish.noSales")
      : of.days_of_cover === 0
        ? t("replenish.out")
        : t("replenish.days", { count: of.days_of_cover });
  if (!short) return <span>{text}</span>;
  return (
    <StatusBadge
      tone={
        of.days_of_cover !== null && of.days_of_cover <= of.lead_time_days ? "bad" : "attention"
      }
    >
      {text}
    </StatusBadge>
  );
}

function KnownPoint({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error } = useQuery(reorderPoint(id));
  if (data) return <PointDialog of={data} productId={null} onClose={onClose} />;
  return (
    error && (
      <Modal opened onClose={onClose}>
        <Refusal error={error} />
      </Modal>
    )
  );
}

type PointProps = { of: Replenishment | null; productId: string | null; onClose: () => void };

function PointDialog({ of, productId, onClose }: PointProps) {
  const { t } = useTranslation("stock");
  const can = useCan();
  const save = useSaveReorderPoint();
  const remove = useRemoveReorderPoint();
  const { only } = useWarehouses();
  const [values, setValues] = useState({
    product_id: of?.product_id ?? productId,
    warehouse_id: of?.warehouse_id ?? null,
    minimum: of?.minimum ?? "",
    maximum: of?.maximum ?? "",
    multiple: of && !isZero(of.multiple) ? of.multiple : "",
    supplier_id: of?.supplier_id ?? null,
    lead_time_days: String(of?.lead_time_days ?? ""),
    is_active: of?.is_active ?? true,
  });
  const warehouse_id = values.warehouse_id ?? only?.id ?? null;
  const set = (change: Partial<typeof values>) => {
    setValues({ ...values, ...change });
  };
  const errors = placeErrors(
    save.error && asProblem(save.error),
    [],
    [
      "product_id",
      "warehouse_id",
      "minimum",
      "maximum",
      "multiple",
      "supplier_id",
      "lead_time_days",
    ],
  );
  const may = can("stock:edit");
  const place = values.product_id && warehouse_id ? null : t("replenish.whatFirst");
  const missing = place ?? (values.minimum && values.maximum ? null : t("replenish.levelsFirst"));
  return (
    <Modal
      opened
      onClose={onClose}
      title={of ? t("replenish.editPoint", { sku: of.sku }) : t("replenish.addPoint")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Refusal error={save.error ?? remove.error} more={errors.rest} />
        {!of && (
          <>
            <GoodsSelect
              label={t("field.product")}
              placeholder={t("field.findProduct")}
              required
              data-autofocus
              value={values.product_id}
              error={errors.of("product_id")}
              onChange={(product_id) => {
                set({ product_id });
              }}
            />
            <WarehouseSelect
              label={t("field.warehouse")}
              required
              allowDeselect={false}
              value={warehouse_id}
              error={errors.of("warehouse_id")}
              onChange={(id) => {
                set({ warehouse_id: id });
              }}
            />
          </>
        )}
        {of && (
          <Text c="dimmed" size="sm">
            {t("replenish.issued")}: <Quantity amount={of.issued} />
          </Text>
        )}
        <SimpleGrid cols={2} spacing={16}>
          {(["minimum", "maximum"] as const).map((field) => (
            <DecimalInput
              key={field}
              label={t(`replenish.${field}`)}
              required
              disabled={!may}
              value={values[field]}
              error={errors.of(field)}
              onChange={(value) => {
                set({ [field]: value });
              }}
            />
          ))}
          <DecimalInput
            label={t("replenish.multiple")}
            disabled={!may}
            value={values.multiple}
            error={errors.of("multiple")}
            onChange={(multiple) => {
              set({ multiple });
            }}
          />
          <DecimalInput
            label={t("replenish.lead")}
            disabled={!may}
            value={values.lead_time_days}
            error={errors.of("lead_time_days")}
            onChange={(lead_time_days) => {
              set({ lead_time_days });
            }}
          />
        </SimpleGrid>
        <Text size="xs" c="dimmed" mt={-8}>
          {t("replenish.multipleHint")}
        </Text>
        {can("party:read") && (
          <SupplierSelect
            clearable
            label={t("field.supplier")}
            placeholder={t("field.findSupplier")}
            disabled={!may}
            value={values.supplier_id}
            error={errors.of("supplier_id")}
            onChange={(supplier_id) => {
              set({ supplier_id });
            }}
          />
        )}
        {of && (
          <Checkbox
            label={t("status.active")}
            disabled={!may}
            checked={values.is_active}
            onChange={(event) => {
              set({ is_active: event.currentTarget.checked });
            }}
          />
        )}
        {may && (
          <Group justify="space-between" gap={8}>
            {of ? (
              <Button
                variant="subtle"
                color="red"
                loading={remove.isPending}
                onClick={() => {
                  remove.mutate(of, {
                    onSuccess: () => {
                      notifications.show({ message: t("replenish.removed") });
                      onClose();
                    },
                  });
                }}
              >
                {t("replenish.remove")}
              </Button>
            ) : (
              <span />
            )}
            <ReasonedButton
              reason={missing}
              loading={save.isPending}
              onClick={() => {
                save.mutate(
                  {
                    of,
                    values: {
                      product_id: values.product_id ?? "",
                      warehouse_id: warehouse_id ?? "",
                      minimum: values.minimum,
                      maximum: values.maximum,
                      multiple: values.multiple || "0",
                      supplier_id: values.supplier_id,
                      lead_time_days: Number(values.lead_time_days || "0"),
                      is_active: values.is_active,
                    },
                  },
                  {
                    onSuccess: () => {
                      notifications.show({ message: t("replenish.saved") });
                      onClose();
                    },
                  },
                );
              }}
            >
              {of ? t("action.save", { ns: "common" }) : t("replenish.create")}
            </ReasonedButton>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
