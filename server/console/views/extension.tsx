import { Card, Head } from "../parts/small.tsx";

/** How an influencer connects the browser extension, and what it then may do. */
export const ExtensionView = () => (
  <>
    <Head title="The browser extension" under="Grab tracked links where you browse, and watch your earnings move." />
    <Card title="Connect it in a minute">
      <ol class="steps">
        <li>
          <strong>Install it</strong> from the file the brand or your browser's store gives you.
        </li>
        <li>
          <strong>Open it</strong> from the browser's toolbar and press <em>Connect</em>. It shows a code of eight
          letters and opens a page here.
        </li>
        <li>
          <strong>Compare the code</strong> and press <em>Allow</em>. From then on one click in the toolbar makes a
          tracked link to the page you are on.
        </li>
      </ol>
      <p>
        <a href="/pair">I have a code already</a>
      </p>
    </Card>
    <Card title="What it may do">
      <ul class="plain-list">
        <li>See your running contracts, your links and your earnings.</li>
        <li>Look at the page you are on, and only when you click it.</li>
        <li>It never changes pages, redirects you or sets cookies. Signing stays here.</li>
      </ul>
    </Card>
  </>
);
