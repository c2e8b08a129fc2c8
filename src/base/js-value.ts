/**
 * What JavaScript functions take and give: what a structured clone knows. Arrays and objects may contain themselves.
 * Instances of classes arrive as plain objects, boxed primitives (`new Number(1)`) as such. The tag of a view says
 * its kind; a `Buffer` is sent as a `Uint8Array`.
 */
export type JsValue =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  // biome-ignore lint/style/noRestrictedGlobals: it is the type
  | Date
  | RegExp
  | Error
  | ArrayBuffer
  | ArrayBufferView
  | ReadonlyMap<JsValue, JsValue>
  | ReadonlySet<JsValue>
  | readonly JsValue[]
  | { readonly [key: string]: JsValue };
