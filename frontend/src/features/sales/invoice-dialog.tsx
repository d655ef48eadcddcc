import { notifications } from "@mantine/notifications";
import { SegmentedControl } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { everythingOf, QuantitiesTable } from "@/shared/ui/quantities-table";

import { useOrderHelp } from "./order-help";
import { partsOf, typedOf } from "./parts";
import { type Order, useAllMoved } from "./queries";
import { useUnits } from "./use-units";

type Issued = { id: string; number: string };

/** Invoice what is due, or less of it. */
export function InvoiceDialog({ of, onClose }: { of: Order; onClose: () => void }) {
  const { t } = useTranslation("sales");
  const navigate = useNavigate();
  const moved = useAllMoved();
  const unitOf = useUnits();
  const help = useOrderHelp(of);
  const parts = partsOf(of, (line) => line.open_to_bill, unitOf);
  const [all, setAll] = useState(true);
  const [values, setValues] = useState(() => everythingOf(parts));
  const typed = typedOf(parts, values);
  const lines = (typed ?? []).map(({ key, quantity }) => ({ order_line_id: key, quantity }));
  return (
    <CommandDialog
      of={of}
      title={t("invoice.title", { number: of.number ?? "" })}
      verb={t("invoice.verb")}
      text={t("invoice.text")}
      help={help}
      asked={all ? "all" : lines}
      ready={all || (typed !== null && typed.length > 0)}
      send={({ query, headers }) =>
        client.POST("/api/sales-orders/{order_id}/invoice", {
          params: { path: { order_id: of.id }, query },
          headers,
          body: all ? {} : { lines },
        })
      }
      onDone={(answer) => {
        const issued = answer as Issued;
        moved();
        notifications.show({ message: t("invoice.done", { number: issued.number }) });
        void navigate({ to: "/invoices/$invoiceId", params: { invoiceId: issued.id } });
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <SegmentedControl
            fullWidth
            aria-label={t("invoice.what")}
            value={all ? "all" : "some"}
            onChange={(value) => {
              setAll(value === "all");
            }}
            data={[
              { value: "all", label: t("invoice.all") },
              { value: "some", label: t("invoice.some") },
            ]}
          />
          {!all && (
            <QuantitiesTable
              label={t("invoice.some")}
              mostLabel={t("line.due")}
              typedLabel={t("invoice.quantity")}
              parts={parts}
              values={values}
              onChange={setValues}
              errorOf={(part) =>
                errorOf(
                  `lines.${lines.findIndex((one) => one.order_line_id === part.key)}.quantity`,
                )
              }
            />
          )}
        </>
      )}
    </CommandDialog>
  );
}
