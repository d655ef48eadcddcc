import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { closeSession, openSession, updateMe } from "@/shared/api/session";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type SetUpIn = Schemas["SetUpIn"];
export type Company = Schemas["CompanyOut"];
export type User = Schemas["UserOut"];
export type UserIn = Schemas["UserIn"];
export type Role = Schemas["RoleOut"];
export type Permission = Schemas["PermissionOut"];
export type Token = Schemas["TokenOut"];
export type OpenSession = Schemas["SessionOut"];

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

export async function signOutEverywhere() {
  await ask(client.POST("/api/auth/sign-out-everywhere"));
  closeSession();
}

// My own account

/** Only what is sent changes; the generated type cannot say so. */
export const useChangeMe = () =>
  useMutation({
    mutationFn: async (values: Partial<Schemas["MeIn"]>) => {
      const me = await ask(client.PATCH("/api/auth/me", { body: values }));
      updateMe(me);
      return me;
    },
  });

export const useChangePassword = () =>
  useMutation({
    mutationFn: async (body: Schemas["PasswordChangeIn"]) => {
      await ask(client.POST("/api/auth/password", { body }));
      const me = await ask(client.GET("/api/auth/me"));
      updateMe(me);
      return me;
    },
  });

export const openSessions = () =>
  queryOptions({
    queryKey: ["accounts", "sessions"],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/auth/sessions", { params: { query: { limit: 200 } }, signal })),
  });

export function useEndSession() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (session: OpenSession) =>
      ask(
        client.DELETE("/api/auth/sessions/{session_id}", {
          params: { path: { session_id: session.id } },
        }),
      ),
    onSettled: () => cache.invalidateQueries({ queryKey: openSessions().queryKey }),
  });
}

export const tokens = () =>
  queryOptions({
    queryKey: ["accounts", "tokens"],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/auth/tokens", { params: { query: { limit: 200 } }, signal })),
  });

export function useCreateToken() {
  const cache = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: Schemas["TokenIn"]) => ask(client.POST("/api/auth/tokens", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: tokens().queryKey }),
  });
}

export function useRevokeToken() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (token: Token) =>
      ask(
        client.DELETE("/api/auth/tokens/{token_id}", { params: { path: { token_id: token.id } } }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: tokens().queryKey }),
  });
}

// Users

export const users = (query: ListQuery) =>
  queryOptions({
    queryKey: ["accounts", "users", "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/users", { params: { query }, signal })),
  });

export const user = (id: string) =>
  queryOptions({
    queryKey: ["accounts", "users", id],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/users/{user_id}", { params: { path: { user_id: id } }, signal })),
  });

function useUsersChanged() {
  const cache = useQueryClient();
  return (saved?: User) => {
    if (saved) cache.setQueryData(user(saved.id).queryKey, saved);
    return cache.invalidateQueries({ queryKey: ["accounts", "users", "list"] });
  };
}

export function useCreateUser() {
  const changed = useUsersChanged();
  return useMutation({
    mutationFn: (body: UserIn) => ask(client.POST("/api/users", { body })),
    onSuccess: (made) => changed(made.user),
  });
}

export function useChangeUser() {
  const changed = useUsersChanged();
  return useMutation({
    mutationFn: ({ of, values }: { of: User; values: Partial<Schemas["UserPatchIn"]> }) =>
      ask(
        client.PATCH("/api/users/{user_id}", {
          params: { path: { user_id: of.id } },
          ...ifMatch(of),
          body: values,
        }),
      ),
    onSuccess: changed,
  });
}

export function useDeactivateUser() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (of: User) =>
      ask(
        client.DELETE("/api/users/{user_id}", {
          params: { path: { user_id: of.id } },
          ...ifMatch(of),
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["accounts", "users"] }),
  });
}

export function useResetPassword() {
  const changed = useUsersChanged();
  return useMutation({
    mutationFn: (of: User) =>
      ask(
        client.POST("/api/users/{user_id}/reset-password", {
          params: { path: { user_id: of.id } },
          ...ifMatch(of),
          body: {},
        }),
      ),
    onSuccess: (answer) => changed(answer.user),
  });
}

/** How the user's account is guarded, and whether it is locked. */
export const userSecurity = (id: string) =>
  queryOptions({
    queryKey: ["accounts", "users", id, "security"],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/users/{user_id}/security", { params: { path: { user_id: id } }, signal }),
      ),
  });

export function useUnlockUser() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (of: User) =>
      ask(client.POST("/api/users/{user_id}/unlock", { params: { path: { user_id: of.id } } })),
    onSuccess: (now, of) => {
      cache.setQueryData(userSecurity(of.id).queryKey, now);
    },
  });
}

// Roles

export const roles = () =>
  queryOptions({
    queryKey: ["accounts", "roles", "all"],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/roles", { params: { query: { limit: 200 } }, signal })),
  });

export const role = (id: string) =>
  queryOptions({
    queryKey: ["accounts", "roles", id],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/roles/{role_id}", { params: { path: { role_id: id } }, signal })),
  });

export const permissions = () =>
  queryOptions({
    queryKey: ["accounts", "permissions"],
    staleTime: Infinity,
    queryFn: ({ signal }) => ask(client.GET("/api/permissions", { signal })),
  });

function useRolesChanged() {
  const cache = useQueryClient();
  return (saved?: Role) => {
    if (saved) cache.setQueryData(role(saved.id).queryKey, saved);
    return cache.invalidateQueries({ queryKey: roles().queryKey });
  };
}

export function useCreateRole() {
  const changed = useRolesChanged();
  return useMutation({
    mutationFn: (body: Schemas["RoleIn"]) => ask(client.POST("/api/roles", { body })),
    onSuccess: changed,
  });
}

export function useChangeRole() {
  const changed = useRolesChanged();
  return useMutation({
    mutationFn: ({ of, values }: { of: Role; values: Partial<Schemas["RolePatchIn"]> }) =>
      ask(
        client.PATCH("/api/roles/{role_id}", {
          params: { path: { role_id: of.id } },
          ...ifMatch(of),
          body: values,
        }),
      ),
    onSuccess: changed,
  });
}

export function useDeleteRole() {
  const changed = useRolesChanged();
  return useMutation({
    mutationFn: (of: Role) =>
      ask(
        client.DELETE("/api/roles/{role_id}", {
          params: { path: { role_id: of.id } },
          ...ifMatch(of),
        }),
      ),
    onSuccess: () => changed(),
  });
}

// Company

export function useChangeCompany() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, values }: { of: Company; values: Partial<Schemas["CompanyPatch"]> }) =>
      ask(client.PATCH("/api/company", { ...ifMatch(of), body: values })),
    onSuccess: (saved) => {
      cache.setQueryData(company().queryKey, saved);
    },
  });
}
