import { SimpleGrid, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Dashboard } from "@/features/analytics/dashboard";
import { nameIn } from "@/shared/i18n/names";
import { useCan, useMe } from "@/shared/session/session";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./home.module.css";
import { useNavigation } from "./use-navigation";

/** The figures for those who may see them; for everybody else, where everything is. */
export function Home() {
  const can = useCan();
  return can("report:read") ? <Dashboard /> : <Places />;
}

function Places() {
  const { t, i18n } = useTranslation("shell");
  const me = useMe();
  const groups = useNavigation();
  usePageTitle(t("page.home"));
  const name = me ? nameIn(i18n.language, me) : "";
  return (
    <div className="aw-page">
      <Title order={1}>{t("home.welcome", { name })}</Title>
      <Text c="dimmed" mb={24}>
        {t("home.text")}
      </Text>
      {groups
        .filter((group) => group.name !== "start")
        .map((group) => (
          <section key={group.name} className={classes.group}>
            <Title order={2} mb={8}>
              {t(`group.${group.name}`)}
            </Title>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing={12}>
              {group.pages.map((page) => (
                <Link key={page.name} to={page.to} className={`aw-card ${classes.tile ?? ""}`}>
                  <span className={classes.icon} aria-hidden>
                    <page.icon size={20} stroke={1.6} />
                  </span>
                  <span>
                    <strong>{t(`page.${page.name}`)}</strong>
                    <small>{t(`about.${page.name}`)}</small>
                  </span>
                </Link>
              ))}
            </SimpleGrid>
          </section>
        ))}
    </div>
  );
}
