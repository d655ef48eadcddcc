import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { DateText } from "@/shared/ui/date-text";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useNow } from "@/shared/ui/use-now";

const soon = 30;

/** The last day of a lot, and a word where it is near or past. */
export function Expiry({ day }: { day: string | null }) {
  const { t } = useTranslation("stock");
  const now = useNow();
  if (day === null) return null;
  const today = isoDay(now);
  const near = isoDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() + soon));
  return (
    <>
      <DateText day={day} />{" "}
      {day < today ? (
        <StatusBadge tone="bad">{t("lots.expired")}</StatusBadge>
      ) : (
        day <= near && <StatusBadge tone="attention">{t("lots.soon")}</StatusBadge>
      )}
    </>
  );
}
