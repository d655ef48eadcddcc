import { ActionIcon, Button, Menu, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDots } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client } from "@/shared/api/client";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan, useMe } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { DocumentPage } from "@/shared/ui/document-page";
import { ErrorState } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useRecordEditor } from "@/shared/ui/use-record-editor";

import { RightsLink } from "./access-rights";
import {
  type User,
  user,
  useChangeUser,
  useCreateUser,
  useDeactivateUser,
  useResetPassword,
} from "./queries";
import { ShownOnce } from "./shown-once";
import { UserForm, userFormId, type UserValues, valuesOfUser } from "./user-form";
import { UserSecurity } from "./user-security";
import { UserStatus } from "./user-status";

export function NewUser() {
  const { t } = useTranslation("accounts");
  const navigate = useNavigate();
  const create = useCreateUser();
  const [made, setMade] = useState<{ of: User; password: string } | null>(null);
  usePageTitle(t("users.add"));
  const show = (of: User) =>
    navigate({ to: "/users/$userId", params: { userId: of.id }, replace: true });
  return (
    <DocumentPage
      back={{ link: { to: "/users" }, label: t("users.title") }}
      title={t("users.add")}
      actions={
        <Button type="submit" form={userFormId} loading={create.isPending}>
          {t("users.create")}
        </Button>
      }
    >
      <UserForm
        draftKey="user.new"
        initial={valuesOfUser(null)}
        error={create.error}
        onSave={async (values) => {
          const answer = await create.mutateAsync({ ...values, must_change_password: true });
          if (answer.temporary_password)
            setMade({ of: answer.user, password: answer.temporary_password });
          else await show(answer.user);
        }}
      />
      <ShownOnce
        secret={made?.password ?? null}
        title={t("once.passwordTitle", { email: made?.of.email ?? "" })}
        text={t("once.passwordText")}
        onClose={() => {
          if (made) void show(made.of);
          setMade(null);
        }}
      />
    </DocumentPage>
  );
}

export function UserPage() {
  const { userId } = useParams({ from: "/shell/users/$userId" });
  const { data, error, isPending, refetch } = useQuery(user(userId));
  const waits = useDelayed(isPending);
  if (data) return <EditUser key={data.id} shown={data} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!waits) return null;
  return (
    <div className="aw-page" aria-busy>
      <Skeleton height={24} width={280} mb={24} />
      <Skeleton height={220} maw={880} radius={12} />
    </div>
  );
}

const fields = ["email", "name_en", "name_ar", "language", "roles", "warehouse_ids"] as const;

function EditUser({ shown }: { shown: User }) {
  const { t } = useTranslation("accounts");
  const name = useName();
  const format = useFormat();
  const can = useCan();
  const me = useMe();
  const change = useChangeUser();
  const reset = useResetPassword();
  const deactivate = useDeactivateUser();
  const [asking, setAsking] = useState<"deactivate" | "reset" | null>(null);
  const [password, setPassword] = useState<string | null>(null);
  const labelOf = (field: string) => {
    const found = fields.find((one) => one === field);
    if (found === undefined) return null;
    return found === "email" || found === "language" ? t(found) : t(`users.${found}`);
  };
  const editor = useRecordEditor<User, UserValues>({
    shown,
    valuesOf: valuesOfUser,
    change: (of, values) => change.mutateAsync({ of, values }),
    reload: () =>
      ask(client.GET("/api/users/{user_id}", { params: { path: { user_id: shown.id } } })),
    labelOf: (field) => labelOf(field) ?? field,
    say: (value) => (Array.isArray(value) ? value.join(", ") : value),
  });
  const { base } = editor;
  const mayEdit = can("user:edit");
  const isMe = me?.id === base.id;
  usePageTitle(name(base) || base.email);
  const saved = () => {
    notifications.show({ message: t("users.saved") });
  };

  return (
    <DocumentPage
      back={{ link: { to: "/users" }, label: t("users.title") }}
      title={name(base) || base.email}
      subtitle={
        shown.last_sign_in_at
          ? t("users.lastSeen", { at: format.moment(shown.last_sign_in_at) })
          : t("users.neverSeen")
      }
      status={<UserStatus user={shown} />}
      actions={
        mayEdit && (
          <>
            <Button type="submit" form={userFormId} loading={change.isPending}>
              {t("action.save", { ns: "common" })}
            </Button>
            {!isMe && (
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
                  {shown.is_active && (
                    <Menu.Item
                      onClick={() => {
                        setAsking("reset");
                      }}
                    >
                      {t("users.reset")}
                    </Menu.Item>
                  )}
                  {!shown.is_active && (
                    <Menu.Item
                      onClick={() => {
                        change.mutate({ of: shown, values: { is_active: true } });
                      }}
                    >
                      {t("users.activate")}
                    </Menu.Item>
                  )}
                  {shown.is_active && can("user:delete") && (
                    <Menu.Item
                      color="red"
                      onClick={() => {
                        setAsking("deactivate");
                      }}
                    >
                      {t("users.deactivate")}
                    </Menu.Item>
                  )}
                </Menu.Dropdown>
              </Menu>
            )}
          </>
        )
      }
      timeline={
        can("audit:read") && (
          <AuditTimeline recordId={shown.id} version={shown.version} labelOf={labelOf} />
        )
      }
    >
      {editor.notices(saved)}
      <UserForm
        key={base.version}
        draftKey={`user.${base.id}.${base.version}`}
        initial={valuesOfUser(base)}
        readOnly={!mayEdit}
        error={editor.inConflict ? null : change.error}
        onSave={async (values) => {
          await editor.save(values);
          saved();
        }}
      />
      {can("role:read") && <RightsLink user={shown.id} />}
      {shown.is_active && <UserSecurity user={shown} />}
      <ConfirmDanger
        opened={asking === "deactivate"}
        onClose={() => {
          setAsking(null);
        }}
        title={t("users.deactivateTitle", { email: base.email })}
        verb={t("users.deactivate")}
        busy={deactivate.isPending}
        error={deactivate.error}
        onConfirm={() => {
          deactivate.mutate(shown, {
            onSuccess: () => {
              setAsking(null);
            },
          });
        }}
      >
        {t("users.deactivateText")}
      </ConfirmDanger>
      <ConfirmDanger
        opened={asking === "reset"}
        onClose={() => {
          setAsking(null);
        }}
        title={t("users.resetTitle", { email: base.email })}
        verb={t("users.reset")}
        busy={reset.isPending}
        error={reset.error}
        onConfirm={() => {
          reset.mutate(shown, {
            onSuccess: (answer) => {
              setAsking(null);
              setPassword(answer.temporary_password ?? null);
            },
          });
        }}
      >
        {t("users.resetText")}
      </ConfirmDanger>
      <ShownOnce
        secret={password}
        title={t("once.passwordTitle", { email: base.email })}
        text={t("once.passwordText")}
        onClose={() => {
          setPassword(null);
          reset.reset();
        }}
      />
    </DocumentPage>
  );
}
