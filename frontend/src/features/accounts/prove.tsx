import { Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { useMe } from "@/shared/session/session";
import { Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";

import { CodeInput } from "./code-input";

export type Proof = { current_password: string; code: string };

type Props = {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** The verb on the button. */
  verb: string;
  /** Ask for a code of the second factor as well. */
  withCode?: boolean;
  danger?: boolean;
  error: unknown;
  busy: boolean;
  children?: ReactNode;
  onProved: (proof: Proof) => void;
};

/** Who is there? Asked again before something that would let a thief stay. */
export function Prove({ opened, onClose, title, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {/* Opened anew, it has forgotten the password. */}
      <ProofForm onClose={onClose} {...rest} />
    </Modal>
  );
}

function ProofForm({
  verb,
  withCode = false,
  danger = false,
  error,
  busy,
  children,
  onClose,
  onProved,
}: Omit<Props, "opened" | "title">) {
  const { t } = useTranslation("accounts");
  const me = useMe();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const missingCode = withCode && code.trim() === "" ? t("missing.code") : null;
  const missing = password === "" ? t("missing.password") : missingCode;
  const told = error ? asProblem(error).errors : [];
  const at = (pointer: string) => told.find((one) => one.pointer === pointer)?.message;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onProved({ current_password: password, code: code.trim() });
      }}
    >
      <Stack gap={16}>
        {children && <Text component="div">{children}</Text>}
        {told.length === 0 && <Refusal error={error} />}
        <input type="hidden" autoComplete="username" value={me?.email ?? ""} readOnly />
        <PasswordInput
          label={t("passwordForm.current")}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
          data-autofocus
          value={password}
          error={at("/current_password")}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        {withCode && (
          <CodeInput value={code} onChange={setCode} error={at("/code")} label={t("factor.code")} />
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel", { ns: "common" })}
          </Button>
          <ReasonedButton
            type="submit"
            {...(danger ? { color: "red" } : {})}
            loading={busy}
            reason={missing}
          >
            {verb}
          </ReasonedButton>
        </Group>
      </Stack>
    </form>
  );
}
