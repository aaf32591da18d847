interface BehindProps {
  readonly what: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a picture shows, as a table for whoever would rather read. */
export const Behind = ({ what, heads, rows }: BehindProps) => (
  <details class="behind">
    <summary>
      As a table<span class="unseen">: {what}</span>
    </summary>
    <table class="table lines" aria-label="The figures behind the picture">
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...rest]) => (
          <tr key={first}>
            <th scope="row">{first}</th>
            {rest.map((cell, place) => (
              <td key={heads[place + 1]} class="num">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </details>
);
