import {
  Button,
  Group,
  Modal,
  SegmentedControl,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, fieldName } from "@/shared/api/problem";
import { isoDay } from "@/shared/format/date";
import { difference, isNegative, isZero, total } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { useName } from "@/shared/i18n/names";
import { DateInput } from "@/shared/ui/date-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { Refusal } from "@/shared/ui/error-state";
import { LineEditor, type LineField } from "@/shared/ui/line-editor";
import { Money } from "@/shared/ui/money";
import { PickCell, PickOption } from "@/shared/ui/pick-cell";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { EntryLines } from "./entry-lines";
import classes from "./ledger.module.css";
import { type EntryIn, entryPreview, findAccounts, findParties, usePostEntry } from "./queries";

type Named = { id: string; code: string; name_en: string; name_ar: string };

type Line = {
  key: string;
  /** Text in the account's cell that is not yet an account. */
  account: string | null;
  chosen: (Named & { needs_party: boolean }) | null;
  party: string | null;
  partner: Named | null;
  debit: string;
  credit: string;
  memo: string;
};

type Draft = { date: string; memo: string; kind: "manual" | "opening"; lines: Line[] };

let made = 0;
const emptyLine = (): Line => ({
  key: `${Date.now().toString(36)}-${(made += 1)}`,
  account: null,
  chosen: null,
  party: null,
  partner: null,
  debit: "",
  credit: "",
  memo: "",
});

const emptyDraft = (): Draft => ({
  date: isoDay(new Date()),
  memo: "",
  kind: "manual",
  lines: [emptyLine(), emptyLine()],
});

const place = "alawael.draft.journal-entry";

function kept(): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function keep(draft: Draft | null) {
  try {
    if (draft) sessionStorage.setItem(place, JSON.stringify(draft));
    else sessionStorage.removeItem(place);
  } catch {
    // A full or forbidden storage must not stop anybody from typing.
  }
}

const isBlank = (line: Line) =>
  !line.chosen && !line.account && !line.debit && !line.credit && !line.memo;

const amount = (text: string) => parseDecimal(text) ?? (text.trim() === "" ? "0.00" : text);

const sentOf = (draft: Draft): EntryIn => ({
  date: draft.date,
  memo: draft.memo,
  kind: draft.kind,
  lines: draft.lines
    .filter((line) => !isBlank(line))
    .map((line) => ({
      account_id: line.chosen?.id ?? "",
      debit: amount(line.debit),
      credit: amount(line.credit),
      party_id: line.partner?.id ?? null,
      memo: line.memo,
    })),
});

