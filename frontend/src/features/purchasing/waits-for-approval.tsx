import { Alert } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** Says of a document that waits whether its reader is one of those for whom it waits. */
export function WaitsForApproval({ next }: { next: readonly string[] }) {
  const { t } = useTranslation("purchasing");
  return (
    <Alert icon={<IconHourglass size={18} />}>
      {t(next.includes("approve") ? "orders.waitsForYou" : "orders.waits")}
    </Alert>
  );
}
