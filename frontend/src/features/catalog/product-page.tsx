import { ActionIcon, Button, Menu, Skeleton, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBarcode, IconDots } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { DateText } from "@/shared/ui/date-text";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Facts } from "@/shared/ui/facts";
import { Quantity } from "@/shared/ui/money";
import { useDelayed } from "@/shared/ui/use-delayed";
import { forgetDraft } from "@/shared/ui/use-draft";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useRecordEditor } from "@/shared/ui/use-record-editor";

import { useCategories, useConversion, useUnits } from "./names";
import { Price, usePriceText } from "./price";
import { ProductForm, productFormId } from "./product-form";
import classes from "./product-page.module.css";
import { ProductStatus } from "./product-status";
import { type ProductValues, sent, valuesOf } from "./product-values";
import {
  type Product,
  product,
  readProduct,
  useChangeProduct,
  useCreateProduct,
  useDeactivateProduct,
  usePricesOf,
} from "./queries";

export function NewProduct() {
  const { t } = useTranslation("catalog");
  const navigate = useNavigate();
  const create = useCreateProduct();
  usePageTitle(t("products.add"));
  return (
    <DocumentPage
      back={{ link: { to: "/products" }, label: t("products.title") }}
      title={t("products.add")}
      actions={
        <Button type="submit" form={productFormId} loading={create.isPending}>
          {t("products.create")}
        </Button>
      }
    >
      <ProductForm
        draftKey="product.new"
        initial={valuesOf(null)}
        error={create.error}
        onSave={async (values) => {
          const saved = await create.mutateAsync(sent(values));
          notifications.show({ message: t("products.created", { sku: saved.sku }) });
          return () =>
            navigate({
              to: "/products/$productId",
              params: { productId: saved.id },
              replace: true,
            });
        }}
      />
    </DocumentPage>
  );
}

/** `stock` is what app/ knows of it besides: how much there is. */
export function ProductPage({ stock }: { stock?: (of: Product) => ReactNode }) {
  const { productId } = useParams({ from: "/shell/products/$productId" });
  const { data, error, isPending, refetch } = useQuery(product(productId));
  const waits = useDelayed(isPending);
  if (data) return <ShowProduct key={data.id} shown={data} stock={stock?.(data)} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return waits ? <PageSkeleton /> : null;
}

export function EditProduct() {
  const { productId } = useParams({ from: "/shell/products/$productId/edit" });
  const { data, error, isPending, refetch } = useQuery(product(productId));
  const waits = useDelayed(isPending);
  if (data) return <Edit key={data.id} shown={data} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return waits ? <PageSkeleton /> : null;
}

