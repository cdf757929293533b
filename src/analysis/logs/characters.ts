/** What characters are to the scanner. */
export const [plain, space, mark, digit, special] = [1, 2, 4, 8, 16];

export const [newline, exclamation, quote, hash, dollar, percent, comma, dot, slash, colon] = [
  10, 33, 34, 35, 36, 37, 44, 46, 47, 58,
];
export const [less, greater, question, at, backslash] = [60, 62, 63, 64, 92];

/** By their codes. */
export const classes = new Uint8Array(65_536).fill(plain);
for (let code = 0; code <= 32; code += 1) classes[code] = space;
for (const char of '\u007f\u0085\u00a0\u2028\u2029\ufeff') classes[char.charCodeAt(0)] = space;
for (const char of '\'"`,;!|()[]{}=<>&') classes[char.charCodeAt(0)] = mark;
for (const char of '0123456789') classes[char.charCodeAt(0)] = digit;
for (const char of ':/\\@#$%.?*+-~') classes[char.charCodeAt(0)] = special;
