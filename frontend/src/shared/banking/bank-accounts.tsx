import {
  Badge,
  Button,
  Checkbox,
  Group,
  Modal,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, fieldName } from "@/shared/api/problem";
import { toWestern } from "@/shared/format/digits";
import { useCan } from "@/shared/session/session";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";

import classes from "./banking.module.css";
import { Masked } from "./masked";
import {
  type BankAccount,
  bankAccounts,
  type BankAccountIn,
  own,
  type Owner,
  revealIban,
  useChangeBankAccount,
} from "./queries";

/** The bank accounts of a party, or our own, with what may be done with them. */
export function BankAccounts({ owner }: { owner: Owner }) {
  const { t } = useTranslation("banking");
  const can = useCan();
  const { data, error, isPending, refetch } = useQuery(bankAccounts(owner));
  const [editing, setEditing] = useState<BankAccount | "new" | null>(null);
  const [retiring, setRetiring] = useState<BankAccount | null>(null);
  const change = useChangeBankAccount(owner);
  const isOwn = owner === own;
  const may = (action: "create" | "edit" | "delete") =>
    can(isOwn ? "company:edit" : `bank_account:${action}`);
  return (
    <Section title={t("title")} description={t(isOwn ? "own" : "party")}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Skeleton height={56} radius={8} />
      ) : (
        <>
          {data.length === 0 && <Text c="dimmed">{t("none")}</Text>}
          <ul className={classes.accounts}>
            {data.map((one) => (
              <li key={one.id}>
                <div>
                  <Masked
                    grouped
                    masked={one.iban}
                    reveal={can("bank_account:reveal") && (() => revealIban(owner, one.id))}
                  />{" "}
                  {one.is_main && data.length > 1 && <Badge variant="light">{t("main")}</Badge>}
                  <small>
                    <bdi>{[one.bank_name, one.bic, one.holder].filter(Boolean).join(" · ")}</bdi>
                  </small>
                </div>
                <Group gap={8}>
                  {may("edit") && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t("editOf", { iban: one.iban })}
                      onClick={() => {
                        setEditing(one);
                      }}
                    >
                      {t("edit")}
                    </Button>
                  )}
                  {may("delete") && (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      onClick={() => {
                        setRetiring(one);
                      }}
                    >
                      {t("retire")}
                    </Button>
                  )}
                </Group>
              </li>
            ))}
          </ul>
          {may("create") && (
            <Button
              mt={12}
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => {
                setEditing("new");
              }}
            >
              {t("add")}
            </Button>
          )}
        </>
      )}
      {editing !== null && (
        <AccountDialog
          owner={owner}
          of={editing === "new" ? null : editing}
          onClose={() => {
            setEditing(null);
          }}
        />
      )}
      <ConfirmDanger
        opened={retiring !== null}
        onClose={() => {
          setRetiring(null);
        }}
        title={t("retireTitle", { iban: retiring?.iban ?? "" })}
        verb={t("retire")}
        busy={change.isPending}
        error={change.error}
        onConfirm={() => {
          change.mutate(
            { of: retiring, values: null },
            {
              onSuccess: () => {
                notifications.show({ message: t("retired", { iban: retiring?.iban ?? "" }) });
                setRetiring(null);
              },
            },
          );
        }}
      >
        {t("retireText")}
      </ConfirmDanger>
    </Section>
  );
}

type DialogProps = { owner: Owner; of: BankAccount | null; onClose: () => void };

function AccountDialog({ owner, of, onClose }: DialogProps) {
  const { t } = useTranslation("banking");
  const change = useChangeBankAccount(owner);
  const [values, setValues] = useState<BankAccountIn>({
    iban: of?.iban ?? "",
    holder: of?.holder ?? "",
    bank_name: of?.bank_name ?? "",
    bic: of?.bic ?? "",
    is_main: of?.is_main ?? false,
  });
  const problem = change.error && asProblem(change.error);
  const errorOf = (field: keyof BankAccountIn) =>
    problem?.errors.find((one) => fieldName(one.pointer) === field)?.message;
  const input = (field: "iban" | "holder" | "bank_name" | "bic") => ({
    label: t(`field.${field}`),
    value: values[field],
    error: errorOf(field),
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const typed = event.currentTarget.value;
      setValues((before) => ({ ...before, [field]: typed }));
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={of ? t("editTitle", { iban: of.iban }) : t("addTitle")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { of, values: { ...values, iban: toWestern(values.iban) } },
            {
              onSuccess: (saved) => {
                const iban = saved?.iban ?? values.iban;
                notifications.show({ message: of ? t("saved") : t("added", { iban }) });
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap={16}>
          {problem && <Refusal error={problem} more={[]} />}
          {of === null && (
            <TextInput
              {...input("iban")}
              required
              data-autofocus
              dir="ltr"
              autoComplete="off"
              spellCheck={false}
              placeholder="SA00 0000 0000 0000 0000 0000"
              maxLength={60}
            />
          )}
          <TextInput {...input("bank_name")} maxLength={120} />
          <TextInput {...input("bic")} dir="ltr" maxLength={20} />
          <TextInput
            {...input("holder")}
            maxLength={200}
            {...(owner !== own && {
              description: t("field.holderHint"),
              inputWrapperOrder: ["label", "input", "description", "error"],
            })}
          />
          {!of?.is_main && (
            <Checkbox
              label={t("makeMain")}
              checked={values.is_main}
              onChange={(event) => {
                const is_main = event.currentTarget.checked;
                setValues((before) => ({ ...before, is_main }));
              }}
            />
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel", { ns: "common" })}
            </Button>
            <Button type="submit" loading={change.isPending}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
