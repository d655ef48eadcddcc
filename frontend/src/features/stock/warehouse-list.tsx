import { Button, Group, Modal, Stack, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBuildingWarehouse, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { Refusal } from "@/shared/ui/error-state";
import { StatusBadge } from "@/shared/ui/status-badge";

import { useSaveWarehouse, type Warehouse, warehouseList } from "./queries";

export function WarehouseList() {
  const { t } = useTranslation("stock");
  const can = useCan();
  const name = useName();
  const navigate = useNavigate();
  const search = useSearch({ from: "/shell/warehouses" });
  const columns = useMemo<Column<Warehouse>[]>(
    () => [
      {
        id: "code",
        label: t("field.code"),
        sort: true,
        width: 140,
        card: "subtitle",
        cell: (row) => <span className="aw-ltr">{row.code}</span>,
      },
      {
        id: "name",
        label: t("field.name"),
        card: "title",
        cell: (row) => <bdi>{name(row)}</bdi>,
      },
      {
        id: "address",
        label: t("field.address"),
        card: "none",
        cell: (row) => <bdi>{name({ name_en: row.address_en, name_ar: row.address_ar })}</bdi>,
      },
      {
        id: "allows_negative",
        label: t("warehouses.stock"),
        width: 190,
        card: "meta",
        cell: (row) => t(row.allows_negative ? "warehouses.negativeYes" : "warehouses.negativeNo"),
      },
      {
        id: "is_active",
        label: t("field.is_active"),
        width: 130,
        card: "end",
        cell: (row) => <InUse active={row.is_active} />,
      },
    ],
    [t, name],
  );
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "is_active",
        type: "boolean",
        label: t("field.is_active"),
        yes: t("status.active"),
        no: t("status.inactive"),
      },
    ],
    [t],
  );
  const close = () => {
    void navigate({
      to: "/warehouses",
      search: Object.fromEntries(Object.entries(search).filter(([field]) => field !== "edit")),
    });
  };
  return (
    <>
      <DataTable<Warehouse>
        name="warehouses"
        title={t("warehouses.title")}
        searchLabel={t("warehouses.search")}
        query={warehouseList}
        columns={columns}
        filters={filters}
        usualSort="code"
        rowLabel={(row) => `${row.code} ${name(row)}`}
        rowLink={(row) => ({ to: "/warehouses/$warehouseId", params: { warehouseId: row.id } })}
        empty={{
          icon: IconBuildingWarehouse,
          title: t("warehouses.empty"),
          text: t("warehouses.emptyText"),
        }}
        action={
          can("warehouse:create") && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => {
                void navigate({ to: "/warehouses", search: { ...search, edit: "new" } });
              }}
            >
              {t("warehouses.add")}
            </Button>
          )
        }
      />
      {search.edit === "new" && (
        <WarehouseDialog
          of={null}
          onClose={close}
          onSaved={(saved) => {
            notifications.show({ message: t("warehouses.created", { code: saved.code }) });
            void navigate({
              to: "/warehouses/$warehouseId",
              params: { warehouseId: saved.id },
            });
          }}
        />
      )}
    </>
  );
}

export function InUse({ active }: { active: boolean }) {
  const { t } = useTranslation("stock");
  return (
    <StatusBadge tone={active ? "good" : "closed"}>
      {t(active ? "status.active" : "status.inactive")}
    </StatusBadge>
  );
}

export function WarehouseDialog({
  of,
  onClose,
  onSaved,
}: {
  of: Warehouse | null;
  onClose: () => void;
  onSaved: (saved: Warehouse) => void;
}) {
  const { t } = useTranslation("stock");
  const save = useSaveWarehouse();
  const form = useForm({
    defaultValues: {
      code: of?.code ?? "",
      name_en: of?.name_en ?? "",
      name_ar: of?.name_ar ?? "",
      address_en: of?.address_en ?? "",
      address_ar: of?.address_ar ?? "",
      allows_negative: of?.allows_negative ?? false,
      is_active: of?.is_active ?? true,
    },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    try {
      onSaved(await save.mutateAsync({ of, values }));
    } catch (refused) {
      showFieldErrors(form, asProblem(refused));
    }
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={of ? of.code : t("warehouses.add")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form noValidate onSubmit={submit}>
        <Stack gap={16}>
          <Refusal error={save.error} />
          {!of && (
            <TextInput
              {...form.register("code")}
              label={t("field.code")}
              description={t("warehouses.codeHint")}
              inputWrapperOrder={["label", "input", "description", "error"]}
              dir="ltr"
              required
              maxLength={17}
              data-autofocus
              error={errors.code?.message}
            />
          )}
          <Group gap={16} grow align="flex-start">
            <TextInput
              {...form.register("name_en")}
              label={t("field.name_en")}
              dir="ltr"
              maxLength={120}
              error={errors.name_en?.message}
            />
            <TextInput
              {...form.register("name_ar")}
              label={t("field.name_ar")}
              dir="rtl"
              maxLength={120}
              error={errors.name_ar?.message}
            />
          </Group>
          <TextInput
            {...form.register("address_en")}
            label={t("field.address_en")}
            dir="ltr"
            maxLength={300}
            error={errors.address_en?.message}
          />
          <TextInput
            {...form.register("address_ar")}
            label={t("field.address_ar")}
            dir="rtl"
            maxLength={300}
            error={errors.address_ar?.message}
          />
          <Switch
            {...form.register("allows_negative")}
            label={t("warehouses.negative")}
            description={t("warehouses.negativeText")}
          />
          {of && <Switch {...form.register("is_active")} label={t("warehouses.inUse")} />}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel", { ns: "common" })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {of ? t("action.save", { ns: "common" }) : t("warehouses.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
