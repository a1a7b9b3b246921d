import { preferredCoding } from '../../semantics/accept-encoding.ts';
import { type Dotfiles, type FilePath, parseFilePath } from '../../semantics/file-path.ts';
import type { Handler } from '../handler.ts';
import { demandObject, demandOneOf, said } from '../option-checks.ts';
import { answerStatus } from '../policy.ts';
import type { ServerRequest } from '../request.ts';
import type { ServerResponse } from '../response.ts';
import { contentTypeOf } from './content-type.ts';
import { listFolder } from './listing.ts';
import { type BorrowedFile, type NoFile, OpenFiles, type OpenFilesOptions } from './open-files.ts';
import { serveFile } from './serve-file.ts';

export interface StaticFilesOptions {
  /** Answers where there is no such file. @defaultValue 404 */
  readonly otherwise?: Handler;
  /** Name of the file that stands for its folder; `false` for none. @defaultValue 'index.html' */
  readonly index?: string | false;
  /** Whether a folder without such a file is listed. @defaultValue false */
  readonly listing?: boolean;
  /** Whether names that begin with a dot are there. @defaultValue 'ignore' */
  readonly dotfiles?: Dotfiles;
  /**
   * Whether `name.br`, `name.zst` and `name.gz` are sent in place of `name` to whom it suits (RFC9110#12.5.3). They are taken
   * for what their names say. @defaultValue false
   */
  readonly precompressed?: boolean;
  /** What is kept open. */
  readonly openFiles?: OpenFilesOptions;
}

/** A handler that keeps files open from one request to the next. */
export interface StaticFiles extends Handler {
  /** Closes them. Files are opened again when they are asked for again. */
  close(): void;
}

/** Codings with the ending of their files, the smallest first. */
const SIBLINGS = [
  { coding: 'br', ending: '.br' },
  { coding: 'zstd', ending: '.zst' },
  { coding: 'gzip', ending: '.gz' },
] as const;

const STATUSES: Readonly<Record<NoFile, number>> = { missing: 404, folder: 404, denied: 403, exhausted: 503 };

/**
 * Serves the regular files below `root` to GET and HEAD: conditional requests, ranges, `index.html` for a folder. No link or
 * encoded path leads out of `root`, and what is no regular file is not there.
 * @throws TypeError, RangeError for options that are unknown or out of range
 */
export function staticFiles(root: string, options: StaticFilesOptions | Handler = {}): StaticFiles {
  const server = new FileServer(root, typeof options === 'function' ? { otherwise: options } : options);
  return Object.assign(server.answer, { close: () => server.close() });
}

const OPTION_NAMES = ['otherwise', 'index', 'listing', 'dotfiles', 'precompressed', 'openFiles'];

class FileServer {
  readonly #files: OpenFiles;
  readonly #otherwise: Handler | undefined;
  readonly #index: string | undefined;
  readonly #hasListing: boolean;
  readonly #dotfiles: Dotfiles;
  readonly #siblings: typeof SIBLINGS | readonly [];

  constructor(root: string, options: StaticFilesOptions) {
    demandObject('The second argument of staticFiles()', options, OPTION_NAMES, 'option of staticFiles()');
    const { otherwise, index = 'index.html', listing = false, dotfiles = 'ignore', precompressed = false } = options;
    if (otherwise !== undefined && typeof otherwise !== 'function') {
      throw new TypeError(`Option otherwise of staticFiles() is ${said(otherwise)}; it takes a handler`);
    }
    if (index !== false && (typeof index !== 'string' || index === '' || index.includes('/'))) {
      throw new TypeError(`Option index of staticFiles() is ${said(index)}; it takes the name of a file, or false`);
    }
    demandOneOf('Option listing of staticFiles()', listing, [true, false]);
    demandOneOf('Option dotfiles of staticFiles()', dotfiles, ['ignore', 'allow']);
    demandOneOf('Option precompressed of staticFiles()', precompressed, [true, false]);
    this.#files = new OpenFiles(root, options.openFiles);
    this.#otherwise = otherwise;
    this.#index = index === false ? undefined : index;
    this.#hasListing = listing;
    this.#dotfiles = dotfiles;
    this.#siblings = precompressed ? SIBLINGS : [];
  }

