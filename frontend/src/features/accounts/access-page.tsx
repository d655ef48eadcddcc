import { Group, SegmentedControl, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconEyeOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan, useMe } from "@/shared/session/session";
import { Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { RecordSelect } from "@/shared/ui/record-select";
import { StatusBadge } from "@/shared/ui/status-badge";
import { usePageTitle } from "@/shared/ui/use-page-title";

import {
  accessChoices,
  type AccessQuestion,
  explanation,
  type Explanation,
  findUsers,
  isAsked,
} from "./access-queries";
import { EffectiveRights } from "./access-rights";
import classes from "./accounts.module.css";
import { user as userQuery } from "./queries";

/** Why somebody can, or cannot, see or do something, and all that they may. */
export function AccessPage() {
  const { t } = useTranslation("access");
  const question = useSearch({ from: "/shell/access" });
  usePageTitle(t("title"));
  return (
    <div className="aw-page">
      <Title order={1} mb={4}>
        {t("title")}
      </Title>
      <Text c="dimmed" mb={16} size="sm">
        {t("text")}
      </Text>
      <Stack gap={16} maw={880}>
        <Ask key={JSON.stringify(question)} question={question} />
        {isAsked(question) && <Answer question={question} />}
        <EffectiveRights user={question.user} />
      </Stack>
    </div>
  );
}

function Ask({ question }: { question: AccessQuestion }) {
  const { t, i18n } = useTranslation("access");
  const name = useName();
  const can = useCan();
  const me = useMe();
  const navigate = useNavigate();
  const { data: choices } = useQuery(accessChoices());
  const [about, setAbout] = useState(question.permission ? "permission" : "record");
  const [asked, setAsked] = useState(question);
  const mayAskAboutOthers = can("user:read") && can("role:read");
  const { data: chosen } = useQuery({
    ...userQuery(asked.user ?? ""),
    enabled: mayAskAboutOthers && asked.user !== undefined,
  });
  const arabic = i18n.language === "ar";
  const ready = about === "record" ? asked.kind !== undefined : asked.permission !== undefined;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { user, kind, record, permission } = asked;
    const what = about === "record" ? { kind, record } : { permission };
    void navigate({ to: "/access", search: { user, ...what } });
  };
  return (
    <Section title={t("ask.title")}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          {mayAskAboutOthers && me && (
            <RecordSelect
              label={t("ask.who")}
              value={asked.user ?? null}
              chosen={chosen && (name(chosen) || chosen.email)}
              find={findUsers}
              rowLabel={(row) => name(row) || row.email}
              placeholder={t("ask.me")}
              clearable
              onChange={(id) => {
                setAsked({ ...asked, user: id ?? undefined });
                void navigate({ to: "/access", search: { ...question, user: id ?? undefined } });
              }}
            />
          )}
          <SegmentedControl
            aria-label={t("ask.what")}
            value={about}
            onChange={setAbout}
            data={[
              { value: "record", label: t("ask.record") },
              { value: "permission", label: t("ask.permission") },
            ]}
            style={{ alignSelf: "start" }}
          />
          {about === "record" ? (
            <div className={classes.askRecord}>
              <Select
                label={t("ask.kind")}
                searchable
                value={asked.kind ?? null}
                onChange={(kind) => {
                  setAsked({ ...asked, kind: kind ?? undefined });
                }}
                data={choices?.kinds.map((one) => ({ value: one.kind, label: name(one) })) ?? []}
              />
              <TextInput
                label={t("ask.number")}
                description={t("ask.numberText")}
                inputWrapperOrder={["label", "input", "description"]}
                dir="ltr"
                value={asked.record ?? ""}
                onChange={(event) => {
                  setAsked({ ...asked, record: event.currentTarget.value || undefined });
                }}
              />
            </div>
          ) : (
            <Select
              label={t("ask.action")}
              searchable
              value={asked.permission ?? null}
              onChange={(permission) => {
                setAsked({ ...asked, permission: permission ?? undefined });
              }}
              data={
                choices?.permissions.map((one) => ({
                  value: one.permission,
                  label: arabic
                    ? `${one.type_ar}: ${one.action_ar}`
                    : `${one.type_en}: ${one.action_en}`,
                })) ?? []
              }
            />
          )}
          <Group>
            <ReasonedButton
              type="submit"
              reason={
                ready ? null : t(about === "record" ? "ask.missing.record" : "ask.missing.action")
              }
            >
              {t("ask.submit")}
            </ReasonedButton>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function Answer({ question }: { question: AccessQuestion }) {
  const { t } = useTranslation("access");
  const name = useName();
  const { data, error } = useQuery(explanation(question));
  if (error) return <Refusal error={error} />;
  if (!data) return null;
  return (
    <section className={`aw-card ${classes.answer ?? ""}`} aria-label={t("answer.title")}>
      <Group gap={8} mb={12}>
        <Title order={2}>
          {t(question.user ? "answer.about" : "answer.aboutMe", { name: name(data.user) })}
        </Title>
        <StatusBadge tone={data.allowed ? "good" : "bad"}>
          {t(data.allowed ? "answer.allowed" : "answer.refused")}
        </StatusBadge>
      </Group>
      <ol className={classes.steps}>
        {data.steps.map((step) => (
          <Step key={step.rule + step.said_en} of={step} />
        ))}
      </ol>
    </section>
  );
}

const looks = {
  passed: { icon: IconCircleCheck, color: "var(--aw-good)" },
  refused: { icon: IconCircleX, color: "var(--aw-bad)" },
  hidden: { icon: IconEyeOff, color: "var(--aw-attention)" },
} as const;

function Step({ of }: { of: Explanation["steps"][number] }) {
  const { t, i18n } = useTranslation("access");
  const arabic = i18n.language === "ar";
  const state = of.passed ? "passed" : of.rule === "fields" ? "hidden" : "refused";
  const { icon: Icon, color } = looks[state];
  const change = arabic ? of.change_ar : of.change_en;
  return (
    <li>
      <span style={{ color }} role="img" aria-label={t(`step.${state}`)}>
        <Icon size={20} stroke={1.8} aria-hidden />
      </span>
      <div>
        <bdi>{arabic ? of.said_ar : of.said_en}</bdi>
        {change && <small>{change}</small>}
      </div>
    </li>
  );
}
