/**
 * An answer that isn't the one hoped for: RFC 9457 as the services send it, or a server that can't be reached, which
 * has status 0. `code` is stable; `detail` is a sentence for people, in English.
 */
interface Document {
  code?: unknown;
  detail?: unknown;
  request_id?: unknown;
  errors?: unknown;
}

export class ApiProblem extends Error {
  override name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly requestId: string | null = null,
    /** By field, what to write instead: `{"user.email": "Write an email address."}` */
    readonly fields: Readonly<Record<string, string>> = {},
    /** The whole document, for the codes that carry more. */
    readonly document: unknown = null,
  ) {
    super(detail);
  }

  static from(response: Response, body: unknown): ApiProblem {
    const document: Document = body !== null && typeof body === "object" ? body : {};
    const fields: Record<string, string> = {};
    for (const each of Array.isArray(document.errors) ? document.errors : []) {
      const { field, detail } = each as { field?: unknown; detail?: unknown };
      if (typeof field === "string" && typeof detail === "string") fields[field] ??= detail;
    }
    return new ApiProblem(
      response.status,
      typeof document.code === "string" ? document.code : "unknown",
      typeof document.detail === "string" ? document.detail : `The server answered ${response.status}.`,
      typeof document.request_id === "string" ? document.request_id : response.headers.get("X-Request-Id"),
      fields,
      document,
    );
  }

  static unreachable(cause: unknown): ApiProblem {
    const late = cause instanceof DOMException && cause.name === "TimeoutError";
    const problem = new ApiProblem(0, late ? "late" : "unreachable", "The server did not answer.");
    problem.cause = cause;
    return problem;
  }

  /** Nobody is signed in, and a refresh didn't help. */
  get isSignedOut(): boolean {
    return this.status === 401;
  }

  /** It may go well when tried again. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}
