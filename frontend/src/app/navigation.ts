import {
  IconAddressBook,
  IconAdjustments,
  IconArrowBackUp,
  IconArrowsExchange,
  IconBarcode,
  IconBook2,
  IconBolt,
  IconBuilding,
  IconBuildingBank,
  IconBuildingWarehouse,
  IconCalendarMonth,
  IconCash,
  IconCategory,
  IconChartLine,
  IconChecklist,
  IconClipboardList,
  IconClipboardText,
  IconClockDollar,
  IconClockDown,
  IconClockExclamation,
  IconCoins,
  IconFileDollar,
  IconFileImport,
  IconFileInvoice,
  IconHeartbeat,
  IconHistory,
  IconHome,
  IconKey,
  IconLockQuestion,
  IconListDetails,
  IconMessageQuestion,
  IconPackage,
  IconPackageImport,
  IconPackages,
  IconReceipt2,
  IconReceiptTax,
  IconRefreshAlert,
  IconReportMoney,
  IconRuler2,
  IconScale,
  IconScaleOutline,
  IconSettings2,
  IconShieldExclamation,
  IconShieldLock,
  IconShoppingCart,
  IconStack2,
  IconTags,
  IconTruckDelivery,
  IconTruckReturn,
  IconUsers,
} from "@tabler/icons-react";
import { type ComponentType } from "react";

export type PageName = (typeof navigation)[number]["pages"][number]["name"];

type NavPage = {
  name: string;
  to: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  permission?: string;
  /** Shows what goods cost, or figures that are made of it. */
  costs?: true;
  /** Shows the whole company: of no use to those who are limited, or limited to warehouses. */
  whole?: true | "warehouses";
};

/** What a person is limited to. */
export type Limits = { customers: boolean; warehouses: boolean };
const unlimited: Limits = { customers: false, warehouses: false };

