// Where the functions are tested: convex-test, or a deployment that serves them (services/tests/convex starts one and runs
// the same tests on it). Each test has organizations of its own, so that none sees what another has left.
import { ConvexHttpClient } from "convex/browser";
import {
  makeFunctionReference,
  type DefaultFunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
  type FunctionVisibility,
  type OptionalRestArgs,
} from "convex/server";
import { ConvexError } from "convex/values";
import { convexTest } from "convex-test";
import { importJWK, SignJWT, type JWK } from "jose";
import { inject } from "vitest";

import type { Role } from "../access";
import type { DataModel, Doc, Id, TableNames } from "../_generated/dataModel";
import schema from "../schema";

declare module "vitest" {
  interface ProvidedContext {
    deployment: { url: string; admin_key: string; issuer: string; key: JWK } | null;
  }
}

type Kind = "query" | "mutation" | "action";
type Any<K extends Kind> = FunctionReference<K, FunctionVisibility>;
type Call<K extends Kind> = <F extends Any<K>>(
  reference: F,
  ...args: OptionalRestArgs<F>
) => Promise<FunctionReturnType<F>>;
/** What calls functions: as a person, or as the operator. */
export type Caller = { query: Call<"query">; mutation: Call<"mutation">; action: Call<"action"> };
export type Player = Caller & { user_id: string; organization_id: string; sid: string };
type Claims = { subject: string; org_id: string; org_role: Role; sid: string };
type Planted<T extends TableNames> = Omit<DataModel[T]["document"], "_id" | "_creationTime" | "organization_id">;

const deployment = inject("deployment");
const modules = {
  ...import.meta.glob(["../*.ts", "!../*.*.ts", "../_generated/*.js"]),
  "../planting.ts": () => import("./planting.setup"),
};
const local = convexTest({ schema, modules });

const insert = internally<"mutation", { organization_id: string; table: string; row: unknown }, string>(
  "planting:insert",
);
const patch = internally<"mutation", { organization_id: string; table: string; id: string; changes: unknown }, null>(
  "planting:patch",
);
const openThread = internally<"mutation", { organization_id: string }, Id<"threads">>("planting:openThread");
const list = internally<"query", { organization_id: string; table: string }, unknown[]>("planting:list");
const pending = internally<"query", { organization_id: string; name: string }, number>("planting:pending");

/** Calls internal functions, and everything else, without being anybody. */
const operator: Caller = deployment === null ? (local as Caller) : remote(deployment.url, deployment.admin_key);

export const stage = {
  operator,

  organization: (): string => crypto.randomUUID(),

  /** Whom the mirror knows, with a token of their own. */
  async person(organization_id: string, role: Role = "member", name = "Ann Ash"): Promise<Player> {
    const user_id = crypto.randomUUID();
    await stage.plant(organization_id, "members", {
      user_id,
      name,
      role,
      avatar_url: null,
      is_active: true,
      event: 1,
    });
    const claims = { subject: user_id, org_id: organization_id, org_role: role, sid: sessionId() };
    return { ...(await callerWith(claims)), user_id, organization_id, sid: claims.sid };
  },

  /** Somebody without a token. */
  nobody: (): Caller => (deployment === null ? (local as Caller) : remote(deployment.url)),

  async plant<T extends TableNames>(organization_id: string, table: T, row: Planted<T>): Promise<Id<T>> {
    return (await operator.mutation(insert, { organization_id, table, row })) as Id<T>;
  },

  async change<T extends TableNames>(
    organization_id: string,
    table: T,
    id: Id<T>,
    changes: Partial<Planted<T>>,
  ): Promise<void> {
    await operator.mutation(patch, { organization_id, table, id, changes });
  },

  async rows<T extends TableNames>(organization_id: string, table: T): Promise<Doc<T>[]> {
    return (await operator.query(list, { organization_id, table })) as Doc<T>[];
  },

  /** How many runs of a function are scheduled for the organization. */
  pending: async (organization_id: string, name: string): Promise<number> =>
    await operator.query(pending, { organization_id, name }),

  /** The one of the whole organization, as the mirror opens it. */
  organizationThread: (organization_id: string): Promise<Id<"threads">> =>
    operator.mutation(openThread, { organization_id }),

  /** One that is published to its author's organization, or as `changes` say. */
  async post(author: Player, changes: Partial<Planted<"posts">> = {}): Promise<string> {
    const post = {
      ...{ post_id: crypto.randomUUID(), user_id: author.user_id, title: "Plans", slug: "plans" },
      ...{
        status: "published",
        trashed_from: null,
        visibility: "organization",
        readers: [],
        editors: [],
        version: 1,
        event: 1,
      },
      ...changes,
    } as Planted<"posts">;
    await stage.plant(author.organization_id, "posts", post);
    return post.post_id;
  },
};

/** With which code a call was refused; raises when it wasn't. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ConvexError) {
      return (error.data as { code: string }).code;
    }
    throw error;
  }
  throw new Error("This wasn't refused.");
}

async function callerWith(claims: Claims): Promise<Caller> {
  if (deployment === null) {
    return local.withIdentity({ ...claims, issuer: "https://dfworx.example" }) as Caller;
  }
  const { subject, ...others } = claims;
  const token = await new SignJWT({ ...others })
    .setProtectedHeader({ alg: "ES256", kid: deployment.key.kid ?? "" })
    .setSubject(subject)
    .setIssuer(deployment.issuer)
    .setAudience("realtime")
    .setIssuedAt()
    .setExpirationTime("10m")
    .sign(await importJWK(deployment.key, "ES256"));
  const client = new ConvexHttpClient(deployment.url, { auth: token, skipConvexDeploymentUrlCheck: true });
  return bound(client);
}

function remote(url: string, admin_key?: string): Caller {
  const client = new ConvexHttpClient(url, { skipConvexDeploymentUrlCheck: true });
  if (admin_key !== undefined) {
    (client as unknown as { setAdminAuth: (key: string) => void }).setAdminAuth(admin_key);
  }
  return bound(client);
}

function bound(client: ConvexHttpClient): Caller {
  const caller = {
    query: client.query.bind(client),
    // One after another is for a page's own; tests that race do so on purpose.
    mutation: (reference: Any<"mutation">, args?: DefaultFunctionArgs) =>
      client.mutation(reference as FunctionReference<"mutation">, args ?? {}, { skipQueue: true }),
    action: client.action.bind(client),
  };
  return caller as unknown as Caller;
}

function internally<K extends Kind, A extends DefaultFunctionArgs, R>(name: string) {
  return makeFunctionReference<K, A, R>(name) as unknown as FunctionReference<K, "internal", A, R>;
}

/** A UUID of version 7, as the auth service's are: its beginning is when. */
function sessionId(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
