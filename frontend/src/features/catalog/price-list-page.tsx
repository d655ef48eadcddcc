import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Modal,
  Select,
  Skeleton,
  Stack,
  Table,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDots, IconPencil, IconPlus, IconTags, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { EmptyState } from "@/shared/ui/empty-state";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Facts } from "@/shared/ui/facts";
import { Quantity } from "@/shared/ui/money";
import { RecordSelect } from "@/shared/ui/record-select";
import { useDelayed } from "@/shared/ui/use-delayed";
import { forgetDraft } from "@/shared/ui/use-draft";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useRecordEditor } from "@/shared/ui/use-record-editor";

import { useUnits } from "./names";
import { Price } from "./price";
import { PriceListForm, priceListFormId, type PriceListValues, valuesOf } from "./price-list-form";
import { ForWhom } from "./price-list-list";
import { Validity } from "./product-page";
import classes from "./product-page.module.css";
import { ProductStatus } from "./product-status";
import {
  findProducts,
  type PriceItem,
  priceItems,
  type PriceList,
  priceList,
  product,
  readPriceList,
  useDeactivatePriceList,
  useRemovePrice,
  useSavePrice,
  useSavePriceList,
} from "./queries";
import { QuoteTester } from "./quote-tester";

export function NewPriceList() {
  const { t } = useTranslation("catalog");
  const navigate = useNavigate();
  const name = useName();
  const save = useSavePriceList();
  usePageTitle(t("priceLists.add"));
  return (
    <DocumentPage
      back={{ link: { to: "/price-lists" }, label: t("priceLists.title") }}
      title={t("priceLists.add")}
      actions={
        <Button type="submit" form={priceListFormId} loading={save.isPending}>
          {t("priceLists.create")}
        </Button>
      }
    >
      <PriceListForm
        draftKey="price-list.new"
        initial={valuesOf(null)}
        error={save.error}
        onSave={async (values) => {
          const saved = await save.mutateAsync({ of: null, values });
          notifications.show({ message: t("products.created", { sku: name(saved) }) });
          return () =>
            navigate({
              to: "/price-lists/$priceListId",
              params: { priceListId: saved.id },
              replace: true,
            });
        }}
      />
    </DocumentPage>
  );
}

function useShown(id: string) {
  const { data, error, isPending, refetch } = useQuery(priceList(id));
  const waits = useDelayed(isPending);
  const instead = error ? (
    <ErrorState error={error} onRetry={() => void refetch()} />
  ) : waits ? (
    <div className="aw-page" aria-busy>
      <Skeleton height={24} width={280} mb={24} />
      <Skeleton height={260} maw={880} radius={12} />
    </div>
  ) : null;
  return { data, instead };
}

export function PriceListPage() {
  const { priceListId } = useParams({ from: "/shell/price-lists/$priceListId" });
  const { data, instead } = useShown(priceListId);
  return data ? <Show key={data.id} list={data} /> : instead;
}

export function EditPriceList() {
  const { priceListId } = useParams({ from: "/shell/price-lists/$priceListId/edit" });
  const { data, instead } = useShown(priceListId);
  return data ? <Edit key={data.id} shown={data} /> : instead;
}

function Edit({ shown }: { shown: PriceList }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const navigate = useNavigate();
  const save = useSavePriceList();
  const labelOf = useFieldLabel();
  const editor = useRecordEditor<PriceList, PriceListValues>({
    shown,
    valuesOf,
    change: (of, values) => save.mutateAsync({ of, values }),
    reload: () => readPriceList(shown.id),
    labelOf: (field) => labelOf(field) ?? field,
    say: (value) => String(value ?? "—"),
  });
  const { base } = editor;
  usePageTitle(name(base));
  const toPage = (saved: PriceList) => {
    notifications.show({ message: t("products.saved") });
    forgetDraft(`price-list.${base.id}.${base.version}`);
    // What was saved needs no warning, even before the form has noticed.
    return navigate({
      to: "/price-lists/$priceListId",
      params: { priceListId: saved.id },
      ignoreBlocker: true,
    });
  };
  return (
    <DocumentPage
      back={{
        link: { to: "/price-lists/$priceListId", params: { priceListId: base.id } },
        label: name(base),
      }}
      title={t("products.edit", { name: name(base) })}
      actions={
        <Button type="submit" form={priceListFormId} loading={save.isPending}>
          {t("action.save", { ns: "common" })}
        </Button>
      }
    >
      {editor.notices((saved) => void toPage(saved))}
      <PriceListForm
        key={base.version}
        draftKey={`price-list.${base.id}.${base.version}`}
        initial={valuesOf(base)}
        error={editor.inConflict ? null : save.error}
        onSave={async (values) => {
          const saved = await editor.save(values);
          return () => toPage(saved);
        }}
      />
    </DocumentPage>
  );
}

