import {
  Button,
  Group,
  Modal,
  SegmentedControl,
  Select,
  Skeleton,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { fieldName, asProblem } from "@/shared/api/problem";
import { difference, isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Refusal } from "@/shared/ui/error-state";
import { Quantity } from "@/shared/ui/money";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { useOnce } from "@/shared/ui/use-once";

import classes from "./invoicing.module.css";
import { JournalPreview } from "./journal-preview";
import { type CreditIn, creditPreview, type Invoice, useCreditInvoice } from "./queries";

const reasons = [
  "cancelled",
  "supply_changed",
  "value_amended",
  "refunded",
  "details_changed",
] as const;

type Chosen = Record<string, { quantity: string; unit_price: string }>;

/** Take an invoice back, wholly or line by line; the preview is the server's own. */
export function CreditDialog({ of, onClose }: { of: Invoice; onClose: () => void }) {
  const { t } = useTranslation(["invoicing", "documents"]);
  const name = useName();
  const format = useFormat();
  const navigate = useNavigate();
  const credit = useCreditInvoice();
  const [reason, setReason] = useState<(typeof reasons)[number] | null>(null);
  const [whole, setWhole] = useState(true);
  const [chosen, setChosen] = useState<Chosen>({});
  const [notes, setNotes] = useState("");

  const picked = of.lines.flatMap((line) => {
    const { quantity = "", unit_price = "" } = chosen[line.id] ?? {};
    const wanted = parseDecimal(quantity);
    if (wanted === null || isZero(wanted)) return [];
    const price = parseDecimal(unit_price);
    return [{ line_id: line.id, quantity: wanted, ...(price !== null && { unit_price: price }) }];
  });
  const arabic = /\p{Script=Arabic}/u.test(notes);
  const body: CreditIn | null =
    reason && (whole || picked.length > 0)
      ? {
          reason,
          ...(!whole && { lines: picked }),
          notes_en: arabic ? "" : notes,
          notes_ar: arabic ? notes : "",
        }
      : null;
  // The note's text changes no figure; the preview need not follow it.
  const [asked] = useDebouncedValue(
    JSON.stringify(body && { ...body, notes_en: "", notes_ar: "" }),
    300,
  );
  const preview = useQuery({
    ...creditPreview(of, JSON.parse(asked) as CreditIn),
    enabled: asked !== "null",
    placeholderData: keepPreviousData,
  });
  const settled =
    asked === JSON.stringify(body && { ...body, notes_en: "", notes_ar: "" }) &&
    !preview.isPlaceholderData &&
    !preview.isFetching;
  const problem = credit.error ?? (body ? preview.error : null);
  const errors = new Map(
    problem ? asProblem(problem).errors.map((one) => [fieldName(one.pointer), one.message]) : [],
  );
  const errorOf = (lineId: string, field: string) =>
    errors.get(`lines.${picked.findIndex((one) => one.line_id === lineId)}.${field}`);
  const shown = body && preview.data;
  const missing = body ? null : reason ? t("credit.chooseLines") : t("credit.chooseReason");
  const obstacle = missing ?? (preview.error ? t("why.refused", { ns: "documents" }) : null);
  const once = useOnce();

  const set = (lineId: string, values: Partial<Chosen[string]>) => {
    setChosen((before) => ({
      ...before,
      [lineId]: { quantity: "", unit_price: "", ...before[lineId], ...values },
    }));
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("credit.title", { number: of.number })}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Select
          label={t("credit.reason")}
          placeholder={t("credit.reasonHint")}
          required
          data-autofocus
          allowDeselect={false}
          value={reason}
          data={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
          onChange={(value) => {
            setReason(reasons.find((one) => one === value) ?? null);
          }}
        />
        <SegmentedControl
          fullWidth
          aria-label={t("credit.what")}
          value={whole ? "whole" : "lines"}
          onChange={(value) => {
            setWhole(value === "whole");
          }}
          data={[
            { value: "whole", label: t("credit.whole") },
            { value: "lines", label: t("credit.lines") },
          ]}
        />
        {!whole && (
          <div className={classes.scroll}>
            <table className={classes.table} aria-label={t("credit.lines")}>
              <thead>
                <tr>
                  <th scope="col">{t("line.item")}</th>
                  <th scope="col" data-align="end">
                    {t("credit.left")}
                  </th>
                  <th scope="col">{t("credit.quantity")}</th>
                  <th scope="col">{t("credit.price")}</th>
                </tr>
              </thead>
              <tbody>
                {of.lines.map((line) => {
                  const left = difference(line.quantity, line.credited);
                  const none = isZero(left);
                  return (
                    <tr key={line.id}>
                      <td>
                        <bdi>{name(line)}</bdi>
                        {line.sku && (
                          <>
                            <br />
                            <small className="aw-ltr">{line.sku}</small>
                          </>
                        )}
                      </td>
                      <td data-align="end">
                        <Quantity
                          amount={left}
                          unit={name({ name_en: line.unit_en, name_ar: line.unit_ar })}
                        />
                      </td>
                      <td className={classes.credit}>
                        <DecimalInput
                          w={110}
                          disabled={none}
                          aria-label={t("credit.quantityOf", { item: name(line) })}
                          value={chosen[line.id]?.quantity ?? ""}
                          error={errorOf(line.id, "quantity")}
                          placeholder={none ? t("credit.none") : "0"}
                          onChange={(quantity) => {
                            set(line.id, { quantity });
                          }}
                        />
                      </td>
                      <td className={classes.credit}>
                        <DecimalInput
                          w={120}
                          disabled={none}
                          aria-label={t("credit.priceOf", { item: name(line) })}
                          value={chosen[line.id]?.unit_price ?? ""}
                          error={errorOf(line.id, "unit_price")}
                          placeholder={format.quantity(line.unit_price)}
                          onChange={(unit_price) => {
                            set(line.id, { unit_price });
                          }}
                        />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
        <Textarea
          label={t("credit.notes")}
          autosize
          minRows={1}
          maxLength={2000}
          value={notes}
          onChange={(event) => {
            setNotes(event.currentTarget.value);
          }}
        />
        {missing && (
          <Text size="sm" c="dimmed">
            {missing}
          </Text>
        )}
        {body && preview.isPending && <Skeleton height={140} radius={8} aria-busy />}
        {shown && !problem && <JournalPreview of={shown} />}
        <Refusal error={problem} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel", { ns: "common" })}
          </Button>
          <ReasonedButton
            reason={obstacle}
            disabled={obstacle === null && (!shown || !settled)}
            loading={credit.isPending}
            onClick={() => {
              if (!body) return;
              once(async () => {
                const note = await credit.mutateAsync({ of, body });
                notifications.show({ message: t("credit.done", { number: note.number }) });
                onClose();
                void navigate({ to: "/invoices/$invoiceId", params: { invoiceId: note.id } });
              });
            }}
          >
            {shown
              ? t("credit.verb", { total: format.money(shown.total), currency: of.currency })
              : t("credit.short")}
          </ReasonedButton>
        </Group>
      </Stack>
    </Modal>
  );
}
