import { Alert, Button, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import classes from "./accounts.module.css";

/** The ten codes, this one time. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation("accounts");
  const text = codes.join("\n");
  return (
    <Stack gap={16}>
      <Text>{t("factor.codesText")}</Text>
      <ul className={classes.codes} aria-label={t("factor.codes")} dir="ltr">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap={8}>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
            >
              {t(copied ? "action.copied" : "action.copy", { ns: "common" })}
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={() => {
            keep(text);
          }}
        >
          {t("factor.codesFile")}
        </Button>
      </Group>
      <Alert color="orange" icon={<IconAlertTriangle size={18} />}>
        {t("once.warning")}
      </Alert>
      <Group justify="flex-end">
        <Button onClick={onDone}>{t("once.close")}</Button>
      </Group>
    </Stack>
  );
}

function keep(text: string) {
  const url = URL.createObjectURL(new Blob([text + "\n"], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "alawael-recovery-codes.txt";
  link.click();
  URL.revokeObjectURL(url);
}
