import {
  ActionIcon,
  Avatar,
  Group,
  Menu,
  Text,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import {
  IconCheck,
  IconDeviceDesktop,
  IconDevices,
  IconEye,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconMoonStars,
  IconNumbers,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { signOut } from "@/features/accounts/queries";
import { ViewAsDialog } from "@/features/accounts/view-as";
import { LanguageSwitch } from "@/shared/ui/language-switch";
import { setPreferences, usePreferences } from "@/shared/format/preferences";
import { nameIn } from "@/shared/i18n/names";
import { useCan, useMe } from "@/shared/session/session";

import { openKeyboardHelp } from "./keyboard-help-store";

const schemes = [
  { value: "light", icon: IconSun },
  { value: "dark", icon: IconMoon },
  { value: "auto", icon: IconDeviceDesktop },
] as const;

export function HeaderTools() {
  return (
    <Group gap={4} wrap="nowrap" flex={1} justify="flex-end">
      <LanguageSwitch />
      <ThemeSwitch />
      <UserMenu />
    </Group>
  );
}

function ThemeSwitch() {
  const { t } = useTranslation("shell");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = schemes.find((scheme) => scheme.value === colorScheme)?.icon ?? IconDeviceDesktop;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t("theme.title")}>
          <ActionIcon aria-label={t("theme.title")} size={36} visibleFrom="xs">
            <Icon size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme.value}
            leftSection={<scheme.icon size={16} aria-hidden />}
            rightSection={colorScheme === scheme.value && <IconCheck size={14} />}
            onClick={() => {
              setColorScheme(scheme.value);
            }}
          >
            {t(`theme.${scheme.value}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UserMenu() {
  const { t, i18n } = useTranslation("shell");
  const me = useMe();
  const router = useRouter();
  const preferences = usePreferences();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({ mutationFn: signOut });
  const can = useCan();
  const [choosing, setChoosing] = useState(false);
  // The entry that opened the dialog is gone by then: the keyboard goes back to its menu.
  const menu = useRef<HTMLButtonElement>(null);
  if (!me) return null;
  const name = nameIn(i18n.language, me) || me.email;
  // These pages belong to accounts; they are offered as soon as they exist.
  const own = [
    { to: "/profile", icon: IconUserCircle, label: t("user.profile") },
    { to: "/sessions", icon: IconDevices, label: t("user.sessions") },
  ].filter((page) => page.to in router.routesByPath);
  const mayLook = can("role:read") && can("user:read") && !me.viewing_as;
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <UnstyledButton ref={menu} ms={4}>
            {/* The initials are a picture of the name, which is said in full. */}
            <VisuallyHidden>{t("user.menu", { name })}</VisuallyHidden>
            <Avatar aria-hidden size={30} radius="xl" color="accent" name={name} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div style={{ padding: "8px 12px" }}>
            <Text fw={500} truncate>
              {name}
            </Text>
            <Text size="sm" c="dimmed" truncate dir="ltr" ta="start">
              {me.email}
            </Text>
          </div>
          <Menu.Divider />
          {own.map((page) => (
            <Menu.Item
              key={page.to}
              leftSection={<page.icon size={16} aria-hidden />}
              renderRoot={(props) => <Link to={page.to} {...props} />}
            >
              {page.label}
            </Menu.Item>
          ))}
          <Menu.Item
            hiddenFrom="xs"
            closeMenuOnClick={false}
            leftSection={colorScheme === "dark" ? <IconSun size={16} /> : <IconMoon size={16} />}
            onClick={() => {
              setColorScheme(colorScheme === "dark" ? "light" : "dark");
            }}
          >
            {t(colorScheme === "dark" ? "theme.light" : "theme.dark")}
          </Menu.Item>
          {i18n.language === "ar" && (
            <Menu.Item
              closeMenuOnClick={false}
              leftSection={<IconNumbers size={16} aria-hidden />}
              rightSection={preferences.digits === "arab" && <IconCheck size={14} />}
              onClick={() => {
                setPreferences({ digits: preferences.digits === "arab" ? "latn" : "arab" });
              }}
            >
              {t("user.arabicDigits")}
            </Menu.Item>
          )}
          <Menu.Item
            closeMenuOnClick={false}
            leftSection={<IconMoonStars size={16} aria-hidden />}
            rightSection={preferences.calendar === "both" && <IconCheck size={14} />}
            onClick={() => {
              setPreferences({ calendar: preferences.calendar === "both" ? "gregory" : "both" });
            }}
          >
            {t("user.hijri")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconKeyboard size={16} aria-hidden />}
            onClick={openKeyboardHelp}
          >
            {t("keys.title")}
          </Menu.Item>
          {mayLook && (
            <Menu.Item
              leftSection={<IconEye size={16} aria-hidden />}
              onClick={() => {
                setChoosing(true);
              }}
            >
              {t("user.viewAs")}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconLogout size={16} className="aw-flip" aria-hidden />}
            onClick={() => {
              leave.mutate();
            }}
          >
            {t("user.signOut")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {mayLook && (
        <ViewAsDialog
          opened={choosing}
          onClose={() => {
            setChoosing(false);
          }}
          onClosed={() => menu.current?.focus()}
        />
      )}
    </>
  );
}
