import { queryOptions } from "@tanstack/react-query";

import { ask, client, type Schemas } from "@/shared/api/client";
import { closeSession, openSession } from "@/shared/api/session";

export type SetUpIn = Schemas["SetUpIn"];

export const setupState = () =>
  queryOptions({
    queryKey: ["accounts", "setup"],
    queryFn: ({ signal }) => ask(client.GET("/api/setup", { signal })),
  });

/** The company whose books these are; its name stands in the header. */
export const company = () =>
  queryOptions({
    queryKey: ["accounts", "company"],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) => ask(client.GET("/api/company", { signal })),
  });

export async function signIn(body: Schemas["SignInIn"]) {
  return openSession(await ask(client.POST("/api/auth/sign-in", { body })));
}

export async function setUp(body: SetUpIn) {
  return openSession(await ask(client.POST("/api/setup", { body })));
}

export async function signOut() {
  await ask(client.POST("/api/auth/sign-out"));
  closeSession();
}
