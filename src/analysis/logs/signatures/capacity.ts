import type { Signature } from './signature.ts';

/** Memory, threads, files, and what others grant. */
export const capacitySignatures = [
  {
    id: 'heap-exhausted',
    class: 'capacity',
    patterns: [
      /OutOfMemoryError: (?<what>Java heap space|GC overhead limit exceeded|Metaspace|Compressed class space|Direct buffer memory|Cannot reserve \d{1,15} bytes of direct buffer memory)/,
      /(?<what>JavaScript heap) out of memory/,
      /Allowed memory size of (?<what>\d{1,15} bytes) exhausted/,
      /(?<what>memory allocation of \d{1,15} bytes) failed/,
      /System\.OutOfMemoryException|\bMemoryError\b|NoMemoryError: failed to allocate|std::bad_alloc/,
      /fatal error: (?:runtime: )?(?:out of memory|cannot allocate memory)/i,
      /Unable to allocate [\d.]{1,10} [KMGT]iB for an array/,
      /\bENOMEM\b|cannot allocate memory/i,
      /Out of memory: Killed process|oom-kill:|Memory cgroup out of memory/i,
    ],
    cause: 'It runs out of memory ({what|its runtime gets no more}).',
    next: "Compare the runtime's own limit (-Xmx, --max-old-space-size, GOMEMLIMIT, memory_limit) with the memory limit of the container: raise both if the load grew, else look for what is never released.",
  },
  {
    id: 'store-memory-full',
    class: 'capacity',
    patterns: [/OOM command not allowed when used memory/],
    cause: 'Redis takes no more writes: it has reached its maxmemory.',
    next: 'Look at what fills it (`redis-cli info memory`, keys without expiry), raise maxmemory with the limit of its container, or set an eviction policy.',
  },
  {
    id: 'threads-exhausted',
    class: 'capacity',
    patterns: [
      /unable to create (?:new )?native thread|can't start new thread|pthread_create (?:failed|error)/i,
      /fork: (?:retry: )?resource temporarily unavailable|failed to create new OS thread/i,
    ],
    cause: 'It can start no more threads or processes.',
    next: 'Look at how many it has (a pool without bounds, zombies) and at the pids limit of the pod and of the node.',
  },
  {
    id: 'files-exhausted',
    class: 'capacity',
    patterns: [/too many open files/i, /\bE[MN]FILE\b/, /file watchers reached|inotify (?:instances|watches)/i],
    cause: 'It can open no more files or connections.',
    next: 'Look for connections and files that are never closed; raise the limit (ulimit, fs.inotify on the node) only where the number is meant.',
  },
  {
    id: 'connection-limit',
    class: 'capacity',
    patterns: [
      /remaining connection slots are reserved|too many clients already/i,
      /too many connections/i,
      /max number of clients reached|max_user_connections/i,
      /\bORA-(?:00020|00018|12516|12519|12520)\b|MaxClientsInSessionMode/,
    ],
    cause: 'The database takes no more connections.',
    next: 'Count who holds them (pg_stat_activity, SHOW PROCESSLIST, CLIENT LIST): replicas times pool size must stay below the limit; shrink the pools or put a pooler before it.',
  },
  {
    id: 'rate-limited',
    class: 'upstream',
    patterns: [
      /\b429 Too Many Requests\b|(?:failed with|unexpected|bad|invalid|returned|got) (?:http |response )?status(?: code)?:? ?429\b|too many requests\b/i,
      /rate[- ]limit(?:ed)?(?: has been| was)? (?:exceeded|reached|hit)|\brate_limit_exceeded\b/i,
      /\b(?:ThrottlingException|TooManyRequestsException|RequestLimitExceeded|ProvisionedThroughputExceededException)\b|Rate exceeded/,
      /toomanyrequests: |code = ResourceExhausted\b|\bRESOURCE_EXHAUSTED\b/,
      /exceeded your current quota|\binsufficient_quota\b/i,
    ],
    cause: 'The other side limits it: it sends too many requests.',
    next: 'See what sends more than before (retries without back-off, more replicas, a new job), slow it down, or ask for a higher quota.',
  },
] as const satisfies readonly Signature[];
