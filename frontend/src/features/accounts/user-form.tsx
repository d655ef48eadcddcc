import { valibotResolver } from "@hookform/resolvers/valibot";
import {
  Alert,
  MultiSelect,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Control, Controller, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { warehouses } from "@/shared/goods/places";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { Section } from "@/shared/ui/document-page";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { Refusal } from "@/shared/ui/error-state";
import { useDraft } from "@/shared/ui/use-draft";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { type Role, roles, type User } from "./queries";

const schema = v.pipe(
  v.object({
    email: v.pipe(v.string(), v.trim(), v.email("email")),
    name_en: v.pipe(v.string(), v.trim()),
    name_ar: v.pipe(v.string(), v.trim()),
    language: v.picklist(["en", "ar"]),
    roles: v.array(v.string()),
    warehouse_ids: v.array(v.string()),
  }),
  v.forward(
    v.check(({ name_en, name_ar }) => name_en !== "" || name_ar !== "", "oneName"),
    ["name_en"],
  ),
);
export type UserValues = v.InferOutput<typeof schema>;
export const userFormId = "user";

export const valuesOfUser = (user: User | null): UserValues => ({
  email: user?.email ?? "",
  name_en: user?.name_en ?? "",
  name_ar: user?.name_ar ?? "",
  language: user?.language ?? "ar",
  roles: user?.roles ?? [],
  warehouse_ids: user?.warehouse_ids ?? [],
});

type Props = {
  initial: UserValues;
  draftKey: string;
  error: unknown;
  readOnly?: boolean;
  onSave: (values: UserValues) => Promise<unknown>;
};

export function UserForm({ initial, draftKey, error, readOnly = false, onSave }: Props) {
  const { t } = useTranslation("accounts");
  const name = useName();
  const can = useCan();
  const form = useForm<UserValues>({
    resolver: valibotResolver(schema),
    criteriaMode: "all",
    defaultValues: initial,
    disabled: readOnly,
  });
  const draft = useDraft(draftKey, form);
  const [more, setMore] = useState<string[]>([]);
  const { data: known } = useQuery({ ...roles(), enabled: can("role:read") });
  const { errors, isDirty, isSubmitting } = form.formState;
  useUnsavedWarning(isDirty && !isSubmitting);
  const hints = ["email", "oneName"] as const;
  const say = (message: string | undefined) => {
    const hint = hints.find((one) => one === message);
    return hint ? t(`hint.${hint}`) : message;
  };
  const save = async (values: UserValues) => {
    setMore([]);
    try {
      await onSave(values);
      draft.forget();
      form.reset(values);
    } catch (refused) {
      setMore(showFieldErrors(form, asProblem(refused)));
    }
  };
  const choices = known?.items.map((one) => ({ value: one.key, label: name(one) }));

  return (
    <form id={userFormId} noValidate onSubmit={form.handleSubmit(save)}>
      <Stack gap={16}>
        <DraftNotice
          shown={draft.restored}
          onDiscard={() => {
            draft.discard(initial);
          }}
        />
        <Refusal error={error} more={more} />
        <Section title={t("users.person")}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <TextInput
              {...form.register("name_en")}
              label={t("users.name_en")}
              dir="ltr"
              error={say(errors.name_en?.message)}
            />
            <TextInput
              {...form.register("name_ar")}
              label={t("users.name_ar")}
              dir="rtl"
              error={say(errors.name_ar?.message)}
            />
            <TextInput
              {...form.register("email")}
              label={t("email")}
              type="email"
              dir="ltr"
              autoComplete="off"
              required
              error={say(errors.email?.message)}
            />
            <Controller
              control={form.control}
              name="language"
              render={({ field }) => (
                <div role="group" aria-label={t("language")}>
                  <Text size="sm" fw={500} mb={4} aria-hidden>
                    {t("language")}
                  </Text>
                  <SegmentedControl
                    fullWidth
                    disabled={readOnly}
                    value={field.value}
                    onChange={(value) => {
                      field.onChange(value);
                    }}
                    data={[
                      { value: "en", label: "English" },
                      { value: "ar", label: "العربية" },
                    ]}
                  />
                </div>
              )}
            />
          </SimpleGrid>
        </Section>
        <Section title={t("users.roles")} description={t("users.rolesText")}>
          <Controller
            control={form.control}
            name="roles"
            render={({ field }) => (
              <MultiSelect
                value={field.value}
                onChange={field.onChange}
                onBlur={field.onBlur}
                aria-label={t("users.roles")}
                disabled={readOnly}
                searchable
                clearable
                placeholder={field.value.length === 0 ? t("users.noRoles") : ""}
                data={choices ?? initial.roles}
                error={errors.roles?.message}
              />
            )}
          />
        </Section>
        <OwnWarehouses
          control={form.control}
          known={known?.items}
          readOnly={readOnly}
          error={errors.warehouse_ids?.message}
        />
      </Stack>
    </form>
  );
}

/** Where the person works; it counts as soon as all of the person's roles keep to own warehouses. */
function OwnWarehouses({
  control,
  known,
  readOnly,
  error,
}: {
  control: Control<UserValues>;
  known: readonly Role[] | undefined;
  readOnly: boolean;
  error: string | undefined;
}) {
  const { t } = useTranslation("accounts");
  const name = useName();
  const can = useCan();
  const [keys, chosen] = useWatch({ control, name: ["roles", "warehouse_ids"] });
  const { data } = useQuery({ ...warehouses(), enabled: can("warehouse:read") });
  const held = known?.filter((one) => keys.includes(one.key)) ?? [];
  const counts = held.length > 0 && held.every((one) => one.own_warehouses_only);
  const choices = data?.items.map((one) => ({ value: one.id, label: `${one.code} ${name(one)}` }));
  return (
    <Section title={t("users.warehouse_ids")} description={t("users.warehousesText")}>
      <Controller
        control={control}
        name="warehouse_ids"
        render={({ field }) => (
          <MultiSelect
            value={field.value}
            onChange={field.onChange}
            onBlur={field.onBlur}
            aria-label={t("users.warehouse_ids")}
            disabled={readOnly || choices === undefined}
            searchable
            clearable
            placeholder={field.value.length === 0 ? t("users.noWarehouses") : ""}
            data={[
              ...(choices ?? []),
              ...field.value
                .filter((id) => !choices?.some((one) => one.value === id))
                .map((id) => ({ value: id, label: t("users.otherWarehouse") })),
            ]}
            error={error}
          />
        )}
      />
      {known && (counts || chosen.length > 0) && (
        <Alert mt={12} color={counts && chosen.length === 0 ? "orange" : "gray"}>
          {t(
            !counts
              ? "users.warehousesIdle"
              : chosen.length === 0
                ? "users.warehousesNone"
                : "users.warehousesCount",
          )}
        </Alert>
      )}
    </Section>
  );
}
