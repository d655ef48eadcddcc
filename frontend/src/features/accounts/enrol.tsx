import { Button, Code, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { useMe } from "@/shared/session/session";
import { Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";

import classes from "./accounts.module.css";
import { CodeInput } from "./code-input";
import { useBeginSecondFactor, useConfirmSecondFactor } from "./queries";
import { RecoveryCodes } from "./recovery-codes";

/** Three steps: the password, the authenticator app, the codes for a lost telephone. */
export function Enrol({ onDone, onCancel }: { onDone: () => void; onCancel?: () => void }) {
  const begin = useBeginSecondFactor();
  const confirm = useConfirmSecondFactor();
  if (confirm.data) return <RecoveryCodes codes={confirm.data.codes} onDone={onDone} />;
  if (begin.data)
    return (
      <App
        secret={begin.data.secret}
        qr={begin.data.qr}
        busy={confirm.isPending}
        error={confirm.error}
        onCancel={onCancel}
        onCode={(code) => {
          confirm.mutate(code);
        }}
      />
    );
  return (
    <Password
      busy={begin.isPending}
      error={begin.error}
      onCancel={onCancel}
      onPassword={(password) => {
        begin.mutate(password);
      }}
    />
  );
}

function Password({
  busy,
  error,
  onCancel,
  onPassword,
}: {
  busy: boolean;
  error: unknown;
  onCancel: (() => void) | undefined;
  onPassword: (password: string) => void;
}) {
  const { t } = useTranslation("accounts");
  const me = useMe();
  const [password, setPassword] = useState("");
  const [told] = error ? asProblem(error).errors : [];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onPassword(password);
      }}
    >
      <Stack gap={16}>
        <Text>{t("factor.passwordText")}</Text>
        {!told && <Refusal error={error} />}
        <input type="hidden" autoComplete="username" value={me?.email ?? ""} readOnly />
        <PasswordInput
          label={t("passwordForm.current")}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
          data-autofocus
          value={password}
          error={told?.message}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        <Steps
          onCancel={onCancel}
          busy={busy}
          reason={password === "" ? t("missing.password") : null}
          verb={t("factor.next")}
        />
      </Stack>
    </form>
  );
}

function App({
  secret,
  qr,
  busy,
  error,
  onCancel,
  onCode,
}: {
  secret: string;
  qr: string;
  busy: boolean;
  error: unknown;
  onCancel: (() => void) | undefined;
  onCode: (code: string) => void;
}) {
  const { t } = useTranslation("accounts");
  const [code, setCode] = useState("");
  const [told] = error ? asProblem(error).errors : [];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onCode(code.trim());
      }}
    >
      <Stack gap={16}>
        <Text>{t("factor.appText")}</Text>
        <img className={classes.qr} src={qr} alt={t("factor.qr")} width={200} height={200} />
        <div>
          <Text size="sm" c="dimmed" mb={4}>
            {t("factor.secretText")}
          </Text>
          <Code fz={14} p={8} dir="ltr" className={classes.secret}>
            {secret.replace(/(.{4})(?=.)/g, "$1 ")}
          </Code>
        </div>
        {!told && <Refusal error={error} />}
        <CodeInput
          focus
          label={t("factor.appCode")}
          value={code}
          onChange={setCode}
          error={told?.message}
        />
        <Steps
          onCancel={onCancel}
          busy={busy}
          reason={code.trim() === "" ? t("missing.code") : null}
          verb={t("factor.on")}
        />
      </Stack>
    </form>
  );
}

function Steps({
  verb,
  busy,
  reason,
  onCancel,
}: {
  verb: string;
  busy: boolean;
  reason: string | null;
  onCancel: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  return (
    <Group justify="flex-end" gap={8}>
      {onCancel && (
        <Button variant="default" onClick={onCancel}>
          {t("action.cancel")}
        </Button>
      )}
      <ReasonedButton type="submit" loading={busy} reason={reason}>
        {verb}
      </ReasonedButton>
    </Group>
  );
}
