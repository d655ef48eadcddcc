import { ActionIcon, Button, Group, Menu, Skeleton, Switch, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconBuildingBank,
  IconChevronRight,
  IconDots,
  IconPlus,
  IconSearch,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { matches } from "@/shared/i18n/fold";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { EmptyState } from "@/shared/ui/empty-state";
import { ErrorState } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { AccountForm } from "./account-form";
import classes from "./ledger.module.css";
import { type Account, type AccountNode, accountTree, useDeactivateAccount } from "./queries";

type Row = AccountNode & { level: number };
type Editing = { of: Account | null; under: Account | null };

/** The chart of accounts as a tree. */
export function Chart() {
  const { t } = useTranslation("ledger");
  const name = useName();
  const can = useCan();
  const { data, error, isPending, refetch } = useQuery(accountTree());
  const waits = useDelayed(isPending);
  const [search, setSearch] = useState("");
  const [all, setAll] = useState(false);
  const [folded, setFolded] = useState<Set<string>>(new Set());
  const [editing, setEditing] = useState<Editing | null>(null);
  const [closing, setClosing] = useState<Account | null>(null);
  const deactivate = useDeactivateAccount();
  usePageTitle(t("chart.title"));

  const asked = search.trim();
  const rows = shownRows(data ?? [], {
    folded: asked ? new Set() : folded,
    all,
    fits: (one) => asked === "" || matches(`${one.code} ${one.name_en} ${one.name_ar}`, asked),
  });
  const toggle = (id: string) => {
    setFolded((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  };

  return (
    <div className="aw-page">
      <Group justify="space-between" mb={16} gap={12}>
        <Title order={1}>{t("chart.title")}</Title>
        <Group gap={8}>
          <Button variant="default" renderRoot={(props) => <Link to="/account-roles" {...props} />}>
            {t("roles.title")}
          </Button>
          {can("account:create") && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => {
                setEditing({ of: null, under: null });
              }}
            >
              {t("chart.add")}
            </Button>
          )}
        </Group>
      </Group>
      <Group mb={12} gap={16}>
        <TextInput
          w={{ base: "100%", sm: 320 }}
          type="search"
          aria-label={t("chart.search")}
          placeholder={t("chart.search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
        <Switch
          label={t("chart.inactive")}
          checked={all}
          onChange={(event) => {
            setAll(event.currentTarget.checked);
          }}
        />
      </Group>
      <div className="aw-card" style={{ overflow: "auto" }}>
        {error && !data ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : isPending ? (
          waits && <Skeleton height={480} aria-busy />
        ) : rows.length === 0 ? (
          <EmptyState
            icon={IconBuildingBank}
            title={asked ? t("list.nothingFound", { ns: "common" }) : t("chart.empty")}
          />
        ) : (
          <table className={classes.tree} aria-label={t("chart.title")} role="treegrid">
            <tbody>
              {rows.map((row) => (
                <tr key={row.id} aria-level={row.level + 1} data-closed={!row.is_active}>
                  <td>
                    <div
                      className={classes.branch}
                      style={{ paddingInlineStart: `calc(${row.level} * min(20px, 3vw))` }}
                      data-group={row.is_group || undefined}
                    >
                      {row.is_group && (row.children ?? []).length > 0 ? (
                        <ActionIcon
                          size={24}
                          aria-label={t(folded.has(row.id) ? "chart.unfold" : "chart.fold", {
                            name: name(row),
                          })}
                          aria-expanded={!folded.has(row.id)}
                          onClick={() => {
                            toggle(row.id);
                          }}
                        >
                          <IconChevronRight
                            size={14}
                            className="aw-flip"
                            style={folded.has(row.id) ? undefined : { transform: "rotate(90deg)" }}
                          />
                        </ActionIcon>
                      ) : (
                        <span style={{ width: 24 }} />
                      )}
                      <span className={`${classes.code ?? ""} aw-ltr`}>{row.code}</span>
                      <button
                        type="button"
                        className={classes.name}
                        disabled={!can("account:edit")}
                        onClick={() => {
                          setEditing({ of: row, under: null });
                        }}
                      >
                        <bdi>{name(row)}</bdi>
                      </button>
                    </div>
                  </td>
                  <td>
                    <span className={classes.tags}>
                      {row.level === 0 && <span>{t(`type.${row.type}`)}</span>}
                      {row.needs_party && <span>{t("chart.needsParty")}</span>}
                      {row.currency && <span>{row.currency}</span>}
                      {!row.is_active && <span>{t("chart.isInactive")}</span>}
                    </span>
                  </td>
                  <td style={{ width: 56 }}>
                    <RowMenu
                      row={row}
                      onEdit={setEditing}
                      onClose={() => {
                        deactivate.reset();
                        setClosing(row);
                      }}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {editing && (
        <AccountForm
          {...editing}
          onClose={() => {
            setEditing(null);
          }}
        />
      )}
      <ConfirmDanger
        opened={closing !== null}
        onClose={() => {
          setClosing(null);
        }}
        title={t("chart.deactivateTitle", {
          account: closing ? `${closing.code} ${name(closing)}` : "",
        })}
        verb={t("chart.deactivate")}
        busy={deactivate.isPending}
        error={deactivate.error}
        onConfirm={() => {
          if (!closing) return;
          deactivate.mutate(closing, {
            onSuccess: () => {
              notifications.show({ message: t("chart.deactivated", { code: closing.code }) });
              setClosing(null);
            },
          });
        }}
      >
        {t("chart.deactivateText")}
      </ConfirmDanger>
    </div>
  );
}

function RowMenu(props: { row: Row; onEdit: (editing: Editing) => void; onClose: () => void }) {
  const { t } = useTranslation("ledger");
  const name = useName();
  const can = useCan();
  const { row } = props;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t("chart.actions", { name: name(row) })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {can("report:read") && (
          <Menu.Item
            component="a"
            renderRoot={(rest) => (
              <Link to="/reports/general-ledger" search={{ account: row.code }} {...rest} />
            )}
          >
            {t("chart.movements")}
          </Menu.Item>
        )}
        {can("account:edit") && (
          <Menu.Item
            onClick={() => {
              props.onEdit({ of: row, under: null });
            }}
          >
            {t("chart.edit")}
          </Menu.Item>
        )}
        {row.is_group && can("account:create") && (
          <Menu.Item
            onClick={() => {
              props.onEdit({ of: null, under: row });
            }}
          >
            {t("chart.addUnder")}
          </Menu.Item>
        )}
        {row.is_active && can("account:delete") && (
          <Menu.Item color="red" onClick={props.onClose}>
            {t("chart.deactivate")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

type Shown = { folded: Set<string>; all: boolean; fits: (one: AccountNode) => boolean };

/** What is open, in use and fits the search; a group stays when something in it does. */
function shownRows(nodes: AccountNode[], shown: Shown, level = 0): Row[] {
  return nodes.flatMap((node) => {
    if (!node.is_active && !shown.all) return [];
    const own = shown.fits(node);
    const inside = shownRows(
      node.children ?? [],
      // All of a group that was searched for.
      own ? { ...shown, fits: () => true } : shown,
      level + 1,
    );
    if (!own && inside.length === 0) return [];
    return [{ ...node, level }, ...(shown.folded.has(node.id) ? [] : inside)];
  });
}
