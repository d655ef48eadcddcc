import { Alert, Button, SimpleGrid, Skeleton, Stack, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
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

type Values = { key: string; name_en: string; name_ar: string; permissions: string[] };
const formId = "role";
/** Whose rows people of the role see; it holds for those of whom no role sees more. */
const limits = ["own_customers_only", "own_warehouses_only"] as const;
const valuesOf = (of: Role | null): Values => ({
  key: of?.key ?? "",
  name_en: of?.name_en ?? "",
  name_ar: of?.name_ar ?? "",
  permissions: of ? [...of.permissions].sort() : [],
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
    say: (value) => (Array.isArray(value) ? value.join(", ") : value),
  });
  const { base } = editor;
  const flip = (values: Partial<Role>) => {
    change.mutate(
      { of: base, values },
      {
        onSuccess: () => {
          notifications.show({ message: t("roles.saved") });
        },
      },
    );
  };
  const isFixed = base.permissions.includes("*") && base.is_builtin;
  const mayEdit = can("role:edit") && !isFixed;
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
        error={editor.inConflict ? null : change.error}
        onSave={async (values) => {
          await editor.save(values);
          notifications.show({ message: t("roles.saved") });
          return () => Promise.resolve();
        }}
      />
      <Section title={t("factor.title")}>
        <Switch
          label={t("roles.requires_second_factor")}
          description={t("roles.requiresText")}
          checked={base.requires_second_factor}
          disabled={!can("role:edit") || change.isPending}
          onChange={(event) => {
            flip({ requires_second_factor: event.currentTarget.checked });
          }}
        />
      </Section>
      {!isFixed && (
        <Section title={t("roles.limits")} description={t("roles.limitsText")}>
          <Stack gap={16}>
            {limits.map((limit) => (
              <Switch
                key={limit}
                label={t(`roles.${limit}`)}
                description={t(`roles.${limit}Text`)}
                checked={base[limit]}
                disabled={!mayEdit || change.isPending}
                onChange={(event) => {
                  flip({ [limit]: event.currentTarget.checked });
                }}
              />
            ))}
          </Stack>
        </Section>
      )}
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
  onSave,
}: {
  initial: Values;
  draftKey: string;
  error: unknown;
  isNew?: boolean;
  readOnly?: boolean;
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
              readOnly={readOnly}
              error={errors.name_en?.message}
            />
            <TextInput
              {...form.register("name_ar")}
              label={t("roles.name_ar")}
              dir="rtl"
              readOnly={readOnly}
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
                    disabled={readOnly}
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
      </Stack>
    </form>
  );
}
