import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";

import classes from "./exchange.module.css";

export const steps = ["upload", "columns", "check", "import"] as const;
export type Step = (typeof steps)[number] | "finished";

/** Where in the way from a file to records we are. */
export function Steps({ now }: { now: Step }) {
  const { t } = useTranslation("exchange");
  const format = useFormat();
  const at = now === "finished" ? steps.length : steps.indexOf(now);
  return (
    <ol className={classes.steps} aria-label={t("steps.title")}>
      {steps.map((step, index) => (
        <li
          key={step}
          data-state={index < at ? "past" : index === at ? "now" : "later"}
          aria-current={index === at ? "step" : undefined}
        >
          <span className={classes.number} aria-hidden>
            {index < at ? <IconCheck size={14} stroke={2.5} /> : format.count(index + 1)}
          </span>
          <span>{t(`steps.${step}`)}</span>
        </li>
      ))}
    </ol>
  );
}
