import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { StatusBadge } from "@/shared/ui/status-badge";

import { type Party } from "./queries";

export function PartyStatus({ party }: { party: Party }) {
  const { t } = useTranslation("parties");
  return party.is_active ? (
    <StatusBadge tone="good">{t("status.active")}</StatusBadge>
  ) : (
    <StatusBadge tone="closed">{t("status.inactive")}</StatusBadge>
  );
}

/** "Customer", "Supplier" or both. */
export function useRole() {
  const { t } = useTranslation("parties");
  return useCallback(
    (party: Party) =>
      t(
        party.is_customer && party.is_supplier
          ? "role.both"
          : party.is_supplier
            ? "role.supplier"
            : "role.customer",
      ),
    [t],
  );
}