function useFieldLabel() {
  const { t } = useTranslation("catalog");
  return (field: string): string | null => {
    switch (field) {
      case "name_en":
      case "name_ar":
        return t(`field.${field}`);
      case "currency":
      case "priority":
        return t(`priceLists.${field}`);
      case "is_default":
        return t("priceLists.default");
      case "party_id":
        return t("priceLists.customer");
      case "valid_from":
        return t("validity.first");
      case "valid_to":
        return t("validity.last");
      case "is_active":
        return t("product.status");
      case "price":
        return t("prices.price");
      default:
        return null;
    }
  };
}

function Show({ list }: { list: PriceList }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const can = useCan();
  const deactivate = useDeactivatePriceList();
  const save = useSavePriceList();
  const [asking, setAsking] = useState(false);
  const labelOf = useFieldLabel();
  usePageTitle(name(list));
  const mayEdit = can("price_list:edit");
  return (
    <DocumentPage
      back={{ link: { to: "/price-lists" }, label: t("priceLists.title") }}
      title={name(list)}
      status={<ProductStatus active={list.is_active} />}
      actions={
        mayEdit && (
          <>
            <Button
              renderRoot={(props) => (
                <Link
                  to="/price-lists/$priceListId/edit"
                  params={{ priceListId: list.id }}
                  {...props}
                />
              )}
            >
              {t("action.edit")}
            </Button>
            {!list.is_active && (
              <Button
                variant="default"
                loading={save.isPending}
                onClick={() => {
                  save.mutate({ of: list, values: { is_active: true } });
                }}
              >
                {t("products.activate")}
              </Button>
            )}
            {list.is_active && can("price_list:delete") && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon
                    variant="default"
                    size={36}
                    aria-label={t("action.more", { ns: "common" })}
                  >
                    <IconDots size={18} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    color="red"
                    onClick={() => {
                      setAsking(true);
                    }}
                  >
                    {t("products.deactivate")}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </>
        )
      }
      timeline={
        can("audit:read") && (
          <AuditTimeline recordId={list.id} version={list.version} labelOf={labelOf} />
        )
      }
    >
      <Refusal error={save.error} />
      <Section title={t("section.basics")}>
        <Facts
          facts={[
            { label: t("priceLists.for"), value: <ForWhom list={list} /> },
            { label: t("priceLists.currency"), value: list.currency },
            { label: t("prices.valid"), value: <Validity of={list} /> },
            { label: t("priceLists.priority"), value: String(list.priority) },
          ]}
        />
      </Section>
      <Items list={list} />
      <QuoteTester list={list} />
      <ConfirmDanger
        opened={asking}
        onClose={() => {
          setAsking(false);
        }}
        title={t("products.deactivateTitle", { sku: name(list) })}
        verb={t("products.deactivate")}
        busy={deactivate.isPending}
        error={deactivate.error}
        onConfirm={() => {
          deactivate.mutate(list, {
            onSuccess: () => {
              setAsking(false);
            },
          });
        }}
      >
        {t("priceLists.deactivateText")}
      </ConfirmDanger>
    </DocumentPage>
  );
}

function Items({ list }: { list: PriceList }) {
  const { t } = useTranslation("catalog");
  const can = useCan();
  const name = useName();
  const units = useUnits();
  const [pages, setPages] = useState<string[]>([]);
  const after = pages.at(-1);
  const { data, error, refetch } = useQuery({
    ...priceItems(list.id, { limit: 50, ...(after && { after }) }),
    placeholderData: keepPreviousData,
  });
  const [editing, setEditing] = useState<PriceItem | "new" | null>(null);
  const [removing, setRemoving] = useState<PriceItem | null>(null);
  const remove = useRemovePrice();
  const mayEdit = can("price_list:edit");
  const named = (item: PriceItem) =>
    name({ name_en: item.product_name_en, name_ar: item.product_name_ar });
  const add = mayEdit && (
    <Button
      variant="default"
      size="compact-md"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => {
        setEditing("new");
      }}
    >
      {t("prices.add")}
    </Button>
  );
  return (
    <Section title={t("priceLists.prices")} description={t("priceLists.pricesText")}>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={120} radius={8} />
      ) : data.items.length === 0 && pages.length === 0 ? (
        <EmptyState icon={IconTags} title={t("prices.empty")} action={add}>
          {t("prices.emptyText")}
        </EmptyState>
      ) : (
        <>
          <div className={classes.scroll}>
            <Table fz={13} horizontalSpacing={12} className="aw-figures" miw={640}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("prices.product")}</Table.Th>
                  <Table.Th ta="right">{t("prices.from")}</Table.Th>
                  <Table.Th>{t("prices.unit")}</Table.Th>
                  <Table.Th ta="right">{t("prices.price")}</Table.Th>
                  <Table.Th>{t("prices.valid")}</Table.Th>
                  {mayEdit && <Table.Th aria-label={t("action.more", { ns: "common" })} />}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.items.map((item) => (
                  <Table.Tr key={item.id}>
                    <Table.Td>
                      <Link
                        to="/products/$productId"
                        params={{ productId: item.product_id }}
                        className={classes.link}
                      >
                        <bdi>{named(item)}</bdi>
                      </Link>{" "}
                      <small className="aw-ltr" style={{ color: "var(--aw-muted)" }}>
                        {item.sku}
                      </small>
                    </Table.Td>
                    <Table.Td ta="right">
                      <Quantity amount={item.min_quantity} />
                    </Table.Td>
                    <Table.Td>{units.nameOf(item.unit_id)}</Table.Td>
                    <Table.Td ta="right">
                      <Price amount={item.price} currency={list.currency} />
                    </Table.Td>
                    <Table.Td>
                      <Validity of={item} />
                    </Table.Td>
                    {mayEdit && (
                      <Table.Td ta="end">
                        <Group gap={4} wrap="nowrap" justify="flex-end">
                          <ActionIcon
                            size={28}
                            aria-label={t("prices.change", { sku: item.sku })}
                            onClick={() => {
                              setEditing(item);
                            }}
                          >
                            <IconPencil size={16} />
                          </ActionIcon>
                          <ActionIcon
                            size={28}
                            aria-label={t("prices.remove", { sku: item.sku })}
                            onClick={() => {
                              setRemoving(item);
                            }}
                          >
                            <IconTrash size={16} />
                          </ActionIcon>
                        </Group>
                      </Table.Td>
                    )}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
          <Group justify="space-between" mt={12}>
            {add || <span />}
            {(pages.length > 0 || data.next) && (
              <Group gap={8}>
                <Button
                  variant="default"
                  size="compact-md"
                  disabled={pages.length === 0}
                  onClick={() => {
                    setPages(pages.slice(0, -1));
                  }}
                >
                  {t("list.previous", { ns: "common" })}
                </Button>
                <Button
                  variant="default"
                  size="compact-md"
                  disabled={!data.next}
                  onClick={() => {
                    if (data.next) setPages([...pages, data.next]);
                  }}
                >
                  {t("list.next", { ns: "common" })}
                </Button>
              </Group>
            )}
          </Group>
        </>
      )}
      {editing && (
        <PriceDialog
          list={list}
          of={editing === "new" ? null : editing}
          onClose={() => {
            setEditing(null);
          }}
        />
      )}
      {removing && (
        <ConfirmDanger
          opened
          onClose={() => {
            setRemoving(null);
          }}
          title={t("prices.removeTitle", { name: named(removing) })}
          verb={t("prices.removeVerb")}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => {
            remove.mutate(removing, {
              onSuccess: () => {
                setRemoving(null);
              },
            });
          }}
        >
          {t("prices.removeText")}
        </ConfirmDanger>
      )}
    </Section>
  );
}

