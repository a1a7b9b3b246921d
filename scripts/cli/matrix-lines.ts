/** The requirement matrix as JSON, an object a line: how each RFC is covered, then every sentence with what answers for it. */
export async function matrixLines(): Promise<readonly string[]> {
  const { allCases, coverageOf, matrixOf, readRegistry } = await import('../../conformance/index.ts');
  const registry = readRegistry();
  return [
    ...coverageOf(registry).map((row) => JSON.stringify({ kind: 'coverage', ...row })),
    ...matrixOf(registry, allCases).map((row) => JSON.stringify({ kind: 'requirement', ...row })),
  ];
}
