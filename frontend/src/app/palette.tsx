import { useDebouncedValue } from "@mantine/hooks";
import { type SpotlightActionData, Spotlight } from "@mantine/spotlight";
import { IconArrowRight, IconLanguage, IconMoon, IconSearch, IconSun } from "@tabler/icons-react";
import { useMantineColorScheme } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import i18next from "i18next";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { changeLanguage } from "@/shared/i18n/i18n";
import { matches } from "@/shared/i18n/fold";
import { useRecordSources } from "@/shared/session/records";
import { useCan } from "@/shared/session/session";

import { type PageName } from "./navigation";
import { paletteStore } from "./palette-store";
import { registerRecordSearches } from "./record-searches";
import { useNavigation } from "./use-navigation";

registerRecordSearches();

type PaletteKey = `page.${PageName}` | `palette.${"language" | "dark" | "light"}`;
/** An action, and the words it is found by in either language. */
type Findable = { words: string; action: SpotlightActionData };

/** Finds pages, actions and records, by English or Arabic name whatever language is shown. */
export function Palette() {
  const { t, i18n } = useTranslation("shell");
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 150);
  const navigate = useNavigate();
  const groups = useNavigation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const both = useBothLanguages();
  const can = useCan();
  const sources = useRecordSources().filter((source) => can(source.permission));

  const pages: Findable[] = groups.flatMap((group) =>
    group.pages.map((page) => ({
      words: both(`page.${page.name}`),
      action: {
        id: `page:${page.name}`,
        label: t(`page.${page.name}`),
        leftSection: <page.icon size={18} stroke={1.6} />,
        onClick: () => void navigate({ to: page.to }),
      },
    })),
  );
  const dark = colorScheme === "dark";
  const actions: Findable[] = [
    {
      words: both("palette.language"),
      action: {
        id: "action:language",
        label: t("palette.language"),
        leftSection: <IconLanguage size={18} stroke={1.6} />,
        onClick: () => void changeLanguage(i18n.language === "ar" ? "en" : "ar"),
      },
    },
    {
      words: both(dark ? "palette.light" : "palette.dark"),
      action: {
        id: "action:theme",
        label: t(dark ? "palette.light" : "palette.dark"),
        leftSection: dark ? (
          <IconSun size={18} stroke={1.6} />
        ) : (
          <IconMoon size={18} stroke={1.6} />
        ),
        onClick: () => {
          setColorScheme(dark ? "light" : "dark");
        },
      },
    },
  ];

  const found = useQueries({
    queries: sources.map((source) => ({
      queryKey: ["palette", source.id, asked],
      enabled: asked.length >= 2,
      queryFn: ({ signal }: { signal: AbortSignal }) => source.search(asked, signal),
    })),
  });

  const named = (all: Findable[]) =>
    all
      .filter(({ words }) => text.trim() === "" || matches(words, text))
      .map(({ action }) => action);
  const shown = [
    { group: t("palette.pages"), actions: named(pages) },
    { group: t("palette.actions"), actions: named(actions) },
    ...sources.map((source, index) => ({
      group: source.label(),
      actions: (found[index]?.data ?? []).map((record) => ({
        id: `${source.id}:${record.id}`,
        label: record.label,
        ...(record.description ? { description: record.description } : {}),
        leftSection: <IconArrowRight size={18} stroke={1.6} className="aw-flip" />,
        onClick: () => void navigate(record.link),
      })),
    })),
  ].filter((group) => group.actions.length > 0);

  return (
    <Spotlight
      store={paletteStore}
      shortcut={["mod + K"]}
      query={text}
      onQueryChange={setText}
      actions={shown}
      // What is shown has been chosen above, folded for Arabic.
      filter={(_, all) => all}
      nothingFound={t("palette.nothing")}
      scrollable
      maxHeight={420}
      radius="lg"
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      searchProps={{
        placeholder: t("palette.open"),
        "aria-label": t("palette.open"),
        leftSection: <IconSearch size={18} stroke={1.6} aria-hidden />,
      }}
    />
  );
}

/** A string in both languages, whichever of them is on the screen. */
function useBothLanguages() {
  const [, setLoaded] = useState(false);
  useEffect(() => {
    void i18next.loadLanguages(["en", "ar"]).then(() => {
      setLoaded(true);
    });
  }, []);
  return (key: PaletteKey) =>
    ["en", "ar"].map((lng) => i18next.t(key, { ns: "shell", lng })).join(" ");
}
