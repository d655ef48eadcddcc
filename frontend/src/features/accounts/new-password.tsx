import { Anchor, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { usePageTitle } from "@/shared/ui/use-page-title";

import { FrontDoor } from "./front-door";
import { PasswordForm } from "./password-form";
import { signOut } from "./queries";

/** Somebody else chose this password: nothing else is open until its owner has. */
export function NewPassword() {
  const { t } = useTranslation("accounts");
  const router = useRouter();
  const { next } = useSearch({ from: "/new-password" });
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => router.navigate({ to: "/sign-in", search: {}, replace: true }),
  });
  usePageTitle(t("newPassword.title"));
  return (
    <FrontDoor>
      <div className="aw-card" style={{ padding: 32 }}>
        <Title order={1}>{t("newPassword.title")}</Title>
        <Text c="dimmed" mt={4} mb={16}>
          {t("newPassword.text")}
        </Text>
        <PasswordForm
          wide
          onDone={() => {
            void router.navigate({ href: next ?? "/", replace: true });
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
