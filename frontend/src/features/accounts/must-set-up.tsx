import { Anchor, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { usePageTitle } from "@/shared/ui/use-page-title";

import { Enrol } from "./enrol";
import { FrontDoor } from "./front-door";
import { signOut, useReloadMe } from "./queries";

/** A role asks for a second factor: nothing else is open until it is set up. */
export function MustSetUp() {
  const { t } = useTranslation("accounts");
  const router = useRouter();
  const { next } = useSearch({ from: "/second-factor" });
  const reload = useReloadMe();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => router.navigate({ to: "/sign-in", search: {}, replace: true }),
  });
  usePageTitle(t("factor.mustTitle"));
  return (
    <FrontDoor>
      <div className="aw-card" style={{ padding: 32 }}>
        <Title order={1}>{t("factor.mustTitle")}</Title>
        <Text c="dimmed" mt={4} mb={16}>
          {t("factor.mustText")}
        </Text>
        <Enrol
          onDone={() => {
            void reload().then(() => router.navigate({ href: next ?? "/", replace: true }));
          }}
        />
        <Anchor
          component="button"
          type="button"
          mt={16}
          fz={13}
          onClick={() => {
            leave.mutate();
          }}
        >
          {t("newPassword.leave")}
        </Anchor>
      </div>
    </FrontDoor>
  );
}