  close(): void {
    this.#files.close();
  }

  readonly answer: Handler = (request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const path = isRead ? parseFilePath(request.path, this.#dotfiles) : undefined;
    if (path === undefined) return this.#refuse(request, response, 'missing');
    return path.isFolder
      ? this.#answerFolder(request, response, path)
      : this.#answerFile(request, response, path.names);
  };

  async #answerFolder(request: ServerRequest, response: ServerResponse, { names }: FilePath): Promise<void> {
    if (this.#index !== undefined) {
      const index = [...names, this.#index];
      const file = await this.#files.borrow(index);
      if (typeof file === 'object') return this.#send(request, response, index, file);
      if (file !== 'missing' && file !== 'folder') return this.#refuse(request, response, file);
    }
    if (!this.#hasListing) return this.#refuse(request, response, 'missing');
    const folder = await this.#files.resolve(names);
    if (folder === undefined) return this.#refuse(request, response, 'missing');
    const page = await listFolder(folder, request.path, this.#dotfiles === 'allow');
    response.set('Content-Type', 'text/html; charset=utf-8').send(page);
  }

  async #answerFile(request: ServerRequest, response: ServerResponse, names: readonly string[]): Promise<void> {
    const file = await this.#files.borrow(names);
    if (typeof file === 'object') return this.#send(request, response, names, file);
    // WHY: links of the page are relative to its folder. No segment is empty, so this cannot lead to another host
    if (file === 'folder') return this.#redirect(request, response);
    return this.#refuse(request, response, file);
  }

  #redirect(request: ServerRequest, response: ServerResponse): void {
    response.set('Location', `${request.path}/${request.query === undefined ? '' : `?${request.query}`}`);
    answerStatus(response, 301);
  }

  async #send(
    request: ServerRequest,
    response: ServerResponse,
    names: readonly string[],
    file: BorrowedFile,
  ): Promise<void> {
    try {
      const type = contentTypeOf(names.at(-1) ?? '');
      if (this.#siblings.length === 0) return await serveFile(request, response, file, type);
      await this.#sendBest(request, response, names, file, type);
    } finally {
      file.giveBack();
    }
  }

  /** RFC9110#12.5.5: whatever is sent, it was chosen by Accept-Encoding. */
  async #sendBest(
    request: ServerRequest,
    response: ServerResponse,
    names: readonly string[],
    file: BorrowedFile,
    type: string,
  ): Promise<void> {
    response.append('Vary', 'Accept-Encoding');
    const left: { coding: string; ending: string }[] = [...this.#siblings];
    for (;;) {
      const coding = preferredCoding(
        request.fields.get('accept-encoding'),
        left.map((sibling) => sibling.coding),
      );
      const at = left.findIndex((sibling) => sibling.coding === coding);
      const [sibling] = at === -1 ? [] : left.splice(at, 1);
      // LENIENT RFC9110#12.5.3: who refuses even the plain content gets it, which is better than a 406 for a file
      if (sibling === undefined) return serveFile(request, response, file, type);
      const encoded = await this.#files.borrow([...names.slice(0, -1), `${names.at(-1)}${sibling.ending}`]);
      if (typeof encoded === 'string') continue;
      try {
        return await serveFile(request, response, encoded, type, sibling.coding);
      } finally {
        encoded.giveBack();
      }
    }
  }

  #refuse(request: ServerRequest, response: ServerResponse, why: NoFile): void | Promise<void> {
    if (this.#otherwise !== undefined && why !== 'exhausted') return this.#otherwise(request, response);
    answerStatus(response, STATUSES[why]);
  }
}
