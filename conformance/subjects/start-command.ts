/**
 * How a target is started. In an argument `{port}` is the port it has to listen on, `{cert}` and `{key}` are PEM files of
 * a certificate for localhost: a command that asks for them speaks TLS on that port. `{membersCa}` and `{staffCa}` are
 * authorities of clients (see `hasPolicies`).
 */
export interface StartCommand {
  /** One text for the shell, or a program with its arguments. */
  readonly command: string | readonly string[];
  /** Programs by name and files by absolute path without which it cannot start. @defaultValue none */
  readonly requires?: readonly string[];
  /**
   * Files that it is started with, by their path in a temporary folder, whose own path is `{folder}`, here too. The folder is
   * removed when the target has ended. @defaultValue none, and no folder
   */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Path of its WebSocket echo. @defaultValue it has none */
  readonly wsPath?: string;
  /** How long it lets a TLS handshake take, in milliseconds, where that is short enough to be waited for. @defaultValue not known */
  readonly handshakeMs?: number;
  /**
   * Under members.test it lets in clients that `{membersCa}` vouches for, under staff.test those of `{staffCa}`, under all other names
   * everybody. @defaultValue false
   */
  readonly hasPolicies?: boolean;
  /** Asks it for its name and version; undefined when it does not tell. @defaultValue its `Server` field */
  readonly version?: () => string | undefined;
}
