/** The descriptor of a property as an assignment makes it. No prototype adds to it. */
export const plainProperty = (value: unknown): PropertyDescriptor =>
  ({
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  }) as PropertyDescriptor;
