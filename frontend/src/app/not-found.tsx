import { Button } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { EmptyState } from "@/shared/ui/empty-state";

export function NotFound() {
  const { t } = useTranslation("shell");
  return (
    <EmptyState
      page
      icon={IconMapQuestion}
      title={t("notFound.title")}
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
          {t("notFound.home")}
        </Button>
      }
    >
      {t("notFound.text")}
    </EmptyState>
  );
}
