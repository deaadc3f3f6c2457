/** What may travel in a Temporal payload: plain JSON, no Date, no undefined in arrays. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };
