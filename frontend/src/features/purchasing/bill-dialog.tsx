import { SimpleGrid, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { isoDay } from "@/shared/format/date";
import { DateInput } from "@/shared/ui/date-input";
import { useDocumentPage } from "@/shared/ui/document-view";
import { FormDialog } from "@/shared/ui/form-dialog";
import { placeErrors } from "@/shared/ui/line-errors";

import { type Order, useForgetAll } from "./queries";

/** The supplier's bill for what came: a draft, to be compared with the paper before it is posted. */
export function BillDialog({ of, onClose }: { of: Order; onClose: () => void }) {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const forget = useForgetAll();
  const pageOf = useDocumentPage();
  const [number, setNumber] = useState("");
  const [issued, setIssued] = useState<string | null>(isoDay(new Date()));
  const [due, setDue] = useState<string | null>(null);
  const draft = useMutation({
    mutationFn: () =>
      ask(
        client.POST("/api/purchase-orders/{order_id}/bills", {
          params: { path: { order_id: of.id } },
          body: {
            supplier_number: number.trim(),
            issued_on: issued ?? "",
            ...(due && { due_on: due }),
          },
        }),
      ),
    onSuccess: (bill) => {
      forget();
      notifications.show({ message: t("bill.done") });
      const page = pageOf("bill", bill.id);
      if (page) void navigate({ to: page });
      else onClose();
    },
  });
  const errors = placeErrors(
    draft.error && asProblem(draft.error),
    [],
    ["supplier_number", "issued_on", "due_on"],
  );
  const reason =
    number.trim() === "" ? t("bill.noNumber") : issued === null ? t("bill.noDay") : null;
  return (
    <FormDialog
      title={t("bill.title", { number: of.number ?? "" })}
      text={t("bill.text")}
      verb={t("bill.verb")}
      reason={reason}
      send={draft}
      rest={errors.rest}
      onClose={onClose}
    >
      <TextInput
        label={t("bill.supplier_number")}
        required
        data-autofocus
        maxLength={60}
        value={number}
        error={errors.of("supplier_number")}
        onChange={(event) => {
          setNumber(event.currentTarget.value);
        }}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
        <DateInput
          label={t("bill.issued_on")}
          required
          value={issued}
          error={errors.of("issued_on")}
          onChange={setIssued}
        />
        <DateInput
          label={t("bill.due_on")}
          placeholder={t("bill.byTerms")}
          value={due}
          error={errors.of("due_on")}
          onChange={setDue}
        />
      </SimpleGrid>
    </FormDialog>
  );
}
