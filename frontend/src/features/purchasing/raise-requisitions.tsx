import { Button, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client, type Schemas } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { useName } from "@/shared/i18n/names";
import { LinesTable, ProductCell } from "@/shared/ui/document-view";
import { Refusal } from "@/shared/ui/error-state";
import { FormDialog } from "@/shared/ui/form-dialog";
import { AlignedQuantity } from "@/shared/ui/quantity-input";

type Short = Schemas["ReplenishmentOut"];

/** As many as are asked for at once. */
const most = 500;

/** What is below its reorder point, page by page. */
async function everythingShort(signal?: AbortSignal) {
  const items: Short[] = [];
  let after: string | undefined;
  do {
    const page = await ask(
      client.GET("/api/stock/replenishment", {
        params: { query: { only_short: true, limit: 200, ...(after && { after }) } },
        ...(signal && { signal }),
      }),
    );
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after && items.length < most);
  return items.slice(0, most);
}

/** Asks for everything that is short: one requisition for each warehouse. */
export function RaiseRequisitions() {
  const { t } = useTranslation("purchasing");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        onClick={() => {
          setOpen(true);
        }}
      >
        {t("raise.open")}
      </Button>
      {open && (
        <Dialog
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function Dialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { data, error } = useQuery({
    queryKey: ["stock", "replenishment", "short"],
    queryFn: ({ signal }) => everythingShort(signal),
    staleTime: 0,
  });
  const raise = useMutation({
    mutationFn: () =>
      ask(
        client.POST("/api/requisitions/of-short-goods", {
          body: {
            lines: (data ?? []).map((row) => ({
              product_id: row.product_id,
              warehouse_id: row.warehouse_id,
              quantity: row.suggested,
              supplier_id: row.supplier_id,
            })),
          },
        }),
      ),
    onSuccess: (made) => {
      void cache.invalidateQueries({ queryKey: ["purchasing"] });
      void cache.invalidateQueries({ queryKey: ["stock"] });
      notifications.show({ message: t("raise.done", { count: made.length }) });
      onClose();
      const [only] = made;
      if (made.length === 1 && only)
        void navigate({
          to: "/requisitions/$requisitionId",
          params: { requisitionId: only.id },
        });
      else void navigate({ to: "/requisitions", search: { state: "draft" } });
    },
  });
  const places = placesIn(data?.map((row) => row.suggested) ?? []);
  return (
    <FormDialog
      size="lg"
      title={t("raise.title")}
      text={t("raise.text")}
      verb={t("raise.open")}
      reason={data?.length === 0 ? t("raise.nothing") : data ? null : t("raise.looking")}
      send={raise}
      onClose={onClose}
    >
      {!data && !error && <Skeleton height={120} radius={8} aria-busy />}
      {data && (
        <LinesTable<Short>
          label={t("raise.title")}
          lines={data}
          lineKey={(row) => row.id}
          empty={t("raise.nothing")}
          columns={[
            {
              id: "product",
              label: t("field.product"),
              card: "title",
              cell: (row) => <ProductCell name={name(row)} sku={row.sku} />,
            },
            {
              id: "warehouse",
              label: t("field.warehouse"),
              cell: (row) => <span className="aw-ltr">{row.warehouse_code}</span>,
            },
            {
              id: "quantity",
              label: t("line.toOrder"),
              align: "end",
              card: "end",
              cell: (row) => (
                <AlignedQuantity
                  amount={row.suggested}
                  places={places}
                  unit={name({ name_en: row.unit_en, name_ar: row.unit_ar })}
                />
              ),
            },
          ]}
        />
      )}
      <Refusal error={error} />
    </FormDialog>
  );
}
