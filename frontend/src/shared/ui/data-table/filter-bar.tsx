import { Button, CloseButton, Group, Popover, Select, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { useFormat } from "@/shared/format/use-format";
import { DateInput } from "@/shared/ui/date-input";

import classes from "./data-table.module.css";
import { type Filter, parameters } from "./types";

type Values = Record<string, string | undefined>;
type Props = { filters: Filter[]; search: Values; onChange: (values: Values) => void };

export function FilterBar({ filters, search, onChange }: Props) {
  const { t } = useTranslation();
  const active = filters.flatMap(parameters).filter((name) => search[name]);
  if (filters.length === 0) return null;
  return (
    <div className={classes.filters} role="group" aria-label={t("list.filters")}>
      {filters.map((filter) => (
        <FilterPill key={filter.id} filter={filter} search={search} onChange={onChange} />
      ))}
      {active.length > 1 && (
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          onClick={() => {
            onChange(Object.fromEntries(active.map((name) => [name, undefined])));
          }}
        >
          {t("list.clearFilters")}
        </Button>
      )}
    </div>
  );
}

function FilterPill({ filter, search, onChange }: { filter: Filter } & Omit<Props, "filters">) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const said = useFilterText(filter, search);
  const set = (values: Values) => {
    onChange(values);
    if (filter.type !== "dates") setOpened(false);
  };
  return (
    <span className={classes.pill} data-active={said ? true : undefined}>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <button
            type="button"
            className={classes.pillButton}
            onClick={() => {
              setOpened(!opened);
            }}
          >
            {!said && <IconPlus size={14} aria-hidden />}
            {filter.label}
            {said && <strong>{said}</strong>}
          </button>
        </Popover.Target>
        <Popover.Dropdown p={8} miw={220}>
          <Editor filter={filter} search={search} onChange={set} />
        </Popover.Dropdown>
      </Popover>
      {said && (
        <CloseButton
          size={22}
          iconSize={14}
          aria-label={t("list.clearFilter", { name: filter.label })}
          onClick={() => {
            onChange(Object.fromEntries(parameters(filter).map((name) => [name, undefined])));
          }}
        />
      )}
    </span>
  );
}

function useFilterText(filter: Filter, search: Values): ReactNode {
  const format = useFormat();
  if (filter.type === "dates") {
    const [from, to] = [search[filter.from], search[filter.to]];
    if (!from && !to) return undefined;
    return `${from ? format.day(from) : "…"} – ${to ? format.day(to) : "…"}`;
  }
  const value = search[filter.id];
  if (!value) return undefined;
  if (filter.type === "boolean") return value === "true" ? filter.yes : filter.no;
  if (filter.type === "select")
    return filter.options.find((option) => option.value === value)?.label ?? value;
  if (filter.type === "custom") return filter.said(value);
  return value;
}

function Editor({ filter, search, onChange }: { filter: Filter } & Omit<Props, "filters">) {
  const { t } = useTranslation();
  if (filter.type === "dates")
    return <DatesEditor filter={filter} search={search} onChange={onChange} />;
  if (filter.type === "text")
    return <TextEditor filter={filter} search={search} onChange={onChange} />;
  if (filter.type === "custom")
    return filter.editor(search[filter.id], (value) => {
      onChange({ [filter.id]: value });
    });
  const options =
    filter.type === "boolean"
      ? [
          { value: "true", label: filter.yes },
          { value: "false", label: filter.no },
        ]
      : filter.options;
  const value = search[filter.id];
  if (options.length > 12) {
    return (
      <Select
        data={options}
        value={value ?? null}
        searchable
        data-autofocus
        aria-label={filter.label}
        comboboxProps={{ withinPortal: false }}
        nothingFoundMessage={t("list.nothingFound")}
        onChange={(next) => {
          onChange({ [filter.id]: next ?? undefined });
        }}
      />
    );
  }
  return (
    <Stack gap={2} role="listbox" aria-label={filter.label}>
      {options.map((option, index) => (
        <button
          key={option.value}
          type="button"
          role="option"
          aria-selected={option.value === value}
          data-autofocus={index === 0 ? true : undefined}
          className={classes.option}
          onClick={() => {
            onChange({ [filter.id]: option.value === value ? undefined : option.value });
          }}
        >
          {option.label}
        </button>
      ))}
    </Stack>
  );
}

function TextEditor({ filter, search, onChange }: { filter: Filter } & Omit<Props, "filters">) {
  const { t } = useTranslation();
  const [text, setText] = useState(search[filter.id] ?? "");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ [filter.id]: text.trim() });
      }}
    >
      <Group gap={8} wrap="nowrap">
        <TextInput
          value={text}
          aria-label={filter.label}
          data-autofocus
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <Button type="submit">{t("action.apply")}</Button>
      </Group>
    </form>
  );
}

function DatesEditor(
  props: { filter: Extract<Filter, { type: "dates" }> } & Omit<Props, "filters">,
) {
  const { t } = useTranslation();
  const { filter, search, onChange } = props;
  const set = ([from, to]: readonly [Date, Date]) => {
    onChange({ [filter.from]: isoDay(from), [filter.to]: isoDay(to) });
  };
  return (
    <Stack gap={8} w={260}>
      <Group gap={4}>
        {(["thisMonth", "lastMonth", "thisYear"] as const).map((span) => (
          <Button
            key={span}
            size="compact-sm"
            variant="default"
            onClick={() => {
              set(daysOf(span, new Date()));
            }}
          >
            {t(`dates.${span}`)}
          </Button>
        ))}
      </Group>
      <DateInput
        label={t("dates.from")}
        value={search[filter.from] ?? null}
        onChange={(day) => {
          onChange({ [filter.from]: day ?? undefined });
        }}
      />
      <DateInput
        label={t("dates.to")}
        value={search[filter.to] ?? null}
        onChange={(day) => {
          onChange({ [filter.to]: day ?? undefined });
        }}
      />
    </Stack>
  );
}

function daysOf(span: "thisMonth" | "lastMonth" | "thisYear", now: Date) {
  const [year, month] = [now.getFullYear(), now.getMonth()];
  if (span === "thisYear") return [new Date(year, 0, 1), new Date(year, 11, 31)] as const;
  const first = span === "thisMonth" ? month : month - 1;
  return [new Date(year, first, 1), new Date(year, first + 1, 0)] as const;
}
