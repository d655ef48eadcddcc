import { notifications } from "@mantine/notifications";
import { Skeleton, Textarea } from "@mantine/core";
import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { difference, isNegative, total } from "@/shared/format/decimal";
import { useCan } from "@/shared/session/session";
import { FormDialog } from "@/shared/ui/form-dialog";
import { placeErrors } from "@/shared/ui/line-errors";
import { QuantitiesTable } from "@/shared/ui/quantities-table";

import { isSome, typedOf } from "./parts";
import { customerReturn, type GoodsMove, order, shipment, useAllMoved, wentOut } from "./queries";
import { useLineUnits } from "./use-units";
import { useWhyNot } from "./use-why-not";

const left = new Set(["shipped", "delivered"]);

/** Write down what a customer sends back, line by line of what was shipped. */
export function ReturnDialog({
  orderId,
  shipmentId,
  onClose,
}: {
  orderId: string;
  /** Of this shipment only. */
  shipmentId?: string;
  onClose: () => void;
}) {
  const { t } = useTranslation("sales");
  const navigate = useNavigate();
  const cache = useQueryClient();
  const moved = useAllMoved();
  const unitOf = useLineUnits(orderId);
  const { data: of } = useQuery(order(orderId));
  const ids = shipmentId
    ? [shipmentId]
    : (of?.links ?? [])
        .filter((link) => link.type === "shipment" && left.has(link.state))
        .map((link) => link.id);
  const shipped = useQueries({ queries: ids.map(shipment) });
  const can = useCan();
  const mayTrace = can("stock:read");
  const went = useQueries({
    queries: ids.map((id) => ({ ...wentOut(id), enabled: mayTrace })),
  });
  const loading =
    !of || shipped.some((one) => one.isPending) || (mayTrace && went.some((one) => one.isPending));
  const [values, setValues] = useState<Record<string, string>>({});
  const [reason, setReason] = useState("");
  const lots = lotsOf(went.flatMap(({ data }) => data?.items ?? []));
  const parts = shipped.flatMap(({ data }) =>
    (data?.lines ?? []).flatMap((line) => {
      const part = {
        key: line.id,
        sku: line.sku,
        name_en: line.name_en,
        name_ar: line.name_ar,
        more: data?.number as ReactNode,
        unit: unitOf(line.order_line_id),
        most: difference(line.quantity, line.returned),
        lineId: line.id,
        lotId: null as string | null,
      };
      if (!isSome(part.most)) return [];
      const traced = lots.get(line.id) ?? [];
      if (traced.length === 0) return [part];
      // Of each lot or serial number that went out, what of it comes back.
      return traced.map((lot) => ({
        ...part,
        key: `${line.id} ${lot.id}`,
        more: (
          <>
            <bdi>{data?.number}</bdi> · <bdi>{lot.code}</bdi>
          </>
        ),
        most: isNegative(difference(part.most, lot.quantity)) ? part.most : lot.quantity,
        named: `${part.sku} ${lot.code}`,
        lotId: lot.id,
      }));
    }),
  );
  const typed = typedOf(parts, values);
  const whyNot = useWhyNot();
  const write = useMutation({
    mutationFn: () =>
      ask(
        client.POST("/api/customer-returns", {
          body: {
            order_id: orderId,
            reason: reason.trim(),
            lines: (typed ?? []).flatMap(({ key, quantity }) => {
              const part = parts.find((one) => one.key === key);
              return part ? [{ shipment_line_id: part.lineId, quantity, lot_id: part.lotId }] : [];
            }),
          },
        }),
      ),
    onSuccess: (made) => {
      cache.setQueryData(customerReturn(made.id).queryKey, made);
      moved();
      notifications.show({ message: t("return.done") });
      onClose();
      void navigate({ to: "/customer-returns/$returnId", params: { returnId: made.id } });
    },
  });
  const errors = placeErrors(
    write.error && asProblem(write.error),
    (typed ?? []).map((one) => one.key),
    ["reason"],
  );
  return (
    <FormDialog
      size="lg"
      title={t("return.title")}
      text={t("return.text")}
      verb={t("return.verb")}
      reason={whyNot(typed)}
      send={write}
      rest={errors.rest}
      onClose={onClose}
    >
      {loading ? (
        <Skeleton height={120} radius={8} aria-busy />
      ) : (
        <QuantitiesTable
          label={t("return.lines")}
          mostLabel={t("line.shipped")}
          typedLabel={t("return.quantity")}
          parts={parts}
          values={values}
          onChange={setValues}
          errorOf={(part) => errors.at(part.key, "quantity")}
        />
      )}
      <Textarea
        label={t("return.reason")}
        autosize
        minRows={1}
        maxLength={300}
        value={reason}
        error={errors.of("reason")}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
    </FormDialog>
  );
}

/** The lots and serial numbers that went out for each shipment line, and how much of each. */
function lotsOf(moves: readonly GoodsMove[]) {
  const found = new Map<string, { id: string; code: string; quantity: string }[]>();
  for (const { line_id: line, lot, quantity, reverses_id: reverses } of moves) {
    if (!line || !lot || reverses) continue;
    const known = found.get(line) ?? [];
    const same = known.find((one) => one.id === lot.id);
    if (same) same.quantity = total([same.quantity, quantity]);
    else found.set(line, [...known, { id: lot.id, code: lot.code, quantity }]);
  }
  return found;
}
