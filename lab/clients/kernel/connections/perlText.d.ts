/** A program of Perl as text: esbuild puts it into the agent, and Vite into tests. */
declare module '*.pl?raw' {
  const program: string;
  export default program;
}
