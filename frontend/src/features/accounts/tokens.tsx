import {
  Button,
  Group,
  Modal,
  Select,
  Skeleton,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useCan, useMe } from "@/shared/session/session";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { MomentText } from "@/shared/ui/date-text";
import { EmptyState } from "@/shared/ui/empty-state";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { useDelayed } from "@/shared/ui/use-delayed";
import { useNow } from "@/shared/ui/use-now";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./accounts.module.css";
import { PermissionMatrix } from "./permission-matrix";
import { allows } from "./permission-sets";
import { permissions, type Token, tokens, useCreateToken, useRevokeToken } from "./queries";
import { ShownOnce } from "./shown-once";

const lifetimes = ["30", "90", "365", "never"] as const;

/** Keys with which other programs work in my name. */
export function Tokens() {
  const { t } = useTranslation("accounts");
  const format = useFormat();
  const now = useNow();
  const { data, error, isPending, refetch } = useQuery(tokens());
  const waits = useDelayed(isPending);
  const revoke = useRevokeToken();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<{ name: string; token: string } | null>(null);
  const [asking, setAsking] = useState<Token | null>(null);
  usePageTitle(t("tokens.title"));
  const add = (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => {
        setMaking(true);
      }}
    >
      {t("tokens.add")}
    </Button>
  );
  return (
    <div className="aw-page" style={{ maxWidth: 880 }}>
      <Group justify="space-between" mb={4}>
        <Title order={1}>{t("tokens.title")}</Title>
        {data && data.items.length > 0 && add}
      </Group>
      <Text c="dimmed" mb={16}>
        {t("tokens.text")}
      </Text>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {waits && <Skeleton height={160} radius={12} />}
      {data?.items.length === 0 && (
        <div className="aw-card">
          <EmptyState icon={IconKey} title={t("tokens.empty")} action={add}>
            {t("tokens.emptyText")}
          </EmptyState>
        </div>
      )}
      {data && data.items.length > 0 && (
        <ul className={`aw-card ${classes.rows ?? ""}`} aria-label={t("tokens.title")}>
          {data.items.map((token) => (
            <li key={token.id}>
              <span className={classes.rowIcon} aria-hidden>
                <IconKey size={20} stroke={1.6} />
              </span>
              <span className={classes.rowText}>
                <strong>
                  <bdi>{token.name}</bdi>
                </strong>
                <small>
                  <span className="aw-ltr">{token.prefix}…</span> ·{" "}
                  {token.permissions.length === 0
                    ? t("tokens.all")
                    : t("roles.count", { count: token.permissions.length })}{" "}
                  ·{" "}
                  {token.expires_at === null
                    ? t("tokens.noEnd")
                    : new Date(token.expires_at) < now
                      ? t("tokens.ended")
                      : t("tokens.until", { at: format.moment(token.expires_at) })}{" "}
                  ·{" "}
                  {token.last_used_at ? (
                    <>
                      {t("sessions.used")} <MomentText at={token.last_used_at} />
                    </>
                  ) : (
                    t("tokens.unused")
                  )}
                </small>
              </span>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  setAsking(token);
                }}
              >
                {t("tokens.revoke")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <NewToken
        opened={making}
        onClose={() => {
          setMaking(false);
        }}
        onMade={(made) => {
          setMaking(false);
          setSecret(made);
        }}
      />
      <ShownOnce
        secret={secret?.token ?? null}
        title={t("once.tokenTitle", { name: secret?.name ?? "" })}
        text={t("once.tokenText")}
        onClose={() => {
          setSecret(null);
        }}
      />
      <ConfirmDanger
        opened={asking !== null}
        onClose={() => {
          setAsking(null);
        }}
        title={t("tokens.revokeTitle", { name: asking?.name ?? "" })}
        verb={t("tokens.revoke")}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => {
          if (asking)
            revoke.mutate(asking, {
              onSuccess: () => {
                setAsking(null);
              },
            });
        }}
      >
        {t("tokens.revokeText")}
      </ConfirmDanger>
    </div>
  );
}

function NewToken({
  opened,
  onClose,
  onMade,
}: {
  opened: boolean;
  onClose: () => void;
  onMade: (made: { name: string; token: string }) => void;
}) {
  const { t } = useTranslation("accounts");
  const can = useCan();
  const me = useMe();
  const now = useNow();
  const create = useCreateToken();
  const [name, setName] = useState("");
  const [life, setLife] = useState<string>("90");
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const named = useQuery({ ...permissions(), enabled: opened && can("role:read") });
  const known = useMemo(() => {
    const mine = me?.permissions ?? [];
    // Who may not read roles sees the plain names of what they hold.
    const plain = mine
      .filter((one) => !one.includes("*"))
      .map((permission) => {
        const [type = "", action = ""] = permission.split(":");
        return {
          permission,
          type,
          action,
          type_en: type,
          type_ar: type,
          action_en: action,
          action_ar: action,
        };
      });
    return named.data?.items.filter((one) => allows(mine, one.permission)) ?? plain;
  }, [me, named.data]);
  const make = () => {
    if (create.isPending) return;
    const expires =
      life === "never" ? null : new Date(now.getTime() + Number(life) * 86_400_000).toISOString();
    create.mutate(
      { name: name.trim(), expires_at: expires, permissions: all ? [] : chosen },
      {
        onSuccess: (made) => {
          onMade({ name: made.name, token: made.token });
          setName("");
          setChosen([]);
          create.reset();
        },
      },
    );
  };
  const missingRights = !all && chosen.length === 0 ? t("missing.permissions") : null;
  const missing = name.trim() === "" ? t("missing.name") : missingRights;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("tokens.add")}
      size="lg"
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <Stack gap={16}>
          <Refusal error={create.error} />
          <Group align="flex-start" grow>
            <TextInput
              label={t("tokens.name")}
              placeholder={t("tokens.nameHint")}
              value={name}
              maxLength={80}
              required
              data-autofocus
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
            />
            <Select
              label={t("tokens.life")}
              allowDeselect={false}
              value={life}
              onChange={(next) => {
                setLife(next ?? "90");
              }}
              data={lifetimes.map((value) => ({ value, label: t(`tokens.life_${value}`) }))}
            />
          </Group>
          <Switch
            label={t("tokens.allLabel")}
            description={t("tokens.allText")}
            checked={all}
            onChange={(event) => {
              setAll(event.currentTarget.checked);
            }}
          />
          {!all && (
            <div style={{ maxHeight: 320, overflowY: "auto", paddingInline: 4 }}>
              <PermissionMatrix known={known} value={chosen} onChange={setChosen} />
            </div>
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel", { ns: "common" })}
            </Button>
            <ReasonedButton type="submit" loading={create.isPending} reason={missing}>
              {t("tokens.create")}
            </ReasonedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
