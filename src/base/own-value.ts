/** What an object itself has under an optional name: a program may have added anything to Object.prototype. */
export function ownValue<T extends object, Name extends keyof T>(object: T, name: Name): T[Name] | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
