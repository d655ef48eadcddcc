import { useTranslation } from "react-i18next";

import { StatusBadge } from "@/shared/ui/status-badge";

export function ProductStatus({ active }: { active: boolean }) {
  const { t } = useTranslation("catalog");
  return active ? (
    <StatusBadge tone="good">{t("status.active")}</StatusBadge>
  ) : (
    <StatusBadge tone="closed">{t("status.inactive")}</StatusBadge>
  );
}
