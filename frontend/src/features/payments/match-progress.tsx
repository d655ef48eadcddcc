import { Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";

import classes from "./payments.module.css";

/** How far a statement is matched: a bar, and the figures. */
export function MatchProgress({
  matched,
  count,
  bare = false,
}: {
  matched: number;
  count: number;
  /** The figures stand beside it already. */
  bare?: boolean;
}) {
  const { t } = useTranslation("payments");
  const format = useFormat();
  const said = t("bank.progressOf", {
    matched: format.count(matched),
    count: format.count(count),
  });
  return (
    <span className={classes.progress}>
      <Progress
        size="sm"
        value={count === 0 ? 100 : (100 * matched) / count}
        color={matched === count ? "green" : "blue"}
        aria-label={said}
      />
      {!bare && <span>{said}</span>}
    </span>
  );
}
