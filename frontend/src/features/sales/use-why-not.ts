import { useTranslation } from "react-i18next";

import { type typedOf } from "./parts";

/** Why quantities cannot be sent: nothing was typed, or something that is no number. */
export function useWhyNot() {
  const { t } = useTranslation("sales");
  return (typed: ReturnType<typeof typedOf>) =>
    typed === null ? t("line.noNumber") : typed.length === 0 ? t("line.noQuantity") : null;
}
