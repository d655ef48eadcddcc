import { ActionIcon, Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDots } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { DocumentPage } from "@/shared/ui/document-page";
import { SaveStatus } from "@/shared/ui/save-status";
import { StatusBadge } from "@/shared/ui/status-badge";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { editedOf, emptyDraft } from "./draft-values";
import { useAuditWords } from "./history";
import { InvoiceEditor } from "./invoice-editor";
import { named } from "./names";
import { PostDialog } from "./post-dialog";
import { type Invoice, useDiscardDraft } from "./queries";
import { useInvoiceDraft } from "./use-invoice-draft";

type Props = { stored: Invoice | null; onCreated: (id: string) => void };

export function DraftPage({ stored, onCreated }: Props) {
  const { t } = useTranslation(["invoicing", "documents"]);
  const name = useName();
  const can = useCan();
  const navigate = useNavigate();
  const words = useAuditWords();
  const { customer } = useSearch({ from: "/shell/invoices/$invoiceId" });
  const [initial] = useState(() => (stored ? editedOf(stored) : emptyDraft(customer)));
  const state = useInvoiceDraft(stored, initial, (created) => {
    onCreated(created.id);
    void navigate({
      to: "/invoices/$invoiceId",
      params: { invoiceId: created.id },
      replace: true,
      resetScroll: false,
      ignoreBlocker: true,
    });
  });
  const { saved } = state;
  const [posting, setPosting] = useState<Invoice | null>(null);
  const [discarding, setDiscarding] = useState(false);
  const [busy, setBusy] = useState(false);
  const discard = useDiscardDraft();
  useUnsavedWarning(state.dirty && !discard.isSuccess && posting === null);
  const title = saved ? t("draft.of", { customer: name(named(saved)) }) : t("draft.new");
  usePageTitle(title);

  const askToPost = async () => {
    setBusy(true);
    const ready = state.dirty ? await state.flush() : saved;
    setBusy(false);
    if (ready) setPosting(ready);
  };
  const why =
    state.missing === null ? undefined : t(`save.missing.${state.missing}`, { ns: "documents" });

  return (
    <DocumentPage
      back={{ link: { to: "/invoices" }, label: t("invoices.title") }}
      title={title}
      status={<StatusBadge tone="draft">{t("standing.draft")}</StatusBadge>}
      actions={
        <>
          {can("invoice:post") && (
            <Button
              loading={busy}
              disabled={state.missing !== null || state.theirs !== null}
              title={why}
              onClick={() => void askToPost()}
            >
              {t("post.open")}
            </Button>
          )}
          <SaveStatus state={state} />
          {saved && can("invoice:delete") && (
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
                    setDiscarding(true);
                  }}
                >
                  {t("discard.verb")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
      timeline={
        // A draft begun here has no history worth moving the form for.
        stored &&
        saved &&
        can("audit:read") && (
          <AuditTimeline recordId={saved.id} version={saved.version} {...words} />
        )
      }
    >
      <InvoiceEditor state={state} />
      {posting && (
        <PostDialog
          of={posting}
          onClose={() => {
            setPosting(null);
          }}
        />
      )}
      <ConfirmDanger
        opened={discarding}
        onClose={() => {
          setDiscarding(false);
        }}
        title={t("discard.title", { customer: saved ? name(named(saved)) : "" })}
        verb={t("discard.verb")}
        busy={discard.isPending}
        error={discard.error}
        onConfirm={() => {
          if (!saved) return;
          discard.mutate(saved, {
            onSuccess: () => {
              state.forget();
              notifications.show({ message: t("discard.done") });
              void navigate({ to: "/invoices", ignoreBlocker: true });
            },
          });
        }}
      >
        {t("discard.text")}
      </ConfirmDanger>
    </DocumentPage>
  );
}
