import { Alert, NumberInput, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { warehouses } from "@/shared/goods/places";
import { Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";

import classes from "./exchange.module.css";
import {
  type ImportChange,
  type ImportDetail,
  type Profile,
  profiles,
  type useMapImport,
} from "./queries";
import { useProfileName } from "./words";

type Options = NonNullable<ImportChange["options"]>;
type Props = { of: ImportDetail; map: ReturnType<typeof useMapImport>; readOnly: boolean };

/** The required columns that no heading of the file fills yet. */
export const missing = (of: ImportDetail, profile: Profile | undefined) =>
  profile?.columns.filter((column) => column.required && !of.mapping[column.name]) ?? [];

/** Which column of the file holds what, and how its cells are read. Every choice is kept at once. */
export function Mapping({ of, map, readOnly }: Props) {
  const { t, i18n } = useTranslation("exchange");
  const { data: known } = useQuery(profiles());
  const profileName = useProfileName();
  const profile = known?.find((one) => one.key === of.profile);
  const label = (column: { label_en: string; label_ar: string }) =>
    i18n.language === "ar" ? column.label_ar : column.label_en;
  const change = (body: ImportChange) => {
    map.mutate(body);
  };
  // What is on its way to the server already shows.
  const wished = map.isPending ? map.variables : undefined;
  const mapping = wished?.mapping ?? of.mapping;
  const options = { ...of.options, ...wished?.options } as Options;
  const taken = new Set(Object.values(mapping));
  const unused = of.headings.filter((heading) => !taken.has(heading));
  const gaps = missing(of, profile);

  return (
    <>
      {of.failure_en && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
          {i18n.language === "ar" ? of.failure_ar || of.failure_en : of.failure_en}
        </Alert>
      )}
      <Refusal error={map.error} />
      <Section title={t("columns.title")} description={t("columns.text")}>
        <Stack gap={16}>
          <Select
            label={t("list.profile")}
            maw={420}
            disabled={readOnly}
            value={of.profile || null}
            placeholder={t("columns.chooseProfile")}
            allowDeselect={false}
            data={known?.map((one) => ({ value: one.key, label: profileName(one) })) ?? []}
            onChange={(key) => {
              if (key && key !== of.profile) change({ profile: key });
            }}
          />
          {profile && (
            <ul className={classes.columns}>
              <li className={classes.columnHead} aria-hidden>
                <span>{t("columns.ours")}</span>
                <span>{t("columns.theirs")}</span>
                <span>{t("columns.samples")}</span>
              </li>
              {profile.columns.map((column) => {
                const heading = mapping[column.name] ?? "";
                const gap = column.required && heading === "";
                return (
                  <li key={column.name}>
                    <span className={classes.columnName}>
                      {label(column)}
                      {column.required && (
                        <span className={classes.required} title={t("columns.required")}>
                          {" "}
                          *
                        </span>
                      )}
                      <small>
                        {t(`type.${column.kind as "text"}`)}
                        {column.example && (
                          <>
                            {" · "}
                            <bdi>{column.example}</bdi>
                          </>
                        )}
                      </small>
                    </span>
                    <Select
                      aria-label={label(column)}
                      aria-required={column.required}
                      disabled={readOnly}
                      searchable
                      clearable
                      placeholder={t("columns.none")}
                      nothingFoundMessage={t("list.nothingFound", { ns: "common" })}
                      value={heading || null}
                      error={gap}
                      data={of.headings}
                      onChange={(next) => {
                        change({ mapping: { ...mapping, [column.name]: next ?? "" } });
                      }}
                    />
                    <Samples of={of} heading={heading} />
                  </li>
                );
              })}
            </ul>
          )}
          {profile && unused.length > 0 && (
            <Text size="sm" c="dimmed">
              {t("columns.unused")} <bdi>{unused.join(i18n.language === "ar" ? "، " : ", ")}</bdi>
            </Text>
          )}
          {gaps.length > 0 && (
            <Text size="sm" c="var(--aw-bad)" role="status">
              {t("columns.missing", {
                columns: gaps.map(label).join(i18n.language === "ar" ? "، " : ", "),
              })}
            </Text>
          )}
        </Stack>
      </Section>
      {profile?.can_ship_goods && <Goods options={options} readOnly={readOnly} onChange={change} />}
      {profile && (
        <Section title={t("options.title")} description={t("options.text")}>
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
            {profile.modes.length > 1 && (
              <Choice
                name="mode"
                options={options}
                values={profile.modes as ("upsert" | "create" | "update")[]}
                readOnly={readOnly}
                onChange={change}
              />
            )}
            <Choice
              name="day_order"
              options={options}
              values={["ymd", "dmy", "mdy"]}
              readOnly={readOnly}
              onChange={change}
            />
            <Choice
              name="decimal_mark"
              options={options}
              values={[".", ","]}
              readOnly={readOnly}
              onChange={change}
            />
            {of.delimiter !== "" && (
              <>
                <Choice
                  name="delimiter"
                  options={options}
                  values={["", ",", ";", "\t", "|"]}
                  readOnly={readOnly}
                  onChange={change}
                />
                <Choice
                  name="encoding"
                  options={options}
                  values={["", "utf-8", "utf-16", "cp1256", "cp1252"]}
                  readOnly={readOnly}
                  onChange={change}
                />
              </>
            )}
          </SimpleGrid>
        </Section>
      )}
    </>
  );
}

/** i18next reads dots as paths; the choices that are signs are named. */
const named: Record<string, string> = {
  "": "auto",
  ".": "point",
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "bar",
};

function Choice<Name extends Exclude<keyof Options, "cost_percent" | "warehouse">>({
  name,
  options,
  values,
  readOnly,
  onChange,
}: {
  name: Name;
  options: Options;
  values: readonly NonNullable<Options[Name]>[];
  readOnly: boolean;
  onChange: (change: ImportChange) => void;
}) {
  const { t } = useTranslation("exchange");
  const say = (value: string) =>
    t(`options.${name}_${named[value] ?? value.replaceAll("-", "_")}` as "options.mode_upsert");
  // Select knows no empty value: what is recognised by itself is called "auto" here.
  const key = (value: string) => named[value] ?? value;
  return (
    <Select
      label={t(`options.${name}`)}
      disabled={readOnly}
      allowDeselect={false}
      value={key(options[name] ?? "")}
      data={values.map((value) => ({ value: key(value), label: say(value) }))}
      onChange={(next) => {
        const value = values.find((one) => key(one) === next);
        if (value !== undefined) onChange({ options: { [name]: value } });
      }}
    />
  );
}

/** Whether goods follow their documents, what they cost, and where they pass through. */
function Goods({
  options,
  readOnly,
  onChange,
}: {
  options: Options;
  readOnly: boolean;
  onChange: (change: ImportChange) => void;
}) {
  const { t, i18n } = useTranslation("exchange");
  const ships = options.goods === "ship";
  const { data: houses } = useQuery({ ...warehouses(), enabled: ships });
  const kept = options.cost_percent ?? "60";
  const [typed, setTyped] = useState<string | null>(null);
  const name = (house: { code: string; name_en: string; name_ar: string }) => {
    const [first, second] = [house.name_en, house.name_ar];
    return `${house.code} · ${i18n.language === "ar" ? second || first : first || second}`;
  };
  const keep = () => {
    if (typed !== null && typed !== "" && typed !== kept) {
      onChange({ options: { cost_percent: typed } });
    }
    setTyped(null);
  };

  return (
    <Section title={t("goods.title")} description={t(ships ? "goods.shipText" : "goods.leaveText")}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
        <Choice
          name="goods"
          options={{ ...options, goods: options.goods ?? "leave" }}
          values={["leave", "ship"]}
          readOnly={readOnly}
          onChange={onChange}
        />
        {ships && (
          <>
            <NumberInput
              label={t("goods.cost")}
              suffix="%"
              min={0}
              max={100}
              decimalScale={2}
              allowNegative={false}
              disabled={readOnly}
              value={typed ?? kept}
              onChange={(value) => {
                setTyped(String(value));
              }}
              onBlur={keep}
            />
            <Select
              label={t("goods.warehouse")}
              disabled={readOnly}
              clearable
              placeholder={t("goods.oldest")}
              value={options.warehouse ?? ""}
              data={houses?.items.map((house) => ({ value: house.code, label: name(house) })) ?? []}
              onChange={(code) => {
                onChange({ options: { warehouse: code ?? "" } });
              }}
            />
          </>
        )}
      </SimpleGrid>
    </Section>
  );
}

function Samples({ of, heading }: { of: ImportDetail; heading: string }) {
  const { t } = useTranslation("exchange");
  const at = of.headings.indexOf(heading);
  if (heading === "" || at < 0) return <span />;
  const values = [...new Set(of.sample.map((row) => row[at]?.trim() ?? ""))].filter(Boolean);
  return (
    <span className={classes.samples}>
      {values.slice(0, 3).map((value) => (
        <bdi key={value} title={value}>
          {value}
        </bdi>
      ))}
      {values.length === 0 && (
        <Text size="xs" c="dimmed" component="span">
          {t("columns.empty")}
        </Text>
      )}
    </span>
  );
}
