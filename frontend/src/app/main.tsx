import "@fontsource-variable/inter/wght.css";
import "@fontsource/ibm-plex-sans-arabic/arabic-400.css";
import "@fontsource/ibm-plex-sans-arabic/arabic-500.css";
import "@fontsource/ibm-plex-sans-arabic/arabic-600.css";
import "@/shared/ui/styles.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { startI18n } from "@/shared/i18n/i18n";

import { App } from "./app";
import { shareNonce } from "./nonce";
import { createQueryClient } from "./query-client";
import { createAppRouter } from "./router";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

shareNonce();
await startI18n();
const queries = createQueryClient();
createRoot(root).render(
  <StrictMode>
    <App queries={queries} router={createAppRouter(queries)} />
  </StrictMode>,
);
