# German. The name of a text is made of the English one: its letters and digits, a hyphen for anything else.

sign-in = Anmelden
sign-out = Abmelden
