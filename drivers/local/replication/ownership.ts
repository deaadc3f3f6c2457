/** Only root may give files away. Asked once: a pass asks for every file. */
export const keepsOwners = process.getuid?.() === 0;
