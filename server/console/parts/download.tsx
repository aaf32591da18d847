import { useDeed } from "../kit/deed.ts";
import { fetchFile, save } from "../kit/file.ts";
import { Button } from "./button.tsx";
import { Refused } from "./form.tsx";

interface DownloadProps {
  readonly path: string;
  readonly name: string;
  readonly label: string;
  readonly kind?: "primary" | "plain" | "quiet";
  readonly small?: boolean;
  readonly testid?: string;
}

/** A file to take away; when it cannot be had, why. */
export const Download = ({ path, name, label, kind = "plain", small, testid }: DownloadProps) => {
  const deed = useDeed(() => fetchFile(path, name), save);
  return (
    <>
      <Button
        kind={kind}
        busy={deed.busy.value}
        onPress={() => void deed.start()}
        {...(small && { small })}
        {...(testid && { testid })}
      >
        {label}
      </Button>
      {deed.problem.value && <Refused problem={deed.problem.value} />}
    </>
  );
};
