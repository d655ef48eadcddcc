import { Alert, Button, Menu, ActionIcon, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDots, IconInfoCircle } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { Conflict } from "@/shared/ui/conflict";
import { DocumentPage } from "@/shared/ui/document-page";
import { ErrorState } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { ProductForm, productFormId, type ProductValues, valuesOf } from "./product-form";
import { ProductStatus } from "./product-list";
import {
  type Product,
  product,
  useChangeProduct,
  useCreateProduct,
  useDeactivateProduct,
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
          const saved = await create.mutateAsync(values);
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

export function ProductPage() {
  const { productId } = useParams({ from: "/shell/products/$productId" });
  const { data, error, isPending, refetch } = useQuery(product(productId));
  const waits = useDelayed(isPending);
  if (data) return <EditProduct key={data.id} shown={data} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return waits ? <PageSkeleton /> : null;
}

function EditProduct({ shown }: { shown: Product }) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const can = useCan();
  const cache = useQueryClient();
  const change = useChangeProduct();
  const [asking, setAsking] = useState(false);
  // What lay on the table when editing began; a newer version from the server must not move it.
  const [base, setBase] = useState(shown);
  const [theirs, setTheirs] = useState<{ theirs: Product; mine: ProductValues } | null>(null);
  usePageTitle(`${base.sku} ${name(base)}`);
  const mayEdit = can("product:edit");

  const done = (saved: Product) => {
    setBase(saved);
    setTheirs(null);
    notifications.show({ message: t("products.saved") });
  };
  // Only what was changed here is sent, so that keeping mine does not undo theirs elsewhere.
  const save = async (values: ProductValues, over = base) => {
    const changed = differences(values, valuesOf(base));
    try {
      const body = Object.fromEntries(changed.map((field) => [field, values[field]]));
      done(await change.mutateAsync({ of: over, values: body }));
    } catch (error) {
      if (!asProblem(error).isConflict) throw error;
      const now = await ask(
        client.GET("/api/products/{product_id}", { params: { path: { product_id: base.id } } }),
      );
      setTheirs({ theirs: now, mine: values });
      throw error;
    }
  };

  return (
    <DocumentPage
      back={{ link: { to: "/products" }, label: t("products.title") }}
      title={name(base)}
      subtitle={<span className="aw-ltr">{base.sku}</span>}
      status={<ProductStatus product={base} />}
      actions={
        mayEdit && (
          <>
            <Button type="submit" form={productFormId} loading={change.isPending}>
              {t("action.save", { ns: "common" })}
            </Button>
            {base.is_active && can("product:delete") && (
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
    >
      {theirs && (
        <Conflict
          busy={change.isPending}
          differences={differences(theirs.mine, valuesOf(base))
            .filter((field) => differences(theirs.mine, valuesOf(theirs.theirs)).includes(field))
            .map((field) => ({
              label: t(`field.${field}`),
              mine: plain(theirs.mine[field]),
              theirs: plain(valuesOf(theirs.theirs)[field]),
            }))}
          onKeepMine={() => {
            save(theirs.mine, theirs.theirs).catch(() => undefined);
          }}
          onKeepTheirs={() => {
            cache.setQueryData(product(base.id).queryKey, theirs.theirs);
            setBase(theirs.theirs);
            setTheirs(null);
            change.reset();
          }}
        />
      )}
      {shown.version > base.version && !theirs && (
        <Alert icon={<IconInfoCircle size={18} />}>
          {t("products.newer")}{" "}
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              setBase(shown);
            }}
          >
            {t("products.showNewer")}
          </Button>
        </Alert>
      )}
      <ProductForm
        key={base.version}
        draftKey={`product.${base.id}.${base.version}`}
        initial={valuesOf(base)}
        readOnly={!mayEdit}
        error={theirs ? null : change.error}
        onSave={async (values) => {
          await save(values);
          return () => Promise.resolve();
        }}
      />
      <Deactivate
        of={base}
        opened={asking}
        onClose={() => {
          setAsking(false);
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
  const navigate = useNavigate();
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
            void navigate({ to: "/products" });
          },
        });
      }}
    >
      {t("products.deactivateText")}
    </ConfirmDanger>
  );
}

const plain = (value: ProductValues[keyof ProductValues]) =>
  Array.isArray(value) ? value.map((one) => one.code).join(", ") : String(value ?? "—");

const differences = (mine: ProductValues, theirs: ProductValues) =>
  (Object.keys(mine) as (keyof ProductValues)[]).filter(
    (field) => JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]),
  );

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