function ShowProduct({ shown, stock }: { shown: Product; stock?: ReactNode }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const can = useCan();
  const categories = useCategories();
  const units = useUnits();
  const conversion = useConversion();
  const change = useChangeProduct();
  const [asking, setAsking] = useState(false);
  const labelOf = useFieldLabel();
  const say = useFieldValue();
  usePageTitle(`${shown.sku} ${name(shown)}`);
  const mayEdit = can("product:edit");
  const mayDeactivate = shown.is_active && can("product:delete");

  return (
    <DocumentPage
      back={{ link: { to: "/products" }, label: t("products.title") }}
      title={name(shown)}
      subtitle={<span className="aw-ltr">{shown.sku}</span>}
      status={<ProductStatus active={shown.is_active} />}
      actions={
        (mayEdit || mayDeactivate) && (
          <>
            {mayEdit && (
              <Button
                renderRoot={(props) => (
                  <Link
                    to="/products/$productId/edit"
                    params={{ productId: shown.id }}
                    {...props}
                  />
                )}
              >
                {t("action.edit")}
              </Button>
            )}
            {mayEdit && !shown.is_active && (
              <Button
                variant="default"
                loading={change.isPending}
                onClick={() => {
                  change.mutate(
                    { of: shown, values: { is_active: true } },
                    {
                      onSuccess: () =>
                        notifications.show({
                          message: t("products.activated", { sku: shown.sku }),
                        }),
                    },
                  );
                }}
              >
                {t("products.activate")}
              </Button>
            )}
            {mayDeactivate && (
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
          <AuditTimeline recordId={shown.id} version={shown.version} labelOf={labelOf} say={say} />
        )
      }
    >
      <Refusal error={change.error} />
      <Section title={t("section.basics")}>
        <Facts
          facts={[
            { label: t("field.name_en"), value: shown.name_en && <bdi>{shown.name_en}</bdi> },
            { label: t("field.name_ar"), value: shown.name_ar && <bdi>{shown.name_ar}</bdi> },
            {
              label: t("field.category_id"),
              value: shown.category_id && <bdi>{categories.pathOf(shown.category_id)}</bdi>,
            },
            { label: t("field.kind"), value: t(`kind.${shown.kind}`) },
            {
              label: t("field.price"),
              value: (
                <>
                  <Price amount={shown.price} currency="SAR" />{" "}
                  <small>{t("product.perUnit", { unit: units.nameOf(shown.unit_id) })}</small>
                </>
              ),
            },
            { label: t("field.unit_id"), value: units.nameOf(shown.unit_id) },
            { label: t("field.tax_category"), value: t(`tax.${shown.tax_category}`) },
            {
              label: t("field.exemption_code"),
              value: shown.exemption_code && <span className="aw-ltr">{shown.exemption_code}</span>,
            },
            {
              label: t("field.exemption_reason"),
              value: name({
                name_en: shown.exemption_reason_en,
                name_ar: shown.exemption_reason_ar,
              }),
            },
            {
              label: t("field.description_en"),
              value: shown.description_en && <bdi>{shown.description_en}</bdi>,
              wide: true,
            },
            {
              label: t("field.description_ar"),
              value: shown.description_ar && <bdi>{shown.description_ar}</bdi>,
              wide: true,
            },
          ]}
        />
      </Section>
      <Section title={t("section.packing")}>
        <ul className={classes.packing}>
          {[null, ...shown.units].map((row) => {
            const unitId = row?.unit_id ?? shown.unit_id;
            const codes = shown.barcodes.filter((one) => one.unit_id === unitId);
            return (
              <li key={unitId}>
                <span className={classes.conversion}>
                  {row ? (
                    <bdi>{conversion(row, shown.unit_id)}</bdi>
                  ) : (
                    <>
                      <bdi>{units.nameOf(shown.unit_id)}</bdi>{" "}
                      <small>{t("product.stockUnit")}</small>
                    </>
                  )}
                </span>
                <span className={classes.codes}>
                  {codes.length === 0 && <Text c="dimmed">{t("product.noBarcode")}</Text>}
                  {codes.map((one) => (
                    <span key={one.code} className={classes.code}>
                      <IconBarcode size={16} aria-hidden />
                      <span className="aw-ltr aw-figures">{one.code}</span>
                    </span>
                  ))}
                </span>
              </li>
            );
          })}
        </ul>
      </Section>
      {stock}
      {can("price_list:read") && <ListPrices of={shown} />}
      <Deactivate
        of={shown}
        opened={asking}
        onClose={() => {
          setAsking(false);
        }}
      />
    </DocumentPage>
  );
}

/** What price lists ask for this product. */
function ListPrices({ of }: { of: Product }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const units = useUnits();
  const { prices, error, isPending, retry } = usePricesOf(of.id);
  return (
    <Section title={t("section.prices")} description={t("section.pricesText")}>
      {error ? (
        <ErrorState error={error} onRetry={retry} />
      ) : isPending ? (
        <Skeleton height={72} radius={8} />
      ) : prices.length === 0 ? (
        <Text c="dimmed">{t("prices.none")}</Text>
      ) : (
        <div className={classes.scroll}>
          <Table fz={13} horizontalSpacing={12} className="aw-figures">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("prices.list")}</Table.Th>
                <Table.Th>{t("prices.unit")}</Table.Th>
                <Table.Th ta="right">{t("prices.from")}</Table.Th>
                <Table.Th ta="right">{t("prices.price")}</Table.Th>
                <Table.Th>{t("prices.valid")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {prices.map(({ list, item }) => (
                <Table.Tr key={item.id}>
                  <Table.Td>
                    <Link
                      to="/price-lists/$priceListId"
                      params={{ priceListId: list.id }}
                      className={classes.link}
                    >
                      <bdi>{name(list)}</bdi>
                    </Link>
                  </Table.Td>
                  <Table.Td>{units.nameOf(item.unit_id)}</Table.Td>
                  <Table.Td ta="right">
                    <Quantity amount={item.min_quantity} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Price amount={item.price} currency={list.currency} />
                  </Table.Td>
                  <Table.Td>
                    <Validity
                      of={{
                        valid_from: item.valid_from ?? list.valid_from,
                        valid_to: item.valid_to ?? list.valid_to,
                      }}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Section>
  );
}

/** "from 1 Jan 2026 to 31 Mar 2026", or that it always holds. */
export function Validity({ of }: { of: { valid_from: string | null; valid_to: string | null } }) {
  const { t } = useTranslation("catalog");
  if (of.valid_from === null && of.valid_to === null) return <span>{t("validity.always")}</span>;
  return (
    <>
      {of.valid_from && (
        <>
          {t("validity.from")} <DateText day={of.valid_from} />{" "}
        </>
      )}
      {of.valid_to && (
        <>
          {t("validity.to")} <DateText day={of.valid_to} />
        </>
      )}
    </>
  );
}

function Edit({ shown }: { shown: Product }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const can = useCan();
  const navigate = useNavigate();
  const change = useChangeProduct();
  const labelOf = useFieldLabel();
  const say = useFieldValue();
  const { base, save, notices, inConflict } = useRecordEditor<Product, ProductValues>({
    shown,
    valuesOf,
    change: (of, values) => change.mutateAsync({ of, values: sent(values) }),
    reload: () => readProduct(shown.id),
    labelOf: (field) => labelOf(field) ?? field,
    say: (value, field) => say(field, value) ?? "—",
  });
  usePageTitle(`${base.sku} ${name(base)}`);
  const toPage = (saved: Product) => {
    notifications.show({ message: t("products.saved") });
    forgetDraft(`product.${base.id}.${base.version}`);
    // What was saved needs no warning, even before the form has noticed.
    return navigate({
      to: "/products/$productId",
      params: { productId: saved.id },
      ignoreBlocker: true,
    });
  };
  return (
    <DocumentPage
      back={{
        link: { to: "/products/$productId", params: { productId: base.id } },
        label: name(base),
      }}
      title={t("products.edit", { name: name(base) })}
      subtitle={<span className="aw-ltr">{base.sku}</span>}
      actions={
        can("product:edit") && (
          <Button type="submit" form={productFormId} loading={change.isPending}>
            {t("action.save", { ns: "common" })}
          </Button>
        )
      }
    >
      {notices((saved) => void toPage(saved))}
      <ProductForm
        key={base.version}
        draftKey={`product.${base.id}.${base.version}`}
        initial={valuesOf(base)}
        error={inConflict ? null : change.error}
        onSave={async (values) => {
          const saved = await save(values);
          return () => toPage(saved);
        }}
      />
    </DocumentPage>
  );
}

function Deactivate({
  of,
  opened,
  onClose,
}: {
  of: Product;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation("catalog");
  const deactivate = useDeactivateProduct();
  return (
    <ConfirmDanger
      opened={opened}
      onClose={onClose}
      title={t("products.deactivateTitle", { sku: of.sku })}
      verb={t("products.deactivate")}
      busy={deactivate.isPending}
      error={deactivate.error}
      onConfirm={() => {
        deactivate.mutate(of, {
          onSuccess: () => {
            notifications.show({ message: t("products.deactivated", { sku: of.sku }) });
            onClose();
          },
        });
      }}
    >
      {t("products.deactivateText")}
    </ConfirmDanger>
  );
}

const fields = [
  "sku",
  "name_en",
  "name_ar",
  "description_en",
  "description_ar",
  "category_id",
  "kind",
  "unit_id",
  "price",
  "tax_category",
  "exemption_code",
  "exemption_reason_en",
  "exemption_reason_ar",
  "units",
  "barcodes",
  "is_active",
] as const;

function useFieldLabel() {
  const { t } = useTranslation("catalog");
  return (field: string) => {
    const known = fields.find((one) => one === field);
    return known ? t(`field.${known}`) : null;
  };
}

/** What a stored value means; for the history and for conflicts. */
function useFieldValue() {
  const { t } = useTranslation("catalog");
  const categories = useCategories();
  const units = useUnits();
  const priceText = usePriceText();
  return (field: string, value: unknown) => {
    if (value === null || value === undefined || value === "") return "—";
    if (Array.isArray(value)) {
      if (value.length === 0) return "—";
      return (value as Record<string, unknown>[])
        .map((row) => {
          if (typeof row.code === "string") return row.code;
          const unit = typeof row.unit_id === "string" ? units.nameOf(row.unit_id) : "";
          return `${unit} ${String(row.numerator)}/${String(row.denominator)}`;
        })
        .join(", ");
    }
    if (typeof value === "boolean") return t(value ? "status.active" : "status.inactive");
    if (typeof value !== "string") return undefined;
    switch (field) {
      case "category_id":
        return categories.pathOf(value);
      case "unit_id":
        return units.nameOf(value);
      case "price":
        return priceText(value);
      case "kind":
        return value === "goods" || value === "service" ? t(`kind.${value}`) : value;
      case "tax_category": {
        const known = (["S", "Z", "E", "O"] as const).find((one) => one === value);
        return known ? t(`tax.${known}`) : value;
      }
      default:
        return value;
    }
  };
}

function PageSkeleton() {
  return (
    <div className="aw-page" aria-busy>
      <Skeleton height={14} width={90} mb={16} />
      <Skeleton height={24} width={280} mb={24} />
      <Skeleton height={220} maw={880} radius={12} mb={16} />
      <Skeleton height={180} maw={880} radius={12} />
    </div>
  );
}
