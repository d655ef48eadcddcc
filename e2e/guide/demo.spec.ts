import { asAdmin, test } from "../company";
import { heading, rows, type Scene, takeAll, wanted } from "./camera";

type Api = Awaited<ReturnType<typeof asAdmin>>;

/** Goods, orders and money: what the table of the other pictures does not tell. */
test("the pictures of a company that buys, stores and sells", async ({ page, browser }) => {
  test.skip(process.env.COMPANY !== "demo", "these show the demo company: COMPANY=demo");
  await takeAll(browser, wanted(await scenes(await asAdmin(page))));
});

async function scenes(api: Api): Promise<Scene[]> {
  const first = async (path: string) => (await api.list(path))[0]?.id ?? "none";
  const balances = await api.get<{ items: { product: { id: string } }[] }>("stock/balances");
  const pages: [string, string, Scene["also"]?][] = [
    [
      "sales-order",
      `/sales-orders/${await first("sales-orders?state=confirmed&delivery_status=part")}`,
      ["ar", "phone-dark"],
    ],
    ["shipment", `/shipments/${await first("shipments?state=shipped")}`, ["ar"]],
    ["customer-return", `/customer-returns/${await first("customer-returns")}`],
    ["stock-card", `/stock/products/${balances.items[0]?.product.id}`, ["ar"]],
    ["transfer", `/transfers/${await first("transfers")}`],
    ["count", `/counts/${await first("counts")}`, ["phone"]],
    ["warehouse", `/warehouses/${await first("warehouses")}`],
    ["purchase-order", `/purchase-orders/${await first("purchase-orders")}`, ["ar"]],
    ["receipt", `/receipts/${await first("receipts")}`, ["phone"]],
    ["bill", `/bills/${await first("bills?state=posted")}`, ["ar", "phone-dark"]],
    ["payment", `/payments/${await first("payments")}`, ["ar", "phone"]],
  ];
  const lists: [string, string, Scene["also"]?][] = [
    ["sales-orders", "/sales-orders", ["phone"]],
    ["stock", "/stock", ["ar", "phone"]],
    ["stock-value", "/stock-value"],
    ["purchase-orders", "/purchase-orders"],
    ["bills", "/bills", ["ar"]],
    ["payments", "/payments"],
    ["payables-ageing", "/reports/payables-ageing", ["phone"]],
  ];
  const forms: [string, string, Scene["also"]?][] = [
    ["replenishment", "/replenishment"],
    ["sales-order-new", "/sales-orders/new"],
    ["payment-new", "/payments/new", ["phone-dark"]],
  ];
  return [
    ...[...pages, ...forms].map(([name, at, also]) => ({ name, at, also, ready: heading })),
    ...lists.map(([name, at, also]) => ({ name, at, also, ready: rows })),
  ];
}
