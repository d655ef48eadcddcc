import {
  AppShell,
  Burger,
  Drawer,
  Group,
  Kbd,
  ScrollArea,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { Notifications } from "@mantine/notifications";
import { IconMenu2, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";

import { company } from "@/features/accounts/queries";
import { ViewAsBanner } from "@/features/accounts/view-as";
import { nameIn } from "@/shared/i18n/names";
import { ViewStoreContext } from "@/shared/ui/data-table/views";

import { HeaderTools } from "./header-tools";
import { KeyboardHelp } from "./keyboard-help";
import { Logo } from "@/shared/ui/logo";
import { phonePages, type ShownPage } from "./navigation";
import { openPalette } from "./palette-store";
import classes from "./shell.module.css";
import { useNavigation } from "./use-navigation";
import { useSavedViews } from "./saved-views";

const Palette = lazy(() => import("./palette").then((module) => ({ default: module.Palette })));

export function Shell() {
  const { t, i18n } = useTranslation("shell");
  const groups = useNavigation();
  const phone = useMediaQuery("(max-width: 61.99em)", false, { getInitialValueInEffect: false });
  const [menu, { open, close }] = useDisclosure(false);
  const path = useLocation({ select: (location) => location.pathname });
  const { data: own } = useQuery(company());
  const name = own ? nameIn(i18n.language, own) : "";
  useEffect(close, [path, close]);

  return (
    <ViewStoreContext value={useSavedViews}>
      <a href="#content" className={classes.skip}>
        {t("skip")}
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 248, breakpoint: "md", collapsed: { mobile: true } }}
        {...(phone ? { footer: { height: 56 } } : {})}
        padding={0}
        transitionDuration={0}
        classNames={{
          header: classes.header ?? "",
          navbar: classes.navbar ?? "",
          footer: classes.bottom ?? "",
        }}
      >
        <AppShell.Header>
          <Group h="100%" px={16} gap={12} wrap="nowrap" justify="space-between">
            <Group gap={10} wrap="nowrap" className={classes.brand}>
              <Burger
                hiddenFrom="md"
                size="sm"
                opened={menu}
                onClick={open}
                aria-label={t("menu")}
              />
              <Logo size={26} />
              <Text fw={600} truncate>
                {name || t("product", { ns: "common" })}
              </Text>
            </Group>
            <UnstyledButton className={classes.search} onClick={openPalette} visibleFrom="sm">
              <IconSearch size={16} aria-hidden />
              <span>{t("palette.open")}</span>
              <Kbd size="xs">{/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘ K" : "Ctrl K"}</Kbd>
            </UnstyledButton>
            <HeaderTools />
          </Group>
        </AppShell.Header>

        <AppShell.Navbar component="div">
          <AppShell.Section grow component={ScrollArea} scrollbarSize={6} type="hover">
            <Menu groups={groups} />
          </AppShell.Section>
        </AppShell.Navbar>

        <Drawer
          opened={menu}
          onClose={close}
          size={280}
          title={name || t("product", { ns: "common" })}
          closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
          padding={12}
        >
          <Menu groups={groups} />
        </Drawer>

        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          <ViewAsBanner />
          <Suspense>
            <Outlet />
          </Suspense>
        </AppShell.Main>

        {phone && (
          <AppShell.Footer>
            <nav className={classes.bottomBar} aria-label={t("bottomBar")}>
              {groups
                .flatMap((group) => group.pages)
                .filter((page) => phonePages.includes(page.name))
                .slice(0, 3)
                .map((page) => (
                  <BottomLink key={page.name} page={page} />
                ))}
              <button type="button" onClick={openPalette}>
                <IconSearch size={22} stroke={1.6} aria-hidden />
                {t("palette.short")}
              </button>
              <button type="button" onClick={open}>
                <IconMenu2 size={22} stroke={1.6} aria-hidden />
                {t("menu")}
              </button>
            </nav>
          </AppShell.Footer>
        )}
      </AppShell>
      <Suspense>
        <Palette />
      </Suspense>
      <KeyboardHelp />
      <Notifications
        // At the bottom of a phone they would cover the very button that comes next.
        position={phone ? "top-center" : i18n.language === "ar" ? "bottom-left" : "bottom-right"}
        classNames={{ root: classes.notes ?? "", notification: classes.note ?? "" }}
        {...(phone && { top: 64 })}
      />
    </ViewStoreContext>
  );
}

function Menu({ groups }: { groups: ReturnType<typeof useNavigation> }) {
  const { t } = useTranslation("shell");
  return (
    <nav className={classes.menu} aria-label={t("menu")}>
      {groups.map((group) => (
        <div key={group.name} className={classes.group}>
          {group.name !== "start" && <h2>{t(`group.${group.name}`)}</h2>}
          {group.pages.map((page) => (
            <Link
              key={page.name}
              to={page.to}
              className={classes.link}
              activeOptions={{ exact: page.to === "/", includeSearch: false }}
            >
              <page.icon size={18} stroke={1.6} aria-hidden />
              {t(`page.${page.name}`)}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}

function BottomLink({ page }: { page: ShownPage }) {
  const { t } = useTranslation("shell");
  return (
    <Link to={page.to} activeOptions={{ exact: page.to === "/", includeSearch: false }}>
      <page.icon size={22} stroke={1.6} />
      {t(`page.${page.name}`)}
    </Link>
  );
}
