import { useTranslation } from "react-i18next";

import { type Problem } from "@/shared/api/problem";

import classes from "./purchasing.module.css";

/** What a draft still needs before it can be saved. */
export type Missing = "supplier" | "suppliers" | "lines" | "line";

type Props = {
  /** What useSelfSaving answers. */
  state: { dirty: boolean; saving: boolean; problem: Problem | null; saved: object | null };
  missing: Missing | null;
};

/** Where a draft that saves itself stands; what is not saved says why. */
export function SaveStatus({ state, missing }: Props) {
  const { t } = useTranslation("purchasing");
  const bad = state.dirty && !state.saving && state.problem !== null;
  const said = state.saving
    ? t("save.saving")
    : bad
      ? t("save.refused")
      : missing !== null && (state.dirty || !state.saved)
        ? t(`save.missing.${missing}`)
        : state.dirty
          ? t("save.unsaved")
          : state.saved
            ? t("save.saved")
            : "";
  return (
    <span className={classes.status} role="status" data-bad={bad || undefined}>
      {said}
    </span>
  );
}
