import i18next, { type BackendModule } from "i18next";
import ICU from "i18next-icu";
import { initReactI18next } from "react-i18next";

import { direction, language, type Language, rememberLanguage } from "./language";

type Catalogue = Record<string, unknown>;
const catalogues = import.meta.glob<{ default: Catalogue }>("./{en,ar}/*.json");

const onDemand: BackendModule = {
  type: "backend",
  init: () => undefined,
  read(lng, namespace, done) {
    const load = catalogues[`./${lng}/${namespace}.json`];
    if (!load) {
      done(new Error(`No catalogue ${lng}/${namespace}`), null);
      return;
    }
    load().then(
      (catalogue) => {
        done(null, catalogue.default);
      },
      (error: unknown) => {
        done(error as Error, null);
      },
    );
  },
};

export async function startI18n() {
  await i18next
    // Western digits inside sentences, whatever the locale's habit; shared/format owns the choice.
    .use(new ICU({ parseLngForICU: (lng: string) => (lng === "ar" ? "ar-u-nu-latn" : lng) }))
    .use(onDemand)
    .use(initReactI18next)
    .init({
      lng: language(),
      fallbackLng: false,
      supportedLngs: ["en", "ar"],
      ns: ["common"],
      defaultNS: "common",
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  show(language());
}

/** Change the language without a reload: forms, scroll and focus stay. */
export async function changeLanguage(next: Language) {
  rememberLanguage(next);
  await i18next.changeLanguage(next);
  show(next);
}

function show(of: Language) {
  document.documentElement.lang = of;
  document.documentElement.dir = direction(of);
}
