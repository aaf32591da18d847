const names = [
  "of",
  "next",
  "back",
  "skip",
  "send",
  "close",
  "again",
  "unsent",
  "needed",
  "left",
  "responses",
] as const;

/** What the poll itself says, around what its author wrote. */
export type Words = Readonly<Record<(typeof names)[number], string>>;

// One line a language, in the order of `names`.
const languages: Readonly<Record<string, string>> = {
  en: "of|Next|Back|Skip|Send|Close|Try again|Your answers could not be sent. They are still here.|Please answer this question.|characters left|Responses",
  es: "de|Siguiente|Atrás|Omitir|Enviar|Cerrar|Reintentar|No se pudieron enviar las respuestas. Siguen aquí.|Falta responder a esta pregunta.|caracteres restantes|Respuestas",
  de: "von|Weiter|Zurück|Überspringen|Senden|Schließen|Erneut senden|Die Antworten konnten nicht gesendet werden. Sie sind noch da.|Bitte beantworten Sie diese Frage.|Zeichen übrig|Antworten",
  fr: "sur|Suivant|Retour|Passer|Envoyer|Fermer|Réessayer|Vos réponses n’ont pas pu être envoyées. Elles sont toujours là.|Merci de répondre à cette question.|caractères restants|Réponses",
  pt: "de|Avançar|Voltar|Pular|Enviar|Fechar|Tentar de novo|Não foi possível enviar as respostas. Elas continuam aqui.|Falta responder a esta pergunta.|caracteres restantes|Respostas",
};

/** The words of the page's language, else the browser's, else English. */
export const wordsFor = (language: string): Words => {
  const line = languages[language.slice(0, 2).toLowerCase()] || (languages.en as string);
  const said = line.split("|");
  return Object.fromEntries(names.map((name, at) => [name, said[at]])) as unknown as Words;
};