/** Every page of the menu. One whose route does not exist (yet) in the router is not shown. */
export const navigation = [
  { name: "start", pages: [{ name: "home", to: "/", icon: IconHome }] },
  {
    name: "sales",
    pages: [
      {
        name: "salesOrders",
        to: "/sales-orders",
        icon: IconClipboardText,
        permission: "sales_order:read",
      },
      { name: "shipments", to: "/shipments", icon: IconTruckDelivery, permission: "shipment:read" },
      { name: "invoices", to: "/invoices", icon: IconFileInvoice, permission: "invoice:read" },
      {
        name: "customerReturns",
        to: "/customer-returns",
        icon: IconTruckReturn,
        permission: "customer_return:read",
      },
      {
        name: "backorders",
        to: "/backorders",
        icon: IconClockExclamation,
        permission: "sales_order:read",
      },
      {
        name: "salesSettings",
        to: "/sales-settings",
        icon: IconSettings2,
        permission: "sales_order:manage",
      },
    ],
  },
  {
    name: "purchasing",
    pages: [
      {
        name: "purchaseOrders",
        to: "/purchase-orders",
        icon: IconShoppingCart,
        permission: "purchase_order:read",
      },
      { name: "receipts", to: "/receipts", icon: IconPackageImport, permission: "receipt:read" },
      { name: "bills", to: "/bills", icon: IconReceipt2, permission: "bill:read", costs: true },
      {
        name: "requisitions",
        to: "/requisitions",
        icon: IconClipboardList,
        permission: "requisition:read",
      },
      {
        name: "enquiries",
        to: "/enquiries",
        icon: IconMessageQuestion,
        permission: "enquiry:read",
      },
      {
        name: "supplierReturns",
        to: "/supplier-returns",
        icon: IconArrowBackUp,
        permission: "supplier_return:read",
      },
      {
        name: "purchasingSettings",
        to: "/purchasing-settings",
        icon: IconSettings2,
        permission: "purchase_order:read",
      },
    ],
  },
  {
    name: "money",
    pages: [
      { name: "payments", to: "/payments", icon: IconCash, permission: "payment:read" },
      {
        name: "bankStatements",
        to: "/bank-statements",
        icon: IconFileDollar,
        permission: "bank_statement:read",
        whole: true,
      },
      {
        name: "invoicingSettings",
        to: "/invoicing-settings",
        icon: IconSettings2,
        permission: "invoice:manage",
      },
    ],
  },
  {
    name: "stock",
    pages: [
      { name: "stockOnHand", to: "/stock", icon: IconPackages, permission: "stock:read" },
      {
        name: "replenishment",
        to: "/replenishment",
        icon: IconRefreshAlert,
        permission: "stock:read",
      },
      {
        name: "transfers",
        to: "/transfers",
        icon: IconArrowsExchange,
        permission: "transfer:read",
      },
      { name: "counts", to: "/counts", icon: IconChecklist, permission: "count:read" },
      {
        name: "adjustments",
        to: "/stock-adjustments",
        icon: IconAdjustments,
        permission: "stock:read",
      },
      { name: "lots", to: "/lots", icon: IconBarcode, permission: "stock:read" },
      {
        name: "valuation",
        to: "/stock-value",
        icon: IconCoins,
        permission: "report:read",
        costs: true,
        whole: "warehouses",
      },
      {
        name: "warehouses",
        to: "/warehouses",
        icon: IconBuildingWarehouse,
        permission: "warehouse:read",
      },
      {
        name: "stockSettings",
        to: "/stock-settings",
        icon: IconSettings2,
        permission: "stock:read",
      },
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
        costs: true,
        whole: true,
      },
      { name: "accounts", to: "/accounts", icon: IconBuildingBank, permission: "account:read" },
      { name: "periods", to: "/periods", icon: IconCalendarMonth, permission: "period:read" },
      {
        name: "trialBalance",
        to: "/reports/trial-balance",
        icon: IconScale,
        permission: "report:read",
        costs: true,
        whole: true,
      },
      {
        name: "generalLedger",
        to: "/reports/general-ledger",
        icon: IconListDetails,
        permission: "report:read",
        costs: true,
        whole: true,
      },
      {
        name: "profitAndLoss",
        to: "/reports/profit-and-loss",
        icon: IconChartLine,
        permission: "report:read",
        costs: true,
        whole: true,
      },
      {
        name: "balanceSheet",
        to: "/reports/balance-sheet",
        icon: IconScaleOutline,
        permission: "report:read",
        costs: true,
        whole: true,
      },
      {
        name: "vatReturn",
        to: "/reports/vat-return",
        icon: IconReceiptTax,
        permission: "report:read",
        costs: true,
        whole: true,
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
      {
        name: "payablesAgeing",
        to: "/reports/payables-ageing",
        icon: IconClockDown,
        permission: "report:read",
      },
    ],
  },
  {
    name: "data",
    pages: [
      {
        name: "imports",
        to: "/imports",
        icon: IconFileImport,
        permission: "import:read",
        whole: true,
      },
    ],
  },
  {
    name: "administration",
    pages: [
      { name: "users", to: "/users", icon: IconUsers, permission: "user:read" },
      { name: "roles", to: "/roles", icon: IconShieldLock, permission: "role:read" },
      { name: "access", to: "/access", icon: IconLockQuestion },
      { name: "company", to: "/company", icon: IconBuilding, permission: "company:read" },
      {
        name: "audit",
        to: "/audit",
        icon: IconHistory,
        permission: "audit:read",
        costs: true,
        whole: true,
      },
      {
        name: "security",
        to: "/security",
        icon: IconShieldExclamation,
        permission: "security:read",
        whole: true,
      },
      { name: "jobs", to: "/jobs", icon: IconStack2, permission: "job:read", whole: true },
      { name: "health", to: "/health", icon: IconHeartbeat, permission: "job:read" },
      { name: "cache", to: "/cache", icon: IconBolt, permission: "cache:read", whole: true },
      { name: "tokens", to: "/tokens", icon: IconKey },
    ],
  },
] as const satisfies readonly { name: string; pages: readonly NavPage[] }[];

/** What stands in the bottom bar of a phone, as far as it exists and is allowed. */
export const phonePages: readonly PageName[] = ["home", "invoices", "products", "parties"];

export type ShownPage = NavPage & { name: PageName };

function isOf(page: NavPage, limits: Limits) {
  if (page.whole === undefined) return true;
  return !limits.warehouses && (page.whole === "warehouses" || !limits.customers);
}

export function shownNavigation(
  exists: (path: string) => boolean,
  can: (what: string) => boolean,
  limits = unlimited,
) {
  return navigation
    .map((group) => ({
      name: group.name,
      pages: (group.pages as readonly ShownPage[]).filter(
        (page) =>
          exists(page.to) &&
          (page.permission === undefined || can(page.permission)) &&
          (page.costs === undefined || can("cost:read")) &&
          isOf(page, limits),
      ),
    }))
    .filter((group) => group.pages.length > 0);
}
