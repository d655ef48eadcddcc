import {
  type APIRequestContext,
  type APIResponse,
  expect,
  type Page,
  test as base,
} from "@playwright/test";

export const admin = {
  name: "Amal Haddad",
  email: process.env.E2E_EMAIL ?? "amal@example.com",
  password: process.env.E2E_PASSWORD ?? "three calm harbours",
};

const company = {
  name_en: "Alawael Trading",
  name_ar: "الأوائل للتجارة",
  vat_number: "310122393500003",
  other_id_scheme: "CRN",
  other_id: "1010010000",
  building_number: "1234",
  postal_code: "12211",
  street_en: "Olaya Street",
  street_ar: "شارع العليا",
  district_en: "Al Olaya",
  district_ar: "العليا",
  city_en: "Riyadh",
  city_ar: "الرياض",
};

export { company, expect };

export const test = base.extend({
  // The address is known only once the server runs.
  baseURL: async ({}, use) => use(process.env.E2E_URL),
});

/** Each journey can run alone: the first one that comes sets the company up. */
export async function signIn(page: Page, who: { email: string; password: string } = admin) {
  const { email, password } = who;
  await ensureCompany(page.request);
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: /^(Menu of|قائمة) / })).toBeVisible();
}

export async function ensureCompany(api: APIRequestContext) {
  const { needed } = (await (await api.get("/api/setup")).json()) as { needed: boolean };
  if (!needed) return;
  const { name, ...rest } = admin;
  const answer = await api.post("/api/setup", {
    data: { company, admin: { ...rest, name_en: name, language: "en" } },
  });
  expect(answer.status(), await answer.text()).toBeLessThan(300);
}

/** What a journey needs but does not tell is made the short way. */
export async function postedInvoice(page: Page) {
  await ensureCompany(page.request);
  const { post } = await asAdmin(page);
  const customer = {
    name_en: "Tuwaiq Offices",
    name_ar: "مكاتب طويق",
    is_customer: true,
    is_business: true,
    vat_number: "312222222200003",
    building_number: "7788",
    street_en: "Prince Sultan Road",
    street_ar: "طريق الأمير سلطان",
    district_en: "Al Rawdah",
    district_ar: "الروضة",
    city_en: "Jeddah",
    city_ar: "جدة",
    postal_code: "23432",
  };
  const { id: customer_id } = await post<{ id: string }>("parties?allow_duplicate=true", customer);
  const line = { name_en: "Assembly", name_ar: "تركيب", quantity: "2", unit_price: "250" };
  const draft = await post<{ id: string }>("invoices", { customer_id, lines: [line] });
  const { number } = await post<{ number: string }>(`invoices/${draft.id}/post`, {});
  return { id: draft.id, number, customer };
}

/** A colleague who may look at everything and write nothing. */
export async function viewer(page: Page) {
  await ensureCompany(page.request);
  const { post } = await asAdmin(page);
  const email = `viewer-${Date.now()}@example.com`;
  const known = { email, password: "four quiet lanterns" };
  const chosen = { must_change_password: false, roles: ["viewer"] };
  await post("users", { ...known, ...chosen, name_en: "Sami Nasser" });
  return known;
}

/** The API in the administrator's name. */
export async function asAdmin(page: Page) {
  const { email, password } = admin;
  const api = page.request;
  const token = async () => {
    const session = await api.post("/api/auth/sign-in", { data: { email, password } });
    return ((await session.json()) as { access_token: string }).access_token;
  };
  let headers = { Authorization: `Bearer ${await token()}` };
  const read = async <Answer>(answer: APIResponse) => {
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as Answer;
  };
  const post = async <Answer>(path: string, data: unknown) =>
    read<Answer>(await api.post(`/api/${path}`, { data, headers }));
  const upload = async (path: string, multipart: Form) =>
    read<{ id: string }>(await api.post(`/api/${path}`, { multipart, headers }));
  const get = async <Answer>(path: string) => {
    let answer = await api.get(`/api/${path}`, { headers });
    if (answer.status() === 401) {
      headers = { Authorization: `Bearer ${await token()}` };
      answer = await api.get(`/api/${path}`, { headers });
    }
    return read<Answer>(answer);
  };
  const list = async (path: string) => (await get<{ items: { id: string }[] }>(path)).items;
  const isEmpty = async (path: string) => (await list(path)).length === 0;
  return { post, upload, get, list, isEmpty };
}

type Form = NonNullable<NonNullable<Parameters<APIRequestContext["post"]>[1]>["multipart"]>;
