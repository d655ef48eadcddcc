import { valibotResolver } from "@hookform/resolvers/valibot";
import { Button, Group, Modal, Select, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { useName } from "@/shared/i18n/names";
import { Refusal } from "@/shared/ui/error-state";

import { type Account, accountTree, flat, useSaveAccount } from "./queries";

export const accountTypes = ["asset", "liability", "equity", "revenue", "expense"] as const;

const text = v.pipe(v.string(), v.trim());
const schema = v.pipe(
  v.object({
    code: v.pipe(v.string(), v.trim(), v.nonEmpty("required")),
    name_en: text,
    name_ar: text,
    type: v.picklist(accountTypes),
    parent_id: v.nullable(v.string()),
    is_group: v.boolean(),
    needs_party: v.boolean(),
    is_active: v.boolean(),
    currency: v.pipe(v.string(), v.trim(), v.toUpperCase()),
  }),
  v.forward(
    v.check(({ name_en, name_ar }) => name_en !== "" || name_ar !== "", "oneName"),
    ["name_en"],
  ),
);
type Values = v.InferOutput<typeof schema>;

const valuesOf = (of: Account | null, under: Account | null): Values => ({
  code: of?.code ?? "",
  name_en: of?.name_en ?? "",
  name_ar: of?.name_ar ?? "",
  type: of?.type ?? under?.type ?? "asset",
  parent_id: of ? of.parent_id : (under?.id ?? null),
  is_group: of?.is_group ?? false,
  needs_party: of?.needs_party ?? false,
  is_active: of?.is_active ?? true,
  currency: of?.currency ?? "",
});

type Props = { of: Account | null; under: Account | null; onClose: () => void };

/** Add or change an account; what entries and reports already rely on, the server refuses to change. */
export function AccountForm({ of, under, onClose }: Props) {
  const { t } = useTranslation("ledger");
  const name = useName();
  const cache = useQueryClient();
  const save = useSaveAccount();
  const [more, setMore] = useState<string[]>([]);
  const initial = valuesOf(of, under);
  const form = useForm<Values>({ resolver: valibotResolver(schema), defaultValues: initial });
  const { errors } = form.formState;
  const { data: tree } = useQuery(accountTree());
  const say = (message: string | undefined) =>
    message === "required" || message === "oneName" ? t(`hint.${message}`) : message;

  const submit = async (values: Values) => {
    setMore([]);
    const { currency, is_active, ...rest } = values;
    const all = { ...rest, currency: currency || null };
    const before = { ...initial, currency: initial.currency || null };
    const changed = Object.fromEntries(
      Object.entries({ ...all, is_active }).filter(
        ([field, value]) => value !== before[field as keyof typeof before],
      ),
    );
    try {
      const saved = await save.mutateAsync({ of, values: of ? changed : all });
      notifications.show({ message: t("chart.saved", { code: saved.code }) });
      onClose();
    } catch (refused) {
      const problem = asProblem(refused);
      if (problem.isConflict) void cache.invalidateQueries({ queryKey: accountTree().queryKey });
      setMore(showFieldErrors(form, problem));
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={of ? t("chart.editTitle", { account: `${of.code} ${name(of)}` }) : t("chart.add")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form noValidate onSubmit={form.handleSubmit(submit)}>
        <Stack gap={16}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <TextInput
              {...form.register("code")}
              label={t("field.code")}
              dir="ltr"
              required
              data-autofocus
              error={say(errors.code?.message)}
            />
            <Controller
              control={form.control}
              name="type"
              render={({ field }) => (
                <Select
                  {...field}
                  label={t("field.type")}
                  allowDeselect={false}
                  data={accountTypes.map((value) => ({ value, label: t(`type.${value}`) }))}
                  error={errors.type?.message}
                />
              )}
            />
            <TextInput
              {...form.register("name_en")}
              label={t("field.name_en")}
              dir="ltr"
              error={say(errors.name_en?.message)}
            />
            <TextInput
              {...form.register("name_ar")}
              label={t("field.name_ar")}
              dir="rtl"
              error={say(errors.name_ar?.message)}
            />
            <Controller
              control={form.control}
              name="parent_id"
              render={({ field }) => (
                <Select
                  {...field}
                  label={t("field.parent")}
                  placeholder={t("field.noParent")}
                  searchable
                  clearable
                  data={flat(tree ?? [])
                    .filter((one) => one.is_group && one.id !== of?.id)
                    .map((one) => ({ value: one.id, label: `${one.code} ${name(one)}` }))}
                  onChange={(value) => {
                    field.onChange(value);
                    const parent = flat(tree ?? []).find((one) => one.id === value);
                    if (parent) form.setValue("type", parent.type);
                  }}
                  error={errors.parent_id?.message}
                />
              )}
            />
            <TextInput
              {...form.register("currency")}
              label={t("field.currency")}
              placeholder={t("field.anyCurrency")}
              dir="ltr"
              maxLength={3}
              error={errors.currency?.message}
            />
          </SimpleGrid>
          {(["is_group", "needs_party", ...(of ? (["is_active"] as const) : [])] as const).map(
            (flag) => (
              <Controller
                key={flag}
                control={form.control}
                name={flag}
                render={({ field }) => (
                  <Switch
                    label={t(`field.${flag}`)}
                    description={t(`field.${flag}Hint`)}
                    checked={field.value}
                    error={errors[flag]?.message}
                    onChange={(event) => {
                      field.onChange(event.currentTarget.checked);
                    }}
                  />
                )}
              />
            ),
          )}
          <Refusal error={save.error} more={more} />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel", { ns: "common" })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("action.save", { ns: "common" })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