type PriceValues = {
  product_id: string;
  unit_id: string | null;
  min_quantity: string;
  price: string;
  valid_from: string | null;
  valid_to: string | null;
};

function PriceDialog({
  list,
  of,
  onClose,
}: {
  list: PriceList;
  of: PriceItem | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const units = useUnits();
  const save = useSavePrice(list.id);
  const [more, setMore] = useState<string[]>([]);
  const form = useForm<PriceValues>({
    defaultValues: {
      product_id: of?.product_id ?? "",
      unit_id: of?.unit_id ?? null,
      min_quantity: of?.min_quantity ?? "0",
      price: of?.price ?? "",
      valid_from: of?.valid_from ?? null,
      valid_to: of?.valid_to ?? null,
    },
  });
  const { errors } = form.formState;
  // eslint-disable-next-line react-hooks/incompatible-library -- one field decides another's choices
  const productId = form.watch("product_id");
  const chosen = useQuery({ ...product(productId), enabled: productId !== "" });
  const unitIds = chosen.data
    ? [chosen.data.unit_id, ...chosen.data.units.map((row) => row.unit_id)]
    : of
      ? [of.unit_id]
      : [];
  const submit = form.handleSubmit(async (values) => {
    setMore([]);
    try {
      await save.mutateAsync({
        of,
        values: { ...values, min_quantity: values.min_quantity || "0" },
      });
      onClose();
    } catch (refused) {
      setMore(showFieldErrors(form, asProblem(refused)));
    }
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={of ? t("prices.change", { sku: of.sku }) : t("prices.add")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form noValidate onSubmit={submit}>
        <Stack gap={16}>
          <Refusal error={save.error} more={more} />
          {of === null && (
            <Controller
              control={form.control}
              name="product_id"
              rules={{ required: t("hint.required") }}
              render={({ field }) => (
                <RecordSelect
                  label={t("prices.product")}
                  required
                  value={field.value || null}
                  onChange={(id, row) => {
                    field.onChange(id ?? "");
                    form.setValue("unit_id", row?.unit_id ?? null);
                  }}
                  find={findProducts}
                  rowLabel={(row) => `${row.sku} · ${name(row)}`}
                  error={errors.product_id?.message}
                />
              )}
            />
          )}
          <Group grow gap={16} align="flex-start">
            <Controller
              control={form.control}
              name="price"
              rules={{ required: t("hint.required") }}
              render={({ field }) => (
                <DecimalInput
                  {...field}
                  label={t("prices.priceIn", { currency: list.currency })}
                  places={2}
                  required
                  error={errors.price?.message}
                />
              )}
            />
            <Controller
              control={form.control}
              name="unit_id"
              render={({ field }) => (
                <Select
                  {...field}
                  label={t("prices.unit")}
                  disabled={of !== null}
                  allowDeselect={false}
                  data={unitIds.map((id) => ({ value: id, label: units.nameOf(id) }))}
                  error={errors.unit_id?.message}
                />
              )}
            />
          </Group>
          <Controller
            control={form.control}
            name="min_quantity"
            render={({ field }) => (
              <DecimalInput
                {...field}
                label={t("prices.from")}
                description={t("prices.fromHint")}
                inputWrapperOrder={["label", "input", "description", "error"]}
                error={errors.min_quantity?.message}
              />
            )}
          />
          <Group grow gap={16} align="flex-start">
            {(["valid_from", "valid_to"] as const).map((side) => (
              <Controller
                key={side}
                control={form.control}
                name={side}
                render={({ field }) => (
                  <DateInput
                    value={field.value}
                    onChange={field.onChange}
                    label={t(side === "valid_from" ? "validity.first" : "validity.last")}
                    placeholder={t("validity.open")}
                    error={errors[side]?.message}
                  />
                )}
              />
            ))}
          </Group>
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel", { ns: "common" })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {of ? t("action.save", { ns: "common" }) : t("prices.add")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
