import { Button } from "@mantine/core";
import { IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { MomentText } from "@/shared/ui/date-text";

import { roles, type User, users } from "./queries";
import { UserStatus } from "./user-status";

export function UserList() {
  const { t } = useTranslation("accounts");
  const can = useCan();
  const name = useName();
  const { data: known } = useQuery({ ...roles(), enabled: can("role:read") });
  const columns = useMemo<Column<User>[]>(() => {
    const names = new Map(known?.items.map((one) => [one.key, name(one)]));
    return [
      {
        id: "name_en",
        label: t("users.name"),
        sort: true,
        card: "title",
        cell: (row) => <bdi>{name(row) || row.email}</bdi>,
      },
      {
        id: "email",
        label: t("email"),
        sort: true,
        width: 240,
        card: "subtitle",
        cell: (row) => <span className="aw-ltr">{row.email}</span>,
      },
      {
        id: "roles",
        label: t("users.roles"),
        width: 220,
        card: "meta",
        cell: (row) => row.roles.map((key) => names.get(key) ?? key).join(t("users.comma")),
      },
      {
        id: "last",
        label: t("users.lastSignIn"),
        width: 150,
        card: "none",
        cell: (row) =>
          row.last_sign_in_at ? <MomentText at={row.last_sign_in_at} /> : t("users.never"),
      },
      {
        id: "status",
        label: t("users.status"),
        width: 170,
        card: "end",
        cell: (row) => <UserStatus user={row} />,
      },
    ];
  }, [t, name, known]);
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "role",
        type: "select",
        label: t("users.role"),
        options: known?.items.map((one) => ({ value: one.key, label: name(one) })) ?? [],
      },
      {
        id: "is_active",
        type: "boolean",
        label: t("users.status"),
        yes: t("users.active"),
        no: t("users.inactive"),
      },
    ],
    [t, name, known],
  );
  return (
    <DataTable<User>
      name="users"
      title={t("users.title")}
      query={users}
      columns={columns}
      filters={filters}
      usualSort="email"
      searchLabel={t("users.search")}
      rowLink={(row) => ({ to: "/users/$userId", params: { userId: row.id } })}
      rowLabel={(row) => name(row) || row.email}
      empty={{ icon: IconUsers, title: t("users.empty"), text: t("users.emptyText") }}
      action={
        can("user:create") && (
          <Button
            leftSection={<IconUserPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/users/new" {...props} />}
          >
            {t("users.add")}
          </Button>
        )
      }
    />
  );
}
