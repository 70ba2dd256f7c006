/** Types of wasm values as `reflect_signature` and `closure_prepare` number them: u8, ABI §3.3. */
export const ValueType = {
  I32: 0,
  I64: 1,
  F32: 2,
  F64: 3,
  V128: 4,
} as const;

export type ValueType = (typeof ValueType)[keyof typeof ValueType];
