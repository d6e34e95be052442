import type { Context, MiddlewareHandler } from 'hono';

/** The browser runs and shows what this server serves as files, and nothing else. */
const contentPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sets the headers that limit what a page may do; the site sets those that all answers have. */
export function setPageHeaders(context: Context): void {
  context.header('content-security-policy', contentPolicy);
  context.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()');
}

export const protectPages: MiddlewareHandler = async (context, next) => {
  setPageHeaders(context);
  await next();
};
