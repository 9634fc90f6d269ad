import { type Json, type JsonObject } from './contract.ts';

/** Narrows to an object with string keys; arrays and null are not objects here. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects among the items of an array; anything else gives an empty list. */
export function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A string as it is, anything else as the empty string. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The strings among the items of an array. */
export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The member of an object, or undefined for anything that has no such member. */
export function member(value: unknown, key: string): Json | undefined {
  return isObject(value) ? value[key] : undefined;
}

/** Parses JSON text. @returns undefined for text that is not JSON */
export function parseJson(source: string): Json | undefined {
  try {
    const parsed: unknown = JSON.parse(source);
    return isJson(parsed) ? parsed : undefined;
  } catch {
    // Not JSON: the callers answer with the error Slack has for their argument.
    return undefined;
  }
}

/** Follows a JSON path of keys and indexes as far as it exists. */
export function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (Array.isArray(found) && typeof key === 'number') found = found[key];
    else if (isObject(found) && typeof key === 'string') found = found[key];
    else return undefined;
  }
  return found;
}

function isJson(value: unknown): value is Json {
  // Everything JSON.parse returns is Json; the guard exists so that no cast is needed.
  return value !== undefined && typeof value !== 'function';
}
