import {
  DirectionProvider,
  MantineProvider,
  mergeThemeOverrides,
  useDirection,
} from "@mantine/core";
import { type ReactNode, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { direction } from "@/shared/i18n/language";
import { theme, tokens } from "@/shared/ui/theme";

import { nonce } from "./nonce";

export function Theme({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const close = t("action.close");
  const inWords = useMemo(
    () =>
      mergeThemeOverrides(theme, {
        components: {
          Notification: { defaultProps: { closeButtonProps: { "aria-label": close } } },
        },
      }),
    [close],
  );
  return (
    <DirectionProvider
      detectDirection={false}
      initialDirection={dirOf(document.documentElement.lang)}
    >
      <MantineProvider
        theme={inWords}
        cssVariablesResolver={tokens}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce() ?? ""}
        // Transitions wait for frames that a test's browser never paints.
        env={import.meta.env.MODE === "test" ? "test" : "default"}
      >
        <FollowLanguage />
        {children}
      </MantineProvider>
    </DirectionProvider>
  );
}

const dirOf = (lng: string) => direction(lng === "ar" ? "ar" : "en");

function FollowLanguage() {
  const { i18n } = useTranslation();
  const { setDirection } = useDirection();
  const dir = dirOf(i18n.language);
  useEffect(() => {
    setDirection(dir);
    // Mantine's setter is a new function on every render; the direction is what matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [dir]);
  return null;
}
