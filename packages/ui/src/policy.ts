/**
 * The pages' Content-Security-Policy. Scripts run by the request's nonce, or because such a script loaded them; there
 * is no eval. Style elements need the nonce as well. `style` attributes are allowed: positions of menus and tooltips
 * are numbers that only the browser knows, React writes some into the HTML, and an attribute can style one element
 * only and load nothing that img-src and font-src don't allow.
 */
export function contentSecurityPolicy(nonce: string, development: boolean, convexUrl = ""): string {
  const connected = [
    "'self'",
    ...(development ? ["ws:"] : []),
    ...(convexUrl ? [convexUrl, convexUrl.replace(/^http/, "ws")] : []),
  ];
  const directives = {
    "default-src": "'self'",
    "script-src": `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // The development server puts styles in place without a nonce.
    "style-src": development ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`,
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": connected.join(" "),
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}
