/** What the system said about a file or folder of the store. */
export interface FolderFailure {
  readonly code: string;
  /** The system call, such as `mkdir`, `link` or `listen`. */
  readonly syscall: string | undefined;
  readonly path: string;
  /** The user of this process, and the owner of the file or folder, where the system has users. */
  readonly uid: number | undefined;
  readonly owner: number | undefined;
}

/** The cause and the way out, after “the embedded store in FOLDER”. */
export function describeFolderFailure(failure: FolderFailure): string {
  const [cause, wayOut] = explain(failure);
  return `cannot be used: ${cause} (${failure.code} at ${failure.path}); ${wayOut}`;
}

const elsewhere = 'set store.url to another folder';

/** The codes of a file system that lacks what the call is for. */
const unsupported: ReadonlySet<string> = new Set([
  ...['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'ENXIO', 'EXDEV'],
]);
const missing: Readonly<Record<string, string>> = {
  link: 'its file system has no hard links',
  listen: 'its file system has no Unix sockets',
};

function explain(failure: FolderFailure): readonly [cause: string, wayOut: string] {
  const lack = missing[failure.syscall ?? ''];
  if (lack !== undefined && unsupported.has(failure.code)) {
    return [lack, 'set store.url to a folder on a local disk'];
  }
  if (failure.code === 'EACCES' || failure.code === 'EPERM') return explainRights(failure);
  return words[failure.code] ?? ['the system refused it', `check the disk, or ${elsewhere}`];
}

function explainRights({ uid, owner }: FolderFailure): readonly [string, string] {
  const user = uid === undefined ? 'this user' : `this user (${uid})`;
  if (owner === undefined || owner === uid) {
    return [
      `${user} has no permission`,
      `give it the right to read and write there, or ${elsewhere}`,
    ];
  }
  return [
    `${user} has no permission, and it belongs to user ${owner}`,
    `run keysweep as that user, give this one the folder and all in it, or ${elsewhere}`,
  ];
}

const full = ['its disk or quota is full', `make room and start again, or ${elsewhere}`] as const;
const notFolder = [
  'a file is where a folder should be',
  `move the file away, or ${elsewhere}`,
] as const;
const files = ['too many files are open', 'raise the limit (ulimit -n)'] as const;

const words: Readonly<Record<string, readonly [string, string]>> = {
  EROFS: ['its file system is read-only', `mount it for writing, or ${elsewhere}`],
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: ['a file may not grow further', 'raise the limit of file sizes (ulimit -f)'],
  ENOTDIR: notFolder,
  EEXIST: notFolder,
  ELOOP: ['its symbolic links lead in a circle', `correct them, or ${elsewhere}`],
  ENAMETOOLONG: ['its path is too long', 'set store.url to a shorter one'],
  ENOENT: ['the folder cannot be made there', elsewhere],
  EMFILE: files,
  ENFILE: files,
};
