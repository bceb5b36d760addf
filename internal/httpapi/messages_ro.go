package httpapi

// romanian is the second language of every declared error; a test compares its keys with the registry.
func romanian() map[string]string {
	return map[string]string{
		"bad_request":              "Cererea nu a putut fi înțeleasă.",
		"malformed_json":           "Conținutul trimis nu este JSON valid.",
		"unauthorized":             "Intrați în cont pentru a continua.",
		"forbidden":                "Nu aveți acces la această pagină.",
		"not_found":                "La această adresă nu este nimic.",
		"method_not_allowed":       "Această adresă nu acceptă metoda folosită.",
		"precondition_failed":      "Altcineva a schimbat datele între timp. Încărcați-le din nou.",
		"precondition_required":    "Trimiteți If-Match cu versiunea pe care ați văzut-o.",
		"body_too_large":           "Cererea este prea mare.",
		"media_type_unsupported":   "Trimiteți conținutul ca application/json.",
		"validation_error":         "Unele date trimise nu sunt valide.",
		"rate_limited":             "Prea multe cereri. Așteptați puțin și încercați din nou.",
		"internal_error":           "A apărut o problemă la noi. Încercați din nou.",
		"dependency_unavailable":   "Un serviciu de care avem nevoie nu răspunde. Încercați din nou în scurt timp.",
		"page_size_invalid":        "page_size trebuie să fie între 1 și 100.",
		"sort_unknown":             "Lista nu poate fi ordonată astfel.",
		"filter_unknown":           "Lista nu cunoaște acest filtru.",
		"break_glass_required":     "Deschideți întâi un acces de urgență pentru această clinică.",
		"mfa_required":             "Activați întâi al doilea pas de autentificare.",
		"not_a_member":             "Nu aparțineți acestei clinici.",
		"org_mismatch":             "Cererea numește două clinici diferite.",
		"organization_not_found":   "La această adresă nu există nicio clinică.",
		"organization_required":    "Spuneți despre ce clinică este vorba.",
		"token_expired":            "Sesiunea s-a încheiat. Intrați din nou în cont.",
		"user_blocked":             "Contul este blocat. Întrebați administratorul clinicii.",
		"scope_missing":            "Cheia nu are acest drept.",
		"impersonation_forbidden":  "Acest lucru nu se poate face în numele pacientului.",
		"idempotency_key_required": "Trimiteți un Idempotency-Key cu această cerere.",
		"idempotency_key_invalid":  "Un Idempotency-Key are între 1 și 200 de caractere.",
		"idempotency_mismatch":     "Acest Idempotency-Key a fost folosit pentru altă cerere.",
		"idempotency_in_progress":  "O cerere cu acest Idempotency-Key este încă în lucru.",
	}
}