/** An entry written by hand. The hint adds up what was typed; whether it balances, the server decides. */
export function NewEntry() {
  const { t } = useTranslation("ledger");
  const name = useName();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [found] = useState(kept);
  const [restored, setRestored] = useState(found !== null);
  const [draft, setDraft] = useState<Draft>(found ?? emptyDraft);
  const [asked, setAsked] = useState<EntryIn | null>(null);
  const [previewing, setPreviewing] = useState(false);
  const preview = useQuery({
    ...entryPreview(asked ?? sentOf(draft)),
    enabled: previewing && asked !== null,
  });
  const post = usePostEntry();
  usePageTitle(t("entries.add"));

  const started = draft.lines.filter((line) => !isBlank(line));
  const dirty = started.length > 0 || draft.memo !== "";
  useUnsavedWarning(dirty && !post.isSuccess);
  useEffect(() => {
    if (dirty && !post.isSuccess) keep(draft);
  }, [draft, dirty, post.isSuccess]);

  const problem = preview.error
    ? asProblem(preview.error)
    : post.error
      ? asProblem(post.error)
      : null;
  const errors = new Map(problem?.errors.map((one) => [fieldName(one.pointer), one.message]));
  const debit = total(draft.lines.map((line) => parseDecimal(line.debit) ?? "0.00"));
  const credit = total(draft.lines.map((line) => parseDecimal(line.credit) ?? "0.00"));
  const off = difference(debit, credit);
  const ready =
    started.length > 1 && started.every((line) => line.chosen && (line.debit || line.credit));

  const changeLine = (key: string, values: Partial<Line>) => {
    setDraft((before) => ({
      ...before,
      lines: before.lines.map((line) => (line.key === key ? { ...line, ...values } : line)),
    }));
  };
  /** What is still missing goes into the line one turns to. */
  const missingOn = (line: Line): Partial<Line> =>
    isZero(off) || line.debit || line.credit
      ? {}
      : isNegative(off)
        ? { debit: off.slice(1) }
        : { credit: off };
  const understandAccount = async (line: Line) => {
    const text = line.account?.trim() ?? "";
    if (text === "") {
      changeLine(line.key, { account: null });
      return;
    }
    const { items } = await cache.query(findAccounts(text)).catch(() => ({ items: [] }));
    const exact =
      items.find((one) => one.code === text || one.name_en === text || one.name_ar === text) ??
      (items.length === 1 ? items[0] : undefined);
    if (exact) changeLine(line.key, { account: null, chosen: exact });
  };
  const changeLines = (lines: Line[]) => {
    const before = new Map(draft.lines.map((line) => [line.key, line]));
    setDraft({ ...draft, lines });
    for (const line of lines)
      if (line.account && line.account !== before.get(line.key)?.account)
        void understandAccount(line);
  };

  const cell = (field: string, row: number) =>
    t("lines.cell", { ns: "common", field, row: row + 1 });
  const fields: LineField<Line>[] = [
    {
      id: "account",
      label: t("field.account"),
      render: (line, _, index) => (
        <PickCell
          label={cell(t("field.account"), index)}
          chosen={line.chosen ? `${line.chosen.code} ${name(line.chosen)}` : ""}
          typed={line.account}
          placeholder={t("field.findAccount")}
          invalid={line.account !== null && line.account !== ""}
          find={findAccounts}
          option={(one) => <PickOption name={name(one)} code={one.code} />}
          onType={(account) => {
            changeLine(line.key, { account });
          }}
          onPick={(chosen) => {
            changeLine(line.key, { account: null, chosen, ...missingOn(line) });
          }}
          onLeave={() => void understandAccount(line)}
        />
      ),
    },
    {
      id: "party",
      label: t("field.party"),
      width: 150,
      render: (line, _, index) => (
        <PickCell
          label={cell(t("field.party"), index)}
          chosen={line.partner ? name(line.partner) : ""}
          typed={line.party}
          placeholder={line.chosen?.needs_party ? t("field.partyNeeded") : ""}
          find={findParties}
          option={(one) => <PickOption name={name(one)} code={one.code} />}
          onType={(party) => {
            changeLine(line.key, { party });
          }}
          onPick={(partner) => {
            changeLine(line.key, { party: null, partner });
          }}
          onLeave={(text) => {
            changeLine(line.key, { party: null, ...(text === "" && { partner: null }) });
          }}
        />
      ),
    },
    { id: "memo", label: t("field.memo"), width: 150 },
    { id: "debit", label: t("field.debit"), width: 110, align: "end", kind: "number" },
    { id: "credit", label: t("field.credit"), width: 110, align: "end", kind: "number" },
  ];
  const names: Record<string, string> = { account: "account_id", party: "party_id" };

  return (
    <DocumentPage
      back={{ link: { to: "/journal-entries" }, label: t("entries.title") }}
      title={t("entries.add")}
      actions={
        <Button
          disabled={!ready}
          onClick={() => {
            setAsked(sentOf(draft));
            setPreviewing(true);
            post.reset();
          }}
        >
          {t("entry.check")}
        </Button>
      }
    >
      <DraftNotice
        shown={restored}
        onDiscard={() => {
          keep(null);
          setDraft(emptyDraft());
          setRestored(false);
        }}
      />
      <Refusal
        error={problem}
        more={
          problem?.errors
            .filter((one) => !one.pointer.startsWith("/lines/"))
            .map((one) => one.message) ?? []
        }
      />
      <Section title={t("entry.facts")}>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
          <DateInput
            label={t("field.date")}
            value={draft.date}
            error={errors.get("date")}
            onChange={(day) => {
              if (day) setDraft({ ...draft, date: day });
            }}
          />
          <TextInput
            label={t("field.memo")}
            maxLength={300}
            value={draft.memo}
            error={errors.get("memo")}
            onChange={(event) => {
              setDraft({ ...draft, memo: event.currentTarget.value });
            }}
          />
          <div role="group" aria-label={t("field.kind")}>
            <Text size="sm" fw={500} mb={4} aria-hidden>
              {t("field.kind")}
            </Text>
            <SegmentedControl
              fullWidth
              value={draft.kind}
              onChange={(value) => {
                setDraft({ ...draft, kind: value === "opening" ? "opening" : "manual" });
              }}
              data={[
                { value: "manual", label: t("kind.manual") },
                { value: "opening", label: t("kind.opening") },
              ]}
            />
          </div>
        </SimpleGrid>
      </Section>
      <Section title={t("entry.lines")} description={t("entry.linesHint")}>
        <LineEditor<Line>
          label={t("entry.lines")}
          fields={fields}
          lines={draft.lines}
          onChange={changeLines}
          newLine={emptyLine}
          lineKey={(line) => line.key}
          errorAt={(index, field) => {
            const at = started.findIndex((line) => line.key === draft.lines[index]?.key);
            return errors.get(`lines.${at}.${names[field] ?? field}`);
          }}
          footer={
            <div role="status" className={classes.foot}>
              <dl className={classes.sums}>
                <dt>{t("field.debit")}</dt>
                <dd>
                  <Money amount={debit} />
                </dd>
                <dt>{t("field.credit")}</dt>
                <dd>
                  <Money amount={credit} />
                </dd>
                <dt data-off={isZero(off) ? undefined : true}>
                  {isZero(off) ? t("entry.balanced") : t("entry.off")}
                </dt>
                <dd data-off={isZero(off) ? undefined : true}>
                  {!isZero(off) && <Money amount={isNegative(off) ? off.slice(1) : off} />}
                </dd>
              </dl>
            </div>
          }
        />
      </Section>
      <Modal
        opened={previewing && !preview.error}
        onClose={() => {
          setPreviewing(false);
        }}
        size="lg"
        title={t("entry.postTitle")}
        closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
      >
        <Stack gap={16}>
          <Text>{t("entry.postText")}</Text>
          {preview.isPending && <Skeleton height={160} radius={8} aria-busy />}
          {preview.data && (
            <>
              <Text fw={600}>{t("entry.title", { number: preview.data.number })}</Text>
              <EntryLines of={preview.data} />
            </>
          )}
          <Refusal error={post.error} />
          <Group justify="flex-end" gap={8}>
            <Button
              variant="default"
              onClick={() => {
                setPreviewing(false);
              }}
            >
              {t("action.cancel", { ns: "common" })}
            </Button>
            <Button
              data-autofocus
              disabled={!preview.data}
              loading={post.isPending}
              onClick={() => {
                if (!asked) return;
                post.mutate(asked, {
                  onSuccess: (posted) => {
                    keep(null);
                    notifications.show({ message: t("entry.done", { number: posted.number }) });
                    void navigate({
                      to: "/journal-entries/$entryId",
                      params: { entryId: posted.id },
                      replace: true,
                      ignoreBlocker: true,
                    });
                  },
                });
              }}
            >
              {t("entry.post")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </DocumentPage>
  );
}
