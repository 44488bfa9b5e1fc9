// What the deployment's environment tells functions.
declare const process: { env: Record<string, string | undefined> };

/** Where the web service's internal door is, without a trailing slash. */
export const webUrl = (): string => process.env["DFWORX_WEB_URL"] ?? "";
/** What its tokens are signed with, in hexadecimal digits. */
export const internalKey = (): string => process.env["DFWORX_INTERNAL_KEY"] ?? "";
