import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { closeSession, openSession, updateMe } from "@/shared/api/session";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

import { makePasskey, signWithPasskey } from "./passkey-browser";

export type SetUpIn = Schemas["SetUpIn"];
export type Company = Schemas["CompanyOut"];
export type User = Schemas["UserOut"];
export type UserIn = Schemas["UserIn"];
export type Role = Schemas["RoleOut"];
export type Permission = Schemas["PermissionOut"];
export type Token = Schemas["TokenOut"];
export type OpenSession = Schemas["SessionOut"];
export type Passkey = Schemas["PasskeyOut"];

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

/** A session, or the challenge that a code of the second factor finishes. */
export async function signIn(body: Schemas["SignInIn"]) {
  const answer = await ask(client.POST("/api/auth/sign-in", { body }));
  return "challenge" in answer ? answer : openSession(answer);
}

export async function signInWithCode(body: Schemas["SecondFactorSignInIn"]) {
  return openSession(await ask(client.POST("/api/auth/sign-in/second-factor", { body })));
}

export async function signInWithPasskey(refused: string) {
  const { challenge, options } = await ask(client.POST("/api/auth/sign-in/passkey/options"));
  const credential = await signWithPasskey(options, refused);
  const body = { challenge, credential };
  return openSession(await ask(client.POST("/api/auth/sign-in/passkey", { body })));
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

/** What the session says of me has changed: read it again. */
export function useReloadMe() {
  const cache = useQueryClient();
  return async () => {
    updateMe(await ask(client.GET("/api/auth/me")));
    await cache.invalidateQueries({ queryKey: ownSecurity().queryKey });
  };
}

export const ownSecurity = () =>
  queryOptions({
    queryKey: ["accounts", "security"],
    queryFn: ({ signal }) => ask(client.GET("/api/auth/security", { signal })),
  });

export const useBeginSecondFactor = () =>
  useMutation({
    gcTime: 0,
    mutationFn: (current_password: string) =>
      ask(client.POST("/api/auth/second-factor", { body: { current_password } })),
  });

export const useConfirmSecondFactor = () =>
  useMutation({
    gcTime: 0,
    mutationFn: (code: string) =>
      ask(client.POST("/api/auth/second-factor/confirm", { body: { code } })),
  });

export const useRemoveSecondFactor = () =>
  useMutation({
    mutationFn: (body: Schemas["BothFactorsIn"]) =>
      ask(client.POST("/api/auth/second-factor/remove", { body })),
  });

export function useRenewRecoveryCodes() {
  const cache = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: Schemas["BothFactorsIn"]) =>
      ask(client.POST("/api/auth/recovery-codes", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ownSecurity().queryKey }),
  });
}

export const passkeys = () =>
  queryOptions({
    queryKey: ["accounts", "passkeys"],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/auth/passkeys", { params: { query: { limit: 200 } }, signal })),
  });

function usePasskeysChanged() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: passkeys().queryKey });
}

export function useCreatePasskey(refused: string) {
  const changed = usePasskeysChanged();
  return useMutation({
    mutationFn: async ({ name, ...body }: { name: string; current_password: string }) => {
      const asked = await ask(client.POST("/api/auth/passkeys/options", { body }));
      const credential = await makePasskey(asked.options, refused);
      const made = { name, challenge: asked.challenge, credential };
      return ask(client.POST("/api/auth/passkeys", { body: made }));
    },
    onSuccess: changed,
  });
}

export function useRenamePasskey() {
  const changed = usePasskeysChanged();
  return useMutation({
    mutationFn: ({ of, name }: { of: Passkey; name: string }) =>
      ask(
        client.PATCH("/api/auth/passkeys/{passkey_id}", {
          params: { path: { passkey_id: of.id } },
          body: { name },
        }),
      ),
    onSuccess: changed,
  });
}

export function useRemovePasskey() {
  const changed = usePasskeysChanged();
  return useMutation({
    mutationFn: ({ of, current_password }: { of: Passkey; current_password: string }) =>
      ask(
        client.POST("/api/auth/passkeys/{passkey_id}/remove", {
          params: { path: { passkey_id: of.id } },
          body: { current_password },
        }),
      ),
    onSuccess: changed,
  });
}

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

export function useSignOutUser() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (of: User) =>
      ask(client.POST("/api/users/{user_id}/sign-out", { params: { path: { user_id: of.id } } })),
    onSuccess: (now, of) => {
      cache.setQueryData(userSecurity(of.id).queryKey, now);
    },
  });
}

export function useResetSecondFactor() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (of: User) =>
      ask(
        client.POST("/api/users/{user_id}/reset-second-factor", {
          params: { path: { user_id: of.id } },
        }),
      ),
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
