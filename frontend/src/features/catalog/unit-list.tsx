import { Button, Group, Modal, Stack, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus, IconRuler2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
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

import { ProductStatus } from "./product-status";
import { type Unit, unit, type UnitIn, unitList, useSaveUnit } from "./queries";

const isNew = "new";

/** What quantities are counted in. The unit being edited stands in the address. */
export function UnitList() {
  const { t, i18n } = useTranslation("catalog");
  const can = useCan();
  const name = useName();
  const navigate = useNavigate();
  const search = useSearch({ from: "/shell/units" });
  const { edit } = search;
  const columns = useMemo<Column<Unit>[]>(
    () => [
      {
        id: "name",
        label: t("product.name"),
        sort: i18n.language === "ar" ? "name_ar" : "name_en",
        card: "title",
        cell: (row) => <bdi>{name(row)}</bdi>,
      },
      {
        id: "code",
        label: t("units.code"),
        sort: true,
        width: 160,
        card: "subtitle",
        cell: (row) => <span className="aw-ltr">{row.code}</span>,
      },
      {
        id: "is_whole",
        label: t("units.counted"),
        width: 180,
        card: "meta",
        cell: (row) => t(row.is_whole ? "units.whole" : "units.parts"),
      },
      {
        id: "unece_code",
        label: t("units.unece"),
        width: 140,
        card: "none",
        cell: (row) => <span className="aw-ltr">{row.unece_code}</span>,
      },
      {
        id: "is_active",
        label: t("product.status"),
        width: 130,
        card: "end",
        cell: (row) => <ProductStatus active={row.is_active} />,
      },
    ],
    [t, i18n.language, name],
  );
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "is_active",
        type: "boolean",
        label: t("product.status"),
        yes: t("status.active"),
        no: t("status.inactive"),
      },
    ],
    [t],
  );
  const close = () => {
    void navigate({
      to: "/units",
      search: Object.fromEntries(Object.entries(search).filter(([field]) => field !== "edit")),
    });
  };
  return (
    <>
      <DataTable<Unit>
        name="units"
        title={t("units.title")}
        searchLabel={t("units.search")}
        query={unitList}
        columns={columns}
        filters={filters}
        usualSort="code"
        rowLabel={name}
        rowLink={(row) => ({ to: "/units", search: { ...search, edit: row.id } })}
        empty={{ icon: IconRuler2, title: t("units.empty"), text: t("units.emptyText") }}
        action={
          can("unit:create") && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => {
                void navigate({ to: "/units", search: { ...search, edit: isNew } });
              }}
            >
              {t("units.add")}
            </Button>
          )
        }
      />
      {edit === isNew ? (
        <UnitDialog of={null} onClose={close} />
      ) : edit ? (
        <KnownUnit key={edit} id={edit} onClose={close} />
      ) : null}
    </>
  );
}

function KnownUnit({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error } = useQuery(unit(id));
  if (data) return <UnitDialog of={data} onClose={onClose} />;
  return (
    error && (
      <Modal opened onClose={onClose}>
        <Refusal error={error} />
      </Modal>
    )
  );
}

function UnitDialog({ of, onClose }: { of: Unit | null; onClose: () => void }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const can = useCan();
  const save = useSaveUnit();
  const mayEdit = can(of ? "unit:edit" : "unit:create");
  const form = useForm<Required<UnitIn>>({
    disabled: !mayEdit,
    defaultValues: {
      code: of?.code ?? "",
      name_en: of?.name_en ?? "",
      name_ar: of?.name_ar ?? "",
      is_whole: of?.is_whole ?? true,
      unece_code: of?.unece_code ?? "",
      is_active: of?.is_active ?? true,
    },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    try {
      const saved = await save.mutateAsync({ of, values });
      notifications.show({ message: t("units.saved", { name: name(saved) }) });
      onClose();
    } catch (refused) {
      showFieldErrors(form, asProblem(refused));
    }
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={of ? name(of) : t("units.add")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form noValidate onSubmit={submit}>
        <Stack gap={16}>
          <Refusal error={save.error} />
          <TextInput
            {...form.register("name_en")}
            label={t("field.name_en")}
            dir="ltr"
            error={errors.name_en?.message}
          />
          <TextInput
            {...form.register("name_ar")}
            label={t("field.name_ar")}
            dir="rtl"
            error={errors.name_ar?.message}
          />
          <Group gap={16} grow align="flex-start">
            <TextInput
              {...form.register("code")}
              label={t("units.code")}
              description={t("units.codeHint")}
              dir="ltr"
              required
              error={errors.code?.message}
            />
            <TextInput
              {...form.register("unece_code")}
              label={t("units.unece")}
              description={t("units.uneceHint")}
              dir="ltr"
              maxLength={3}
              error={errors.unece_code?.message}
            />
          </Group>
          <Switch {...form.register("is_whole")} label={t("units.wholeOnly")} />
          <Switch {...form.register("is_active")} label={t("units.inUse")} />
          {mayEdit && (
            <Group justify="flex-end" gap={8}>
              <Button variant="default" onClick={onClose}>
                {t("action.cancel", { ns: "common" })}
              </Button>
              <Button type="submit" loading={save.isPending}>
                {of ? t("action.save", { ns: "common" }) : t("units.create")}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Modal>
  );
}
