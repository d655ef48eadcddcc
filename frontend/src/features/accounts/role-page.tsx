import { Alert, Button, SimpleGrid, Skeleton, Stack, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Control, Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { ask, client } from "@/shared/api/client";
import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { useDraft } from "@/shared/ui/use-draft";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useRecordEditor } from "@/shared/ui/use-record-editor";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { PermissionMatrix } from "./permission-matrix";
import {
  permissions,
  type Role,
  role,
  useChangeRole,
  useCreateRole,
  useDeleteRole,
} from "./queries";

/** Whose rows people of the role see; it holds for those of whom no role sees more. */
const limits = ["own_customers_only", "own_warehouses_only"] as const;
const guards = ["requires_second_factor"] as const;
type Flag = (typeof limits | typeof guards)[number];
type Values = Record<"key" | "name_en" | "name_ar", string> &
  Record<Flag, boolean> & { permissions: string[] };
const formId = "role";
const valuesOf = (of: Role | null): Values => ({
  key: of?.key ?? "",
  name_en: of?.name_en ?? "",
  name_ar: of?.name_ar ?? "",
  permissions: of ? [...of.permissions].sort() : [],
  requires_second_factor: of?.requires_second_factor ?? false,
  own_customers_only: of?.own_customers_only ?? false,
  own_warehouses_only: of?.own_warehouses_only ?? false,
});

export function NewRole() {
  const { t } = useTranslation("accounts");
  const navigate = useNavigate();
  const create = useCreateRole();
  usePageTitle(t("roles.add"));
  return (
    <DocumentPage
      back={{ link: { to: "/roles" }, label: t("roles.title") }}
      title={t("roles.add")}
      actions={
        <Button type="submit" form={formId} loading={create.isPending}>
          {t("roles.create")}
        </Button>
      }
    >
      <RoleForm
        isNew
        draftKey="role.new"
        initial={valuesOf(null)}
        error={create.error}
        onSave={async (values) => {
          const made = await create.mutateAsync(values);
          return () =>
            navigate({ to: "/roles/$roleId", params: { roleId: made.id }, replace: true });
        }}
      />
    </DocumentPage>
  );
}

export function RolePage() {
  const { roleId } = useParams({ from: "/shell/roles/$roleId" });
  const { data, error, isPending, refetch } = useQuery(role(roleId));
  const waits = useDelayed(isPending);
  if (data) return <EditRole key={data.id} shown={data} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!waits) return null;
  return (
    <div className="aw-page" aria-busy>
      <Skeleton height={24} width={280} mb={24} />
      <Skeleton height={420} maw={880} radius={12} />
    </div>
  );
}

function EditRole({ shown }: { shown: Role }) {
  const { t } = useTranslation("accounts");
  const name = useName();
  const can = useCan();
  const navigate = useNavigate();
  const change = useChangeRole();
  const remove = useDeleteRole();
  const [asking, setAsking] = useState(false);
  const editor = useRecordEditor<Role, Values>({
    shown,
    valuesOf,
    change: (of, values) => change.mutateAsync({ of, values }),
    reload: () =>
      ask(client.GET("/api/roles/{role_id}", { params: { path: { role_id: shown.id } } })),
    labelOf: (field) => t(`roles.${field}`),
    say: (value) => {
      if (typeof value === "boolean") return t(value ? "roles.yes" : "roles.no");
      return Array.isArray(value) ? value.join(", ") : value;
    },
  });
  const { base } = editor;
  const isFixed = base.permissions.includes("*") && base.is_builtin;
  const mayEdit = can("role:edit");
  const title = name(base) || base.key;
  usePageTitle(title);
  return (
    <DocumentPage
      back={{ link: { to: "/roles" }, label: t("roles.title") }}
      title={title}
      subtitle={<span className="aw-ltr">{base.key}</span>}
      actions={
        <>
          {mayEdit && (
            <Button type="submit" form={formId} loading={change.isPending}>
              {t("action.save", { ns: "common" })}
            </Button>
          )}
          {can("role:delete") && !base.is_builtin && (
            <Button
              variant="default"
              onClick={() => {
                setAsking(true);
              }}
            >
              {t("roles.remove")}
            </Button>
          )}
        </>
      }
    >
      {isFixed && <Alert icon={<IconInfoCircle size={18} />}>{t("roles.fixed")}</Alert>}
      {editor.notices(() => undefined)}
      <RoleForm
        key={base.version}
        draftKey={`role.${base.id}.${base.version}`}
        initial={valuesOf(base)}
        readOnly={!mayEdit}
        fixed={isFixed}
        error={editor.inConflict ? null : change.error}
        onSave={async (values) => {
          await editor.save(values);
          notifications.show({ message: t("roles.saved") });
          return () => Promise.resolve();
        }}
      />
      <ConfirmDanger
        opened={asking}
        onClose={() => {
          setAsking(false);
        }}
        title={t("roles.removeTitle", { name: title })}
        verb={t("roles.remove")}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          remove.mutate(base, { onSuccess: () => void navigate({ to: "/roles" }) });
        }}
      >
        {t("roles.removeText")}
      </ConfirmDanger>
    </DocumentPage>
  );
}

