import type { Signature } from './signature.ts';

/** Disks, file systems and what is kept on them. */
export const storageSignatures = [
  {
    id: 'disk-full',
    class: 'storage',
    patterns: [
      /could not (?:extend|write to) file "(?<file>[^"\n]{1,200})"[^\n]{0,20}: No space/,
      /ENOSPC: no space left on device, \w{2,12} '(?<file>[^'\n]{1,200})'/,
      /(?<file>\/[\w./@-]{1,200})['"]?: no space left on device/i,
      /no space left on device/i,
      /\bENOSPC\b(?!: System limit)/,
      /disk quota exceeded|\bEDQUOT\b/i,
      /database or disk is full|not enough space on the disk|disk is full/i,
      /flood.?stage (?:disk )?watermark/i,
    ],
    cause: 'No space is left for {file|what it writes}.',
    next: 'See which volume or emptyDir is full (`kubectl exec <pod> -- df -h`), free space or enlarge the volume, and find out what grows.',
  },
  {
    id: 'file-system-read-only',
    class: 'storage',
    patterns: [
      /(?<file>\/[\w./@-]{1,200})['"]?: read-only file system/i,
      /EROFS: read-only file system, \w{2,12} '(?<file>[^'\n]{1,200})'/,
      /read-only file system: '(?<file>[^'\n]{1,200})'/i,
      /\bEROFS\b|read-only file system/i,
    ],
    cause: 'It writes to {file|a file system} that is read-only.',
    next: 'Mount an emptyDir where it writes, or see whether readOnlyRootFilesystem was set lately; a volume that turned read-only by itself has a sick disk.',
  },
  {
    id: 'disk-sick',
    class: 'storage',
    patterns: [/: input\/output error/i, /\bEIO: i\/o error/i, /stale (?:nfs )?file handle|\bESTALE\b/i],
    cause: 'Its disk or network volume gives errors when it is read or written.',
    next: 'Look at the volume and its node (`kubectl describe pv`, the kernel log of the node), and move the pod to another node.',
  },
  {
    id: 'data-incompatible',
    class: 'config',
    patterns: [
      /data directory was initialized by PostgreSQL version (?<version>[\w.]{1,20})/,
      /database files are incompatible with server/,
      /Can't handle RDB format version (?<version>\d{1,4})/,
      /UPGRADE PROBLEM: [^\n]{0,200}featureCompatibilityVersion/i,
      /(?:Unsupported redo log format|Cannot upgrade from|Invalid MySQL server downgrade)/i,
      /(?:created|written) (?:by|with) a newer version/i,
    ],
    cause: 'Its data was written by another version ({version|newer or older}) than the one that runs.',
    next: 'Go back to the image that wrote the data, or migrate the data as the documentation of that release says; do not delete it.',
  },
  {
    id: 'data-corrupt',
    class: 'storage',
    patterns: [
      /invalid checkpoint record|could not locate a valid checkpoint/i,
      /Bad file format reading the append only file/,
      /database disk image is malformed|\bSQLITE_CORRUPT\b/,
      /checksum mismatch (?:in|for|on) (?:file|page|block|segment)/i,
      /WT_PANIC|WiredTiger library panic/,
    ],
    cause: 'What it has stored is damaged.',
    next: 'Do not restart it again and again: take a copy of the volume first, then restore from a backup or repair as its documentation says.',
  },
] as const satisfies readonly Signature[];
