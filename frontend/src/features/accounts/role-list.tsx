import { Button, Skeleton, Title } from "@mantine/core";
import { IconChevronRight, IconPlus, IconShieldLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { ErrorState } from "@/shared/ui/error-state";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./accounts.module.css";
import { allows } from "./permission-sets";
import { permissions, type Role, roles } from "./queries";

export function RoleList() {
  const { t } = useTranslation("accounts");
  const can = useCan();
  const name = useName();
  const { data, error, isPending, refetch } = useQuery(roles());
  const { data: known } = useQuery(permissions());
  const waits = useDelayed(isPending);
  usePageTitle(t("roles.title"));
  const said = (role: Role) => {
    if (role.permissions.includes("*")) return t("roles.everything");
    const count = known?.items.filter((one) => allows(role.permissions, one.permission)).length;
    return count === undefined ? "" : t("roles.count", { count });
  };
  return (
    <div className="aw-page" style={{ maxWidth: 880 }}>
      <header
        style={{ display: "flex", justifyContent: "space-between", gap: 16, marginBottom: 16 }}
      >
        <Title order={1}>{t("roles.title")}</Title>
        {can("role:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/roles/new" {...props} />}
          >
            {t("roles.add")}
          </Button>
        )}
      </header>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {waits && <Skeleton height={320} radius={12} />}
      {data && (
        <ul className={`aw-card ${classes.rows ?? ""}`} aria-label={t("roles.title")}>
          {data.items.map((role) => (
            <li key={role.id}>
              <span className={classes.rowIcon} aria-hidden>
                <IconShieldLock size={20} stroke={1.6} />
              </span>
              <span className={classes.rowText}>
                <Link
                  to="/roles/$roleId"
                  params={{ roleId: role.id }}
                  style={{ color: "inherit", textDecoration: "none" }}
                >
                  <strong>
                    <bdi>{name(role) || role.key}</bdi>
                  </strong>
                </Link>
                <small>{said(role)}</small>
              </span>
              {role.is_builtin && <StatusBadge tone="closed">{t("roles.builtin")}</StatusBadge>}
              <IconChevronRight size={16} className="aw-flip" aria-hidden />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
