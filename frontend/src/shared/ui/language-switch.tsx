import { Button } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { changeLanguage } from "@/shared/i18n/i18n";

/** Offers the other language, in that language. */
export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const other = i18n.language === "ar" ? "en" : "ar";
  return (
    <Button
      variant="subtle"
      color="gray"
      px={8}
      lang={other}
      leftSection={<IconLanguage size={18} stroke={1.6} aria-hidden />}
      onClick={() => void changeLanguage(other)}
    >
      {other === "ar" ? "العربية" : "English"}
    </Button>
  );
}
