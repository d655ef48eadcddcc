import {
  IconAddressBook,
  IconBook2,
  IconBuilding,
  IconBuildingBank,
  IconCalendarMonth,
  IconCategory,
  IconChartLine,
  IconClockDollar,
  IconFileImport,
  IconFileInvoice,
  IconHeartbeat,
  IconHistory,
  IconHome,
  IconKey,
  IconListDetails,
  IconPackage,
  IconReceiptTax,
  IconReportMoney,
  IconRuler2,
  IconScale,
  IconScaleOutline,
  IconShieldLock,
  IconStack2,
  IconTags,
  IconUsers,
} from "@tabler/icons-react";
import { type ComponentType } from "react";

export type PageName = (typeof navigation)[number]["pages"][number]["name"];

type NavPage = {
  name: string;
  to: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  permission?: string;
};

/** Every page of the menu. One whose route does not exist (yet) in the router is not shown. */
export const navigation = [
  { name: "start", pages: [{ name: "home", to: "/", icon: IconHome }] },
  {
    name: "sales",
    pages: [
      { name: "invoices", to: "/invoices", icon: IconFileInvoice, permission: "invoice:read" },
    ],
  },
  {
    name: "catalog",
    pages: [
      { name: "products", to: "/products", icon: IconPackage, permission: "product:read" },
      { name: "categories", to: "/categories", icon: IconCategory, permission: "category:read" },
      { name: "units", to: "/units", icon: IconRuler2, permission: "unit:read" },
      { name: "priceLists", to: "/price-lists", icon: IconTags, permission: "price_list:read" },
    ],
  },
  {
    name: "partners",
    pages: [{ name: "parties", to: "/parties", icon: IconAddressBook, permission: "party:read" }],
  },
  {
    name: "accounting",
    pages: [
      {
        name: "journalEntries",
        to: "/journal-entries",
        icon: IconBook2,
        permission: "journal_entry:read",
      },
      { name: "accounts", to: "/accounts", icon: IconBuildingBank, permission: "account:read" },
      { name: "periods", to: "/periods", icon: IconCalendarMonth, permission: "period:read" },
      {
        name: "trialBalance",
        to: "/reports/trial-balance",
        icon: IconScale,
        permission: "report:read",
      },
      {
        name: "generalLedger",
        to: "/reports/general-ledger",
        icon: IconListDetails,
        permission: "report:read",
      },
      {
        name: "profitAndLoss",
        to: "/reports/profit-and-loss",
        icon: IconChartLine,
        permission: "report:read",
      },
      {
        name: "balanceSheet",
        to: "/reports/balance-sheet",
        icon: IconScaleOutline,
        permission: "report:read",
      },
      {
        name: "vatReturn",
        to: "/reports/vat-return",
        icon: IconReceiptTax,
        permission: "report:read",
      },
      {
        name: "statements",
        to: "/reports/statements",
        icon: IconReportMoney,
        permission: "report:read",
      },
      {
        name: "receivablesAgeing",
        to: "/reports/receivables-ageing",
        icon: IconClockDollar,
        permission: "report:read",
      },
    ],
  },
  {
    name: "data",
    pages: [{ name: "imports", to: "/imports", icon: IconFileImport, permission: "import:read" }],
  },
  {
    name: "administration",
    pages: [
      { name: "users", to: "/users", icon: IconUsers, permission: "user:read" },
      { name: "roles", to: "/roles", icon: IconShieldLock, permission: "role:read" },
      { name: "company", to: "/company", icon: IconBuilding, permission: "company:read" },
      { name: "audit", to: "/audit", icon: IconHistory, permission: "audit:read" },
      { name: "jobs", to: "/jobs", icon: IconStack2, permission: "job:read" },
      { name: "health", to: "/health", icon: IconHeartbeat, permission: "job:read" },
      { name: "tokens", to: "/tokens", icon: IconKey },
    ],
  },
] as const satisfies readonly { name: string; pages: readonly NavPage[] }[];

/** What stands in the bottom bar of a phone, as far as it exists and is allowed. */
export const phonePages: readonly PageName[] = ["home", "invoices", "products", "parties"];

export type ShownPage = NavPage & { name: PageName };

export function shownNavigation(exists: (path: string) => boolean, can: (what: string) => boolean) {
  return navigation
    .map((group) => ({
      name: group.name,
      pages: (group.pages as readonly ShownPage[]).filter(
        (page) => exists(page.to) && (page.permission === undefined || can(page.permission)),
      ),
    }))
    .filter((group) => group.pages.length > 0);
}