function RoleForm({
  initial,
  draftKey,
  error,
  isNew = false,
  readOnly = false,
  fixed = false,
  onSave,
}: {
  initial: Values;
  draftKey: string;
  error: unknown;
  isNew?: boolean;
  readOnly?: boolean;
  /** The administrators' role: of it, only the guard of the sign-in is to be chosen. */
  fixed?: boolean;
  onSave: (values: Values) => Promise<() => Promise<unknown>>;
}) {
  const { t } = useTranslation("accounts");
  const { data: known } = useQuery(permissions());
  const form = useForm<Values>({ defaultValues: initial });
  const draft = useDraft(draftKey, form);
  const [more, setMore] = useState<string[]>([]);
  const { errors, isDirty, isSubmitting } = form.formState;
  useUnsavedWarning(isDirty && !isSubmitting);
  const save = async (values: Values) => {
    setMore([]);
    try {
      const andThen = await onSave(values);
      draft.forget();
      form.reset(values);
      await andThen();
    } catch (refused) {
      setMore(showFieldErrors(form, asProblem(refused)));
    }
  };
  return (
    <form id={formId} noValidate onSubmit={form.handleSubmit(save)}>
      <Stack gap={16}>
        <DraftNotice
          shown={draft.restored}
          onDiscard={() => {
            draft.discard(initial);
          }}
        />
        <Refusal error={error} more={more} />
        <Section title={t("roles.name")}>
          <SimpleGrid cols={{ base: 1, sm: isNew ? 3 : 2 }} spacing={16}>
            <TextInput
              {...form.register("name_en")}
              label={t("roles.name_en")}
              dir="ltr"
              readOnly={readOnly || fixed}
              error={errors.name_en?.message}
            />
            <TextInput
              {...form.register("name_ar")}
              label={t("roles.name_ar")}
              dir="rtl"
              readOnly={readOnly || fixed}
              error={errors.name_ar?.message}
            />
            {isNew && (
              <TextInput
                {...form.register("key", {
                  pattern: { value: /^[a-z][a-z0-9_-]{1,39}$/, message: t("roles.keyHint") },
                  required: t("roles.keyHint"),
                })}
                label={t("roles.key")}
                description={errors.key ? undefined : t("roles.keyHint")}
                inputWrapperOrder={["label", "input", "description", "error"]}
                dir="ltr"
                required
                error={errors.key?.message}
              />
            )}
          </SimpleGrid>
        </Section>
        <Section title={t("roles.permissions")} description={t("roles.permissionsText")}>
          <Controller
            control={form.control}
            name="permissions"
            render={({ field }) => (
              <>
                {known ? (
                  <PermissionMatrix
                    known={known.items}
                    value={field.value}
                    disabled={readOnly || fixed}
                    onChange={(next) => {
                      field.onChange([...next].sort());
                    }}
                  />
                ) : (
                  <Skeleton height={320} />
                )}
              </>
            )}
          />
        </Section>
        {!fixed && (
          <Section title={t("roles.limits")} description={t("roles.limitsText")}>
            <Flags control={form.control} names={limits} disabled={readOnly} />
          </Section>
        )}
        <Section title={t("factor.title")}>
          <Flags control={form.control} names={guards} disabled={readOnly} />
        </Section>
      </Stack>
    </form>
  );
}

function Flags({
  control,
  names,
  disabled,
}: {
  control: Control<Values>;
  names: readonly Flag[];
  disabled: boolean;
}) {
  const { t } = useTranslation("accounts");
  return (
    <Stack gap={16}>
      {names.map((name) => (
        <Controller
          key={name}
          control={control}
          name={name}
          render={({ field: { value, onChange, ref } }) => (
            <Switch
              ref={ref}
              label={t(`roles.${name}`)}
              description={t(`roles.${name}Text`)}
              checked={value}
              disabled={disabled}
              onChange={(event) => {
                onChange(event.currentTarget.checked);
              }}
            />
          )}
        />
      ))}
    </Stack>
  );
}
