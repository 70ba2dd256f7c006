/**
 * What the CommonJS bundles have for `node:module` (scripts/build.mjs): they have a `require` already, and to load Node's
 * takes a worker half a millisecond.
 */
export const createRequire = (): NodeJS.Require => require;
