import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** Say once, on leaving, that there are unsaved changes; closing the tab asks the browser's own way. */
export function useUnsavedWarning(dirty: boolean) {
  const { t } = useTranslation();
  useBlocker({
    shouldBlockFn: ({ current, next }) => {
      if (!dirty || current.pathname === next.pathname) return false;
      return !window.confirm(t("unsaved.leave"));
    },
    enableBeforeUnload: () => dirty,
    disabled: !dirty,
  });
}
