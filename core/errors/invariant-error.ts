/** A bug of aeronet's own: never caught inside the core, always a fuzz finding. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}
