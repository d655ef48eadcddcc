import { Alert, Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Says that what stands in the form was typed earlier and is not saved. */
export function DraftNotice({ shown, onDiscard }: { shown: boolean; onDiscard: () => void }) {
  const { t } = useTranslation();
  if (!shown) return null;
  return (
    <Alert color="gray">
      <Group justify="space-between">
        {t("draft.restored")}
        <Button size="compact-sm" variant="default" onClick={onDiscard}>
          {t("draft.discard")}
        </Button>
      </Group>
    </Alert>
  );
}
