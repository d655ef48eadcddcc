import { Button, Group, Modal, NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type CSSProperties, useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Facts } from "@/shared/ui/facts";
import { Loaded } from "@/shared/ui/loaded";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { type Place, placesOf, useSavePlace, type Warehouse, warehouse } from "./queries";
import classes from "./stock.module.css";
import { InUse, WarehouseDialog } from "./warehouse-list";

export function WarehousePage() {
  const { warehouseId } = useParams({ from: "/shell/warehouses/$warehouseId" });
  return <Loaded query={warehouse(warehouseId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

function Show({ of }: { of: Warehouse }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const can = useCan();
  const [editing, setEditing] = useState(false);
  usePageTitle(`${of.code} ${name(of)}`);
  const labels: Record<string, string> = {
    name_en: t("field.name_en"),
    name_ar: t("field.name_ar"),
    address_en: t("field.address_en"),
    address_ar: t("field.address_ar"),
    allows_negative: t("warehouses.negativeYes"),
    is_active: t("field.is_active"),
  };
  return (
    <DocumentPage
      back={{ link: { to: "/warehouses" }, label: t("warehouses.title") }}
      title={name(of) || of.code}
      subtitle={<span className="aw-ltr">{of.code}</span>}
      status={<InUse active={of.is_active} />}
      actions={
        <>
          {can("stock:read") && (
            <Button
              renderRoot={(props) => (
                <Link to="/stock" search={{ warehouse_id: of.id }} {...props} />
              )}
            >
              {t("warehouses.seeStock")}
            </Button>
          )}
          {can("warehouse:edit") && (
            <Button
              variant="default"
              onClick={() => {
                setEditing(true);
              }}
            >
              {t("action.edit")}
            </Button>
          )}
        </>
      }
      timeline={
        can("audit:read") && (
          <AuditTimeline
            recordId={of.id}
            version={of.version}
            labelOf={(field) => labels[field] ?? null}
          />
        )
      }
    >
      <Section title={t("section.facts")}>
        <Facts
          facts={[
            { label: t("field.name_en"), value: of.name_en && <bdi>{of.name_en}</bdi> },
            { label: t("field.name_ar"), value: of.name_ar && <bdi>{of.name_ar}</bdi> },
            { label: t("field.address_en"), value: of.address_en && <bdi>{of.address_en}</bdi> },
            { label: t("field.address_ar"), value: of.address_ar && <bdi>{of.address_ar}</bdi> },
            {
              label: t("warehouses.stock"),
              value: t(of.allows_negative ? "warehouses.negativeYes" : "warehouses.negativeNo"),
            },
          ]}
        />
      </Section>
      <Places of={of} />
      {editing && (
        <WarehouseDialog
          of={of}
          onClose={() => {
            setEditing(false);
          }}
          onSaved={(saved) => {
            notifications.show({ message: t("warehouses.saved", { code: saved.code }) });
            setEditing(false);
          }}
        />
      )}
    </DocumentPage>
  );
}

type Row = { place: Place; depth: number };

/** The tree, flattened: each place below the one it is in. */
function asTree(places: readonly Place[]): Row[] {
  const below = new Map<string | null, Place[]>();
  const known = new Set(places.map((place) => place.id));
  for (const place of places) {
    const parent = place.parent_id && known.has(place.parent_id) ? place.parent_id : null;
    below.set(parent, [...(below.get(parent) ?? []), place]);
  }
  const walk = (parent: string | null, depth: number): Row[] =>
    (below.get(parent) ?? []).flatMap((place) => [{ place, depth }, ...walk(place.id, depth + 1)]);
  return walk(null, 0);
}

type Editing = { of: Place | null; parent: Place; kind: "zone" | "bin" };

function Places({ of }: { of: Warehouse }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const can = useCan();
  const format = useFormat();
  const { data, error, refetch } = useQuery(placesOf(of.id));
  const [editing, setEditing] = useState<Editing | null>(null);
  const rows = asTree(data ?? []);
  const root = data?.find((place) => place.kind === "root");
  const may = can("warehouse:edit");
  return (
    <Section title={t("places.title")} description={t("places.text")}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      <ul className={classes.tree}>
        {rows.map(({ place, depth }) => (
          <li
            key={place.id}
            style={{ "--depth": depth } as CSSProperties}
            className={place.is_active ? "" : classes.off}
          >
            <strong className="aw-ltr">{place.code}</strong>
            <bdi>{name(place)}</bdi>
            <small>
              {t(`places.kind.${place.kind}`)}
              {place.type !== "internal" && ` · ${t(`places.type.${place.type}`)}`}
              {place.count_every_days !== null &&
                ` · ${t("places.counted", { count: place.count_every_days })}`}
              {place.next_count_on !== null &&
                ` · ${t("places.nextCount", { day: format.day(place.next_count_on) })}`}
              {!place.is_active && ` · ${t("status.inactive")}`}
            </small>
            <span className={classes.tools}>
              {can("count:create") && place.type === "internal" && (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  aria-label={t("places.countOf", { code: place.code })}
                  renderRoot={(props) => (
                    <Link to="/counts" search={{ edit: "new", place: place.id }} {...props} />
                  )}
                >
                  {t("places.count")}
                </Button>
              )}
              {may && place.kind !== "bin" && place.kind !== "root" && (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconPlus size={14} aria-hidden />}
                  aria-label={t("places.addBins", { code: place.code })}
                  onClick={() => {
                    setEditing({ of: null, parent: place, kind: "bin" });
                  }}
                >
                  {t("places.bins")}
                </Button>
              )}
              {may && (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  px={6}
                  aria-label={t("places.edit", { code: place.code })}
                  onClick={() => {
                    setEditing({
                      of: place,
                      parent: place,
                      kind: place.kind === "zone" ? "zone" : "bin",
                    });
                  }}
                >
                  <IconPencil size={16} aria-hidden />
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {may && root && (
        <Group gap={8} mt={12}>
          {(["zone", "bin"] as const).map((kind) => (
            <Button
              key={kind}
              variant="default"
              size="compact-md"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => {
                setEditing({ of: null, parent: root, kind });
              }}
            >
              {t(kind === "zone" ? "places.addZone" : "places.addBin")}
            </Button>
          ))}
        </Group>
      )}
      {editing && (
        <PlaceDialog
          {...editing}
          suggested={editing.of ? "" : `${editing.parent.code}-`}
          onClose={() => {
            setEditing(null);
          }}
        />
      )}
    </Section>
  );
}

function PlaceDialog({
  of,
  parent,
  kind,
  suggested,
  onClose,
}: Editing & { suggested: string; onClose: () => void }) {
  const { t } = useTranslation("stock");
  const save = useSavePlace();
  const form = useForm({
    defaultValues: {
      code: of?.code ?? suggested,
      name_en: of?.name_en ?? "",
      name_ar: of?.name_ar ?? "",
      type: of?.type === "quality" ? ("quality" as const) : ("internal" as const),
      count_every_days: of?.count_every_days ?? null,
      is_active: of?.is_active ?? true,
    },
  });
  const { errors } = form.formState;
  const isRoot = of?.kind === "root";
  const submit = form.handleSubmit(async (values) => {
    try {
      const saved = await save.mutateAsync({
        of,
        values: { ...values, kind, parent_id: parent.id },
      });
      notifications.show({ message: t("places.saved", { code: saved.code }) });
      onClose();
    } catch (refused) {
      showFieldErrors(form, asProblem(refused));
    }
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        of
          ? t("places.edit", { code: of.code })
          : t(kind === "zone" ? "places.newZone" : "places.newBin")
      }
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form noValidate onSubmit={submit}>
        <Stack gap={16}>
          <Refusal error={save.error} />
          {!isRoot && (
            <>
              <TextInput
                {...form.register("code")}
                label={t("field.code")}
                dir="ltr"
                required
                maxLength={60}
                data-autofocus
                error={errors.code?.message}
              />
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
            </>
          )}
          {!of && (
            <Controller
              control={form.control}
              name="type"
              render={({ field }) => (
                <Select
                  label={t("places.typeLabel")}
                  allowDeselect={false}
                  data={(["internal", "quality"] as const).map((value) => ({
                    value,
                    label: t(`places.type.${value}`),
                  }))}
                  value={field.value}
                  onChange={(value) => {
                    field.onChange(value === "quality" ? "quality" : "internal");
                  }}
                />
              )}
            />
          )}
          <Controller
            control={form.control}
            name="count_every_days"
            render={({ field }) => (
              <NumberInput
                label={t("places.countEvery")}
                description={t("places.countEveryHint")}
                inputWrapperOrder={["label", "input", "description", "error"]}
                min={1}
                max={3660}
                allowDecimal={false}
                hideControls
                value={field.value ?? ""}
                error={errors.count_every_days?.message}
                onChange={(value) => {
                  field.onChange(typeof value === "number" ? value : null);
                }}
              />
            )}
          />
          {of && !isRoot && (
            <Switch {...form.register("is_active")} label={t("warehouses.inUse")} />
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel", { ns: "common" })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("action.save", { ns: "common" })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
