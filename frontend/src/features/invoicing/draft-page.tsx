import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { useName } from "@/shared/i18n/names";
import { type Command } from "@/shared/ui/command-bar";
import { noEffect } from "@/shared/ui/command-dialog";
import { SelfSavingPage, useSelfSavingDocument } from "@/shared/ui/self-saving-page";
import { type DraftRules, type SelfSaving } from "@/shared/ui/use-self-saving";

import {
  type Edited,
  editedOf,
  emptyDraft,
  isBegun,
  missingFrom,
  sent,
  startedLines,
} from "./draft-values";
import { useAuditWords } from "./history";
import { InvoiceEditor } from "./invoice-editor";
import { named } from "./names";
import { PostDialog } from "./post-dialog";
import {
  everyInvoice,
  type Invoice,
  invoice,
  type InvoiceIn,
  readInvoice,
  useSaveDraft,
} from "./queries";

export type InvoiceDraft = SelfSaving<Invoice, Edited, InvoiceIn>;

type Props = { stored: Invoice | null; onCreated: (id: string) => void };

/** An invoice that is still being written: it saves itself, and the server reckons the VAT. */
export function DraftPage({ stored, onCreated }: Props) {
  const { t } = useTranslation("invoicing");
  const name = useName();
  const words = useAuditWords();
  const save = useSaveDraft();
  const { customer } = useSearch({ from: "/shell/invoices/$invoiceId" });
  const rules: DraftRules<Invoice, Edited, InvoiceIn> = {
    name: "invoice",
    valuesOf: editedOf,
    bodyOf: sent,
    begunLines: startedLines,
    missingFrom,
    isBegun,
    save: (of, values) => save.mutateAsync({ of, values }),
    read: readInvoice,
  };
  const state = useSelfSavingDocument(rules, {
    stored,
    blank: () => emptyDraft(customer),
    address: (id) => ({ to: "/invoices/$invoiceId", params: { invoiceId: id } }),
    onCreated,
  });
  const { saved } = state;
  return (
    <SelfSavingPage
      state={state}
      back={{ link: { to: "/invoices" }, label: t("invoices.title") }}
      title={saved ? t("draft.of", { customer: name(named(saved)) }) : t("draft.new")}
      next={t("post.open")}
      commands={useDraftCommands(saved)}
      words={words}
    >
      <InvoiceEditor state={state} />
    </SelfSavingPage>
  );
}

function useDraftCommands(of: Invoice | null): Command[] {
  const { t } = useTranslation("invoicing");
  const name = useName();
  const cache = useQueryClient();
  const navigate = useNavigate();
  if (!of) return [];
  return [
    {
      name: "post",
      label: t("post.open"),
      permission: "invoice:post",
      dialog: (close) => <PostDialog of={of} onClose={close} />,
    },
    {
      name: "discard",
      label: t("discard.verb"),
      permission: "invoice:delete",
      danger: true,
      title: t("discard.title", { customer: name(named(of)) }),
      text: t("discard.text"),
      done: t("discard.done"),
      send: ({ query, headers }) =>
        query.dry_run
          ? noEffect()
          : client.DELETE("/api/invoices/{invoice_id}", {
              params: { path: { invoice_id: of.id } },
              headers,
            }),
      // Its page goes first, or it would ask once more for what is not there.
      onDone: () =>
        void navigate({ to: "/invoices", ignoreBlocker: true }).then(() => {
          cache.removeQueries({ queryKey: invoice(of.id).queryKey });
          void cache.invalidateQueries({ queryKey: [...everyInvoice, "list"] });
        }),
    },
  ];
}
