/** The question the demo's landing page asks. */
export const poll = {
  title: "One quick question",
  questions: [
    {
      id: "why",
      kind: "choice" as const,
      title: "What made you look at our camp?",
      required: true,
      options: [
        { id: "video", label: "A video I saw" },
        { id: "friend", label: "A friend's advice" },
        { id: "search", label: "I was searching" },
        { id: "other", label: "Something else" },
      ],
    },
    {
      id: "likely",
      kind: "scale" as const,
      title: "How likely are you to sign up?",
      low: "Not at all",
      high: "Certainly",
    },
    { id: "missing", kind: "text" as const, title: "What is missing on this page?" },
  ],
  thanks: "Thank you, that helps us.",
  showResults: true,
};
