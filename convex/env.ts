// What the deployment's environment tells functions.
declare const process: { env: Record<string, string | undefined> };

export const webUrl = (): string => process.env["DFWORX_WEB_URL"] ?? "";
/** In hexadecimal digits. */
export const internalKey = (): string => process.env["DFWORX_INTERNAL_KEY"] ?? "";
