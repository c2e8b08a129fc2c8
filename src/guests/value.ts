/** What JavaScript functions take and give. */
export type JsValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly JsValue[]
  | { readonly [key: string]: JsValue };
