/** Names in esbuild's messages and source maps that are not the user's. */

/** The module that imports the user's. */
export const ENTRY = 'snapvm';
/** Stands before the names of texts. */
export const TEXT = 'text:';
