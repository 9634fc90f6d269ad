/** The value that global-setup.mjs left in the environment for the test files. */
export function fromGlobalSetup(name: `TEST_${string}`): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(
      `${name} is not set: the run was taken for unit tests only (see global-setup.mjs).`,
    );
  }
  return value;
}
