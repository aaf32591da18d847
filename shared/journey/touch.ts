/** The payee of everything nobody is paid for: direct visits, search, the brand's own ads, links whose contract is not running. */
export const HOUSE = "house";

/** How a touch came about: a tracked link clicked, a landing-page visit, a call to action, a promo code, a poll answer, something seen. */
export type TouchKind = "click" | "visit" | "cta" | "code" | "answer" | "view";

/**
 * One interaction on the way to a conversion. `payee` is the contract that is credited, or `HOUSE`. `link` is what it
 * came through: a link code, a promo code, or empty for house. `order` is the place in which it was taken in, which
 * settles touches at the same instant; never a name.
 */
export interface Touch {
  readonly id: string;
  readonly at: number;
  readonly order: number;
  readonly payee: string;
  readonly link: string;
  readonly kind: TouchKind;
}
