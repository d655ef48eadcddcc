import { Anchor, Button, Group, Modal, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { useCan } from "@/shared/session/session";
import { useEntryKind } from "@/shared/ui/entry-kind";
import { DateInput } from "@/shared/ui/date-input";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Facts } from "@/shared/ui/facts";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { EntryLines } from "./entry-lines";
import { type Entry, entry, reversalPreview, useReverseEntry } from "./queries";
import { SourceLink } from "./source-link";

export function EntryPage() {
  const { entryId } = useParams({ from: "/shell/journal-entries/$entryId" });
  const { data, error, isPending, refetch } = useQuery(entry(entryId));
  const waits = useDelayed(isPending);
  if (data) return <Shown key={data.id} of={data} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return waits ? (
    <div className="aw-page" aria-busy>
      <Skeleton height={14} width={90} mb={16} />
      <Skeleton height={24} width={220} mb={24} />
      <Skeleton height={260} radius={12} />
    </div>
  ) : null;
}

function Shown({ of }: { of: Entry }) {
  const { t } = useTranslation("ledger");
  const can = useCan();
  const kind = useEntryKind();
  const [reversing, setReversing] = useState(false);
  const title = t("entry.title", { number: of.number });
  usePageTitle(title);
  // What a document posted is corrected by that document.
  const reversible =
    !of.reversed_by_id &&
    !of.reverses_id &&
    of.source_number === "" &&
    can("journal_entry:reverse");
  return (
    <DocumentPage
      back={{ link: { to: "/journal-entries" }, label: t("entries.title") }}
      title={title}
      subtitle={<bdi>{of.memo || kind(of.kind)}</bdi>}
      status={
        of.reversed_by_id ? (
          <StatusBadge tone="closed">{t("entry.reversed")}</StatusBadge>
        ) : (
          <StatusBadge tone="good">{t("entry.posted")}</StatusBadge>
        )
      }
      actions={
        reversible && (
          <Button
            variant="default"
            onClick={() => {
              setReversing(true);
            }}
          >
            {t("reverse.open")}
          </Button>
        )
      }
    >
      <Section title={t("entry.facts")}>
        <Facts
          facts={[
            { label: t("field.date"), value: <DateText day={of.date} /> },
            { label: t("field.kind"), value: kind(of.kind) },
            {
              label: t("field.source"),
              value: of.source_number && (
                <SourceLink type={of.source_type} id={of.source_id} number={of.source_number} />
              ),
            },
            of.reverses_id !== null && {
              label: t("entry.reverses"),
              value: <EntryLink id={of.reverses_id} number={of.reverses_number ?? 0} />,
            },
            !!of.reversed_by_id && {
              label: t("entry.reversedBy"),
              value: <EntryLink id={of.reversed_by_id} number={of.reversed_by_number ?? 0} />,
            },
            { label: t("field.posted_by"), value: <bdi>{of.posted_by_name}</bdi> },
            { label: t("field.posted_at"), value: <MomentText at={of.posted_at} /> },
          ]}
        />
      </Section>
      <Section title={t("entry.lines")}>
        <EntryLines of={of} />
      </Section>
      {reversing && (
        <Reverse
          of={of}
          onClose={() => {
            setReversing(false);
          }}
        />
      )}
    </DocumentPage>
  );
}

function EntryLink({ id, number }: { id: string; number: number }) {
  const { t } = useTranslation("ledger");
  return (
    <Anchor
      renderRoot={(props) => (
        <Link to="/journal-entries/$entryId" params={{ entryId: id }} {...props} />
      )}
    >
      {t("entry.title", { number })}
    </Anchor>
  );
}

function Reverse({ of, onClose }: { of: Entry; onClose: () => void }) {
  const { t } = useTranslation("ledger");
  const navigate = useNavigate();
  const [date, setDate] = useState<string>(() => isoDay(new Date()));
  const [memo, setMemo] = useState("");
  const reverse = useReverseEntry();
  const body = { date, memo };
  const preview = useQuery(reversalPreview(of, body));
  const problem = reverse.error ?? preview.error;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("reverse.title", { number: of.number })}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Text>{t("reverse.text")}</Text>
        <Group grow align="flex-start">
          <DateInput
            label={t("field.date")}
            value={date}
            onChange={(day) => {
              if (day) setDate(day);
            }}
          />
          <TextInput
            label={t("field.memo")}
            maxLength={300}
            value={memo}
            onChange={(event) => {
              setMemo(event.currentTarget.value);
            }}
          />
        </Group>
        {preview.isPending && <Skeleton height={140} radius={8} aria-busy />}
        {preview.data && !preview.error && <EntryLines of={preview.data} />}
        <Refusal error={problem} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel", { ns: "common" })}
          </Button>
          <Button
            disabled={!preview.data || !!preview.error}
            loading={reverse.isPending}
            onClick={() => {
              reverse.mutate(
                { of, body },
                {
                  onSuccess: (made) => {
                    notifications.show({ message: t("reverse.done", { number: made.number }) });
                    onClose();
                    void navigate({
                      to: "/journal-entries/$entryId",
                      params: { entryId: made.id },
                    });
                  },
                },
              );
            }}
          >
            {t("reverse.verb")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
