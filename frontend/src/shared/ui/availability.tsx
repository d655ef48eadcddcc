import { IconAlertTriangle, IconCircleCheck, IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { difference, isNegative, isZero } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";

import classes from "./availability.module.css";

/*
 * What is free of a product while its line is being typed: enough, enough later, or too little, and
 * by how much. All figures in the stock unit.
 */

type Props = {
  /** Not held by anybody, in the places that sell. */
  free: string;
  /** Ordered from suppliers and not yet here. */
  incoming?: string | null;
  incomingOn?: string | null;
  /** What the line wants; nothing yet: only what there is. */
  wanted?: string | null;
  unit?: string | undefined;
};

export function Availability({ free, incoming, incomingOn, wanted, unit }: Props) {
  const { t } = useTranslation("documents");
  const format = useFormat();
  const short = wanted ? difference(free, wanted) : null;
  const enough = !short || !isNegative(short);
  const coming = incoming && !isZero(incoming) ? incoming : null;
  const covered = !enough && coming && !isNegative(difference(coming, short.replace("-", "")));
  const figure = (amount: string) => `${format.quantity(amount)}${unit ? ` ${unit}` : ""}`;
  const tone = enough ? (isZero(free) ? "closed" : "good") : covered ? "attention" : "bad";
  const Icon = enough ? IconCircleCheck : covered ? IconClock : IconAlertTriangle;
  return (
    <span className={classes.availability} data-tone={tone}>
      <Icon size={14} aria-hidden />
      <span>
        {enough
          ? t("availability.free", { quantity: figure(free) })
          : t("availability.short", {
              free: figure(free),
              missing: figure(short.replace("-", "")),
            })}
        {coming && (
          <>
            {" · "}
            {incomingOn
              ? t("availability.incomingOn", {
                  quantity: figure(coming),
                  day: format.day(incomingOn),
                })
              : t("availability.incoming", { quantity: figure(coming) })}
          </>
        )}
      </span>
    </span>
  );
}
