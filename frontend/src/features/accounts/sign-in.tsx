import {
  Anchor,
  Button,
  Divider,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { currentSession, type Session } from "@/shared/api/session";
import { languageWasChosen } from "@/shared/i18n/language";
import { changeLanguage } from "@/shared/i18n/i18n";
import { Refusal } from "@/shared/ui/error-state";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { CodeInput } from "./code-input";
import { FrontDoor } from "./front-door";
import { knowsPasskeys } from "./passkey-browser";
import { signIn, signInWithCode, signInWithPasskey } from "./queries";

export function SignIn() {
  const { t } = useTranslation("accounts");
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const [challenge, setChallenge] = useState<string | null>(null);
  usePageTitle(t("signIn.title"));
  const enter = async (session: Session) => {
    if (session.status === "open" && !languageWasChosen())
      await changeLanguage(session.user.language);
    await router.navigate({ href: next ?? "/", replace: true });
  };
  return (
    <FrontDoor>
      <div className="aw-card" style={{ padding: 32 }}>
        {challenge === null ? (
          <Password onEntered={enter} onHalfWay={setChallenge} />
        ) : (
          <Code
            challenge={challenge}
            onEntered={enter}
            onBack={() => {
              setChallenge(null);
            }}
          />
        )}
      </div>
    </FrontDoor>
  );
}

function Password({
  onEntered,
  onHalfWay,
}: {
  onEntered: (session: Session) => Promise<void>;
  onHalfWay: (challenge: string) => void;
}) {
  const { t } = useTranslation("accounts");
  const [before] = useState(currentSession);
  const ended = before.status === "anonymous" && before.ended;
  const form = useForm({ defaultValues: { email: "", password: "" } });
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: async (answer) => {
      if ("challenge" in answer) onHalfWay(answer.challenge);
      else await onEntered(answer);
    },
    onError: () => {
      form.setFocus("password", { shouldSelect: true });
    },
  });
  const passkey = useMutation({
    mutationFn: () => signInWithPasskey(t("passkeys.cancelled")),
    onSuccess: onEntered,
  });
  return (
    <form
      noValidate
      onSubmit={form.handleSubmit((values) => {
        if (enter.isPending) return;
        passkey.reset();
        enter.mutate(values);
      })}
    >
      <Stack gap={16}>
        <div>
          <Title order={1}>{t("signIn.title")}</Title>
          <Text c="dimmed" mt={4}>
            {t(ended ? "signIn.ended" : "signIn.text")}
          </Text>
        </div>
        <Refusal error={enter.error ?? passkey.error} />
        <TextInput
          {...form.register("email", { required: t("required") })}
          label={t("email")}
          type="email"
          dir="ltr"
          autoComplete="username"
          autoFocus
          error={form.formState.errors.email?.message}
        />
        <PasswordInput
          {...form.register("password", { required: t("required") })}
          label={t("password")}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
          error={form.formState.errors.password?.message}
        />
        <Button type="submit" fullWidth size="md" fz={14} loading={enter.isPending}>
          {t("signIn.submit")}
        </Button>
        {knowsPasskeys() && (
          <>
            <Divider label={t("signIn.or")} />
            <Button
              variant="default"
              fullWidth
              size="md"
              fz={14}
              leftSection={<IconFingerprint size={18} aria-hidden />}
              loading={passkey.isPending}
              onClick={() => {
                enter.reset();
                passkey.mutate();
              }}
            >
              {t("signIn.passkey")}
            </Button>
          </>
        )}
      </Stack>
    </form>
  );
}

function Code({
  challenge,
  onEntered,
  onBack,
}: {
  challenge: string;
  onEntered: (session: Session) => Promise<void>;
  onBack: () => void;
}) {
  const { t } = useTranslation("accounts");
  const [code, setCode] = useState("");
  const enter = useMutation({ mutationFn: signInWithCode, onSuccess: onEntered });
  const [empty, setEmpty] = useState(false);
  const [told] = enter.error ? asProblem(enter.error).errors : [];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setEmpty(code.trim() === "");
        if (!enter.isPending && code.trim() !== "") enter.mutate({ challenge, code: code.trim() });
      }}
    >
      <Stack gap={16}>
        <div>
          <Title order={1}>{t("signIn.codeTitle")}</Title>
          <Text c="dimmed" mt={4}>
            {t("signIn.codeText")}
          </Text>
        </div>
        {!told && <Refusal error={enter.error} />}
        <CodeInput
          focus
          label={t("factor.code")}
          description={t("signIn.lost")}
          value={code}
          onChange={setCode}
          error={empty ? t("missing.code") : told?.message}
        />
        <Button type="submit" fullWidth size="md" fz={14} loading={enter.isPending}>
          {t("signIn.submit")}
        </Button>
        <Anchor component="button" type="button" fz={13} onClick={onBack}>
          {t("signIn.again")}
        </Anchor>
      </Stack>
    </form>
  );
}
