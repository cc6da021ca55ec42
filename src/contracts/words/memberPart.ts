/** What of a member of a file is meant: its key, or the value that it has. */
export type MemberPart = 'key' | 'value';
