import { notifications } from "@mantine/notifications";
import { Checkbox } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { difference, isNegative } from "@/shared/format/decimal";
import { FormDialog } from "@/shared/ui/form-dialog";
import { placeErrors } from "@/shared/ui/line-errors";
import { everythingOf, QuantitiesTable } from "@/shared/ui/quantities-table";

import { useOrderHelp } from "./order-help";
import { partsOf, typedOf } from "./parts";
import { type Order, shipment, useAllMoved } from "./queries";
import { useUnits } from "./use-units";
import { useWhyNot } from "./use-why-not";

/** Plan a shipment of what is open, or of less; the stock moves only when it leaves. */
export function ShipDialog({ of, onClose }: { of: Order; onClose: () => void }) {
  const { t } = useTranslation("sales");
  const navigate = useNavigate();
  const cache = useQueryClient();
  const moved = useAllMoved();
  const unitOf = useUnits();
  const help = useOrderHelp(of);
  const parts = partsOf(of, (line) => difference(line.open_to_ship, line.planned), unitOf);
  const short = of.lines.some((line) => isNegative(difference(line.reserved, line.open_to_ship)));
  const [values, setValues] = useState(() => everythingOf(parts));
  const [ready, setReady] = useState(!short);
  const typed = typedOf(parts, values);
  const whyNot = useWhyNot();
  const plan = useMutation({
    mutationFn: async () => {
      const made = await ask(
        client.POST("/api/shipments", {
          body: {
            order_id: of.id,
            lines: (typed ?? []).map(({ key, quantity }) => ({ order_line_id: key, quantity })),
          },
        }),
      );
      if (!ready) return { made, error: null };
      // What cannot be reserved yet stays a draft, with the reason on its page.
      try {
        const { data, error, response } = await client.POST(
          "/api/shipments/{shipment_id}/make-ready",
          {
            params: { path: { shipment_id: made.id } },
            headers: { "If-Match": `"${made.version}"` },
            body: {},
          },
        );
        if (!response.ok) return { made, error };
        return { made: data as typeof made, error: null };
      } catch (error) {
        return { made, error };
      }
    },
    onSuccess: ({ made, error }) => {
      cache.setQueryData(shipment(made.id).queryKey, made);
      moved();
      notifications.show({
        message: error
          ? t("ship.doneShort")
          : made.number
            ? t("ship.done", { number: made.number })
            : t("ship.doneDraft"),
      });
      onClose();
      void navigate({ to: "/shipments/$shipmentId", params: { shipmentId: made.id } });
    },
  });
  const errors = placeErrors(
    plan.error && asProblem(plan.error),
    (typed ?? []).map((one) => one.key),
    [],
  );
  return (
    <FormDialog
      size="lg"
      title={t("ship.title", { number: of.number ?? "" })}
      text={t("ship.text")}
      verb={t("ship.verb")}
      reason={whyNot(typed)}
      send={plan}
      help={help}
      onClose={onClose}
    >
      <QuantitiesTable
        label={t("ship.lines")}
        mostLabel={t("line.open")}
        typedLabel={t("ship.quantity")}
        parts={parts}
        values={values}
        onChange={setValues}
        errorOf={(part) => errors.at(part.key, "quantity")}
      />
      <Checkbox
        label={t("ship.ready")}
        description={short ? t("ship.short") : undefined}
        checked={ready}
        onChange={(event) => {
          setReady(event.currentTarget.checked);
        }}
      />
    </FormDialog>
  );
}
