// Written without separators: `customer-care` and `customer.care` are both looked up as `customercare`.
const words = [
  // What RFC 2142 reserves, and what machines send from.
  "abuse admin administration administrator bounce bounces daemon dmarc ftp hostmaster mailer mailerdaemon news noc",
  "donotreply dontreply nobody noreply notification notifications postmaster register root security spam sysadmin",
  "undisclosedrecipients usenet uucp webmaster www",
  // Front desks.
  "ask contact contactus enquiries enquiry everyone feedback frontdesk general hello help helpdesk helpme hi info",
  "information inquiries inquiry mail mailbox office questions reception service services support team welcome",
  // Departments.
  "account accounting accounts accountspayable accountsreceivable advertising ads affiliate affiliates allstaff billing",
  "board booking bookings business businessdevelopment career careers claims communications community compliance",
  "corporate customercare customerservice customersupport delivery design developer developers dispatch dpo editor",
  "editorial education engineering events facilities finance fulfillment fundraising gdpr hiring hr",
  "humanresources internship investor investorrelations investors invoice invoices invoicing it itsupport jobs legal",
  "listings logistics maintenance management managers marketing media membership merchandise newsletter newsroom online",
  "operations ops order orders partner partners partnership partnerships payable payments payroll photos press",
  "privacy procurement production promotions publicity purchasing qa quality recruiter recruiting recruitment refunds",
  "registrar registration rentals reservations resumes returns sales salesteam schedule secretary shipping shop social",
  "socialmedia sponsor sponsors sponsorship staff stock store students studio submissions subscribe subscriptions",
  "suppliers supply techsupport technical tech tickets tours training travel unsubscribe vendors volunteer volunteers",
  "warehouse warranty webinar website wholesale",
  // German, French, Spanish, Portuguese, Italian, Dutch, Polish, Nordic.
  "anfrage anfragen bestellung bewerbung buchhaltung datenschutz kontakt kundenservice rechnung vertrieb verwaltung",
  "accueil achats commande commandes comptabilite direction facturation reservation secretariat serviceclient ventes",
  "administracion atencionalcliente ayuda compras comercial contacto contabilidad correo facturacion informacion pedidos",
  "reservas rrhh soporte ventas",
  "atendimento comercial compras contato contacto faturamento financeiro secretaria suporte vendas",
  "acquisti amministrazione assistenza commerciale contabilita informazioni ordini prenotazioni segreteria ufficio vendite",
  "administratie bestellingen facturen inkoop klantenservice verkoop",
  "biuro faktury kontakt ksiegowosc pomoc rekrutacja sekretariat sklep",
  "bestilling faktura firmapost kundeservice kundtjanst ordre postmottak salg",
];

const names: ReadonlySet<string> = new Set(words.join(" ").split(" "));

/** Which edition of the list of role names a grade was made with; it changes whenever the list does. */
export const rolesList = "roles/2026-11-22";

/**
 * Is this the name of a job or a machine (`info`, `sales`, `noreply`) rather than of a person? Takes the name in lower
 * case without separators or tag. Whole names only: `salesforce` and `helena` are none.
 */
export const isRole = (name: string): boolean => names.has(name);
