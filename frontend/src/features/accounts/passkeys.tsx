import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFingerprint } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { MomentText } from "@/shared/ui/date-text";
import { Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";

import classes from "./accounts.module.css";
import { deviceName } from "./devices";
import { knowsPasskeys } from "./passkey-browser";
import { Prove } from "./prove";
import {
  type Passkey,
  passkeys,
  useCreatePasskey,
  useRemovePasskey,
  useRenamePasskey,
} from "./queries";

/** My passkeys: signing in with a finger, a face or a PIN. */
export function Passkeys() {
  const { t } = useTranslation("accounts");
  const { data, error, refetch } = useQuery(passkeys());
  const remove = useRemovePasskey();
  const [adding, setAdding] = useState(false);
  const [naming, setNaming] = useState<Passkey | null>(null);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const close = () => {
    setRemoving(null);
    remove.reset();
  };
  return (
    <Section title={t("passkeys.title")} description={t("passkeys.text")}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && data.items.length > 0 && (
        <ul className={classes.keys} aria-label={t("passkeys.title")}>
          {data.items.map((passkey) => (
            <li key={passkey.id}>
              <span className={classes.rowIcon} aria-hidden>
                <IconFingerprint size={22} stroke={1.6} />
              </span>
              <span className={classes.rowText}>
                <strong>
                  <bdi>{passkey.name}</bdi>
                </strong>
                <small>
                  {passkey.last_used_at ? (
                    <>
                      {t("sessions.used")} <MomentText at={passkey.last_used_at} />
                    </>
                  ) : (
                    t("tokens.unused")
                  )}
                </small>
              </span>
              <Group gap={8}>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t("passkeys.renameNamed", { name: passkey.name })}
                  onClick={() => {
                    setNaming(passkey);
                  }}
                >
                  {t("passkeys.rename")}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t("passkeys.removeNamed", { name: passkey.name })}
                  onClick={() => {
                    setRemoving(passkey);
                  }}
                >
                  {t("passkeys.remove")}
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
      {knowsPasskeys() ? (
        <Button
          variant="default"
          onClick={() => {
            setAdding(true);
          }}
        >
          {t("passkeys.add")}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t("passkeys.unknown")}
        </Text>
      )}
      <Modal
        opened={adding}
        onClose={() => {
          setAdding(false);
        }}
        title={t("passkeys.add")}
        closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
      >
        <NewPasskey
          onClose={() => {
            setAdding(false);
          }}
        />
      </Modal>
      <Modal
        opened={naming !== null}
        onClose={() => {
          setNaming(null);
        }}
        title={t("passkeys.rename")}
        closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
      >
        {naming && (
          <Rename
            passkey={naming}
            onClose={() => {
              setNaming(null);
            }}
          />
        )}
      </Modal>
      <Prove
        danger
        opened={removing !== null}
        onClose={close}
        title={t("passkeys.removeNamed", { name: removing?.name ?? "" })}
        verb={t("passkeys.remove")}
        error={remove.error}
        busy={remove.isPending}
        onProved={({ current_password }) => {
          if (removing) remove.mutate({ of: removing, current_password }, { onSuccess: close });
        }}
      >
        {t("passkeys.removeText")}
      </Prove>
    </Section>
  );
}

function NewPasskey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("accounts");
  const create = useCreatePasskey(t("passkeys.cancelled"));
  const [name, setName] = useState(deviceName(navigator.userAgent));
  const [password, setPassword] = useState("");
  const told = create.error ? asProblem(create.error).errors : [];
  const missingPassword = password === "" ? t("missing.password") : null;
  const missing = name.trim() === "" ? t("missing.name") : missingPassword;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (create.isPending) return;
        create.mutate(
          { name: name.trim(), current_password: password },
          {
            onSuccess: () => {
              notifications.show({ message: t("passkeys.added") });
              onClose();
            },
          },
        );
      }}
    >
      <Stack gap={16}>
        <Text>{t("passkeys.addText")}</Text>
        {told.length === 0 && <Refusal error={create.error} />}
        <TextInput
          label={t("passkeys.name")}
          value={name}
          maxLength={80}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <PasswordInput
          label={t("passwordForm.current")}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
          data-autofocus
          value={password}
          error={told[0]?.message}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel", { ns: "common" })}
          </Button>
          <ReasonedButton type="submit" loading={create.isPending} reason={missing}>
            {t("passkeys.create")}
          </ReasonedButton>
        </Group>
      </Stack>
    </form>
  );
}

function Rename({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation("accounts");
  const rename = useRenamePasskey();
  const [name, setName] = useState(passkey.name);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate({ of: passkey, name: name.trim() }, { onSuccess: onClose });
      }}
    >
      <Stack gap={16}>
        <Refusal error={rename.error} />
        <TextInput
          label={t("passkeys.name")}
          value={name}
          maxLength={80}
          data-autofocus
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <Group justify="flex-end">
          <ReasonedButton
            type="submit"
            loading={rename.isPending}
            reason={name.trim() === "" ? t("missing.name") : null}
          >
            {t("action.save", { ns: "common" })}
          </ReasonedButton>
        </Group>
      </Stack>
    </form>
  );
}
