import { Anchor, Button, Group, List, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { asProblem, fieldName, type Problem } from "@/shared/api/problem";
import { useFormat } from "@/shared/format/use-format";
import { Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { useOnce } from "@/shared/ui/use-once";

import { JournalPreview } from "./journal-preview";
import { type Invoice, postingPreview, usePostInvoice } from "./queries";

/** Shows what posting does before it is done; afterwards nobody can undo it. */
export function PostDialog({ of, onClose }: { of: Invoice; onClose: () => void }) {
  const { t } = useTranslation(["invoicing", "documents"]);
  const format = useFormat();
  const preview = useQuery(postingPreview(of));
  const post = usePostInvoice();
  const once = useOnce();
  const problem = post.error ?? preview.error;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("post.title")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        {preview.isPending && <Skeleton height={180} radius={8} aria-busy />}
        {preview.data && (
          <>
            <Text>{t("post.text")}</Text>
            <JournalPreview of={preview.data} />
          </>
        )}
        {problem && <Refused problem={asProblem(problem)} of={of} />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel", { ns: "common" })}
          </Button>
          <ReasonedButton
            data-autofocus
            reason={preview.error ? t("why.refused", { ns: "documents" }) : null}
            disabled={preview.isPending}
            loading={post.isPending}
            onClick={() => {
              once(async () => {
                const posted = await post.mutateAsync(of);
                notifications.show({ message: t("post.done", { number: posted.number }) });
                onClose();
              });
            }}
          >
            {preview.data
              ? t("post.verb", { total: format.money(preview.data.total), currency: of.currency })
              : t("post.short")}
          </ReasonedButton>
        </Group>
      </Stack>
    </Modal>
  );
}

const places = ["seller", "buyer", "lines", "supplied_on", "type"] as const;
const parts = [
  "name",
  "name_ar",
  "vat_number",
  "building_no",
  "street",
  "district",
  "city",
  "postal_code",
  "quantity",
  "unit_price",
  "discount",
  "exemption_code",
  "exemption_text",
] as const;

/** A refusal that names what is missing, and where to complete it. */
function Refused({ problem, of }: { problem: Problem; of: Invoice }) {
  const { t } = useTranslation("invoicing");
  const named = problem.errors.map((error) => {
    const path = fieldName(error.pointer).split(".");
    const place = places.find((one) => one === path[0]);
    const part = parts.find((one) => one === path.at(-1));
    const where = [
      place === "lines"
        ? t("missing.line", { row: Number(path[1]) + 1 })
        : place && t(`missing.${place}`),
      part && t(`missingPart.${part}`),
    ].filter(Boolean);
    return { place, text: where.length ? `${where.join(" · ")}: ${error.message}` : error.message };
  });
  return (
    <Stack gap={8}>
      <Refusal error={problem} />
      {named.length > 0 && (
        <List size="sm">
          {named.map((one) => (
            <List.Item key={one.text}>{one.text}</List.Item>
          ))}
        </List>
      )}
      <Group gap={16}>
        {named.some((one) => one.place === "buyer") && (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to={`/parties/${of.customer_id}`} {...props} />}
          >
            {t("missing.openCustomer")}
          </Anchor>
        )}
        {named.some((one) => one.place === "seller") && (
          <Anchor size="sm" renderRoot={(props) => <Link to="/company" {...props} />}>
            {t("missing.openCompany")}
          </Anchor>
        )}
      </Group>
    </Stack>
  );
}
