import type { Signature } from './signature.ts';

/** What is seen where something else is the cause: told only where nothing above is known. */
export const symptomSignatures = [
  {
    id: 'pool-exhausted',
    class: 'capacity',
    patterns: [
      /Connection is not available, request timed out/,
      /QueuePool limit of size \d{1,6} overflow \d{1,6} reached/,
      /Timeout acquiring a connection|Timed out fetching a new connection from the connection pool/i,
      /could not obtain (?:a )?(?:database )?connection (?:from the pool|within)|ConnectionTimeoutError: could not obtain/i,
      /prior to obtaining a connection from the pool/i,
      /(?:connection )?pool (?:is )?exhausted|PoolExhaustedException|PoolTimeout(?:Exception|Error)?\b/i,
      /(?:Cannot get a|No) (?:free |available )?connections? (?:available )?(?:from|in) (?:the )?(?:connection )?pool|redis: connection pool timeout/i,
      /queue has reached its max size \d{1,7}|Timeout waiting for (?:idle object|connection from pool)/i,
    ],
    cause: 'Its connection pool is exhausted: every connection is in use and none comes free in time.',
    next: 'Look for slow statements or calls that hold connections, and for connections that are never given back; a bigger pool helps only where the database has room.',
  },
  {
    id: 'connection-timeout',
    class: 'network',
    patterns: [
      /dial (?:tcp[46]?|udp) (?<endpoint>[\w.:[\]-]{1,120}): (?:i\/o timeout|connect: connection timed out)/,
      /connect ETIMEDOUT (?<endpoint>[\w.:[\]-]{1,120})/,
      /server at "(?<host>[^"\n]{1,120})"(?: \([\w.:]{2,45}\))?, port (?<port>\d{1,5}) failed: (?:Connection timed out|timeout expired|Operation timed out)/,
      /\(host='(?<host>[\w.-]{1,200})', port='?(?<port>\d{1,5})'?\)(?:: Read timed out|[^\n]{0,400}timed out)/,
      /connect to (?<host>[\w.-]{1,200}) port (?<port>\d{1,5})(?: after \d{1,9} ms)?: (?:Connection|Operation) timed out/i,
      /connect to (?<host>[\w.-]{1,200}) port (?<port>\d{1,5})(?: after \d{1,9} ms)?: Timeout was reached/,
      /\(110: (?:Connection|Operation) timed out\)[^\n]{0,600}upstream: "(?:\w{2,10}:\/\/)?(?<endpoint>[\w.:[\]-]{1,120})/,
      /connection timed out(?:: no further information)?: (?<endpoint>[\w.-]{1,120}(?:\/[\w.:]{1,60})?:\d{1,5})/i,
      /from (?<endpoint>[\w.:-]{1,80}): Timeout(?:Error)?\b/i,
      /SocketTimeoutException|\bESOCKETTIMEDOUT\b|\bETIMEDOUT\b|\bTimeoutError\b|ReadTimeout(?:Error)?\b/,
      /context deadline exceeded|code = DeadlineExceeded\b|\bDEADLINE_EXCEEDED\b/,
      /connection timed out|connect(?:ion)? timeout(?! ?[:=])|TLS handshake timeout|Client\.Timeout exceeded/i,
    ],
    cause: '{endpoint|The other side} does not answer in time.',
    next: 'See whether it is overloaded or restarting, and whether a NetworkPolicy or firewall drops the packets: what listens nowhere is refused at once, what is dropped times out.',
  },
  {
    id: 'connection-reset',
    class: 'network',
    patterns: [
      /->(?<endpoint>[\w.:[\]-]{1,120}): read: connection reset by peer/,
      /connection reset by peer|\bECONNRESET\b|SocketException: Connection reset|socket hang up/i,
      /server closed the connection unexpectedly|terminating connection due to administrator command/i,
      /Lost connection to (?:MySQL|MariaDB) server|MySQL server has gone away/i,
      /RemoteDisconnected|Remote end closed connection without response/,
    ],
    cause: '{endpoint|The other side} closes its connections in the middle.',
    next: 'Look for restarts and errors of the other side at that moment, and at idle timeouts between the two (load balancer, proxy, pool).',
  },
  {
    id: 'upstream-unavailable',
    class: 'upstream',
    patterns: [
      /\b50[234] (?:Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out)/i,
      /(?:failed with|unexpected|bad|invalid|returned|got) (?:http |response )?status(?: code)?:? ?50[0234]\b|returned 50[0234]\b/i,
      /no healthy upstream|no live upstreams|upstream connect error or disconnect\/reset/i,
      /code = Unavailable\b|\bUNAVAILABLE: /,
      /LEADER_NOT_AVAILABLE|\bNo resolvable bootstrap urls\b|MasterNotDiscoveredException/,
    ],
    cause: 'A service that it calls is not available.',
    next: 'Look at the service that it calls (`kubectl get pods,endpointslices` in its namespace): this workload only suffers from it.',
  },
] as const satisfies readonly Signature[];
