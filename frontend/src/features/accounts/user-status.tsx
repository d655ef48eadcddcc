import { useTranslation } from "react-i18next";

import { StatusBadge } from "@/shared/ui/status-badge";

import { type User } from "./queries";

export function UserStatus({ user }: { user: User }) {
  const { t } = useTranslation("accounts");
  if (!user.is_active) return <StatusBadge tone="closed">{t("users.inactive")}</StatusBadge>;
  if (user.must_change_password)
    return <StatusBadge tone="draft">{t("users.invited")}</StatusBadge>;
  return <StatusBadge tone="good">{t("users.active")}</StatusBadge>;
}
